-- In which months did a candidate do work of substance in each repository, and where are pauses?
-- Grain: one row per repository, the longest span first. Merges and trivial commits are left out.
-- A pause is stated and says nothing about anybody's work.
-- param login: the candidate's login

WITH months AS (
    SELECT DISTINCT full_name, month
    FROM v_commit
    WHERE lower(login) = lower($login) AND is_own AND month IS NOT NULL AND NOT is_merge AND NOT is_trivial
),
numbered AS (
    SELECT full_name, month, year(strptime(month, '%Y-%m')) * 12 + month(strptime(month, '%Y-%m')) AS number
    FROM months
),
neighbours AS (
    SELECT
        full_name,
        month,
        number,
        lag(month) OVER before AS previous_month,
        number - lag(number) OVER before - 1 AS n_months_between
    FROM numbered
    WINDOW before AS (PARTITION BY full_name ORDER BY number)
)
SELECT
    full_name,
    min(month) AS first_month,
    max(month) AS last_month,
    max(number) - min(number) + 1 AS n_months_spanned,
    count(*) AS n_months_active,
    coalesce(max(n_months_between), 0) AS n_months_longest_pause,
    coalesce(
        list('after ' || previous_month || ' until ' || month ORDER BY month) FILTER (WHERE n_months_between >= 3), []
    ) AS pauses_of_three_months_or_more
FROM neighbours
GROUP BY full_name
ORDER BY n_months_spanned DESC, full_name;
