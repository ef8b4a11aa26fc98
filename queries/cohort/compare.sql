-- What was seen of each candidate of a cohort, dimension by dimension?
-- Grain: one row per dimension and candidate, in words; candidates by login, for this is no ranking.
-- param cohort = null: the cohort's name; without, everybody in the store

WITH members AS (
    SELECT candidate_id, is_little
    FROM v_candidate
    WHERE
        $cohort IS NULL
        OR candidate_id IN (SELECT candidate_id FROM v_cohort WHERE lower(cohort) = lower($cohort))
),
seen AS (
    SELECT
        *,
        concat_ws(', ', state_words || coalesce(': ' || best_level, ''), confidence || ' confidence') AS words
    FROM v_dimension
    JOIN members USING (candidate_id)
    WHERE len(signals) > 0
)
SELECT
    dimension,
    login,
    if(is_little, 'too little public work to say', words) AS seen,
    if(is_little, NULL, state) AS state,
    if(is_little, NULL, best_level) AS best_level,
    if(is_little, NULL, confidence) AS confidence,
    as_of
FROM seen
ORDER BY ordinal, lower(login);
