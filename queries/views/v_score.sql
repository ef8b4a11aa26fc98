-- What is each signal's value for each candidate, in which state, and in which dimension?
-- Grain: one row per candidate and signal, of the newest run, with the dimension's result beside it.
CREATE OR REPLACE VIEW v_score AS
WITH newest AS (
    SELECT candidate_id, max(run_id) AS run_id
    FROM run
    GROUP BY candidate_id
),
levels AS (
    SELECT
        candidate_id,
        signal,
        count(*) AS n_evidence,
        max_by(level, list_position(['declared', 'used', 'lived-in'], level)) AS best_level
    FROM evidence
    WHERE share > 0
    GROUP BY candidate_id, signal
)
SELECT
    candidate.candidate_id,
    candidate.login,
    run.run_id,
    run.as_of,
    score.dimension,
    score.signal,
    score.ordinal,
    signal.title,
    score.state,
    CASE score.state
        WHEN 'observed' THEN 'seen'
        WHEN 'absent' THEN 'looked, nothing found in public code'
        WHEN 'not_observed' THEN 'no public place to look'
        WHEN 'not_checked' THEN 'could not check'
    END AS state_words,
    levels.best_level,
    score.value,
    coalesce(levels.n_evidence, 0) AS n_evidence,
    score.evidence_ids,
    score.reason,
    dimension.state AS dimension_state,
    dimension.best_level AS dimension_best_level,
    dimension.confidence AS dimension_confidence,
    dimension.value AS dimension_value
FROM newest
JOIN run USING (run_id)
JOIN candidate ON candidate.candidate_id = run.candidate_id
JOIN signal_score AS score ON score.run_id = run.run_id
LEFT JOIN signal ON signal.signal = score.signal
LEFT JOIN levels ON levels.candidate_id = run.candidate_id AND levels.signal = score.signal
LEFT JOIN dimension_score AS dimension
    ON dimension.run_id = run.run_id AND dimension.dimension = score.dimension;

COMMENT ON VIEW v_score IS 'The value and state of each signal: one row per candidate and signal, of the newest run';
COMMENT ON COLUMN v_score.candidate_id IS 'Key within this file';
COMMENT ON COLUMN v_score.login IS 'The GitHub login';
COMMENT ON COLUMN v_score.run_id IS 'The newest run';
COMMENT ON COLUMN v_score.as_of IS 'The day the evidence was judged from';
COMMENT ON COLUMN v_score.dimension IS 'The signal''s dimension; research is shown beside and never subtracted';
COMMENT ON COLUMN v_score.signal IS 'The signal';
COMMENT ON COLUMN v_score.ordinal IS 'Place in the dossier''s order, from 1';
COMMENT ON COLUMN v_score.title IS 'The signal''s name for people; null when the signal is no longer active';
COMMENT ON COLUMN v_score.state IS 'observed, absent, not_observed or not_checked; nothing is scored down for the last three';
COMMENT ON COLUMN v_score.state_words IS 'The state in the words shown to people';
COMMENT ON COLUMN v_score.best_level IS 'The best level of the candidate''s evidence: declared, used or lived-in; null when there is none';
COMMENT ON COLUMN v_score.value IS 'Strength, 0 to 1; null unless observed';
COMMENT ON COLUMN v_score.n_evidence IS 'Pieces of evidence that are the candidate''s';
COMMENT ON COLUMN v_score.evidence_ids IS 'The evidence behind the value, in order';
COMMENT ON COLUMN v_score.reason IS 'The state in plain words';
COMMENT ON COLUMN v_score.dimension_state IS 'State of the dimension; null for research';
COMMENT ON COLUMN v_score.dimension_best_level IS 'Best level in the dimension; null unless observed';
COMMENT ON COLUMN v_score.dimension_confidence IS 'Confidence in the dimension: high, medium or low; null unless observed';
COMMENT ON COLUMN v_score.dimension_value IS 'Value of the dimension, 0 to 1; null unless observed';
