-- A list and how long it plays.
-- key: id
-- nullable: name, seconds
SELECT l.id, l.name, count(s.id) AS songs, sum(s.seconds) AS seconds
FROM list l
LEFT JOIN list_song x ON x.list_id = l.id
LEFT JOIN song s ON s.id = x.song_id
GROUP BY l.id
