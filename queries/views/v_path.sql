-- Which files did a candidate change, over which months, and how much did others?
-- Grain: one row per candidate, repository and path that the candidate changed, of the newest run.
CREATE OR REPLACE VIEW v_path AS
WITH activity AS (
    SELECT
        repository_id,
        path,
        any_value(path_class) AS path_class,
        any_value(is_ops) AS is_ops,
        min(month) FILTER (WHERE by_candidate) AS first_month,
        max(month) FILTER (WHERE by_candidate) AS last_month,
        count(DISTINCT month) FILTER (WHERE by_candidate) AS n_months,
        (sum(n_commits) FILTER (WHERE by_candidate))::BIGINT AS n_commits,
        coalesce(sum(n_commits) FILTER (WHERE NOT by_candidate), 0)::BIGINT AS n_commits_of_others,
        (sum(added) FILTER (WHERE by_candidate))::BIGINT AS added,
        (sum(deleted) FILTER (WHERE by_candidate))::BIGINT AS deleted
    FROM path_activity
    GROUP BY repository_id, path
    HAVING bool_or(by_candidate)
)
SELECT
    candidate.candidate_id,
    candidate.login,
    repository.full_name,
    activity.path,
    activity.path_class,
    activity.is_ops,
    activity.first_month,
    activity.last_month,
    activity.n_months,
    activity.n_commits,
    activity.n_commits_of_others,
    activity.added,
    activity.deleted
FROM activity
JOIN repository USING (repository_id)
JOIN candidate USING (candidate_id);

COMMENT ON VIEW v_path IS 'The files a candidate changed: one row per candidate, repository and path, of the newest run';
COMMENT ON COLUMN v_path.candidate_id IS 'Key within this file';
COMMENT ON COLUMN v_path.login IS 'The GitHub login';
COMMENT ON COLUMN v_path.full_name IS 'The repository';
COMMENT ON COLUMN v_path.path IS 'The path, at any time in the history';
COMMENT ON COLUMN v_path.path_class IS 'What the path is for';
COMMENT ON COLUMN v_path.is_ops IS 'Whether the path belongs to operating the software';
COMMENT ON COLUMN v_path.first_month IS 'First UTC month in which the candidate changed it, YYYY-MM; null without a usable date';
COMMENT ON COLUMN v_path.last_month IS 'Last UTC month in which the candidate changed it';
COMMENT ON COLUMN v_path.n_months IS 'Distinct months in which the candidate changed it';
COMMENT ON COLUMN v_path.n_commits IS 'Commits of the candidate that changed it';
COMMENT ON COLUMN v_path.n_commits_of_others IS 'Commits of everybody else together that changed it';
COMMENT ON COLUMN v_path.added IS 'Lines the candidate added; null when nobody counted';
COMMENT ON COLUMN v_path.deleted IS 'Lines the candidate deleted; null when nobody counted';
