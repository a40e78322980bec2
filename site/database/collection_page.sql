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
    cover.picture AS cover,
    social.picture AS social,
    (SELECT coalesce(json_agg(k.card ORDER BY a.position), '[]')
     FROM fashion.album_looks a
     JOIN sitegen.look_card k ON k.id = a.look_id
     WHERE a.album_id = c.album_id) AS album,
    coalesce(n.looks, '[]') AS looks,
    (SELECT json_build_object('slug', o.slug, 'name', o.title)
     FROM fashion.collection o
     JOIN sitegen.collection_card k ON k.id = o.id
     WHERE o.brand_id = c.brand_id AND (o.date_published, o.id) < (c.date_published, c.id)
     ORDER BY o.date_published DESC, o.id DESC
     LIMIT 1) AS older,
    (SELECT json_build_object('slug', o.slug, 'name', o.title)
     FROM fashion.collection o
     JOIN sitegen.collection_card k ON k.id = o.id
     WHERE o.brand_id = c.brand_id AND (o.date_published, o.id) > (c.date_published, c.id)
     ORDER BY o.date_published, o.id
     LIMIT 1) AS newer
FROM fashion.collection c
JOIN sitegen.collection_card k ON k.id = c.id
JOIN fashion.brand b ON b.id = c.brand_id
JOIN fashion.season s ON s.id = c.season_id
JOIN fashion.person w ON w.id = c.author_id
JOIN sitegen.picture cover ON cover.id = c.cover_photo_id
JOIN sitegen.picture social ON social.id = c.social_photo_id
-- All looks once, numbered: a page with its own LIMIT and OFFSET would sort them for each page.
LEFT JOIN LATERAL (
    SELECT k.page, k.total, json_agg(k.card ORDER BY k.position) AS looks
    FROM (SELECT l.position, k.card, (count(*) OVER ())::int AS total,
              ((row_number() OVER (ORDER BY l.position) - 1) / 24 + 1)::int AS page
          FROM fashion.look l
          JOIN sitegen.look_card k ON k.id = l.id
          WHERE l.collection_id = c.id) k
    GROUP BY k.page, k.total) n ON true
CROSS JOIN LATERAL (
    SELECT coalesce(n.page, 1) AS page, coalesce(n.total, 0) AS total,
        greatest(1, ceil(coalesce(n.total, 0) / 24.0))::int AS pages) t
