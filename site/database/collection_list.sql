-- The list of all collections, newest first, 24 a page.
-- key: page
-- nullable: previous_page, next_page
-- json: collections [CollectionCard]
SELECT
    n.page,
    t.pages,
    t.total,
    CASE WHEN n.page > 1 THEN n.page - 1 END AS previous_page,
    CASE WHEN n.page < t.pages THEN n.page + 1 END AS next_page,
    (SELECT coalesce(json_agg(json_build_object(
                'slug', c.slug, 'title', c.title, 'subtitle', c.subtitle,
                'brand', b.name, 'season', s.name,
                'author', (SELECT w.first_name || ' ' || w.last_name
                           FROM fashion.person w WHERE w.id = c.author_id),
                'date', to_char(c.date_published AT TIME ZONE 'UTC', 'FMDD FMMonth YYYY'),
                'cover', (SELECT json_build_object(
                                 'file', i.file, 'alt', p.caption,
                                 'width', i.width, 'height', i.height)
                          FROM fashion.photo p JOIN fashion.image i ON i.id = p.image_id
                          WHERE p.id = c.cover_photo_id))
            ORDER BY c.date_published DESC, c.id), '[]')
     FROM (SELECT c.id
           FROM fashion.collection c
           WHERE c.date_published <= e.as_of
             AND (c.date_expired IS NULL OR c.date_expired > e.as_of)
             AND c.date_deleted IS NULL
           ORDER BY c.date_published DESC, c.id
           LIMIT 24 OFFSET 24 * (n.page - 1)) k
     JOIN fashion.collection c ON c.id = k.id
     JOIN fashion.brand b ON b.id = c.brand_id
     JOIN fashion.season s ON s.id = c.season_id) AS collections
FROM fashion.edition e
CROSS JOIN LATERAL (
    SELECT count(*)::int AS total, greatest(1, ceil(count(*) / 24.0))::int AS pages
    FROM fashion.collection c
    WHERE c.date_published <= e.as_of
      AND (c.date_expired IS NULL OR c.date_expired > e.as_of)
      AND c.date_deleted IS NULL) t
CROSS JOIN LATERAL generate_series(1, t.pages) AS n (page)
