-- The front page: how many albums there are, and the newest.
-- key: edition
-- json: newest [Link]
SELECT 1 AS edition, (SELECT count(*) FROM sitegen.album_card) AS count,
    (SELECT coalesce(json_agg(json_build_object('slug', n.slug, 'name', n.title)
        ORDER BY n.released DESC, n.id), '[]')
     FROM (SELECT c.id, c.slug, c.title, c.released FROM sitegen.album_card c
           ORDER BY c.released DESC, c.id LIMIT 3) n) AS newest
