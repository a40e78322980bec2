-- What is sold most, for a place that is filled when a page is sent.
-- key: edition
-- json: albums [Link]
SELECT 1 AS edition,
    (SELECT coalesce(json_agg(json_build_object('slug', b.slug, 'name', b.title)
        ORDER BY b.sales DESC, b.id), '[]')
     FROM (SELECT c.id, c.slug, c.title, s.sales
           FROM (SELECT x.album_id, count(*) AS sales FROM sale x GROUP BY x.album_id) s
           JOIN sitegen.album_card c ON c.id = s.album_id) b) AS albums
