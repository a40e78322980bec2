-- The page of one person: the newest collections, then all looks, 24 a page.
-- key: slug, page
-- nullable: previous_page, next_page
-- json: portrait Picture; collections [CollectionCard]; looks [LookCard]
SELECT
    w.slug,
    n.page,
    n.pages,
    n.total,
    CASE WHEN n.page > 1 THEN n.page - 1 END AS previous_page,
    CASE WHEN n.page < n.pages THEN n.page + 1 END AS next_page,
    w.first_name || ' ' || w.last_name AS name,
    w.role,
    w.city,
    w.biography,
    (SELECT json_build_object(
            'file', i.file, 'alt', p.caption,
            'width', i.width, 'height', i.height)
     FROM fashion.photo p JOIN fashion.image i ON i.id = p.image_id
     WHERE p.id = w.photo_id) AS portrait,
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
           WHERE c.author_id = w.id
             AND c.date_published <= e.as_of
             AND (c.date_expired IS NULL OR c.date_expired > e.as_of)
             AND c.date_deleted IS NULL
           ORDER BY c.date_published DESC, c.id
           LIMIT 6) k
     JOIN fashion.collection c ON c.id = k.id
     JOIN fashion.brand b ON b.id = c.brand_id
     JOIN fashion.season s ON s.id = c.season_id) AS collections,
    n.looks
FROM fashion.person w
CROSS JOIN fashion.edition e
-- All looks once, numbered: a page with its own LIMIT and OFFSET would sort them for each page.
CROSS JOIN LATERAL (
    SELECT
        k.page,
        k.total,
        ceil(k.total / 24.0)::int AS pages,
        json_agg(json_build_object(
                'slug', k.slug, 'name', k.name, 'number', k.position, 'brand', k.brand,
                'image', (SELECT json_build_object(
                                 'file', i.file, 'alt', p.caption,
                                 'width', i.width, 'height', i.height)
                          FROM fashion.view v
                          JOIN fashion.photo p ON p.id = v.photo_id
                          JOIN fashion.image i ON i.id = p.image_id
                          WHERE v.look_id = k.id
                          ORDER BY v.position
                          LIMIT 1))
            ORDER BY k.place) AS looks
    FROM (SELECT o.*, ((o.place - 1) / 24 + 1)::int AS page
          FROM (SELECT l.id, l.slug, l.name, l.position, b.name AS brand,
                    (count(*) OVER ())::int AS total,
                    row_number() OVER (
                        ORDER BY c.date_published DESC, c.id, l.position) AS place
                FROM fashion.collection c
                JOIN fashion.brand b ON b.id = c.brand_id
                JOIN fashion.look l ON l.collection_id = c.id
                WHERE c.author_id = w.id
                  AND c.date_published <= e.as_of
                  AND (c.date_expired IS NULL OR c.date_expired > e.as_of)
                  AND c.date_deleted IS NULL
                  AND l.date_published <= e.as_of
                  AND (l.date_expired IS NULL OR l.date_expired > e.as_of)
                  AND l.date_deleted IS NULL) o) k
    GROUP BY k.page, k.total) n
