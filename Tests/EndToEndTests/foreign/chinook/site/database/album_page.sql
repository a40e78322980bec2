-- An album with its artist and tracks.
-- key: album_id
-- nullable: artist
-- json: tracks [AlbumTrack]
SELECT a.album_id, a.title, r.name AS artist,
    (SELECT coalesce(json_agg(json_build_object(
        'name', t.name, 'genre', g.name, 'price', t.unit_price) ORDER BY t.track_id), '[]')
     FROM track t LEFT JOIN genre g ON g.genre_id = t.genre_id
         WHERE t.album_id = a.album_id) AS tracks
FROM album a LEFT JOIN artist r ON r.artist_id = a.artist_id
