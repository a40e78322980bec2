-- One drawing: the file it becomes, and what it is drawn from. A look's drawings show only
-- with the look.
-- key: file
SELECT
    i.file,
    i.kind,
    i.seed,
    i.palette
FROM fashion.image i
CROSS JOIN fashion.edition e
WHERE i.kind IN ('cover', 'portrait', 'mark')
   OR EXISTS (
       SELECT 1
       FROM fashion.photo p
       JOIN fashion.view v ON v.photo_id = p.id
       JOIN fashion.look l ON l.id = v.look_id
       JOIN fashion.collection c ON c.id = l.collection_id
       WHERE p.image_id = i.id
         AND l.date_published <= e.as_of
         AND (l.date_expired IS NULL OR l.date_expired > e.as_of)
         AND l.date_deleted IS NULL
         AND c.date_published <= e.as_of
         AND (c.date_expired IS NULL OR c.date_expired > e.as_of)
         AND c.date_deleted IS NULL)
