-- The page of a floor, with its rooms.
-- key: id
-- refresh: incremental
-- json: rooms [RoomLink]
SELECT
    f.id,
    f.name,
    (SELECT coalesce(
            json_agg(json_build_object('slug', r.slug, 'name', r.name) ORDER BY r.id), '[]')
     FROM public.room r
     WHERE r.floor_id = f.id) AS rooms
FROM public.floor f
