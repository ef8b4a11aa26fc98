-- What was seen of each candidate of a cohort, dimension by dimension?
-- Grain: one row per dimension and candidate, in words; candidates by login, for this is no ranking.
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
    login,
    concat_ws(', ', state_words || coalesce(': ' || best_level, ''), confidence || ' confidence') AS seen,
    state,
    best_level,
    confidence,
    as_of
FROM v_dimension
JOIN members USING (candidate_id)
WHERE len(signals) > 0
ORDER BY ordinal, lower(login);
