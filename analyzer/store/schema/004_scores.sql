-- What is made of the evidence. Rows of scores carry their run; the last five runs of a candidate are kept.

CREATE TABLE signal_repository (
    candidate_id INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    signal VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    state VARCHAR NOT NULL CHECK (state IN ('observed', 'absent', 'not_observed', 'not_checked')),
    content_level VARCHAR CHECK (content_level IN ('declared', 'used')),
    n_evidence INTEGER NOT NULL,
    reason VARCHAR NOT NULL
);
COMMENT ON TABLE signal_repository IS 'Where each signal was looked for in the newest run: one row per candidate, signal and repository';
COMMENT ON COLUMN signal_repository.candidate_id IS 'The candidate';
COMMENT ON COLUMN signal_repository.repository_id IS 'The repository';
COMMENT ON COLUMN signal_repository.signal IS 'The signal';
COMMENT ON COLUMN signal_repository.ordinal IS 'Place among the signal''s repositories in the dossier, from 1';
COMMENT ON COLUMN signal_repository.state IS 'observed, absent, not_observed or not_checked';
COMMENT ON COLUMN signal_repository.content_level IS 'What the content shows at best, whoever wrote it; null when nothing was found';
COMMENT ON COLUMN signal_repository.n_evidence IS 'Pieces of evidence that are the candidate''s';
COMMENT ON COLUMN signal_repository.reason IS 'The state in plain words';

CREATE TABLE signal_score (
    run_id INTEGER NOT NULL,
    candidate_id INTEGER NOT NULL,
    signal VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    dimension VARCHAR NOT NULL,
    state VARCHAR NOT NULL CHECK (state IN ('observed', 'absent', 'not_observed', 'not_checked')),
    value DOUBLE CHECK (value BETWEEN 0 AND 1),
    evidence_ids VARCHAR[] NOT NULL,
    reason VARCHAR NOT NULL
);
COMMENT ON TABLE signal_score IS 'One row per run and active signal';
COMMENT ON COLUMN signal_score.run_id IS 'The run';
COMMENT ON COLUMN signal_score.candidate_id IS 'The candidate of the run';
COMMENT ON COLUMN signal_score.signal IS 'The signal';
COMMENT ON COLUMN signal_score.ordinal IS 'Place in the dossier''s order, from 1';
COMMENT ON COLUMN signal_score.dimension IS 'The signal''s dimension';
COMMENT ON COLUMN signal_score.state IS 'observed, absent, not_observed or not_checked';
COMMENT ON COLUMN signal_score.value IS 'Strength, 0 to 1; null unless observed';
COMMENT ON COLUMN signal_score.evidence_ids IS 'The evidence behind it, in order; rows of evidence exist for the newest run';
COMMENT ON COLUMN signal_score.reason IS 'The state in plain words';

CREATE TABLE dimension_score (
    run_id INTEGER NOT NULL,
    candidate_id INTEGER NOT NULL,
    dimension VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    state VARCHAR NOT NULL CHECK (state IN ('observed', 'absent', 'not_observed', 'not_checked')),
    value DOUBLE CHECK (value BETWEEN 0 AND 1),
    best_level VARCHAR CHECK (best_level IN ('declared', 'used', 'lived-in')),
    confidence VARCHAR CHECK (confidence IN ('high', 'medium', 'low')),
    signals VARCHAR[] NOT NULL
);
COMMENT ON TABLE dimension_score IS 'One row per run and dimension of production evidence';
COMMENT ON COLUMN dimension_score.run_id IS 'The run';
COMMENT ON COLUMN dimension_score.candidate_id IS 'The candidate of the run';
COMMENT ON COLUMN dimension_score.dimension IS 'The dimension';
COMMENT ON COLUMN dimension_score.ordinal IS 'Place in the dossier''s order, from 1';
COMMENT ON COLUMN dimension_score.state IS 'observed, absent, not_observed or not_checked';
COMMENT ON COLUMN dimension_score.value IS 'Strength, 0 to 1; null unless observed; at most 0.30 without a lived-in signal';
COMMENT ON COLUMN dimension_score.best_level IS 'The best level seen: declared, used or lived-in';
COMMENT ON COLUMN dimension_score.confidence IS 'high, medium or low; null unless observed';
COMMENT ON COLUMN dimension_score.signals IS 'Its active signals, in order';
