-- All albums, four a page.
-- paginate: 4 by title, id
-- json: entries [AlbumEntry]
SELECT c.id, c.slug, c.title FROM sitegen.album_card c
