-- A look as lists show it, while it and its collection are on the stands: part of other views.
-- key: id
-- json: card LookCard
SELECT
    l.id,
    json_build_object(
        'slug', l.slug, 'name', l.name, 'number', l.position, 'brand', b.name,
        'image', (SELECT p.picture
                  FROM fashion.view v
                  JOIN sitegen.picture p ON p.id = v.photo_id
                  WHERE v.look_id = l.id
                  ORDER BY v.position
                  LIMIT 1)) AS card
FROM fashion.look l
JOIN sitegen.collection_card c ON c.id = l.collection_id
JOIN fashion.collection o ON o.id = l.collection_id
JOIN fashion.brand b ON b.id = o.brand_id
CROSS JOIN fashion.edition e
WHERE l.date_published <= e.as_of
  AND (l.date_expired IS NULL OR l.date_expired > e.as_of)
  AND l.date_deleted IS NULL
