-- Which operations files did a candidate change in three or more months?
-- Grain: one row per repository and path, the one changed over most months first.
-- param login: the candidate's login
-- param min_months = 3: the fewest distinct months

WITH operated AS (
    SELECT *
    FROM v_path
    WHERE lower(login) = lower($login) AND is_ops AND n_months >= $min_months::INTEGER
)
SELECT
    full_name,
    path,
    path_class,
    n_months,
    first_month,
    last_month,
    n_commits,
    n_commits_of_others
FROM operated
ORDER BY n_months DESC, full_name, path;
