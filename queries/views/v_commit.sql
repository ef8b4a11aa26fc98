-- Which commits did a candidate have a part in?
-- Grain: one row per candidate, repository and commit, of the newest run.
CREATE OR REPLACE VIEW v_commit AS
SELECT
    candidate.candidate_id,
    candidate.login,
    repository.full_name,
    commit_fact.sha,
    commit_fact.month,
    commit_fact.authored_at,
    commit_fact.committed_at,
    commit_fact.kind,
    commit_fact.role,
    commit_fact.role <> 'none' AS is_own,
    commit_fact.is_merge,
    commit_fact.is_trivial,
    commit_fact.n_changes,
    commit_fact.added,
    commit_fact.deleted,
    commit_fact.subject
FROM commit_fact
JOIN repository USING (repository_id)
JOIN candidate USING (candidate_id);

COMMENT ON VIEW v_commit IS 'The candidates'' commits and those that a chain names: one row per candidate, repository and commit, of the newest run';
COMMENT ON COLUMN v_commit.candidate_id IS 'Key within this file';
COMMENT ON COLUMN v_commit.login IS 'The GitHub login';
COMMENT ON COLUMN v_commit.full_name IS 'The repository';
COMMENT ON COLUMN v_commit.sha IS 'The commit';
COMMENT ON COLUMN v_commit.month IS 'The UTC month it counts for, YYYY-MM; null without a usable date';
COMMENT ON COLUMN v_commit.authored_at IS 'When it was written, UTC; null when the date is impossible';
COMMENT ON COLUMN v_commit.committed_at IS 'When it was committed, UTC; null when the date is impossible';
COMMENT ON COLUMN v_commit.kind IS 'What kind of commit it is, from its paths and its subject';
COMMENT ON COLUMN v_commit.role IS 'The candidate''s part: author, co-author, committer, reviewer or none';
COMMENT ON COLUMN v_commit.is_own IS 'Whether the candidate has a part in it; false for a commit that only a chain names';
COMMENT ON COLUMN v_commit.is_merge IS 'Whether it has more than one parent';
COMMENT ON COLUMN v_commit.is_trivial IS 'Whether it changes nothing but documentation, data or lock files';
COMMENT ON COLUMN v_commit.n_changes IS 'Paths it changed';
COMMENT ON COLUMN v_commit.added IS 'Lines added in the paths that were read; null when none was';
COMMENT ON COLUMN v_commit.deleted IS 'Lines deleted in the paths that were read; null when none was';
COMMENT ON COLUMN v_commit.subject IS 'First line of the message, secrets and e-mail addresses taken out';
