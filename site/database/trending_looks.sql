-- What is read most just now: one shared fragment for every page.
-- key: edition
-- json: looks [LookCard]
SELECT
    e.slug AS edition,
    (SELECT coalesce(json_agg(k.card ORDER BY k.readings DESC, k.look_id), '[]')
     FROM (SELECT r.look_id, r.readings, k.card
           FROM fashion.look_reading r
           JOIN sitegen.look_card k ON k.id = r.look_id
           ORDER BY r.readings DESC, r.look_id
           LIMIT 5) k) AS looks
FROM fashion.edition e
