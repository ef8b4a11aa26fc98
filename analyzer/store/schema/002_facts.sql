-- What happened in the repositories, without opinion. Replaced as a whole by a candidate's next run.
-- Paths and messages that are no UTF-8 text show the bytes as \udcXX, XX being the byte in hex.

CREATE TABLE commit_fact (
    repository_id INTEGER NOT NULL,
    sha VARCHAR NOT NULL,
    authored_at TIMESTAMP,
    committed_at TIMESTAMP,
    month VARCHAR,
    kind VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    is_merge BOOLEAN NOT NULL,
    is_trivial BOOLEAN NOT NULL,
    n_changes INTEGER NOT NULL,
    added BIGINT,
    deleted BIGINT,
    subject VARCHAR NOT NULL
);
COMMENT ON TABLE commit_fact IS 'The candidate''s commits and those that a chain names: one row per repository and commit';
COMMENT ON COLUMN commit_fact.repository_id IS 'The repository';
COMMENT ON COLUMN commit_fact.sha IS 'The commit';
COMMENT ON COLUMN commit_fact.authored_at IS 'When it was written, UTC; null when the date is impossible';
COMMENT ON COLUMN commit_fact.committed_at IS 'When it was committed, UTC; null when the date is impossible';
COMMENT ON COLUMN commit_fact.month IS 'The UTC month the commit counts for, YYYY-MM; null without a usable date';
COMMENT ON COLUMN commit_fact.kind IS 'What kind of commit it is, from its paths and its subject';
COMMENT ON COLUMN commit_fact.role IS 'The candidate''s part: author, co-author, committer, reviewer or none';
COMMENT ON COLUMN commit_fact.is_merge IS 'Whether it has more than one parent; a merge has no changes here';
COMMENT ON COLUMN commit_fact.is_trivial IS 'Whether it changes nothing but documentation, data or lock files';
COMMENT ON COLUMN commit_fact.n_changes IS 'Paths it changed';
COMMENT ON COLUMN commit_fact.added IS 'Lines added in the paths that were read; null when none was';
COMMENT ON COLUMN commit_fact.deleted IS 'Lines deleted in the paths that were read; null when none was';
COMMENT ON COLUMN commit_fact.subject IS 'First line of the message, secrets and e-mail addresses taken out';

CREATE TABLE change_fact (
    repository_id INTEGER NOT NULL,
    sha VARCHAR NOT NULL,
    path VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    old_blob VARCHAR NOT NULL,
    new_blob VARCHAR NOT NULL,
    path_class VARCHAR NOT NULL,
    is_ops BOOLEAN NOT NULL,
    added BIGINT,
    deleted BIGINT
);
COMMENT ON TABLE change_fact IS 'The paths that the candidate''s commits changed: one row per repository, commit and path';
COMMENT ON COLUMN change_fact.repository_id IS 'The repository';
COMMENT ON COLUMN change_fact.sha IS 'The commit';
COMMENT ON COLUMN change_fact.path IS 'The path at that commit';
COMMENT ON COLUMN change_fact.status IS 'git''s letter: A added, M modified, D deleted, T type changed';
COMMENT ON COLUMN change_fact.old_blob IS 'The blob before; zeros when there was none';
COMMENT ON COLUMN change_fact.new_blob IS 'The blob after; zeros when there is none';
COMMENT ON COLUMN change_fact.path_class IS 'What the path is for';
COMMENT ON COLUMN change_fact.is_ops IS 'Whether the path belongs to operating the software';
COMMENT ON COLUMN change_fact.added IS 'Lines added; null when the path was not read';
COMMENT ON COLUMN change_fact.deleted IS 'Lines deleted; null when the path was not read';

CREATE TABLE path_activity (
    repository_id INTEGER NOT NULL,
    path VARCHAR NOT NULL,
    path_class VARCHAR NOT NULL,
    is_ops BOOLEAN NOT NULL,
    month VARCHAR,
    by_candidate BOOLEAN NOT NULL,
    n_commits INTEGER NOT NULL,
    added BIGINT,
    deleted BIGINT
);
COMMENT ON TABLE path_activity IS 'Who was active where: one row per repository, path, month, and candidate or all others together';
COMMENT ON COLUMN path_activity.repository_id IS 'The repository';
COMMENT ON COLUMN path_activity.path IS 'The path';
COMMENT ON COLUMN path_activity.path_class IS 'What the path is for';
COMMENT ON COLUMN path_activity.is_ops IS 'Whether the path belongs to operating the software';
COMMENT ON COLUMN path_activity.month IS 'UTC month, YYYY-MM; null for commits without a usable date';
COMMENT ON COLUMN path_activity.by_candidate IS 'true: commits of the candidate; false: those of everybody else together';
COMMENT ON COLUMN path_activity.n_commits IS 'Commits that changed the path in the month';
COMMENT ON COLUMN path_activity.added IS 'Lines added; null when nobody counted';
COMMENT ON COLUMN path_activity.deleted IS 'Lines deleted; null when nobody counted';

CREATE TABLE ref (
    repository_id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    sha VARCHAR NOT NULL,
    tagged_at TIMESTAMP
);
COMMENT ON TABLE ref IS 'The tags of the repositories: one row per repository and tag';
COMMENT ON COLUMN ref.repository_id IS 'The repository';
COMMENT ON COLUMN ref.name IS 'The tag';
COMMENT ON COLUMN ref.sha IS 'The commit it leads to';
COMMENT ON COLUMN ref.tagged_at IS 'When the tag was made, UTC; null when it has no usable date of its own';
