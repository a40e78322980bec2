-- The page of one song.
-- key: id
-- nullable: style
SELECT s.id, s.name, s.seconds, s.price, r.title AS record, p.name AS performer, y.name AS style
FROM song s
JOIN record r ON r.id = s.record_id
JOIN performer p ON p.id = r.performer_id
LEFT JOIN style y ON y.id = s.style_id
