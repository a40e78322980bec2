-- The pages of a style: all its songs, 20 a page.
-- key: style_id, page
-- json: songs [StyleSong]
SELECT k.style_id, k.page, y.name, k.total, k.songs
FROM (
    SELECT n.style_id, ((n.place - 1) / 20 + 1)::int AS page, n.total,
        json_agg(json_build_object('id', n.id, 'name', n.name) ORDER BY n.place) AS songs
    FROM (
        SELECT s.id, s.style_id, s.name, (count(*) OVER (PARTITION BY s.style_id))::int AS total,
            row_number() OVER (PARTITION BY s.style_id ORDER BY s.name, s.id) AS place
        FROM song s
        WHERE s.style_id IS NOT NULL) n
    GROUP BY n.style_id, (n.place - 1) / 20, n.total) k
JOIN style y ON y.id = k.style_id
