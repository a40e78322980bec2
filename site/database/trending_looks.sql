-- What is read most just now: one shared fragment for every page.
-- key: edition
-- json: looks [LookCard]
SELECT
    e.slug AS edition,
    (SELECT coalesce(json_agg(json_build_object(
                'slug', l.slug, 'name', l.name, 'number', l.position, 'brand', b.name,
                'image', (SELECT json_build_object(
                                 'file', i.file, 'alt', p.caption,
                                 'width', i.width, 'height', i.height)
                          FROM fashion.view v
                          JOIN fashion.photo p ON p.id = v.photo_id
                          JOIN fashion.image i ON i.id = p.image_id
                          WHERE v.look_id = l.id
                          ORDER BY v.position
                          LIMIT 1))
            ORDER BY k.readings DESC, k.id), '[]')
     FROM (SELECT l.id, r.readings
           FROM fashion.look_reading r
           JOIN fashion.look l ON l.id = r.look_id
           JOIN fashion.collection c ON c.id = l.collection_id
           WHERE l.date_published <= e.as_of
             AND (l.date_expired IS NULL OR l.date_expired > e.as_of)
             AND l.date_deleted IS NULL
             AND c.date_published <= e.as_of
             AND (c.date_expired IS NULL OR c.date_expired > e.as_of)
             AND c.date_deleted IS NULL
           ORDER BY r.readings DESC, r.look_id
           LIMIT 5) k
     JOIN fashion.look l ON l.id = k.id
     JOIN fashion.collection c ON c.id = l.collection_id
     JOIN fashion.brand b ON b.id = c.brand_id) AS looks
FROM fashion.edition e
