-- rooms_sample(n) fills the tables with n rooms; the same n gives the same rows on any server.
--
-- The proportions are those of the example's original data: a door for two rooms, two windows a
-- room, two or three fittings a window, five rooms a piece of furniture. And what the original had
-- by chance, or not at all, is always there: every 25th room has no window, every 50th no bed,
-- every 20th no decoration, and every 7th window no fittings. Nothing is random here: places come
-- from multiplications.

CREATE FUNCTION rooms_sample(n int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    doors int := greatest(1, n / 2);
    souvenirs int := greatest(5, n * 3 / 10);
    furniture text;
BEGIN
    INSERT INTO rooms_door (id, name, width, length, height, type)
    SELECT i, 'Door ' || i, 1 + i % 3, 1, 2 + i % 2 * 0.5, 'DT' || 1 + i % 4
    FROM generate_series(1, doors) i;

    INSERT INTO rooms_souvenir (id, name)
    SELECT i, 'Souvenir ' || i FROM generate_series(1, souvenirs) i;

    INSERT INTO rooms_decoration (id, name)
    SELECT i, 'Decoration ' || i FROM generate_series(1, n) i;

    INSERT INTO rooms_decoration_souvenirs (decoration_id, souvenir_id)
    SELECT i, 1 + (i::bigint * 7919 + j * (souvenirs / 5)) % souvenirs
    FROM generate_series(1, n) i, generate_series(0, 4) j
    ORDER BY i, j;

    INSERT INTO rooms_room (id, name, width, length, height, type, door_id, decoration_id)
    SELECT i, 'Room ' || i, 2 + i % 7, 3 + i % 5 * 0.25, 2.5,
        (ARRAY['KTCH', 'BDR', 'LBB', 'LRM'])[1 + i % 4],
        1 + (i::bigint * 104729) % doors, CASE WHEN i % 20 <> 7 THEN i END
    FROM generate_series(1, n) i;

    INSERT INTO rooms_window (id, name, width, length, height, type, room_id)
    SELECT 2 * i + j - 1, 'Window ' || 2 * i + j - 1, 1 + j, 1, 1 + i % 3, 'WT' || 1 + i % 3, i
    FROM generate_series(1, n) i, generate_series(0, 1) j
    WHERE i % 25 <> 0
    ORDER BY i, j;

    INSERT INTO rooms_windowfittings (id, name, type)
    SELECT i, 'Fitting ' || i, 'WFT' || 1 + i % 3 FROM generate_series(1, n) i;

    INSERT INTO rooms_windowfittings_windows (windowfittings_id, window_id)
    SELECT DISTINCT i, w.id
    FROM generate_series(1, n) i, generate_series(0, 4) j,
        LATERAL (SELECT 1 + (i::bigint * 7919 + j * 611953) % (2 * n)) AS g (place)
    JOIN rooms_window w ON w.id = g.place
    WHERE w.id % 7 <> 0
    ORDER BY 1, 2;

    FOREACH furniture IN ARRAY ARRAY['chair', 'bed', 'table'] LOOP
        EXECUTE format(
            'INSERT INTO rooms_%1$s (id, name, width, length, height, type)
             SELECT i, initcap(%1$L) || '' '' || i, 1 + i %% 2, 1 + i %% 3 * 0.5, 1,
                 %2$L || 1 + i %% 3
             FROM generate_series(1, $1) i', furniture,
            CASE furniture WHEN 'chair' THEN 'CHT' WHEN 'bed' THEN 'BT' ELSE 'TBLT' END)
        USING n;
        EXECUTE format(
            'INSERT INTO rooms_%1$s_rooms (%1$s_id, room_id)
             SELECT DISTINCT i, g.place
             FROM generate_series(1, $1) i, generate_series(0, 4) j,
                 LATERAL (SELECT 1 + (i::bigint * 15485863 + j * 32452843 + %2$s) %% $1)
                     AS g (place)
             WHERE %1$L <> ''bed'' OR g.place %% 50 <> 3
             ORDER BY 1, 2', furniture, length(furniture))
        USING n;
    END LOOP;

    PERFORM setval(pg_get_serial_sequence(t, 'id'), 1000000000)
    FROM unnest(ARRAY['rooms_door', 'rooms_souvenir', 'rooms_decoration', 'rooms_room',
        'rooms_window', 'rooms_windowfittings', 'rooms_chair', 'rooms_bed', 'rooms_table']) t;
END $$;
