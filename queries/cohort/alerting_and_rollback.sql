-- Who kept alerts in use over time and also took a model back?
-- Grain: one row per candidate who did both, by login; with the strongest piece of evidence of each, and how often
-- a model's earlier version was put back.
-- param cohort = null: the cohort's name; without, everybody in the store

WITH members AS (
    SELECT candidate_id, login
    FROM v_candidate
    WHERE
        $cohort IS NULL
        OR candidate_id IN (SELECT candidate_id FROM v_cohort WHERE lower(cohort) = lower($cohort))
),
alerting AS (
    SELECT
        candidate_id,
        count(*) AS n_alerting,
        arg_max({'message': message, 'full_name': full_name, 'url': url}, (weight, -ordinal)) AS best
    FROM v_evidence
    WHERE signal = 'alert-rules' AND level = 'lived-in' AND is_own
    GROUP BY candidate_id
),
rollback AS (
    SELECT
        candidate_id,
        sum(coalesce((facts ->> 'values_set_back')::INTEGER, 1))::BIGINT AS n_set_back,
        arg_max({'message': message, 'full_name': full_name, 'url': url}, (weight, -ordinal)) AS best
    FROM v_evidence
    WHERE
        is_own
        AND level IN ('used', 'lived-in')
        AND (
            signal IN ('model-version-pin-swap', 'model-registry-promotion')
            AND (facts ->> 'values_set_back')::INTEGER > 0
            OR signal = 'revert-commit' AND facts ->> 'took_back' = 'model version'
        )
    GROUP BY candidate_id
)
SELECT
    members.login,
    alerting.n_alerting,
    alerting.best.full_name AS alerting_in,
    alerting.best.message AS alerting,
    alerting.best.url AS alerting_url,
    rollback.n_set_back,
    rollback.best.full_name AS rollback_in,
    rollback.best.message AS rollback,
    rollback.best.url AS rollback_url
FROM members
JOIN alerting USING (candidate_id)
JOIN rollback USING (candidate_id)
ORDER BY lower(members.login);
