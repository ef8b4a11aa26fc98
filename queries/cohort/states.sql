-- In how many candidates of a cohort was something seen, nothing found, or no look possible?
-- Grain: one row per dimension that has active signals.
-- param cohort = null: the cohort's name; without, everybody in the store

WITH members AS (
    SELECT candidate_id
    FROM v_candidate
    WHERE
        $cohort IS NULL
        OR candidate_id IN (SELECT candidate_id FROM v_cohort WHERE lower(cohort) = lower($cohort))
)
SELECT
    dimension,
    count(*) AS n_candidates,
    count(*) FILTER (WHERE best_level = 'lived-in') AS n_lived_in,
    count(*) FILTER (WHERE best_level = 'used') AS n_used,
    count(*) FILTER (WHERE best_level = 'declared') AS n_declared,
    count(*) FILTER (WHERE state = 'absent') AS n_absent,
    count(*) FILTER (WHERE state = 'not_observed') AS n_not_observed,
    count(*) FILTER (WHERE state = 'not_checked') AS n_not_checked
FROM v_dimension
JOIN members USING (candidate_id)
WHERE len(signals) > 0
GROUP BY dimension, ordinal
ORDER BY ordinal;
