-- The same rooms, computed as a whole and only when somebody refreshes them.
--
-- For pages that may be an hour late.
-- key: id
-- refresh: materialized
-- nullable: decoration
-- json: door Piece; decoration Decoration?; windows [Window]
-- json: chairs [Piece]; beds [Piece]; tables [Piece]
SELECT
    r.id,
    r.name,
    r.width,
    r.length,
    r.height,
    r.type,
    (SELECT json_build_object(
            'id', d.id, 'name', d.name, 'width', d.width, 'length', d.length,
            'height', d.height, 'type', d.type)
     FROM rooms_door d WHERE d.id = r.door_id) AS door,
    (SELECT json_build_object(
            'id', x.id, 'name', x.name,
            'souvenirs', (SELECT coalesce(json_agg(
                                  json_build_object('id', s.id, 'name', s.name) ORDER BY s.id),
                              '[]')
                          FROM rooms_decoration_souvenirs ds
                          JOIN rooms_souvenir s ON s.id = ds.souvenir_id
                          WHERE ds.decoration_id = x.id))
     FROM rooms_decoration x WHERE x.id = r.decoration_id) AS decoration,
    (SELECT coalesce(json_agg(json_build_object(
                'id', w.id, 'name', w.name, 'width', w.width, 'length', w.length,
                'height', w.height, 'type', w.type,
                'fittings', (SELECT coalesce(json_agg(json_build_object(
                                        'id', f.id, 'name', f.name, 'width', f.width,
                                        'length', f.length, 'height', f.height, 'type', f.type)
                                    ORDER BY f.id), '[]')
                             FROM rooms_windowfittings_windows fw
                             JOIN rooms_windowfittings f ON f.id = fw.windowfittings_id
                             WHERE fw.window_id = w.id))
            ORDER BY w.id), '[]')
     FROM rooms_window w WHERE w.room_id = r.id) AS windows,
    (SELECT coalesce(json_agg(json_build_object(
                'id', c.id, 'name', c.name, 'width', c.width, 'length', c.length,
                'height', c.height, 'type', c.type)
            ORDER BY c.id), '[]')
     FROM rooms_chair_rooms cr
     JOIN rooms_chair c ON c.id = cr.chair_id
     WHERE cr.room_id = r.id) AS chairs,
    (SELECT coalesce(json_agg(json_build_object(
                'id', b.id, 'name', b.name, 'width', b.width, 'length', b.length,
                'height', b.height, 'type', b.type)
            ORDER BY b.id), '[]')
     FROM rooms_bed_rooms br
     JOIN rooms_bed b ON b.id = br.bed_id
     WHERE br.room_id = r.id) AS beds,
    (SELECT coalesce(json_agg(json_build_object(
                'id', t.id, 'name', t.name, 'width', t.width, 'length', t.length,
                'height', t.height, 'type', t.type)
            ORDER BY t.id), '[]')
     FROM rooms_table_rooms tr
     JOIN rooms_table t ON t.id = tr.table_id
     WHERE tr.room_id = r.id) AS tables
FROM rooms_room r
