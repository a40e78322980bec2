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
    p.picture AS portrait,
    (SELECT coalesce(json_agg(k.card ORDER BY k.date_published DESC, k.id), '[]')
     FROM (SELECT c.id, c.date_published, k.card
           FROM fashion.collection c
           JOIN sitegen.collection_card k ON k.id = c.id
           WHERE c.author_id = w.id
           ORDER BY c.date_published DESC, c.id
           LIMIT 6) k) AS collections,
    n.looks
FROM fashion.person w
JOIN sitegen.picture p ON p.id = w.photo_id
-- All looks once, numbered: a page with its own LIMIT and OFFSET would sort them for each page.
CROSS JOIN LATERAL (
    SELECT
        k.page,
        k.total,
        ceil(k.total / 24.0)::int AS pages,
        json_agg(k.card ORDER BY k.place) AS looks
    FROM (SELECT o.*, ((o.place - 1) / 24 + 1)::int AS page
          FROM (SELECT k.card,
                    (count(*) OVER ())::int AS total,
                    row_number() OVER (
                        ORDER BY c.date_published DESC, c.id, l.position) AS place
                FROM fashion.collection c
                JOIN fashion.look l ON l.collection_id = c.id
                JOIN sitegen.look_card k ON k.id = l.id
                WHERE c.author_id = w.id) o) k
    GROUP BY k.page, k.total) n
