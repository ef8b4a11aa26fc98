-- Who is in which cohort?
-- Grain: one row per cohort and candidate.
CREATE OR REPLACE VIEW v_cohort AS
SELECT
    cohort.cohort_id,
    cohort.name AS cohort,
    candidate.candidate_id,
    candidate.login
FROM cohort_member
JOIN cohort USING (cohort_id)
JOIN candidate USING (candidate_id);

COMMENT ON VIEW v_cohort IS 'Who is in which cohort: one row per cohort and candidate';
COMMENT ON COLUMN v_cohort.cohort_id IS 'The cohort''s key within this file';
COMMENT ON COLUMN v_cohort.cohort IS 'The cohort''s name; the same name in other capitals is the same cohort';
COMMENT ON COLUMN v_cohort.candidate_id IS 'The candidate''s key within this file';
COMMENT ON COLUMN v_cohort.login IS 'The GitHub login';
