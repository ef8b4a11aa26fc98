-- Why does a signal have its value for a candidate?
-- Grain: one row per piece of evidence of the signal, the heaviest first; what others wrote weighs 0 and comes last.
-- param login: the candidate's login
-- param signal: the signal's id, such as alert-rules

WITH pieces AS (
    SELECT *
    FROM v_evidence
    WHERE lower(login) = lower($login) AND signal = $signal
)
SELECT
    full_name,
    coalesce(path || ':' || line_start, commit_sha, api_url) AS place,
    message,
    level,
    content_level,
    caps,
    weight,
    factor_level,
    factor_attribution,
    factor_path_class,
    factor_recency,
    factor_guards,
    share,
    role,
    confidence,
    attribution_reason,
    month,
    url,
    evidence_id
FROM pieces
ORDER BY weight DESC, ordinal;
