-- What kinds of commits did a candidate make, month by month, and in which role?
-- Grain: one row per month, kind of commit and role, the newest month first.
-- Numbers of commits are no input to any value.
-- param login: the candidate's login
-- param full_name = null: only this repository; without, all of them

WITH commits AS (
    SELECT *
    FROM v_commit
    WHERE lower(login) = lower($login) AND is_own AND full_name = coalesce($full_name, full_name)
)
SELECT
    month,
    kind,
    role,
    count(*) AS n_commits,
    count(*) FILTER (WHERE is_trivial) AS n_trivial,
    count(DISTINCT full_name) AS n_repositories
FROM commits
GROUP BY month, kind, role
ORDER BY month DESC NULLS LAST, kind, role;
