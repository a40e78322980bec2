-- The page of one collection: its story, the album and all looks, 24 a page.
-- key: slug, page
-- nullable: subtitle, previous_page, next_page, older, newer
-- json: brand NamedLink; season NamedLink; author NamedLink; cover Picture; social Picture
-- json: album [LookCard]; looks [LookCard]; older NamedLink?; newer NamedLink?
SELECT
    c.slug,
    t.page,
    t.pages,
    t.total,
    CASE WHEN t.page > 1 THEN t.page - 1 END AS previous_page,
    CASE WHEN t.page < t.pages THEN t.page + 1 END AS next_page,
    c.title,
    c.subtitle,
    c.description,
    c.rating::int AS rating,
    to_char(c.date_published AT TIME ZONE 'UTC', 'FMDD FMMonth YYYY') AS published,
    to_char(c.date_published AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS published_iso,
    json_build_object('slug', b.slug, 'name', b.name) AS brand,
    json_build_object('slug', s.slug, 'name', s.name) AS season,
    json_build_object('slug', w.slug, 'name', w.first_name || ' ' || w.last_name) AS author,
    (SELECT json_build_object(
            'file', i.file, 'alt', p.caption,
            'width', i.width, 'height', i.height)
     FROM fashion.photo p JOIN fashion.image i ON i.id = p.image_id
     WHERE p.id = c.cover_photo_id) AS cover,
    (SELECT json_build_object(
            'file', i.file, 'alt', p.caption,
            'width', i.width, 'height', i.height)
     FROM fashion.photo p JOIN fashion.image i ON i.id = p.image_id
     WHERE p.id = c.social_photo_id) AS social,
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
            ORDER BY a.position), '[]')
     FROM fashion.album_looks a
     JOIN fashion.look l ON l.id = a.look_id
     WHERE a.album_id = c.album_id
       AND l.date_published <= e.as_of
       AND (l.date_expired IS NULL OR l.date_expired > e.as_of)
       AND l.date_deleted IS NULL) AS album,
    coalesce(n.looks, '[]') AS looks,
    (SELECT json_build_object('slug', o.slug, 'name', o.title)
     FROM fashion.collection o
     WHERE o.brand_id = c.brand_id
       AND (o.date_published, o.id) < (c.date_published, c.id)
       AND o.date_published <= e.as_of
       AND (o.date_expired IS NULL OR o.date_expired > e.as_of)
       AND o.date_deleted IS NULL
     ORDER BY o.date_published DESC, o.id DESC
     LIMIT 1) AS older,
    (SELECT json_build_object('slug', o.slug, 'name', o.title)
     FROM fashion.collection o
     WHERE o.brand_id = c.brand_id
       AND (o.date_published, o.id) > (c.date_published, c.id)
       AND o.date_published <= e.as_of
       AND (o.date_expired IS NULL OR o.date_expired > e.as_of)
       AND o.date_deleted IS NULL
     ORDER BY o.date_published, o.id
     LIMIT 1) AS newer
FROM fashion.collection c
JOIN fashion.brand b ON b.id = c.brand_id
JOIN fashion.season s ON s.id = c.season_id
JOIN fashion.person w ON w.id = c.author_id
CROSS JOIN fashion.edition e
-- All looks once, numbered: a page with its own LIMIT and OFFSET would sort them for each page.
LEFT JOIN LATERAL (
    SELECT
        k.page,
        k.total,
        json_agg(json_build_object(
                'slug', k.slug, 'name', k.name, 'number', k.position, 'brand', b.name,
                'image', (SELECT json_build_object(
                                 'file', i.file, 'alt', p.caption,
                                 'width', i.width, 'height', i.height)
                          FROM fashion.view v
                          JOIN fashion.photo p ON p.id = v.photo_id
                          JOIN fashion.image i ON i.id = p.image_id
                          WHERE v.look_id = k.id
                          ORDER BY v.position
                          LIMIT 1))
            ORDER BY k.position) AS looks
    FROM (SELECT l.id, l.slug, l.name, l.position, (count(*) OVER ())::int AS total,
              ((row_number() OVER (ORDER BY l.position) - 1) / 24 + 1)::int AS page
          FROM fashion.look l
          WHERE l.collection_id = c.id
            AND l.date_published <= e.as_of
            AND (l.date_expired IS NULL OR l.date_expired > e.as_of)
            AND l.date_deleted IS NULL) k
    GROUP BY k.page, k.total) n ON true
CROSS JOIN LATERAL (
    SELECT coalesce(n.page, 1) AS page, coalesce(n.total, 0) AS total,
        greatest(1, ceil(coalesce(n.total, 0) / 24.0))::int AS pages) t
WHERE c.date_published <= e.as_of
  AND (c.date_expired IS NULL OR c.date_expired > e.as_of)
  AND c.date_deleted IS NULL
