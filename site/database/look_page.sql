-- The page of one look.
-- key: slug
-- nullable: previous, next
-- json: collection NamedLink; brand NamedLink; season NamedLink; author NamedLink; images [Picture]
-- json: previous NamedLink?; next NamedLink?; related [LookCard]
SELECT
    l.slug,
    l.name,
    l.position AS number,
    l.description,
    l.cloth,
    l.colour,
    l.rating::int AS rating,
    to_char(l.date_published AT TIME ZONE 'UTC', 'FMDD FMMonth YYYY') AS published,
    to_char(l.date_published AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS published_iso,
    json_build_object('slug', c.slug, 'name', c.title) AS collection,
    json_build_object('slug', b.slug, 'name', b.name) AS brand,
    json_build_object('slug', s.slug, 'name', s.name) AS season,
    json_build_object('slug', w.slug, 'name', w.first_name || ' ' || w.last_name) AS author,
    (SELECT coalesce(json_agg(p.picture ORDER BY v.position), '[]')
     FROM fashion.view v
     JOIN sitegen.picture p ON p.id = v.photo_id
     WHERE v.look_id = l.id) AS images,
    (SELECT json_build_object('slug', o.slug, 'name', o.name)
     FROM fashion.look o
     JOIN sitegen.look_card k ON k.id = o.id
     WHERE o.collection_id = l.collection_id AND o.position < l.position
     ORDER BY o.position DESC
     LIMIT 1) AS previous,
    (SELECT json_build_object('slug', o.slug, 'name', o.name)
     FROM fashion.look o
     JOIN sitegen.look_card k ON k.id = o.id
     WHERE o.collection_id = l.collection_id AND o.position > l.position
     ORDER BY o.position
     LIMIT 1) AS next,
    (SELECT coalesce(json_agg(k.card ORDER BY k.rating DESC, k.id), '[]')
     FROM (SELECT r.id, r.rating, k.card
           FROM fashion.look r
           JOIN sitegen.look_card k ON k.id = r.id
           WHERE r.collection_id = c.id AND r.id <> l.id
           ORDER BY r.rating DESC, r.id
           LIMIT 4) k) AS related
FROM fashion.look l
JOIN sitegen.look_card k ON k.id = l.id
JOIN fashion.collection c ON c.id = l.collection_id
JOIN fashion.brand b ON b.id = c.brand_id
JOIN fashion.season s ON s.id = c.season_id
JOIN fashion.person w ON w.id = c.author_id
