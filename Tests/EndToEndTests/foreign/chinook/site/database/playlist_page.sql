-- key: playlist_id
-- nullable: name, longest
SELECT p.playlist_id, p.name,
    (SELECT count(*) FROM playlist_track x WHERE x.playlist_id = p.playlist_id) AS size,
    (SELECT max(t.milliseconds) FROM playlist_track x JOIN track t ON t.track_id = x.track_id
     WHERE x.playlist_id = p.playlist_id) AS longest
FROM playlist p
