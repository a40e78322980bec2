-- Days, partitions, segments and keys: what a batch needs before it is counted.
--
-- An ingester has the right to run these functions and no other right: they run with the rights
-- of the schema's owner, and take no SQL.

CREATE OR REPLACE FUNCTION traffic.zone_of(d date) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT z.name FROM traffic.zone z ORDER BY z.since <= d DESC,
        CASE WHEN z.since <= d THEN d - z.since ELSE z.since - d END LIMIT 1);
END
$$;

-- The instant at which a day begins. In plpgsql, these three keep their plans.
CREATE OR REPLACE FUNCTION traffic.starts(d date) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN d::timestamp AT TIME ZONE traffic.zone_of(d);
END
$$;

-- The day of an instant.
CREATE OR REPLACE FUNCTION traffic.day_of(t timestamptz) RETURNS date LANGUAGE plpgsql STABLE AS $$
DECLARE d date := (t AT TIME ZONE 'UTC')::date + 1;
BEGIN
    WHILE traffic.starts(d) > t LOOP
        d := d - 1;
    END LOOP;
    RETURN d;
END
$$;

-- When visits of a day are over, and whether its pages showed something besides themselves.
CREATE OR REPLACE FUNCTION traffic.rule_of(d date) RETURNS traffic.rule
LANGUAGE plpgsql STABLE AS $$
DECLARE result traffic.rule;
BEGIN
    SELECT r.* INTO result FROM traffic.rule r ORDER BY r.since <= d DESC,
        CASE WHEN r.since <= d THEN d - r.since ELSE r.since - d END LIMIT 1;
    RETURN result;
END
$$;

-- Makes the partitions of a day if they are missing; ATTACH does not wait behind readers.
CREATE OR REPLACE FUNCTION traffic.make_day(d date) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    suffix text := to_char(d, '_YYYYMMDD');
    bounds text;
BEGIN
    IF to_regclass('traffic.hit' || suffix) IS NOT NULL THEN RETURN false; END IF;
    LOCK TABLE traffic.leader IN EXCLUSIVE MODE;
    IF to_regclass('traffic.hit' || suffix) IS NOT NULL THEN RETURN false; END IF;
    EXECUTE format('CREATE TABLE traffic.hit%s (LIKE traffic.hit INCLUDING DEFAULTS, '
        'CHECK (at >= %L AND at < %L))', suffix, traffic.starts(d), traffic.starts(d + 1));
    EXECUTE format('ALTER TABLE traffic.hit ATTACH PARTITION traffic.hit%s '
        'FOR VALUES FROM (%L) TO (%L)', suffix, traffic.starts(d), traffic.starts(d + 1));
    -- Visits grow while they last: room for that on their own page spares the index.
    EXECUTE format('CREATE TABLE traffic.visit%s (LIKE traffic.visit INCLUDING DEFAULTS, '
        'CHECK (day >= %L AND day < %L)) WITH (fillfactor = 85)', suffix, d, d + 1);
    EXECUTE format('ALTER TABLE traffic.visit ATTACH PARTITION traffic.visit%s '
        'FOR VALUES FROM (%L) TO (%L)', suffix, d, d + 1);
    RETURN true;
END
$$;

-- Brings partitions to where their days begin and end, which another zone changes. It does so with
-- all of them before it attaches one: what a day gives up, its neighbour takes. Rows that lie
-- outside then go to where they belong.
CREATE OR REPLACE FUNCTION traffic.bound_days() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
    part record;
    parts text[];
    bound text;
    old name;
BEGIN
    LOCK TABLE traffic.leader IN EXCLUSIVE MODE;
    SELECT array_agg(p.name ORDER BY p.name) INTO parts FROM (
        SELECT c.oid, c.relname AS name, c.relpartbound,
            to_date(right(c.relname, 8), 'YYYYMMDD') AS day
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'traffic.hit'::regclass AND c.relname ~ '^hit_[0-9]{8}$') p
    WHERE pg_get_expr(p.relpartbound, p.oid) <> format('FOR VALUES FROM (%L) TO (%L)',
        traffic.starts(p.day), traffic.starts(p.day + 1));
    IF parts IS NULL THEN RETURN; END IF;
    CREATE TEMPORARY TABLE moved (LIKE traffic.hit) ON COMMIT DROP;
    FOR part IN SELECT n AS name FROM unnest(parts) n LOOP
        EXECUTE format('ALTER TABLE traffic.hit DETACH PARTITION traffic.%I', part.name);
        FOR old IN SELECT conname FROM pg_constraint
            WHERE conrelid = format('traffic.%I', part.name)::regclass AND contype = 'c'
        LOOP
            EXECUTE format('ALTER TABLE traffic.%I DROP CONSTRAINT %I', part.name, old);
        END LOOP;
    END LOOP;
    FOR part IN SELECT n AS name, traffic.starts(to_date(right(n, 8), 'YYYYMMDD')) AS lo,
            traffic.starts(to_date(right(n, 8), 'YYYYMMDD') + 1) AS hi
        FROM unnest(parts) n
    LOOP
        bound := format('at >= %L AND at < %L', part.lo, part.hi);
        EXECUTE format('WITH gone AS (DELETE FROM traffic.%I WHERE NOT (%s) RETURNING *) '
            'INSERT INTO pg_temp.moved SELECT * FROM gone', part.name, bound);
        EXECUTE format('ALTER TABLE traffic.%I ADD CHECK (%s)', part.name, bound);
        EXECUTE format('ALTER TABLE traffic.hit ATTACH PARTITION traffic.%I '
            'FOR VALUES FROM (%L) TO (%L)', part.name, part.lo, part.hi);
    END LOOP;
    PERFORM traffic.make_day(d.day) FROM (
        SELECT DISTINCT traffic.day_of(at) AS day FROM pg_temp.moved) d;
    INSERT INTO traffic.hit SELECT * FROM pg_temp.moved;
    DROP TABLE pg_temp.moved;
END
$$;

-- Drops the rows of the oldest day whose time is over; NULL if there is none.
--
-- A table that somebody reads is not waited for: the lock would hold up everybody behind it.
CREATE OR REPLACE FUNCTION traffic.expire() RETURNS date LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
    first date := traffic.day_of(now()) - (SELECT hit_days FROM traffic.setting);
    expired date;
BEGIN
    SELECT day INTO expired FROM traffic.day
    WHERE day < first AND NOT is_final AND counted_at < now() - interval '1 day'
    ORDER BY day LIMIT 1;
    IF expired IS NULL THEN
        -- A day that nothing was counted on has partitions, too.
        SELECT min(p.day) INTO expired FROM (
            SELECT CASE WHEN relname ~ '^hit_[0-9]{8}$'
                THEN to_date(right(relname, 8), 'YYYYMMDD') END AS day
            FROM pg_class WHERE relnamespace = 'traffic'::regnamespace) p
        WHERE p.day < first AND NOT EXISTS (SELECT FROM traffic.day d
            WHERE d.day = p.day AND NOT d.is_final);
        IF expired IS NULL THEN RETURN NULL; END IF;
    END IF;
    -- Only the commonest of the paths that lead nowhere are kept longer than their rows.
    WITH kept AS (
        SELECT page, source FROM traffic.missing_day WHERE day = expired
        ORDER BY hits DESC, page, source LIMIT 1000),
    gone AS (
        DELETE FROM traffic.missing_day m WHERE day = expired AND (page, source) <> (1, 0)
            AND NOT EXISTS (SELECT FROM kept k WHERE (k.page, k.source) = (m.page, m.source))
        RETURNING hits)
    INSERT INTO traffic.missing_day AS m
    SELECT expired, 1, 0, sum(hits) FROM gone HAVING sum(hits) > 0
    ON CONFLICT (day, page, source) DO UPDATE SET hits = m.hits + excluded.hits;
    DELETE FROM traffic.robot_visitor WHERE day = expired;
    DELETE FROM traffic.way_day WHERE day = expired;
    UPDATE traffic.day SET is_final = true WHERE day = expired;
    EXECUTE 'DROP TABLE IF EXISTS traffic.visit' || to_char(expired, '_YYYYMMDD');
    EXECUTE 'DROP TABLE IF EXISTS traffic.hit' || to_char(expired, '_YYYYMMDD');
    RETURN expired;
END
$$;

-- Removes counts, texts and segments whose time is over.
CREATE OR REPLACE FUNCTION traffic.expire_counts() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first date := date_trunc('month', traffic.day_of(now())::timestamp
        - (SELECT count_months FROM traffic.setting) * interval '1 month')::date;
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['page', 'visitor', 'source', 'agent', 'feed', 'missing', 'report',
        'vital', 'loss', 'coding', 'way']
    LOOP
        EXECUTE format('DELETE FROM traffic.%I WHERE day < %L', name || '_day', first);
    END LOOP;
    DELETE FROM traffic.site_hour WHERE hour < traffic.starts(first);
    DELETE FROM traffic.slot_hour WHERE hour < traffic.starts(first);
    DELETE FROM traffic.day WHERE day < first;
    DELETE FROM traffic.segment
    WHERE is_closed AND NOT is_import AND read_at < now() - interval '60 days';
    -- Once a day.
    DELETE FROM traffic.new_text WHERE day < traffic.day_of(now()) - 1;
    IF FOUND THEN PERFORM traffic.expire_texts(); END IF;
END
$$;

-- The key of a day: the one that is there, or else the one that is offered.
--
-- A row that is deleted stays in its file until something else is written there, so keys that have
-- ended go with the file. Somebody who reads the table, such as pg_dump, is not waited for: the
-- keys go at the next call.
CREATE OR REPLACE FUNCTION traffic.offer_key(
    d date, INOUT key bytea, OUT from_time timestamptz, OUT until_time timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET lock_timeout = '1s' AS $$
DECLARE
    days date[];
    keys bytea[];
BEGIN
    IF EXISTS (SELECT FROM traffic.salt s WHERE traffic.starts(s.day + 1) <= now()) THEN
        BEGIN
            LOCK TABLE traffic.salt IN ACCESS EXCLUSIVE MODE;
            SELECT array_agg(s.day), array_agg(s.key) INTO days, keys FROM traffic.salt s
            WHERE traffic.starts(s.day + 1) > now();
            TRUNCATE traffic.salt;
            INSERT INTO traffic.salt SELECT * FROM unnest(days, keys);
        EXCEPTION WHEN lock_not_available THEN
            NULL;
        END;
    END IF;
    INSERT INTO traffic.salt AS s (day, key) VALUES (d, offer_key.key) ON CONFLICT DO NOTHING;
    SELECT s.key INTO offer_key.key FROM traffic.salt s WHERE s.day = d;
    from_time := traffic.starts(d);
    until_time := traffic.starts(d + 1);
END
$$;

-- What the numbers of texts that an ingester remembers are good for: these tables, this version of
-- the schema, until another path is forgotten, and this day, since texts that nobody asks for any
-- more are removed (expire_texts).
CREATE OR REPLACE FUNCTION traffic.generation() RETURNS text LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT format('%s %s %s %s', 'traffic.page'::regclass::oid,
        (SELECT max(number) FROM traffic.migration), (SELECT forgotten FROM traffic.setting),
        traffic.day_of(now()))
$$;

-- Waits for the turn of this batch, and says how far its segment was read; NULL if the numbers that
-- the ingester remembers are those of another generation.
CREATE OR REPLACE FUNCTION traffic.take(
    segment uuid, of_server uuid, begun timestamptz, imported boolean, known text)
RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE result bigint;
BEGIN
    LOCK TABLE traffic.leader IN EXCLUSIVE MODE;
    IF traffic.generation() <> known THEN RETURN NULL; END IF;
    INSERT INTO traffic.segment (id, server, began, is_import)
    VALUES (segment, of_server, begun, imported) ON CONFLICT DO NOTHING;
    SELECT s.done INTO result FROM traffic.segment s WHERE s.id = segment FOR UPDATE;
    RETURN result;
END
$$;

-- Notes how far a segment is read, in the transaction that counted what is before it.
CREATE OR REPLACE FUNCTION traffic.note(
    segment uuid, up_to bigint, closed boolean, damaged_frames bigint)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE traffic.segment s SET done = up_to, is_closed = closed, read_at = now(),
        damaged = s.damaged + damaged_frames
    WHERE s.id = segment
$$;

-- How far segments are read, and whether to their end.
CREATE OR REPLACE FUNCTION traffic.positions(ids uuid[])
RETURNS TABLE (id uuid, done bigint, is_closed boolean, read_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.id, s.done, s.is_closed, s.read_at FROM traffic.segment s WHERE s.id = ANY (ids)
$$;
