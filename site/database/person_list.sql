-- The index of all people that have a collection to show, on one page.
-- key: edition
-- json: entries [IndexEntry]
SELECT
    e.slug AS edition,
    (SELECT coalesce(json_agg(json_build_object(
        'slug', k.slug, 'name', k.first_name || ' ' || k.last_name, 'note', k.role,
        'count', t.total,
        'picture', (SELECT json_build_object(
                           'file', i.file, 'alt', p.caption,
                           'width', i.width, 'height', i.height)
                    FROM fashion.photo p JOIN fashion.image i ON i.id = p.image_id
                    WHERE p.id = k.photo_id)) ORDER BY k.last_name, k.first_name, k.id), '[]')
     FROM fashion.person k
     CROSS JOIN LATERAL (
         SELECT count(*)::int AS total
         FROM fashion.collection c
         WHERE c.author_id = k.id
           AND c.date_published <= e.as_of
           AND (c.date_expired IS NULL OR c.date_expired > e.as_of)
           AND c.date_deleted IS NULL) t
     WHERE t.total > 0) AS entries
FROM fashion.edition e
