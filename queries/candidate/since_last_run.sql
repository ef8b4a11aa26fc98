-- What changed between a candidate's last two runs?
-- Grain: one row per signal or dimension whose state, level or value differs, in this order of weight. Values drift a
-- little with as_of alone, for work grows older.
-- param login: the candidate's login

WITH numbered AS (
    SELECT run.*, row_number() OVER (ORDER BY run_id DESC) AS age
    FROM run
    JOIN candidate USING (candidate_id)
    WHERE lower(login) = lower($login)
),
runs AS (
    SELECT
        newest.run_id AS now_id,
        previous.run_id AS before_id,
        previous.as_of AS as_of_before,
        newest.as_of AS as_of_now,
        (previous.rules_version, previous.rubric_version) = (newest.rules_version, newest.rubric_version) AS same_rules
    FROM numbered AS newest
    JOIN numbered AS previous ON newest.age = 1 AND previous.age = 2
),
scores AS (
    SELECT run_id, 'dimension' AS what, dimension AS name, ordinal, state, best_level, value
    FROM dimension_score
    UNION ALL
    SELECT run_id, 'signal', signal, ordinal, state, NULL, value
    FROM signal_score
),
before AS (
    SELECT scores.*
    FROM scores
    JOIN runs ON run_id = before_id
),
after AS (
    SELECT scores.*
    FROM scores
    JOIN runs ON run_id = now_id
),
pairs AS (
    SELECT
        what,
        name,
        coalesce(after.ordinal, before.ordinal) AS ordinal,
        before.state AS state_before,
        after.state AS state_now,
        before.best_level AS level_before,
        after.best_level AS level_now,
        before.value AS value_before,
        after.value AS value_now
    FROM after
    FULL JOIN before USING (what, name)
),
compared AS (
    SELECT
        *,
        CASE
            WHEN state_before IS DISTINCT FROM state_now THEN 'state'
            WHEN level_before IS DISTINCT FROM level_now THEN 'level'
            WHEN round(value_before, 6) IS DISTINCT FROM round(value_now, 6) THEN 'value'
        END AS changed
    FROM pairs
)
SELECT
    compared.changed,
    compared.what,
    compared.name,
    compared.state_before,
    compared.state_now,
    compared.level_before,
    compared.level_now,
    compared.value_before,
    compared.value_now,
    runs.as_of_before,
    runs.as_of_now,
    runs.same_rules
FROM compared
CROSS JOIN runs
WHERE compared.changed IS NOT NULL
ORDER BY list_position(['state', 'level', 'value'], compared.changed), compared.what, compared.ordinal;
