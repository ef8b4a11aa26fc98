-- What could not be seen of a candidate's work, and why?
-- Grain: one row per gap, and per signal that could not be checked or had no public place to look.
-- None of it counts against anybody.
-- param login: the candidate's login

WITH missed AS (
    SELECT
        1 AS part,
        ordinal,
        if(
            what IN ('account', 'identity', 'left out', 'private work'), 'no public place to look', 'could not check'
        ) AS state_words,
        what,
        full_name,
        signal,
        dimension,
        reason
    FROM v_gap
    WHERE lower(login) = lower($login)
),
unseen AS (
    SELECT 2 AS part, ordinal, state_words, 'signal' AS what, NULL AS full_name, signal, dimension, reason
    FROM v_score
    WHERE lower(login) = lower($login) AND state IN ('not_observed', 'not_checked')
),
both_parts AS (
    SELECT * FROM missed
    UNION ALL
    SELECT * FROM unseen
)
SELECT state_words, what, full_name, dimension, signal, reason
FROM both_parts
ORDER BY part, ordinal;
