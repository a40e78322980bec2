-- The Atom feed: the 20 newest collections. RFC 4287 wants dates as RFC 3339 has them.
-- key: edition
-- json: entries [FeedEntry]
SELECT
    e.slug AS edition,
    e.name,
    to_char(e.as_of AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS updated,
    (SELECT coalesce(json_agg(json_build_object(
                'slug', c.slug, 'title', c.title, 'summary', c.description,
                'brand', b.name, 'author', w.first_name || ' ' || w.last_name,
                'published', to_char(c.date_published AT TIME ZONE 'UTC',
                    'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                'updated', to_char(c.date_modified AT TIME ZONE 'UTC',
                    'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
            ORDER BY c.date_published DESC, c.id), '[]')
     FROM (SELECT c.id
           FROM fashion.collection c
           JOIN sitegen.collection_card k ON k.id = c.id
           ORDER BY c.date_published DESC, c.id
           LIMIT 20) k
     JOIN fashion.collection c ON c.id = k.id
     JOIN fashion.brand b ON b.id = c.brand_id
     JOIN fashion.person w ON w.id = c.author_id) AS entries
FROM fashion.edition e
