-- The page of a room.
-- key: id
-- refresh: incremental
-- json: tags [TagName]
-- publish-at: opens
-- expire-at: closes
-- nullable: closes
SELECT
    r.id,
    r.slug,
    r.name,
    r.words,
    r.opens,
    r.closes,
    f.name AS floor,
    (SELECT coalesce(json_agg(json_build_object('name', t.name) ORDER BY t.id), '[]')
     FROM public.room_tag rt
     JOIN public.tag t ON t.id = rt.tag_id
     WHERE rt.room_id = r.id) AS tags
FROM public.room r
JOIN public.floor f ON f.id = r.floor_id
