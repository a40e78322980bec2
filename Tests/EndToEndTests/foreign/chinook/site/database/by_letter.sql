-- Artists by their first letter.
-- key: letter
-- nullable: names
SELECT coalesce(upper(left(r.name, 1)), '?') AS letter,
    string_agg(r.name, ', ' ORDER BY r.name, r.artist_id) AS names
FROM artist r GROUP BY 1
