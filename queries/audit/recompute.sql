-- Does every stored value follow from the evidence and the weights?
-- Grain: one row per candidate and signal, dimension or research axis that has a value,
-- the stored one beside ours.
-- param login = null: only this candidate; without, everybody in the store

WITH weighed AS (
    SELECT
        candidate_id,
        login,
        run_id,
        rubric_version,
        full_name,
        dimension,
        signal,
        level,
        list_position(['declared', 'used', 'lived-in'], level) AS rank,
        factor_level * factor_attribution * factor_path_class * factor_recency * factor_guards AS weight
    FROM v_evidence
    WHERE is_own AND lower(login) = lower(coalesce($login, login))
),
rubric AS (
    SELECT
        rubric_version,
        map_from_entries(list((name, value)) FILTER (WHERE section = 'caps')) AS caps,
        any_value(value) FILTER (WHERE name = 'max_repositories') AS max_repositories,
        any_value(value) FILTER (WHERE name = 'without_lived_in') AS without_lived_in,
        list(value ORDER BY name) FILTER (WHERE section = 'dimension' AND starts_with(name, 'weight_')) AS weights
    FROM rubric_weight
    GROUP BY rubric_version
),
-- one minus the product of what is left, each weight at most 0.999, and no more than the best level allows
in_repository AS (
    SELECT
        candidate_id,
        rubric_version,
        dimension,
        signal,
        least(1 - exp(sum(ln(1 - least(weight, 0.999)))), any_value(caps)[max_by(level, rank)]) AS value
    FROM weighed
    JOIN rubric USING (rubric_version)
    GROUP BY candidate_id, rubric_version, dimension, signal, full_name
),
-- the same once more over the best repositories
best_repositories AS (
    SELECT *
    FROM in_repository
    JOIN rubric USING (rubric_version)
    QUALIFY row_number() OVER (PARTITION BY candidate_id, signal ORDER BY value DESC) <= max_repositories
),
signals AS (
    SELECT candidate_id, rubric_version, dimension, signal, 1 - exp(sum(ln(1 - least(value, 0.999)))) AS value
    FROM best_repositories
    GROUP BY candidate_id, rubric_version, dimension, signal
),
-- the best few signals, weighted by their order; what is missing of them is 0
ordered AS (
    SELECT
        candidate_id,
        rubric_version,
        dimension,
        list(value ORDER BY value DESC) AS best
    FROM signals
    GROUP BY candidate_id, rubric_version, dimension
),
active AS (
    SELECT candidate_id, dimension, count(*) AS n_signals
    FROM v_score
    GROUP BY candidate_id, dimension
),
reached AS (
    SELECT candidate_id, dimension, max(rank) AS rank
    FROM weighed
    GROUP BY candidate_id, dimension
),
means AS (
    SELECT
        candidate_id,
        dimension,
        rank = 3 OR dimension = 'research' AS is_whole,
        without_lived_in,
        weights[:n_signals] AS used,
        list_dot_product(used, list_resize(best[:len(used)], len(used), 0.0)) / list_sum(used) AS mean
    FROM ordered
    JOIN rubric USING (rubric_version)
    JOIN active USING (candidate_id, dimension)
    JOIN reached USING (candidate_id, dimension)
),
recomputed AS (
    SELECT candidate_id, 'signal' AS what, signal AS name, value
    FROM signals
    UNION ALL
    SELECT
        candidate_id,
        if(dimension = 'research', 'research', 'dimension'),
        dimension,
        if(is_whole, mean, least(mean, without_lived_in))
    FROM means
),
stored AS (
    SELECT candidate_id, 'signal' AS what, signal AS name, value
    FROM v_score
    WHERE value IS NOT NULL
    UNION ALL
    SELECT candidate_id, 'dimension', dimension, value
    FROM v_dimension
    WHERE value IS NOT NULL
    UNION ALL
    SELECT candidate_id, 'research', 'research', research_value
    FROM v_candidate
    WHERE research_value IS NOT NULL
)
SELECT
    candidate.login,
    what,
    name,
    stored.value AS stored_value,
    recomputed.value AS recomputed_value,
    coalesce(abs(stored.value - recomputed.value) < 0.0000005, false) AS agrees
FROM stored
FULL JOIN recomputed USING (candidate_id, what, name)
JOIN candidate USING (candidate_id)
WHERE lower(candidate.login) = lower(coalesce($login, candidate.login))
ORDER BY lower(candidate.login), what, name;
