-- Pages of twenty tracks of a genre.
-- key: genre_id, page
-- json: tracks [GenreTrack]
SELECT n.genre_id, n.page, g.name,
    (json_agg(json_build_object('id', n.track_id, 'name', n.name) ORDER BY n.place)) AS tracks
FROM (
    SELECT t.genre_id, t.track_id, t.name, p.place, (p.place - 1) / 20 + 1 AS page
    FROM track t JOIN (
        SELECT track_id, row_number() OVER (PARTITION BY genre_id ORDER BY name,
            track_id) AS place FROM track
    ) p ON p.track_id = t.track_id
) n JOIN genre g ON g.genre_id = n.genre_id
GROUP BY n.genre_id, n.page, g.name
