-- The index of all people that have a collection to show, on one page.
-- key: edition
-- json: entries [IndexEntry]
SELECT
    e.slug AS edition,
    (SELECT coalesce(json_agg(json_build_object(
        'slug', k.slug, 'name', k.first_name || ' ' || k.last_name, 'note', k.role,
        'count', t.total,
        'picture', p.picture)
        ORDER BY k.last_name, k.first_name, k.id), '[]')
     FROM fashion.person k
     JOIN sitegen.picture p ON p.id = k.photo_id
     CROSS JOIN LATERAL (
         SELECT count(*)::int AS total
         FROM fashion.collection c
         JOIN sitegen.collection_card d ON d.id = c.id
         WHERE c.author_id = k.id) t
     WHERE t.total > 0) AS entries
FROM fashion.edition e
