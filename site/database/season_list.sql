-- The index of all seasons that have a collection to show, on one page.
-- key: edition
-- json: entries [IndexEntry]
SELECT
    e.slug AS edition,
    (SELECT coalesce(json_agg(json_build_object(
        'slug', k.slug, 'name', k.name, 'note', k.description, 'count', t.total)
        ORDER BY k.position DESC), '[]')
     FROM fashion.season k
     CROSS JOIN LATERAL (
         SELECT count(*)::int AS total
         FROM fashion.collection c
         JOIN sitegen.collection_card d ON d.id = c.id
         WHERE c.season_id = k.id) t
     WHERE t.total > 0) AS entries
FROM fashion.edition e
