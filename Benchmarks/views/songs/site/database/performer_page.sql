-- The page of one performer.
-- key: id
-- json: records [PerformerRecord]
SELECT p.id, p.name,
    (SELECT coalesce(json_agg(json_build_object(
                'title', r.title,
                'songs', (SELECT count(*) FROM song s WHERE s.record_id = r.id))
            ORDER BY r.id), '[]')
     FROM record r WHERE r.performer_id = p.id) AS records
FROM performer p
