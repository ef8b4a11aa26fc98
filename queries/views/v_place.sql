-- Where was each signal looked for, and what was found in each place?
-- Grain: one row per candidate, signal and repository of the newest run.
CREATE OR REPLACE VIEW v_place AS
SELECT
    candidate.candidate_id,
    candidate.login,
    signal.dimension,
    place.signal,
    place.ordinal,
    repository.full_name,
    repository.kind,
    place.state,
    CASE place.state
        WHEN 'observed' THEN 'seen'
        WHEN 'absent' THEN 'looked, nothing found in public code'
        WHEN 'not_observed' THEN 'no public place to look'
        WHEN 'not_checked' THEN 'could not check'
    END AS state_words,
    place.content_level,
    place.n_evidence,
    place.reason
FROM signal_repository AS place
JOIN candidate USING (candidate_id)
JOIN repository USING (repository_id)
LEFT JOIN signal ON signal.signal = place.signal;

COMMENT ON VIEW v_place IS 'Where each signal was looked for: one row per candidate, signal and repository, of the newest run';
COMMENT ON COLUMN v_place.candidate_id IS 'Key within this file';
COMMENT ON COLUMN v_place.login IS 'The GitHub login';
COMMENT ON COLUMN v_place.dimension IS 'The signal''s dimension; null when the signal is no longer active';
COMMENT ON COLUMN v_place.signal IS 'The signal';
COMMENT ON COLUMN v_place.ordinal IS 'Place among the signal''s repositories in the dossier, from 1';
COMMENT ON COLUMN v_place.full_name IS 'The repository';
COMMENT ON COLUMN v_place.kind IS 'What kind of repository it is, which decides what can be expected of it';
COMMENT ON COLUMN v_place.state IS 'observed, absent, not_observed or not_checked';
COMMENT ON COLUMN v_place.state_words IS 'The state in the words shown to people';
COMMENT ON COLUMN v_place.content_level IS 'What the content shows at best, whoever wrote it; null when nothing was found';
COMMENT ON COLUMN v_place.n_evidence IS 'Pieces of evidence that are the candidate''s';
COMMENT ON COLUMN v_place.reason IS 'The state in plain words';
