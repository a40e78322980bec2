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
    (SELECT coalesce(json_agg(k.card ORDER BY k.date_published DESC, k.id), '[]')
     FROM (SELECT c.id, c.date_published, k.card
           FROM fashion.collection c
           JOIN sitegen.collection_card k ON k.id = c.id
           ORDER BY c.date_published DESC, c.id
           LIMIT 1) k) AS lead,
    (SELECT c.description
     FROM fashion.collection c
     JOIN sitegen.collection_card k ON k.id = c.id
     ORDER BY c.date_published DESC, c.id
     LIMIT 1) AS lead_text,
    (SELECT coalesce(json_agg(k.card ORDER BY a.position), '[]')
     FROM (SELECT c.album_id
           FROM fashion.collection c
           JOIN sitegen.collection_card k ON k.id = c.id
           ORDER BY c.date_published DESC, c.id
           LIMIT 1) c
     JOIN fashion.album_looks a ON a.album_id = c.album_id
     JOIN sitegen.look_card k ON k.id = a.look_id) AS lead_looks,
    (SELECT coalesce(json_agg(k.card ORDER BY k.date_published DESC, k.id), '[]')
     FROM (SELECT c.id, c.date_published, k.card
           FROM fashion.collection c
           JOIN sitegen.collection_card k ON k.id = c.id
           ORDER BY c.date_published DESC, c.id
           LIMIT 7 OFFSET 1) k) AS features,
    (SELECT coalesce(json_agg(k.card ORDER BY k.rating DESC, k.id), '[]')
     FROM (SELECT l.id, l.rating, k.card
           FROM fashion.look l
           JOIN sitegen.look_card k ON k.id = l.id
           ORDER BY l.rating DESC, l.id
           LIMIT 8) k) AS looks,
    (SELECT coalesce(json_agg(json_build_object(
            'slug', k.slug, 'name', k.name, 'note', k.description, 'count', k.total)
            ORDER BY k.position DESC), '[]')
     FROM (SELECT s.slug, s.name, s.description, s.position, t.total
           FROM fashion.season s
           CROSS JOIN LATERAL (
               SELECT count(*)::int AS total
               FROM fashion.collection c
               JOIN sitegen.collection_card k ON k.id = c.id
               WHERE c.season_id = s.id) t
           WHERE t.total > 0
           ORDER BY s.position DESC
           LIMIT 6) k) AS seasons,
    (SELECT coalesce(json_agg(json_build_object(
            'slug', k.slug, 'name', k.first_name || ' ' || k.last_name, 'note', k.role,
            'count', k.total, 'picture', p.picture)
            ORDER BY k.total DESC, k.id), '[]')
     FROM (SELECT w.id, w.slug, w.first_name, w.last_name, w.role, w.photo_id, t.total
           FROM fashion.person w
           CROSS JOIN LATERAL (
               SELECT count(*)::int AS total
               FROM fashion.collection c
               JOIN sitegen.collection_card k ON k.id = c.id
               WHERE c.author_id = w.id) t
           WHERE t.total > 0
           ORDER BY t.total DESC, w.id
           LIMIT 5) k
     JOIN sitegen.picture p ON p.id = k.photo_id) AS people
FROM fashion.edition e
