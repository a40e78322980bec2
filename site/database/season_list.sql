-- The index of all seasons that have a collection to show, on one page.
-- key: edition
-- json: entries [IndexEntry]
SELECT
    e.slug AS edition,
    (SELECT coalesce(json_agg(json_build_object(
        'slug', k.slug, 'name', k.name, 'note', k.description, 'count',
        t.total) ORDER BY k.position DESC), '[]')
     FROM fashion.season k
     CROSS JOIN LATERAL (
         SELECT count(*)::int AS total
         FROM fashion.collection c
         WHERE c.season_id = k.id
           AND c.date_published <= e.as_of
           AND (c.date_expired IS NULL OR c.date_expired > e.as_of)
           AND c.date_deleted IS NULL) t
     WHERE t.total > 0) AS entries
FROM fashion.edition e
