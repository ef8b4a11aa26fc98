-- What is seen of each candidate in each dimension of production work, and how sure is it?
-- Grain: one row per candidate and dimension, of the newest run. Research is in v_candidate.
CREATE OR REPLACE VIEW v_dimension AS
WITH newest AS (
    SELECT candidate_id, max(run_id) AS run_id
    FROM run
    GROUP BY candidate_id
)
SELECT
    candidate.candidate_id,
    candidate.login,
    run.run_id,
    run.as_of,
    score.dimension,
    score.ordinal,
    score.state,
    CASE score.state
        WHEN 'observed' THEN 'seen'
        WHEN 'absent' THEN 'looked, nothing found in public code'
        WHEN 'not_observed' THEN 'no public place to look'
        WHEN 'not_checked' THEN 'could not check'
    END AS state_words,
    score.best_level,
    score.confidence,
    score.value,
    score.signals
FROM newest
JOIN run USING (run_id)
JOIN candidate ON candidate.candidate_id = run.candidate_id
JOIN dimension_score AS score ON score.run_id = run.run_id;

COMMENT ON VIEW v_dimension IS 'What is seen in each dimension of production work: one row per candidate and dimension, of the newest run';
COMMENT ON COLUMN v_dimension.candidate_id IS 'Key within this file';
COMMENT ON COLUMN v_dimension.login IS 'The GitHub login';
COMMENT ON COLUMN v_dimension.run_id IS 'The newest run';
COMMENT ON COLUMN v_dimension.as_of IS 'The day the evidence was judged from';
COMMENT ON COLUMN v_dimension.dimension IS 'The dimension';
COMMENT ON COLUMN v_dimension.ordinal IS 'The order in which dimensions are shown, from 1';
COMMENT ON COLUMN v_dimension.state IS 'observed, absent, not_observed or not_checked; nothing is scored down for the last three';
COMMENT ON COLUMN v_dimension.state_words IS 'The state in the words shown to people';
COMMENT ON COLUMN v_dimension.best_level IS 'The best level seen: declared, used or lived-in; null unless observed';
COMMENT ON COLUMN v_dimension.confidence IS 'high, medium or low; null unless observed';
COMMENT ON COLUMN v_dimension.value IS 'Strength, 0 to 1; null unless observed; at most 0.30 without a lived-in signal';
COMMENT ON COLUMN v_dimension.signals IS 'Its active signals, in order';
