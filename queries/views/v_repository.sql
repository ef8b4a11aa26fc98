-- What was read, how much of it, and what part does the candidate have in it?
-- Grain: one row per candidate and repository of the newest run.
CREATE OR REPLACE VIEW v_repository AS
SELECT
    candidate.candidate_id,
    candidate.login,
    repository.ordinal,
    repository.full_name,
    repository.sha,
    repository.kind,
    repository.kind_reasons,
    repository.n_commits,
    repository.n_candidate_commits,
    repository.first_commit,
    repository.last_commit,
    repository.state,
    repository.reason,
    repository.n_eligible,
    repository.n_read,
    repository.n_failed
FROM repository
JOIN candidate USING (candidate_id);

COMMENT ON VIEW v_repository IS 'What was read: one row per candidate and repository, of the newest run';
COMMENT ON COLUMN v_repository.candidate_id IS 'Key within this file';
COMMENT ON COLUMN v_repository.login IS 'The GitHub login';
COMMENT ON COLUMN v_repository.ordinal IS 'Place in the dossier''s order, from 1';
COMMENT ON COLUMN v_repository.full_name IS 'owner/name, or local/folder for a repository without an origin';
COMMENT ON COLUMN v_repository.sha IS 'The commit that was read; empty when the repository could not be opened';
COMMENT ON COLUMN v_repository.kind IS 'What kind of repository it is, which decides what can be expected of it';
COMMENT ON COLUMN v_repository.kind_reasons IS 'Why it is taken for that kind';
COMMENT ON COLUMN v_repository.n_commits IS 'All commits reachable from the commit that was read';
COMMENT ON COLUMN v_repository.n_candidate_commits IS 'Those of them in which the candidate has a part';
COMMENT ON COLUMN v_repository.first_commit IS 'The day of the first commit, UTC; null without a usable date';
COMMENT ON COLUMN v_repository.last_commit IS 'The day of the last commit, UTC; null without a usable date';
COMMENT ON COLUMN v_repository.state IS 'complete, partial, skipped or failed: how much of it could be read';
COMMENT ON COLUMN v_repository.reason IS 'Why it is not complete; empty when it is';
COMMENT ON COLUMN v_repository.n_eligible IS 'Files that some signal asked for';
COMMENT ON COLUMN v_repository.n_read IS 'Those of them that were read';
COMMENT ON COLUMN v_repository.n_failed IS 'Those of them that could not be read or parsed';
