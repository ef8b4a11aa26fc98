-- In which files and commits does a candidate's evidence lie?
-- Grain: one row per repository and path, or commit, or record of the service, the best level first.
-- param login: the candidate's login

WITH own AS (
    SELECT
        *,
        coalesce(path, commit_sha, api_url) AS place,
        list_position(['declared', 'used', 'lived-in'], level) AS rank
    FROM v_evidence
    WHERE lower(login) = lower($login) AND is_own
)
SELECT
    full_name,
    place_kind,
    place,
    max_by(level, rank) AS best_level,
    list_sort(list_distinct(list(signal))) AS signals,
    count(*) AS n_evidence,
    max(month) AS newest_month,
    arg_max(url, (rank, weight, -ordinal)) AS url
FROM own
GROUP BY full_name, place_kind, place
ORDER BY max(rank) DESC, max(weight) DESC, full_name, place;
