-- What is held about a person, where, on which basis and until when?
-- Grain: one row per table that holds rows about the person.
-- param login: the candidate's login

WITH person AS (
    SELECT candidate_id, basis, purpose, delete_after
    FROM candidate
    WHERE lower(login) = lower($login)
),
theirs AS (
    SELECT repository_id
    FROM repository
    JOIN person USING (candidate_id)
),
counted AS (
    SELECT 'candidate' AS table_name, count(*) AS n_rows FROM candidate JOIN person USING (candidate_id)
    UNION ALL SELECT 'identity', count(*) FROM identity JOIN person USING (candidate_id)
    UNION ALL SELECT 'run', count(*) FROM run JOIN person USING (candidate_id)
    UNION ALL SELECT 'repository', count(*) FROM repository JOIN person USING (candidate_id)
    UNION ALL SELECT 'evidence', count(*) FROM evidence JOIN person USING (candidate_id)
    UNION ALL SELECT 'evidence_link', count(*) FROM evidence_link JOIN person USING (candidate_id)
    UNION ALL SELECT 'gap', count(*) FROM gap JOIN person USING (candidate_id)
    UNION ALL SELECT 'signal_repository', count(*) FROM signal_repository JOIN person USING (candidate_id)
    UNION ALL SELECT 'signal_score', count(*) FROM signal_score JOIN person USING (candidate_id)
    UNION ALL SELECT 'dimension_score', count(*) FROM dimension_score JOIN person USING (candidate_id)
    UNION ALL SELECT 'badge', count(*) FROM badge JOIN person USING (candidate_id)
    UNION ALL SELECT 'cohort_member', count(*) FROM cohort_member JOIN person USING (candidate_id)
    UNION ALL SELECT 'annotation', count(*) FROM annotation JOIN person USING (candidate_id)
    UNION ALL SELECT 'audit_log', count(*) FROM audit_log JOIN person USING (candidate_id)
    UNION ALL SELECT 'contribution', count(*) FROM contribution JOIN person USING (candidate_id)
    UNION ALL SELECT 'commit_fact', count(*) FROM commit_fact JOIN theirs USING (repository_id)
    UNION ALL SELECT 'change_fact', count(*) FROM change_fact JOIN theirs USING (repository_id)
    UNION ALL SELECT 'path_activity', count(*) FROM path_activity JOIN theirs USING (repository_id)
    UNION ALL SELECT 'ref', count(*) FROM ref JOIN theirs USING (repository_id)
    UNION ALL SELECT 'release', count(*) FROM release JOIN theirs USING (repository_id)
    UNION ALL SELECT 'deployment', count(*) FROM deployment JOIN theirs USING (repository_id)
    UNION ALL SELECT 'issue_response', count(*) FROM issue_response JOIN theirs USING (repository_id)
    UNION ALL SELECT 'repository_context', count(*) FROM repository_context JOIN theirs USING (repository_id)
)
SELECT
    counted.table_name,
    counted.n_rows,
    tables.comment AS what,
    person.basis,
    person.purpose,
    person.delete_after
FROM counted
CROSS JOIN person
LEFT JOIN duckdb_tables() AS tables ON tables.table_name = counted.table_name
WHERE counted.n_rows > 0
ORDER BY counted.table_name;
