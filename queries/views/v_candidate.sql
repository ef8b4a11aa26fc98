-- Who was looked at, why, and what came out of it?
-- Grain: one row per candidate, of the newest run.
CREATE OR REPLACE VIEW v_candidate AS
WITH runs AS (
    SELECT candidate_id, max(run_id) AS run_id, count(*) AS n_runs
    FROM run
    GROUP BY candidate_id
),
repositories AS (
    SELECT
        candidate_id,
        list(full_name ORDER BY ordinal) AS repositories,
        count(*) FILTER (WHERE state <> 'complete') AS n_repositories_with_gaps,
        sum(n_candidate_commits)::BIGINT AS n_commits
    FROM repository
    GROUP BY candidate_id
),
cohorts AS (
    SELECT candidate_id, list(name ORDER BY name) AS cohorts
    FROM cohort_member
    JOIN cohort USING (cohort_id)
    GROUP BY candidate_id
)
SELECT
    candidate.candidate_id,
    candidate.login,
    run.run_id,
    run.as_of,
    candidate.basis,
    candidate.purpose,
    candidate.delete_after,
    run.summary,
    coalesce(ends_with(run.summary, 'do not rank this person below others.'), false) AS is_little,
    run.badges,
    run.n_dimensions_observed,
    run.n_dimensions,
    run.research_value,
    coalesce(repositories.repositories, []) AS repositories,
    coalesce(repositories.n_repositories_with_gaps, 0) AS n_repositories_with_gaps,
    coalesce(repositories.n_commits, 0) AS n_commits,
    coalesce(cohorts.cohorts, []) AS cohorts,
    coalesce(runs.n_runs, 0) AS n_runs,
    run.rules_version,
    run.rubric_version
FROM candidate
LEFT JOIN runs USING (candidate_id)
LEFT JOIN run USING (run_id)
LEFT JOIN repositories ON repositories.candidate_id = candidate.candidate_id
LEFT JOIN cohorts ON cohorts.candidate_id = candidate.candidate_id;

COMMENT ON VIEW v_candidate IS 'Who was looked at, why, and what came out: one row per candidate, of the newest run';
COMMENT ON COLUMN v_candidate.candidate_id IS 'Key within this file';
COMMENT ON COLUMN v_candidate.login IS 'The GitHub login';
COMMENT ON COLUMN v_candidate.run_id IS 'The newest run';
COMMENT ON COLUMN v_candidate.as_of IS 'The day the evidence was judged from';
COMMENT ON COLUMN v_candidate.basis IS 'Why the person may be looked at: applied, consented or self; null when nobody said';
COMMENT ON COLUMN v_candidate.purpose IS 'What for, in the words of whoever asked';
COMMENT ON COLUMN v_candidate.delete_after IS 'The day after which the person''s rows are to be erased; null when none was set';
COMMENT ON COLUMN v_candidate.summary IS 'The profile in one sentence; there is no overall number';
COMMENT ON COLUMN v_candidate.is_little IS 'Whether there is too little public work to say anything: no level and no value is shown to people then';
COMMENT ON COLUMN v_candidate.badges IS 'The badges that were given';
COMMENT ON COLUMN v_candidate.n_dimensions_observed IS 'Dimensions in which something was seen';
COMMENT ON COLUMN v_candidate.n_dimensions IS 'Dimensions that have active signals';
COMMENT ON COLUMN v_candidate.research_value IS 'Strength of research-style evidence, 0 to 1, beside production and never subtracted; null when none was seen';
COMMENT ON COLUMN v_candidate.repositories IS 'full_name of every repository that was read or asked for';
COMMENT ON COLUMN v_candidate.n_repositories_with_gaps IS 'Those of them that could not be read as a whole';
COMMENT ON COLUMN v_candidate.n_commits IS 'Commits in which the candidate has a part; never an input to a value';
COMMENT ON COLUMN v_candidate.cohorts IS 'Names of the cohorts the candidate is in';
COMMENT ON COLUMN v_candidate.n_runs IS 'Runs that are kept, five at most';
COMMENT ON COLUMN v_candidate.rules_version IS 'The version of the signal rules, all together';
COMMENT ON COLUMN v_candidate.rubric_version IS 'The version of the weights, see rubric_weight';
