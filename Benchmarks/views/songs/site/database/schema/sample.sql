-- songs_sample(n) fills the tables with n songs; the same n gives the same rows on any server.
--
-- 3,503 songs are one shop: 275 performers, 347 records, 18 lists with 8,715 songs in them (two
-- lists hold nearly every song), 59 buyers, 412 sales of 2,240 songs. More songs are more shops
-- beside each other, with the 25 styles in common: the first of them has 37 of 100 songs. Nothing
-- is random here: places come from multiplications.

CREATE FUNCTION songs_sample(n int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    performers int := greatest(2, n * 275 / 3503);
    records int := greatest(3, n * 347 / 3503);
    buyers int := greatest(2, n * 59 / 3503);
    sales int := greatest(3, n * 412 / 3503);
    shops int := greatest(1, n / 3503);
BEGIN
    INSERT INTO performer SELECT i, 'Performer ' || i FROM generate_series(1, performers) i;
    INSERT INTO record
    SELECT i, 1 + (i::bigint * 7919) % performers, 'Record ' || i
    FROM generate_series(1, records) i;
    INSERT INTO style SELECT i, 'Style ' || i FROM generate_series(1, 25) i;
    INSERT INTO format SELECT i, 'Format ' || i FROM generate_series(1, 5) i;
    INSERT INTO song
    SELECT i, chr(65 + i % 26) || ' song ' || (i::bigint * 104729) % n,
        1 + i::bigint * records / (n + 1),
        CASE WHEN i % 100 < 37 THEN 1 ELSE 2 + i % 24 END, 1 + (i / 7) % 5, 120 + i % 300,
        CASE WHEN i % 17 = 0 THEN 1.99 ELSE 0.99 END
    FROM generate_series(1, n) i;
    INSERT INTO list SELECT i, 'List ' || i FROM generate_series(1, 18 * shops) i;
    INSERT INTO list_song
    SELECT row_number() OVER (ORDER BY e.list_id, e.song_id), e.list_id, e.song_id
    FROM (
        SELECT 18 * least(i * shops / (n + 1), shops - 1) + l AS list_id, i AS song_id
        FROM generate_series(1, n) i, generate_series(1, 18) l
        WHERE l <= 2 AND i % 100 < 94 OR l > 2 AND (i * 31 + l * 47) % 105 < 4) e;
    INSERT INTO buyer
    SELECT i, 'Buyer ' || i, 'Country ' || 1 + i % 24 FROM generate_series(1, buyers) i;
    INSERT INTO sale
    SELECT i, 1 + (i::bigint * 6007) % buyers,
        timestamptz '2021-01-01 12:00Z' + i % 1800 * interval '1 day'
    FROM generate_series(1, sales) i;
    INSERT INTO sale_line
    SELECT i, 1 + (i::bigint * 30011) % sales, 1 + (i::bigint * 7907) % n, 0.99, 1
    FROM generate_series(1, n * 2240 / 3503) i;
END $$;
