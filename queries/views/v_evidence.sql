-- What was found, where, whose is it, and why does it weigh what it weighs?
-- Grain: one row per candidate and piece of evidence of the newest run, also what others wrote (share 0).
CREATE OR REPLACE VIEW v_evidence AS
WITH newest AS (
    SELECT candidate_id, max(run_id) AS run_id
    FROM run
    GROUP BY candidate_id
),
behind AS (
    SELECT candidate_id, evidence_id, repository_id, commit_sha AS sha
    FROM evidence
    WHERE commit_sha IS NOT NULL
    UNION ALL
    SELECT link.candidate_id, link.from_id, evidence.repository_id, link.to_id
    FROM evidence_link AS link
    JOIN evidence ON evidence.candidate_id = link.candidate_id AND evidence.evidence_id = link.from_id
    WHERE evidence.commit_sha IS NULL AND link.kind = 'supports'
),
dated AS (
    SELECT behind.candidate_id, behind.evidence_id, max(commit_fact.month) AS month
    FROM behind
    JOIN commit_fact USING (repository_id, sha)
    GROUP BY behind.candidate_id, behind.evidence_id
)
SELECT
    candidate.candidate_id,
    candidate.login,
    run.run_id,
    run.as_of,
    run.rubric_version,
    repository.full_name,
    evidence.evidence_id,
    evidence.ordinal,
    evidence.dimension,
    evidence.signal,
    signal.title,
    evidence.level,
    evidence.content_level,
    evidence.share > 0 AS is_own,
    evidence.caps,
    evidence.place_kind,
    evidence.sha,
    evidence.path,
    evidence.path_class,
    evidence.line_start,
    evidence.line_end,
    evidence.more_lines,
    evidence.commit_sha,
    evidence.api_kind,
    evidence.api_id,
    evidence.api_url,
    evidence.api_at,
    dated.month,
    evidence.share,
    evidence.role,
    evidence.identity,
    evidence.method,
    evidence.confidence,
    evidence.attribution_reason,
    evidence.factor_level,
    evidence.factor_attribution,
    evidence.factor_path_class,
    evidence.factor_recency,
    evidence.factor_guards,
    evidence.weight,
    evidence.message,
    evidence.snippet,
    evidence.facts,
    evidence.url
FROM evidence
JOIN newest USING (candidate_id)
JOIN run USING (run_id)
JOIN candidate ON candidate.candidate_id = evidence.candidate_id
JOIN repository ON repository.repository_id = evidence.repository_id
LEFT JOIN signal ON signal.signal = evidence.signal
LEFT JOIN dated ON dated.candidate_id = evidence.candidate_id AND dated.evidence_id = evidence.evidence_id;

COMMENT ON VIEW v_evidence IS 'Everything that was found, with its place, its attribution and its factors: one row per candidate and piece of evidence, of the newest run';
COMMENT ON COLUMN v_evidence.candidate_id IS 'Key within this file';
COMMENT ON COLUMN v_evidence.login IS 'The GitHub login';
COMMENT ON COLUMN v_evidence.run_id IS 'The newest run';
COMMENT ON COLUMN v_evidence.as_of IS 'The day the evidence was judged from';
COMMENT ON COLUMN v_evidence.rubric_version IS 'The version of the weights, see rubric_weight';
COMMENT ON COLUMN v_evidence.full_name IS 'The repository';
COMMENT ON COLUMN v_evidence.evidence_id IS 'Hash of signal, repository, place, blob and rule version; unique within a candidate';
COMMENT ON COLUMN v_evidence.ordinal IS 'Place in the dossier''s order, from 1';
COMMENT ON COLUMN v_evidence.dimension IS 'The signal''s dimension';
COMMENT ON COLUMN v_evidence.signal IS 'The signal that found it';
COMMENT ON COLUMN v_evidence.title IS 'The signal''s name for people; null when the signal is no longer active';
COMMENT ON COLUMN v_evidence.level IS 'What content and the candidate''s own history show: declared, used or lived-in';
COMMENT ON COLUMN v_evidence.content_level IS 'What the content alone shows: declared or used';
COMMENT ON COLUMN v_evidence.is_own IS 'Whether any of it is the candidate''s work; the rest is context and weighs 0';
COMMENT ON COLUMN v_evidence.caps IS 'Why the level is no higher';
COMMENT ON COLUMN v_evidence.place_kind IS 'lines, commit or api: which columns give the place';
COMMENT ON COLUMN v_evidence.sha IS 'The commit at which path and lines resolve';
COMMENT ON COLUMN v_evidence.path IS 'The path';
COMMENT ON COLUMN v_evidence.path_class IS 'What the path is for';
COMMENT ON COLUMN v_evidence.line_start IS 'First line of the first deciding construct, from 1';
COMMENT ON COLUMN v_evidence.line_end IS 'Last line of it';
COMMENT ON COLUMN v_evidence.more_lines IS 'Further deciding lines in the same file';
COMMENT ON COLUMN v_evidence.commit_sha IS 'The commit that is the evidence as a whole';
COMMENT ON COLUMN v_evidence.api_kind IS 'Kind of the record that only the hosting service holds';
COMMENT ON COLUMN v_evidence.api_id IS 'Its id there';
COMMENT ON COLUMN v_evidence.api_url IS 'Its address';
COMMENT ON COLUMN v_evidence.api_at IS 'Its time as the service gave it, ISO 8601';
COMMENT ON COLUMN v_evidence.month IS 'UTC month, YYYY-MM, of the commit that is the evidence, else of the newest commit it rests on; null when not known';
COMMENT ON COLUMN v_evidence.share IS 'The candidate''s share of the evidence lines, 0 to 1';
COMMENT ON COLUMN v_evidence.role IS 'The candidate''s part: author, co-author, committer, reviewer or none';
COMMENT ON COLUMN v_evidence.identity IS 'Why the address is taken for the candidate''s; null when the share is 0';
COMMENT ON COLUMN v_evidence.method IS 'How the share was found: none, blame, patch or commit';
COMMENT ON COLUMN v_evidence.confidence IS 'Confidence in the attribution: high, medium or low';
COMMENT ON COLUMN v_evidence.attribution_reason IS 'The attribution in plain words';
COMMENT ON COLUMN v_evidence.factor_level IS 'Factor of the level';
COMMENT ON COLUMN v_evidence.factor_attribution IS 'Factor of share, role and identity';
COMMENT ON COLUMN v_evidence.factor_path_class IS 'Factor of the path class';
COMMENT ON COLUMN v_evidence.factor_recency IS 'Factor of age at as_of';
COMMENT ON COLUMN v_evidence.factor_guards IS 'Factor of the guards that apply, such as a copied rule';
COMMENT ON COLUMN v_evidence.weight IS 'Product of the five factors';
COMMENT ON COLUMN v_evidence.message IS 'What was found, in plain words';
COMMENT ON COLUMN v_evidence.snippet IS 'At most 200 characters of the place, secrets and e-mail addresses taken out';
COMMENT ON COLUMN v_evidence.facts IS 'Typed facts of the signal, as a JSON object';
COMMENT ON COLUMN v_evidence.url IS 'Permalink with the commit; null where the repository has no known address';
