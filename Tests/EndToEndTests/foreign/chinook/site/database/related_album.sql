-- Albums whose tracks were bought together with this album's.
-- key: album_id
-- json: related [RelatedAlbum]
SELECT a.album_id,
    (SELECT coalesce(json_agg(json_build_object('id', r.album_id, 'title',
        r.title) ORDER BY r.album_id), '[]')
     FROM album r WHERE r.album_id <> a.album_id AND EXISTS (
        SELECT FROM track t JOIN invoice_line l ON l.track_id = t.track_id
        JOIN invoice_line m ON m.invoice_id = l.invoice_id JOIN track u ON u.track_id = m.track_id
        WHERE t.album_id = a.album_id AND u.album_id = r.album_id)) AS related
FROM album a
