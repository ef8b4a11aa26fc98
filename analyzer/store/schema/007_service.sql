-- What only the hosting service knows. The collector fills these; a scan of local paths leaves them empty.
-- Other people stand here only as counts and as "not the candidate".

CREATE TABLE release (
    repository_id INTEGER NOT NULL,
    api_id VARCHAR NOT NULL,
    tag VARCHAR NOT NULL,
    sha VARCHAR,
    is_prerelease BOOLEAN NOT NULL,
    published_at TIMESTAMP,
    by_candidate BOOLEAN NOT NULL,
    url VARCHAR NOT NULL
);
COMMENT ON TABLE release IS 'The published releases of the repositories: one row per repository and release';
COMMENT ON COLUMN release.repository_id IS 'The repository';
COMMENT ON COLUMN release.api_id IS 'The release''s id at the service';
COMMENT ON COLUMN release.tag IS 'The tag it was made from';
COMMENT ON COLUMN release.sha IS 'The commit the tag leads to; null when the service names none';
COMMENT ON COLUMN release.is_prerelease IS 'Whether it is marked as not yet for everybody';
COMMENT ON COLUMN release.published_at IS 'When it was published, UTC; null when the service names no time';
COMMENT ON COLUMN release.by_candidate IS 'Whether the candidate published it';
COMMENT ON COLUMN release.url IS 'Its page';

CREATE TABLE deployment (
    repository_id INTEGER NOT NULL,
    api_id VARCHAR NOT NULL,
    environment VARCHAR NOT NULL,
    task VARCHAR NOT NULL,
    sha VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    by_candidate BOOLEAN NOT NULL,
    environment_url VARCHAR
);
COMMENT ON TABLE deployment IS 'The deployments the service was told of: one row per repository and deployment';
COMMENT ON COLUMN deployment.repository_id IS 'The repository';
COMMENT ON COLUMN deployment.api_id IS 'The deployment''s id at the service';
COMMENT ON COLUMN deployment.environment IS 'The name of the environment, such as production';
COMMENT ON COLUMN deployment.task IS 'What was done, usually deploy';
COMMENT ON COLUMN deployment.sha IS 'The commit that was deployed; one older than the deployment before it is a rollback';
COMMENT ON COLUMN deployment.state IS 'The newest state, in the service''s words and lower case, such as success, failure or inactive';
COMMENT ON COLUMN deployment.started_at IS 'When it was asked for, UTC';
COMMENT ON COLUMN deployment.finished_at IS 'When the newest state was told, UTC; null when none was';
COMMENT ON COLUMN deployment.by_candidate IS 'Whether the candidate started it';
COMMENT ON COLUMN deployment.environment_url IS 'The address of what was deployed; null when the service names none';

CREATE TABLE contribution (
    candidate_id INTEGER NOT NULL,
    full_name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('pull_request', 'review', 'merge')),
    api_id VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    title VARCHAR NOT NULL,
    opened_by VARCHAR NOT NULL CHECK (opened_by IN ('candidate', 'bot', 'other')),
    is_owner BOOLEAN NOT NULL,
    happened_at TIMESTAMP NOT NULL,
    merged_at TIMESTAMP,
    merge_sha VARCHAR,
    n_changes INTEGER,
    added INTEGER,
    deleted INTEGER,
    url VARCHAR NOT NULL
);
COMMENT ON TABLE contribution IS 'What the candidate did through pull requests, in any public repository: one row per act';
COMMENT ON COLUMN contribution.candidate_id IS 'The candidate';
COMMENT ON COLUMN contribution.full_name IS 'owner/name; most of these repositories were not read';
COMMENT ON COLUMN contribution.kind IS 'pull_request (opened by the candidate), review or merge (of another''s)';
COMMENT ON COLUMN contribution.api_id IS 'The pull request''s or the review''s id at the service';
COMMENT ON COLUMN contribution.number IS 'The pull request''s number in the repository';
COMMENT ON COLUMN contribution.title IS 'Its title, secrets and e-mail addresses taken out';
COMMENT ON COLUMN contribution.opened_by IS 'Who opened the pull request: candidate, bot or other';
COMMENT ON COLUMN contribution.is_owner IS 'Whether the repository belongs to the candidate''s own account';
COMMENT ON COLUMN contribution.happened_at IS 'When the candidate acted, UTC';
COMMENT ON COLUMN contribution.merged_at IS 'When the pull request was merged, UTC; null when it was not';
COMMENT ON COLUMN contribution.merge_sha IS 'The commit that merged it; null when there is none';
COMMENT ON COLUMN contribution.n_changes IS 'Paths it changed; null when not asked for';
COMMENT ON COLUMN contribution.added IS 'Lines added; null when not asked for';
COMMENT ON COLUMN contribution.deleted IS 'Lines deleted; null when not asked for';
COMMENT ON COLUMN contribution.url IS 'Its page';

CREATE TABLE issue_response (
    repository_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    opened_at TIMESTAMP NOT NULL,
    closed_at TIMESTAMP,
    answered_at TIMESTAMP,
    answered_by_candidate BOOLEAN NOT NULL,
    hours DOUBLE,
    url VARCHAR NOT NULL
);
COMMENT ON TABLE issue_response IS 'How issues were answered in repositories that the candidate maintains: one row per repository and issue';
COMMENT ON COLUMN issue_response.repository_id IS 'The repository';
COMMENT ON COLUMN issue_response.number IS 'The issue''s number in the repository';
COMMENT ON COLUMN issue_response.opened_at IS 'When it was opened, UTC';
COMMENT ON COLUMN issue_response.closed_at IS 'When it was closed, UTC; null while it is open';
COMMENT ON COLUMN issue_response.answered_at IS 'The first answer of somebody with a say there, UTC; null when there was none among those read';
COMMENT ON COLUMN issue_response.answered_by_candidate IS 'Whether that answer was the candidate''s';
COMMENT ON COLUMN issue_response.hours IS 'Hours from opened_at to answered_at; null without an answer';
COMMENT ON COLUMN issue_response.url IS 'Its page';

CREATE TABLE repository_context (
    repository_id INTEGER NOT NULL,
    n_stars INTEGER,
    created_on DATE,
    language VARCHAR
);
COMMENT ON TABLE repository_context IS 'What helps to recognise a repository and is never read by scoring: one row per repository';
COMMENT ON COLUMN repository_context.repository_id IS 'The repository';
COMMENT ON COLUMN repository_context.n_stars IS 'Stars; a measure of fame, hence no input to any value';
COMMENT ON COLUMN repository_context.created_on IS 'The day it was created at the service, UTC';
COMMENT ON COLUMN repository_context.language IS 'The main language as the service names it; null when it names none';

CREATE TABLE scan_cache (
    signal VARCHAR NOT NULL,
    signal_version INTEGER NOT NULL,
    blob VARCHAR NOT NULL,
    path VARCHAR NOT NULL,
    result JSON NOT NULL
);
COMMENT ON TABLE scan_cache IS 'What a rule found in a file, kept until anybody is forgotten: one row per signal, version, blob and path';
COMMENT ON COLUMN scan_cache.signal IS 'The signal';
COMMENT ON COLUMN scan_cache.signal_version IS 'The version of its rule';
COMMENT ON COLUMN scan_cache.blob IS 'The file''s content as git names it';
COMMENT ON COLUMN scan_cache.path IS 'The path, which a rule may judge by';
COMMENT ON COLUMN scan_cache.result IS 'The hit and the facts as a JSON object; null inside it when there was none';
