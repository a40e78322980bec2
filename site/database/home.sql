-- The front page: the lead story with its album, then the newest collections, the best looks,
-- the seasons and the people of the edition.
-- key: edition
-- nullable: lead_text
-- json: lead [CollectionCard]; lead_looks [LookCard]; features [CollectionCard]; looks [LookCard]
-- json: seasons [IndexEntry]; people [IndexEntry]
SELECT
    e.slug AS edition,
    e.number,
    e.name,
    e.letter,
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
           LIMIT 1) k
     JOIN fashion.collection c ON c.id = k.id
     JOIN fashion.brand b ON b.id = c.brand_id
     JOIN fashion.season s ON s.id = c.season_id) AS lead,
    (SELECT c.description
     FROM fashion.collection c
     WHERE c.date_published <= e.as_of
       AND (c.date_expired IS NULL OR c.date_expired > e.as_of)
       AND c.date_deleted IS NULL
     ORDER BY c.date_published DESC, c.id
     LIMIT 1) AS lead_text,
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
     FROM (SELECT c.id, c.album_id, c.brand_id
           FROM fashion.collection c
           WHERE c.date_published <= e.as_of
             AND (c.date_expired IS NULL OR c.date_expired > e.as_of)
             AND c.date_deleted IS NULL
           ORDER BY c.date_published DESC, c.id
           LIMIT 1) c
     JOIN fashion.brand b ON b.id = c.brand_id
     JOIN fashion.album_looks a ON a.album_id = c.album_id
     JOIN fashion.look l ON l.id = a.look_id
     WHERE l.date_published <= e.as_of
       AND (l.date_expired IS NULL OR l.date_expired > e.as_of)
       AND l.date_deleted IS NULL) AS lead_looks,
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
           LIMIT 7 OFFSET 1) k
     JOIN fashion.collection c ON c.id = k.id
     JOIN fashion.brand b ON b.id = c.brand_id
     JOIN fashion.season s ON s.id = c.season_id) AS features,
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
            ORDER BY l.rating DESC, l.id), '[]')
     FROM (SELECT l.id
           FROM fashion.look l
           JOIN fashion.collection c ON c.id = l.collection_id
           WHERE l.date_published <= e.as_of
             AND (l.date_expired IS NULL OR l.date_expired > e.as_of)
             AND l.date_deleted IS NULL
             AND c.date_published <= e.as_of
             AND (c.date_expired IS NULL OR c.date_expired > e.as_of)
             AND c.date_deleted IS NULL
           ORDER BY l.rating DESC, l.id
           LIMIT 8) k
     JOIN fashion.look l ON l.id = k.id
     JOIN fashion.collection c ON c.id = l.collection_id
     JOIN fashion.brand b ON b.id = c.brand_id) AS looks,
    (SELECT coalesce(json_agg(json_build_object(
            'slug', k.slug, 'name', k.name, 'note', k.description, 'count', k.total)
            ORDER BY k.position DESC), '[]')
     FROM (SELECT s.slug, s.name, s.description, s.position, t.total
           FROM fashion.season s
           CROSS JOIN LATERAL (
               SELECT count(*)::int AS total
               FROM fashion.collection c
               WHERE c.season_id = s.id
                 AND c.date_published <= e.as_of
                 AND (c.date_expired IS NULL OR c.date_expired > e.as_of)
                 AND c.date_deleted IS NULL) t
           WHERE t.total > 0
           ORDER BY s.position DESC
           LIMIT 6) k) AS seasons,
    (SELECT coalesce(json_agg(json_build_object(
            'slug', k.slug, 'name', k.first_name || ' ' || k.last_name, 'note', k.role,
            'count', k.total,
            'picture', (SELECT json_build_object(
                               'file', i.file, 'alt', p.caption,
                               'width', i.width, 'height', i.height)
                        FROM fashion.photo p JOIN fashion.image i ON i.id = p.image_id
                        WHERE p.id = k.photo_id))
            ORDER BY k.total DESC, k.id), '[]')
     FROM (SELECT w.id, w.slug, w.first_name, w.last_name, w.role, w.photo_id, t.total
           FROM fashion.person w
           CROSS JOIN LATERAL (
               SELECT count(*)::int AS total
               FROM fashion.collection c
               WHERE c.author_id = w.id
                 AND c.date_published <= e.as_of
                 AND (c.date_expired IS NULL OR c.date_expired > e.as_of)
                 AND c.date_deleted IS NULL) t
           WHERE t.total > 0
           ORDER BY t.total DESC, w.id
           LIMIT 5) k) AS people
FROM fashion.edition e
