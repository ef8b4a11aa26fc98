-- What people add: groups of candidates, remarks, and what was done with personal data.

CREATE SEQUENCE cohort_id_seq;
CREATE SEQUENCE annotation_id_seq;
CREATE SEQUENCE audit_id_seq;

CREATE TABLE cohort (
    cohort_id INTEGER PRIMARY KEY,
    name VARCHAR NOT NULL
);
COMMENT ON TABLE cohort IS 'Named groups of candidates, such as the applicants for a position; one without members is removed';
COMMENT ON COLUMN cohort.cohort_id IS 'Key within this file, never used again';
COMMENT ON COLUMN cohort.name IS 'The name; the same name in other capitals is the same cohort';

CREATE TABLE cohort_member (
    cohort_id INTEGER NOT NULL,
    candidate_id INTEGER NOT NULL
);
COMMENT ON TABLE cohort_member IS 'Who is in which cohort: one row per cohort and candidate';
COMMENT ON COLUMN cohort_member.cohort_id IS 'The cohort';
COMMENT ON COLUMN cohort_member.candidate_id IS 'The candidate, who may be in several';

CREATE TABLE annotation (
    annotation_id INTEGER PRIMARY KEY,
    candidate_id INTEGER NOT NULL,
    evidence_id VARCHAR,
    kind VARCHAR NOT NULL CHECK (kind IN ('contest', 'correct', 'explain', 'highlight')),
    written_by VARCHAR NOT NULL CHECK (written_by IN ('candidate', 'reader')),
    written_at TIMESTAMP NOT NULL,
    text VARCHAR NOT NULL
);
COMMENT ON TABLE annotation IS 'Remarks beside the evidence: one row per remark; they outlive later runs';
COMMENT ON COLUMN annotation.annotation_id IS 'Key within this file; a later remark has a higher one';
COMMENT ON COLUMN annotation.candidate_id IS 'The candidate it is about';
COMMENT ON COLUMN annotation.evidence_id IS 'The evidence it is about; null when it is about the profile as a whole';
COMMENT ON COLUMN annotation.kind IS 'contest, correct, explain or highlight';
COMMENT ON COLUMN annotation.written_by IS 'candidate or reader';
COMMENT ON COLUMN annotation.written_at IS 'When it was written, UTC';
COMMENT ON COLUMN annotation.text IS 'The remark';

CREATE TABLE audit_log (
    audit_id INTEGER PRIMARY KEY,
    happened_on DATE NOT NULL,
    act VARCHAR NOT NULL CHECK (act IN ('written', 'forgotten', 'added_to_cohort', 'removed_from_cohort')),
    candidate_id INTEGER,
    cohort_id INTEGER
);
COMMENT ON TABLE audit_log IS 'What was done with personal data here: one row per act and person, never changed until the person is forgotten';
COMMENT ON COLUMN audit_log.audit_id IS 'Key within this file; a later act has a higher one';
COMMENT ON COLUMN audit_log.happened_on IS 'The day, UTC';
COMMENT ON COLUMN audit_log.act IS 'written (a run stored), added_to_cohort, removed_from_cohort or forgotten';
COMMENT ON COLUMN audit_log.candidate_id IS 'The candidate; null for forgotten, which keeps nothing that could tell who it was';
COMMENT ON COLUMN audit_log.cohort_id IS 'The cohort, which may be gone since; null where there is none in the act';
