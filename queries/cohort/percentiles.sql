-- How are the values of each signal spread over a cohort, and where does each candidate stand among those observed?
-- Grain: one row per signal and candidate observed in it, by login. Who was not observed, or showed too little
-- to say, has no place, and there is no overall one.
-- param cohort = null: the cohort's name; without, everybody in the store
-- param dimension = null: only the signals of this dimension; without, all
-- param min_observed = 20: below this number of people observed, the note warns

WITH members AS (
    SELECT run_id, candidate_id, login
    FROM v_candidate
    WHERE
        NOT is_little
        AND (
            $cohort IS NULL
            OR candidate_id IN (SELECT candidate_id FROM v_cohort WHERE lower(cohort) = lower($cohort))
        )
),
observed AS (
    SELECT score.dimension, score.signal, members.login, score.value
    FROM signal_score AS score
    JOIN members USING (run_id)
    WHERE score.value IS NOT NULL AND score.dimension = coalesce($dimension, score.dimension)
),
spread AS (
    SELECT
        signal,
        count(*) AS n_observed,
        quantile_cont(value, [0.25, 0.5, 0.75]) AS quartiles
    FROM observed
    GROUP BY signal
),
placed AS (
    SELECT
        *,
        percent_rank() OVER (PARTITION BY signal ORDER BY value) AS percentile
    FROM observed
)
SELECT
    placed.dimension,
    placed.signal,
    placed.login,
    placed.value,
    if(spread.n_observed > 1, round(100 * placed.percentile, 1), NULL) AS percentile,
    spread.quartiles[1] AS lower_quartile,
    spread.quartiles[2] AS median,
    spread.quartiles[3] AS upper_quartile,
    spread.n_observed,
    CASE
        WHEN spread.n_observed < $min_observed::INTEGER
            THEN 'only ' || spread.n_observed || ' observed: the percentile says little'
    END AS note
FROM placed
JOIN spread USING (signal)
JOIN dimension USING (dimension)
ORDER BY dimension.ordinal, placed.signal, lower(placed.login);
