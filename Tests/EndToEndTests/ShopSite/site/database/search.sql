-- Names and addresses of all albums, for a search in the browser.
-- key: edition
-- json: albums [Link]
SELECT 1 AS edition,
    (SELECT coalesce(json_agg(json_build_object('slug', c.slug, 'name', c.title)
        ORDER BY c.id), '[]') FROM sitegen.album_card c) AS albums
