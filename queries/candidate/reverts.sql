-- Which changes did a candidate take back, how fast, and what came after?
-- Grain: one row per change taken back, the quickest first. Taking a change back quickly counts in favour.
-- param login: the candidate's login

WITH reverts AS (
    SELECT *
    FROM v_evidence
    WHERE lower(login) = lower($login) AND signal = 'revert-commit' AND is_own
),
targets AS (
    SELECT evidence_id, to_sha, to_subject, to_committed_at
    FROM v_chain
    WHERE lower(login) = lower($login) AND signal = 'revert-commit'
)
SELECT
    reverts.month,
    reverts.full_name,
    reverts.level,
    (reverts.facts ->> 'hours')::DOUBLE AS hours,
    reverts.message,
    targets.to_subject AS taken_back,
    CASE reverts.facts ->> 'target_by' WHEN 'self' THEN 'own change' WHEN 'other' THEN 'another contributor''s' END
        AS whose,
    (reverts.facts ->> 'exact')::BOOLEAN AS is_exact,
    reverts.facts ->> 'relanded_by' IS NOT NULL AS came_back,
    reverts.facts ->> 'fixed_with_test_by' IS NOT NULL AS fixed_with_test,
    reverts.caps,
    reverts.url
FROM reverts
LEFT JOIN targets ON targets.evidence_id = reverts.evidence_id AND targets.to_sha = reverts.facts ->> 'target'
ORDER BY hours NULLS LAST, reverts.ordinal;
