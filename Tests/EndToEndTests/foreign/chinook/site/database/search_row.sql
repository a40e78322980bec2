-- Everything that can be searched for.
-- key: kind, id
-- nullable: text
SELECT 'artist' AS kind, r.artist_id AS id, r.name::text AS text FROM artist r
UNION ALL SELECT 'album', a.album_id, a.title::text FROM album a
UNION ALL SELECT 'track', t.track_id, t.name::text FROM track t WHERE t.milliseconds > 200000
