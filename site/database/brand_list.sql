-- The index of all brands that have a collection to show, on one page.
-- key: edition
-- json: entries [IndexEntry]
SELECT
    e.slug AS edition,
    (SELECT coalesce(json_agg(json_build_object(
        'slug', k.slug, 'name', k.name, 'note', k.city, 'count', t.total,
        'picture', p.picture)
        ORDER BY k.name, k.id), '[]')
     FROM fashion.brand k
     JOIN sitegen.picture p ON p.id = k.photo_id
     CROSS JOIN LATERAL (
         SELECT count(*)::int AS total
         FROM fashion.collection c
         JOIN sitegen.collection_card d ON d.id = c.id
         WHERE c.brand_id = k.id) t
     WHERE t.total > 0) AS entries
FROM fashion.edition e
