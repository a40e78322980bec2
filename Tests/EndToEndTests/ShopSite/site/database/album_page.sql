-- The page of an album with its songs.
-- key: id
-- moved: slug
-- json: artist Link; songs [String]
SELECT c.id, c.slug, c.title, c.released, a.price,
    json_build_object('slug', r.id || '-' || sitegen.slug(r.name), 'name', r.name) AS artist,
    (SELECT coalesce(json_agg(t.title ORDER BY t.number), '[]')
     FROM track t WHERE t.album_id = c.id) AS songs
FROM sitegen.album_card c
JOIN album a ON a.id = c.id
JOIN artist r ON r.id = c.artist_id
