-- What one visitor put aside; the key is the value of the visitor's bag cookie.
-- key: token
-- refresh: live
-- scope: private
-- json: items [BagItem]
SELECT
    g.token,
    (SELECT coalesce(sum(a.quantity), 0)::int
     FROM fashion.bag_item a
     JOIN sitegen.look_card k ON k.id = a.look_id
     WHERE a.bag_token = g.token) AS quantity,
    (SELECT coalesce(json_agg(json_build_object(
                'slug', l.slug, 'name', l.name, 'quantity', a.quantity)
            ORDER BY a.position), '[]')
     FROM fashion.bag_item a
     JOIN sitegen.look_card k ON k.id = a.look_id
     JOIN fashion.look l ON l.id = a.look_id
     WHERE a.bag_token = g.token) AS items
FROM fashion.bag g
