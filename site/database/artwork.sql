-- One drawing: the file it becomes, and what it is drawn from. A look's drawings show only
-- with the look.
-- key: file
SELECT
    i.file,
    i.kind,
    i.seed,
    i.palette
FROM fashion.image i
WHERE i.kind IN ('cover', 'portrait', 'mark')
   OR EXISTS (
       SELECT 1
       FROM fashion.photo p
       JOIN fashion.view v ON v.photo_id = p.id
       JOIN sitegen.look_card k ON k.id = v.look_id
       WHERE p.image_id = i.id)
