-- The weights behind the values, and the badges. Badges carry their run, as scores do.

CREATE TABLE rubric_weight (
    rubric_version VARCHAR NOT NULL,
    section VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    value DOUBLE NOT NULL,
    PRIMARY KEY (rubric_version, section, name)
);
COMMENT ON TABLE rubric_weight IS 'The weights of every rubric that scored something here: all that a value can be computed again from';
COMMENT ON COLUMN rubric_weight.rubric_version IS 'The rubric, as in run.rubric_version';
COMMENT ON COLUMN rubric_weight.section IS 'levels, roles, identity, path_classes, guards, caps, recency, signal or dimension';
COMMENT ON COLUMN rubric_weight.name IS 'The name within the section, such as lived-in; those of a dimension''s best signals are weight_1 to weight_3';
COMMENT ON COLUMN rubric_weight.value IS 'A factor or cap, 0 to 1; months for half_life_months, a number for max_repositories';

CREATE TABLE badge (
    run_id INTEGER NOT NULL,
    candidate_id INTEGER NOT NULL,
    badge VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    title VARCHAR NOT NULL,
    is_given BOOLEAN NOT NULL,
    gates JSON NOT NULL
);
COMMENT ON TABLE badge IS 'Named combinations of evidence, given or not, and why: one row per run and badge';
COMMENT ON COLUMN badge.run_id IS 'The run';
COMMENT ON COLUMN badge.candidate_id IS 'The candidate of the run';
COMMENT ON COLUMN badge.badge IS 'The id';
COMMENT ON COLUMN badge.ordinal IS 'The order in which badges are shown, from 1';
COMMENT ON COLUMN badge.title IS 'The name shown to people';
COMMENT ON COLUMN badge.is_given IS 'Whether all its gates are met';
COMMENT ON COLUMN badge.gates IS 'The conditions: a JSON array of {condition, is_met, evidence: [evidence_id, ...]}';
