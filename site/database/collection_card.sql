-- A collection as lists show it, while it is on the stands: part of other views.
-- key: id
-- json: card CollectionCard
SELECT
    c.id,
    json_build_object(
        'slug', c.slug, 'title', c.title, 'subtitle', c.subtitle,
        'brand', b.name, 'season', s.name, 'author', w.first_name || ' ' || w.last_name,
        'date', to_char(c.date_published AT TIME ZONE 'UTC', 'FMDD FMMonth YYYY'),
        'cover', p.picture) AS card
FROM fashion.collection c
JOIN fashion.brand b ON b.id = c.brand_id
JOIN fashion.season s ON s.id = c.season_id
JOIN fashion.person w ON w.id = c.author_id
JOIN sitegen.picture p ON p.id = c.cover_photo_id
CROSS JOIN fashion.edition e
WHERE c.date_published <= e.as_of
  AND (c.date_expired IS NULL OR c.date_expired > e.as_of)
  AND c.date_deleted IS NULL
