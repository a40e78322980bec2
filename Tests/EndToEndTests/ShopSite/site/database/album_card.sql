-- What an album is called and where its page is; everything that lists albums reads it.
-- key: id
-- publish-at: published
-- draft: is_draft
-- nullable: published
SELECT a.id, sitegen.slug(a.title) AS slug, a.title, a.artist_id, a.released, a.published,
    a.is_draft
FROM album a
