-- Who was looked at, by which rules, and what was read.

CREATE SEQUENCE candidate_id_seq;
CREATE SEQUENCE run_id_seq;
CREATE SEQUENCE repository_id_seq;

CREATE TABLE meta (
    key VARCHAR PRIMARY KEY,
    value VARCHAR NOT NULL
);
COMMENT ON TABLE meta IS 'What this file is: one row per property';
COMMENT ON COLUMN meta.key IS 'application, schema (the version of these tables) or duckdb (the version that made the file)';
COMMENT ON COLUMN meta.value IS 'The value of the property';

CREATE TABLE dimension (
    dimension VARCHAR PRIMARY KEY,
    ordinal INTEGER NOT NULL,
    axis VARCHAR NOT NULL CHECK (axis IN ('production', 'research'))
);
COMMENT ON TABLE dimension IS 'The eleven dimensions of production evidence and the research axis beside them';
COMMENT ON COLUMN dimension.dimension IS 'The name used in every other table';
COMMENT ON COLUMN dimension.ordinal IS 'The order in which dimensions are shown, from 1';
COMMENT ON COLUMN dimension.axis IS 'production, or research, which is never added to or subtracted from production';

INSERT INTO dimension VALUES
    ('observability', 1, 'production'),
    ('ml_monitoring', 2, 'production'),
    ('deployment', 3, 'production'),
    ('rollback', 4, 'production'),
    ('resilience', 5, 'production'),
    ('performance', 6, 'production'),
    ('delivery', 7, 'production'),
    ('maintenance', 8, 'production'),
    ('ownership', 9, 'production'),
    ('testing', 10, 'production'),
    ('simplicity', 11, 'production'),
    ('research', 12, 'research');

CREATE TABLE signal (
    signal VARCHAR PRIMARY KEY,
    dimension VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('content', 'history')),
    version INTEGER NOT NULL,
    title VARCHAR NOT NULL,
    proves VARCHAR NOT NULL,
    page VARCHAR NOT NULL
);
COMMENT ON TABLE signal IS 'The active signals of the last run that wrote here: one row per signal';
COMMENT ON COLUMN signal.signal IS 'The id, equal to the name of the signal''s file';
COMMENT ON COLUMN signal.dimension IS 'The dimension the signal belongs to';
COMMENT ON COLUMN signal.kind IS 'content (files at HEAD) or history (commits)';
COMMENT ON COLUMN signal.version IS 'The version of the rule; a change of meaning raises it';
COMMENT ON COLUMN signal.title IS 'The name shown to people';
COMMENT ON COLUMN signal.proves IS 'What the signal shows, in one sentence';
COMMENT ON COLUMN signal.page IS 'The whole page: what it proves, why it counts and what does not count';

CREATE TABLE candidate (
    candidate_id INTEGER PRIMARY KEY,
    login VARCHAR NOT NULL,
    basis VARCHAR CHECK (basis IN ('applied', 'consented', 'self')),
    purpose VARCHAR,
    delete_after DATE
);
COMMENT ON TABLE candidate IS 'The people who were looked at: one row per GitHub login, whatever its capitals';
COMMENT ON COLUMN candidate.candidate_id IS 'Key within this file, never used again';
COMMENT ON COLUMN candidate.login IS 'The GitHub login as last given';
COMMENT ON COLUMN candidate.basis IS 'Why the person may be looked at: applied, consented or self; null when nobody said';
COMMENT ON COLUMN candidate.purpose IS 'What for, in the words of whoever asked';
COMMENT ON COLUMN candidate.delete_after IS 'The day after which the person''s rows are to be erased; null when none was set';

CREATE TABLE identity (
    candidate_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    email_hash VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    confidence VARCHAR NOT NULL
);
COMMENT ON TABLE identity IS 'The addresses taken for a candidate''s, as hashes: one row per address';
COMMENT ON COLUMN identity.candidate_id IS 'The candidate';
COMMENT ON COLUMN identity.ordinal IS 'Place in the dossier''s order, from 1';
COMMENT ON COLUMN identity.email_hash IS 'First 16 hex digits of SHA-256(login, a colon, the lower-cased address)';
COMMENT ON COLUMN identity.source IS 'Why the address is taken for the candidate''s: noreply_id, noreply_login, given, repository_config';
COMMENT ON COLUMN identity.confidence IS 'high, medium or low';

CREATE TABLE run (
    run_id INTEGER PRIMARY KEY,
    candidate_id INTEGER NOT NULL,
    as_of DATE NOT NULL,
    rules_version VARCHAR NOT NULL,
    rubric_version VARCHAR NOT NULL,
    tool_version VARCHAR NOT NULL,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP NOT NULL,
    research_value DOUBLE,
    research_signals VARCHAR[] NOT NULL,
    summary VARCHAR NOT NULL,
    badges VARCHAR[] NOT NULL,
    n_dimensions_observed INTEGER NOT NULL,
    n_dimensions INTEGER NOT NULL
);
COMMENT ON TABLE run IS 'The last five runs of every candidate; facts, evidence and gaps belong to the newest';
COMMENT ON COLUMN run.run_id IS 'Key within this file; a later run has a higher one';
COMMENT ON COLUMN run.candidate_id IS 'The candidate';
COMMENT ON COLUMN run.as_of IS 'The day the evidence was judged from';
COMMENT ON COLUMN run.rules_version IS 'The version of the signal rules, all together';
COMMENT ON COLUMN run.rubric_version IS 'The version of the weights';
COMMENT ON COLUMN run.tool_version IS 'The version of Shiptrace; empty when unknown';
COMMENT ON COLUMN run.started_at IS 'When the run began, UTC';
COMMENT ON COLUMN run.finished_at IS 'When the run had its result, UTC';
COMMENT ON COLUMN run.research_value IS 'Strength of research-style evidence, 0 to 1; null when none was seen or it was not scored';
COMMENT ON COLUMN run.research_signals IS 'The research signals, in order';
COMMENT ON COLUMN run.summary IS 'The profile in one sentence';
COMMENT ON COLUMN run.badges IS 'The badges that were given, in order';
COMMENT ON COLUMN run.n_dimensions_observed IS 'Dimensions in which something was seen';
COMMENT ON COLUMN run.n_dimensions IS 'Dimensions that have active signals';

CREATE TABLE repository (
    repository_id INTEGER PRIMARY KEY,
    candidate_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    full_name VARCHAR NOT NULL,
    sha VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    kind_reasons VARCHAR[] NOT NULL,
    n_commits INTEGER NOT NULL,
    n_candidate_commits INTEGER NOT NULL,
    first_commit DATE,
    last_commit DATE,
    state VARCHAR NOT NULL CHECK (state IN ('complete', 'partial', 'skipped', 'failed')),
    reason VARCHAR NOT NULL,
    n_eligible INTEGER NOT NULL,
    n_read INTEGER NOT NULL,
    n_failed INTEGER NOT NULL
);
COMMENT ON TABLE repository IS 'The repositories of each candidate''s newest run: one row per candidate and repository';
COMMENT ON COLUMN repository.repository_id IS 'Key within this file; a repository read for two candidates has two, and a new run gives new ones';
COMMENT ON COLUMN repository.candidate_id IS 'The candidate it was read for';
COMMENT ON COLUMN repository.ordinal IS 'Place in the dossier''s order, from 1';
COMMENT ON COLUMN repository.full_name IS 'owner/name, or local/folder for a repository without an origin';
COMMENT ON COLUMN repository.sha IS 'The commit that was read; empty when the repository could not be opened';
COMMENT ON COLUMN repository.kind IS 'What kind of repository it is, which decides what can be expected of it';
COMMENT ON COLUMN repository.kind_reasons IS 'Why it is taken for that kind';
COMMENT ON COLUMN repository.n_commits IS 'All commits reachable from the commit that was read';
COMMENT ON COLUMN repository.n_candidate_commits IS 'Those of them in which the candidate has a part';
COMMENT ON COLUMN repository.first_commit IS 'The day of the first commit, UTC; null without a usable date';
COMMENT ON COLUMN repository.last_commit IS 'The day of the last commit, UTC; null without a usable date';
COMMENT ON COLUMN repository.state IS 'complete, partial, skipped or failed: how much of it could be read';
COMMENT ON COLUMN repository.reason IS 'Why it is not complete; empty when it is';
COMMENT ON COLUMN repository.n_eligible IS 'Files that some signal asked for';
COMMENT ON COLUMN repository.n_read IS 'Those of them that were read';
COMMENT ON COLUMN repository.n_failed IS 'Those of them that could not be read or parsed';
