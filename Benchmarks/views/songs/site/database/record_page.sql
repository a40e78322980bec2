-- The page of one record.
-- key: id
-- json: songs [RecordSong]
SELECT r.id, r.title, p.name AS performer,
    (SELECT coalesce(json_agg(json_build_object('name', s.name, 'price', s.price)
            ORDER BY s.id), '[]')
     FROM song s WHERE s.record_id = r.id) AS songs
FROM record r
JOIN performer p ON p.id = r.performer_id
