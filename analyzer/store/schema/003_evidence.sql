-- What was found, whose it is and why it weighs what it weighs. Replaced as a whole by a candidate's next run.

CREATE TABLE evidence (
    candidate_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    evidence_id VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    signal VARCHAR NOT NULL,
    dimension VARCHAR NOT NULL,
    place_kind VARCHAR NOT NULL CHECK (place_kind IN ('lines', 'commit', 'api')),
    sha VARCHAR,
    path VARCHAR,
    line_start INTEGER,
    line_end INTEGER,
    more_lines INTEGER[] NOT NULL,
    commit_sha VARCHAR,
    api_kind VARCHAR,
    api_id VARCHAR,
    api_url VARCHAR,
    api_at VARCHAR,
    content_level VARCHAR NOT NULL CHECK (content_level IN ('declared', 'used')),
    level VARCHAR NOT NULL CHECK (level IN ('declared', 'used', 'lived-in')),
    caps VARCHAR[] NOT NULL,
    path_class VARCHAR,
    share DOUBLE NOT NULL CHECK (share BETWEEN 0 AND 1),
    role VARCHAR NOT NULL,
    identity VARCHAR,
    method VARCHAR NOT NULL,
    confidence VARCHAR NOT NULL,
    attribution_reason VARCHAR NOT NULL,
    factor_level DOUBLE NOT NULL,
    factor_attribution DOUBLE NOT NULL,
    factor_path_class DOUBLE NOT NULL,
    factor_recency DOUBLE NOT NULL,
    factor_guards DOUBLE NOT NULL,
    weight DOUBLE NOT NULL,
    message VARCHAR NOT NULL,
    snippet VARCHAR NOT NULL,
    facts JSON NOT NULL,
    url VARCHAR
);
COMMENT ON TABLE evidence IS 'The evidence of each candidate''s newest run, also what others wrote (share 0): one row per candidate and piece';
COMMENT ON COLUMN evidence.candidate_id IS 'The candidate';
COMMENT ON COLUMN evidence.repository_id IS 'The repository it was found in';
COMMENT ON COLUMN evidence.evidence_id IS 'Hash of signal, repository, place, blob and rule version; one per candidate';
COMMENT ON COLUMN evidence.ordinal IS 'Place in the dossier''s order, from 1';
COMMENT ON COLUMN evidence.signal IS 'The signal that found it';
COMMENT ON COLUMN evidence.dimension IS 'The signal''s dimension';
COMMENT ON COLUMN evidence.place_kind IS 'lines, commit or api: which of the following columns give the place';
COMMENT ON COLUMN evidence.sha IS 'The commit at which path and lines resolve';
COMMENT ON COLUMN evidence.path IS 'The path';
COMMENT ON COLUMN evidence.line_start IS 'First line of the first deciding construct, from 1';
COMMENT ON COLUMN evidence.line_end IS 'Last line of it';
COMMENT ON COLUMN evidence.more_lines IS 'Further deciding lines in the same file';
COMMENT ON COLUMN evidence.commit_sha IS 'The commit that is the evidence as a whole';
COMMENT ON COLUMN evidence.api_kind IS 'Kind of the record that only the hosting service holds';
COMMENT ON COLUMN evidence.api_id IS 'Its id there';
COMMENT ON COLUMN evidence.api_url IS 'Its address';
COMMENT ON COLUMN evidence.api_at IS 'Its time as the service gave it, ISO 8601';
COMMENT ON COLUMN evidence.content_level IS 'What the content alone shows: declared or used';
COMMENT ON COLUMN evidence.level IS 'What content and the candidate''s own history show: declared, used or lived-in';
COMMENT ON COLUMN evidence.caps IS 'Why the level is no higher';
COMMENT ON COLUMN evidence.path_class IS 'What the path is for; null where there is none';
COMMENT ON COLUMN evidence.share IS 'The candidate''s share of the evidence lines, 0 to 1';
COMMENT ON COLUMN evidence.role IS 'The candidate''s part: author, co-author, committer, reviewer or none';
COMMENT ON COLUMN evidence.identity IS 'Why the address is taken for the candidate''s; null when the share is 0';
COMMENT ON COLUMN evidence.method IS 'How the share was found: none, blame, patch or commit';
COMMENT ON COLUMN evidence.confidence IS 'Confidence in the attribution: high, medium or low';
COMMENT ON COLUMN evidence.attribution_reason IS 'The attribution in plain words';
COMMENT ON COLUMN evidence.factor_level IS 'Factor of the level';
COMMENT ON COLUMN evidence.factor_attribution IS 'Factor of share, role and identity';
COMMENT ON COLUMN evidence.factor_path_class IS 'Factor of the path class';
COMMENT ON COLUMN evidence.factor_recency IS 'Factor of age at the run''s as_of';
COMMENT ON COLUMN evidence.factor_guards IS 'Factor of the guards that apply, such as a copied rule';
COMMENT ON COLUMN evidence.weight IS 'Product of the five factors';
COMMENT ON COLUMN evidence.message IS 'What was found, in plain words';
COMMENT ON COLUMN evidence.snippet IS 'At most 200 characters of the place, secrets and e-mail addresses taken out';
COMMENT ON COLUMN evidence.facts IS 'Typed facts of the signal, as a JSON object';
COMMENT ON COLUMN evidence.url IS 'Permalink with the commit; null where the repository has no known address';

CREATE TABLE evidence_link (
    candidate_id INTEGER NOT NULL,
    from_id VARCHAR NOT NULL,
    to_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    hours DOUBLE
);
COMMENT ON TABLE evidence_link IS 'What a piece of evidence rests on: one row per link';
COMMENT ON COLUMN evidence_link.candidate_id IS 'The candidate';
COMMENT ON COLUMN evidence_link.from_id IS 'The evidence';
COMMENT ON COLUMN evidence_link.to_id IS 'The commit, or the other evidence, it rests on';
COMMENT ON COLUMN evidence_link.kind IS 'supports: a further commit that makes the evidence what it is';
COMMENT ON COLUMN evidence_link.ordinal IS 'Place among the links of the same evidence, from 1';
COMMENT ON COLUMN evidence_link.hours IS 'Hours between the two; null where that means nothing';

CREATE TABLE gap (
    candidate_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    what VARCHAR NOT NULL,
    repository VARCHAR NOT NULL,
    signal VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);
COMMENT ON TABLE gap IS 'What could not be looked at in each candidate''s newest run: one row per gap';
COMMENT ON COLUMN gap.candidate_id IS 'The candidate';
COMMENT ON COLUMN gap.ordinal IS 'Place in the dossier''s order, from 1';
COMMENT ON COLUMN gap.what IS 'The thing that could not be looked at';
COMMENT ON COLUMN gap.repository IS 'full_name of the repository; empty when it concerns them all';
COMMENT ON COLUMN gap.signal IS 'The signal; empty when it concerns them all';
COMMENT ON COLUMN gap.reason IS 'Why, in plain words';
