-- 1,000,000 rows of 11 columns, about 1.1 kB each.
CREATE UNLOGGED TABLE IF NOT EXISTS bench AS
SELECT i::int8 AS id, (i % 1000)::int4 AS count, (i * 7)::int8 AS price,
       timestamptz '2026-01-01' + i * interval '1 second' AS at, i % 2 = 0 AS is_live,
       'room-' || i AS slug, 'A room with a view, number ' || i AS title, 'Wien' AS place,
       'double' AS kind, repeat(md5(i::text), 30) AS body,
       CASE WHEN i % 3 = 0 THEN 'note ' || i END AS note
FROM generate_series(1, 1000000) AS i;
SELECT count(*), avg(pg_column_size(bench)) FROM bench;
