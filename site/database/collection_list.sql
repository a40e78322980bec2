-- The list of all collections, newest first, 24 a page; without any, one page that says so.
-- key: page
-- nullable: previous_page, next_page
-- json: collections [CollectionCard]
SELECT
    t.page,
    t.pages,
    t.total,
    CASE WHEN t.page > 1 THEN t.page - 1 END AS previous_page,
    CASE WHEN t.page < t.pages THEN t.page + 1 END AS next_page,
    coalesce(n.collections, '[]') AS collections
FROM fashion.edition e
LEFT JOIN LATERAL (
    SELECT k.page, k.total, json_agg(k.card ORDER BY k.place) AS collections
    FROM (SELECT o.*, ((o.place - 1) / 24 + 1)::int AS page
          FROM (SELECT k.card, (count(*) OVER ())::int AS total,
                    row_number() OVER (ORDER BY c.date_published DESC, c.id) AS place
                FROM fashion.collection c
                JOIN sitegen.collection_card k ON k.id = c.id) o) k
    GROUP BY k.page, k.total) n ON true
CROSS JOIN LATERAL (
    SELECT coalesce(n.page, 1) AS page, coalesce(n.total, 0) AS total,
        greatest(1, ceil(coalesce(n.total, 0) / 24.0))::int AS pages) t
