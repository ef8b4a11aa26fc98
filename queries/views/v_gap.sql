-- What could not be looked at?
-- Grain: one row per candidate and gap of the newest run.
CREATE OR REPLACE VIEW v_gap AS
SELECT
    candidate.candidate_id,
    candidate.login,
    gap.ordinal,
    gap.what,
    nullif(gap.repository, '') AS full_name,
    nullif(gap.signal, '') AS signal,
    signal.dimension,
    gap.reason
FROM gap
JOIN candidate USING (candidate_id)
LEFT JOIN signal ON signal.signal = gap.signal;

COMMENT ON VIEW v_gap IS 'What could not be looked at: one row per candidate and gap, of the newest run';
COMMENT ON COLUMN v_gap.candidate_id IS 'Key within this file';
COMMENT ON COLUMN v_gap.login IS 'The GitHub login';
COMMENT ON COLUMN v_gap.ordinal IS 'Place in the dossier''s order, from 1';
COMMENT ON COLUMN v_gap.what IS 'The thing that could not be looked at';
COMMENT ON COLUMN v_gap.full_name IS 'The repository; null when it concerns them all';
COMMENT ON COLUMN v_gap.signal IS 'The signal; null when it concerns them all';
COMMENT ON COLUMN v_gap.dimension IS 'The signal''s dimension; null when the gap concerns no single signal';
COMMENT ON COLUMN v_gap.reason IS 'Why, in plain words';
