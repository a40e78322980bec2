-- An artist, by a slug that is computed: it may be NULL, and may meet another one.
-- key: slug
-- nullable: albums, price
SELECT nullif(regexp_replace(lower(r.name), '[^a-z0-9]+', '-', 'g'), '') AS slug, r.name,
    (SELECT string_agg(a.title, ', ' ORDER BY a.title, a.album_id) FROM album a
        WHERE a.artist_id = r.artist_id) AS albums,
    (SELECT sum(t.unit_price) FROM album a JOIN track t ON t.album_id = a.album_id
        WHERE a.artist_id = r.artist_id) AS price
FROM artist r
