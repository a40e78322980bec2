-- The page of an artist with the albums and their number.
-- key: id
-- json: albums [Link]
SELECT r.id, r.id || '-' || sitegen.slug(r.name) AS slug, r.name,
    (SELECT count(*) FROM sitegen.album_card c WHERE c.artist_id = r.id) AS count,
    (SELECT coalesce(json_agg(json_build_object('slug', c.slug, 'name', c.title)
        ORDER BY c.released, c.id), '[]')
     FROM sitegen.album_card c WHERE c.artist_id = r.id) AS albums
FROM artist r
