-- Performers of whom something stands in a list.
-- key: id
SELECT p.id, p.name
FROM performer p
WHERE p.id IN (
    SELECT r.performer_id
    FROM record r
    JOIN song s ON s.record_id = r.id
    JOIN list_song x ON x.song_id = s.id)
