-- Which earlier or later commits does a piece of evidence rest on, and how many hours lie between?
-- Grain: one row per candidate, piece of evidence and link, of the newest run.
CREATE OR REPLACE VIEW v_chain AS
SELECT
    candidate.candidate_id,
    candidate.login,
    repository.full_name,
    evidence.evidence_id,
    evidence.dimension,
    evidence.signal,
    evidence.level,
    evidence.share > 0 AS is_own,
    evidence.message,
    evidence.url,
    link.kind,
    link.ordinal,
    evidence.commit_sha AS from_sha,
    origin.committed_at AS from_committed_at,
    origin.subject AS from_subject,
    link.to_id,
    coalesce(target.sha, other.commit_sha) AS to_sha,
    target.committed_at AS to_committed_at,
    target.subject AS to_subject,
    target.role AS to_role,
    other.message AS to_message,
    coalesce(link.hours, abs(epoch(origin.committed_at) - epoch(target.committed_at)) / 3600) AS hours
FROM evidence_link AS link
JOIN evidence ON evidence.candidate_id = link.candidate_id AND evidence.evidence_id = link.from_id
JOIN candidate ON candidate.candidate_id = link.candidate_id
JOIN repository ON repository.repository_id = evidence.repository_id
LEFT JOIN evidence AS other ON other.candidate_id = link.candidate_id AND other.evidence_id = link.to_id
LEFT JOIN commit_fact AS origin
    ON origin.repository_id = evidence.repository_id AND origin.sha = evidence.commit_sha
LEFT JOIN commit_fact AS target
    ON target.repository_id = evidence.repository_id AND target.sha = coalesce(other.commit_sha, link.to_id);

COMMENT ON VIEW v_chain IS 'What a piece of evidence rests on: one row per candidate, piece of evidence and link, of the newest run';
COMMENT ON COLUMN v_chain.candidate_id IS 'Key within this file';
COMMENT ON COLUMN v_chain.login IS 'The GitHub login';
COMMENT ON COLUMN v_chain.full_name IS 'The repository';
COMMENT ON COLUMN v_chain.evidence_id IS 'The evidence the link starts from';
COMMENT ON COLUMN v_chain.dimension IS 'Its dimension';
COMMENT ON COLUMN v_chain.signal IS 'The signal that found it';
COMMENT ON COLUMN v_chain.level IS 'declared, used or lived-in';
COMMENT ON COLUMN v_chain.is_own IS 'Whether any of it is the candidate''s work';
COMMENT ON COLUMN v_chain.message IS 'What was found, in plain words';
COMMENT ON COLUMN v_chain.url IS 'Permalink of the evidence; null where the repository has no known address';
COMMENT ON COLUMN v_chain.kind IS 'What the link says: supports';
COMMENT ON COLUMN v_chain.ordinal IS 'Place among the links of the same evidence, from 1';
COMMENT ON COLUMN v_chain.from_sha IS 'The commit that is the evidence; null when the evidence is lines of a file';
COMMENT ON COLUMN v_chain.from_committed_at IS 'When it was committed, UTC; null when not known';
COMMENT ON COLUMN v_chain.from_subject IS 'First line of its message';
COMMENT ON COLUMN v_chain.to_id IS 'The commit or the other evidence the link leads to';
COMMENT ON COLUMN v_chain.to_sha IS 'The commit it leads to; null when that is not among the stored commits';
COMMENT ON COLUMN v_chain.to_committed_at IS 'When that was committed, UTC; null when not known';
COMMENT ON COLUMN v_chain.to_subject IS 'First line of its message';
COMMENT ON COLUMN v_chain.to_role IS 'The candidate''s part in it; none for another contributor''s commit';
COMMENT ON COLUMN v_chain.to_message IS 'What was found there, where the link leads to another piece of evidence';
COMMENT ON COLUMN v_chain.hours IS 'Hours between the two ends; null unless both dates are known';
