-- How many records share a list with a record.
-- key: id
SELECT r.id, r.title,
    (SELECT count(*)
     FROM record o
     WHERE o.id IN (
        SELECT t.record_id
        FROM song t
        WHERE t.seconds > 0 AND t.id IN (
            SELECT y.song_id
            FROM list_song y
            WHERE y.list_id IN (
                SELECT x.list_id
                FROM list_song x
                JOIN song s ON s.id = x.song_id
                WHERE s.record_id = r.id)))) AS related
FROM record r
