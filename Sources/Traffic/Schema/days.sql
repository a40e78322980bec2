-- Days, partitions, segments, keys and the numbers of texts: what a batch needs before it is
-- counted.
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
    UPDATE traffic.day SET is_final = true WHERE day = expired;
    EXECUTE 'DROP TABLE IF EXISTS traffic.visit' || to_char(expired, '_YYYYMMDD');
    EXECUTE 'DROP TABLE IF EXISTS traffic.hit' || to_char(expired, '_YYYYMMDD');
    RETURN expired;
END
$$;

-- Removes counts and segments whose time is over.
CREATE OR REPLACE FUNCTION traffic.expire_counts() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first date := date_trunc('month', traffic.day_of(now())::timestamp
        - (SELECT count_months FROM traffic.setting) * interval '1 month')::date;
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['page', 'visitor', 'source', 'agent', 'feed', 'missing', 'report',
        'vital', 'loss']
    LOOP
        EXECUTE format('DELETE FROM traffic.%I WHERE day < %L', name || '_day', first);
    END LOOP;
    DELETE FROM traffic.site_hour WHERE hour < traffic.starts(first);
    DELETE FROM traffic.slot_hour WHERE hour < traffic.starts(first);
    DELETE FROM traffic.day WHERE day < first;
    DELETE FROM traffic.new_text WHERE day < traffic.day_of(now()) - 1;
    DELETE FROM traffic.segment
    WHERE is_closed AND NOT is_import AND read_at < now() - interval '60 days';
END
$$;

-- The key of a day: the one that is there, or else the one that is offered.
CREATE OR REPLACE FUNCTION traffic.offer_key(
    d date, INOUT key bytea, OUT from_time timestamptz, OUT until_time timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM traffic.salt s WHERE traffic.starts(s.day + 1) <= now();
    INSERT INTO traffic.salt AS s (day, key) VALUES (d, offer_key.key) ON CONFLICT DO NOTHING;
    SELECT s.key INTO offer_key.key FROM traffic.salt s WHERE s.day = d;
    from_time := traffic.starts(d);
    until_time := traffic.starts(d + 1);
END
$$;

-- Waits for the turn of this batch, and says how far its segment was read.
CREATE OR REPLACE FUNCTION traffic.take(
    segment uuid, of_server uuid, begun timestamptz, imported boolean)
RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE result bigint;
BEGIN
    LOCK TABLE traffic.leader IN EXCLUSIVE MODE;
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

-- How many more texts of a kind a day has room for; takes so many of them.
CREATE OR REPLACE FUNCTION traffic.take_share(of_kind text, wanted integer, most integer)
RETURNS integer LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE taken integer;
BEGIN
    INSERT INTO traffic.new_text VALUES (traffic.day_of(now()), of_kind, 0)
    ON CONFLICT DO NOTHING;
    SELECT greatest(0, least(wanted, most - count)) INTO taken FROM traffic.new_text
    WHERE day = traffic.day_of(now()) AND kind = of_kind FOR UPDATE;
    UPDATE traffic.new_text SET count = count + taken
    WHERE day = traffic.day_of(now()) AND kind = of_kind;
    RETURN taken;
END
$$;

-- The numbers of pages, in the order of the arrays. Pages of a release always get one; of paths
-- that lead nowhere (`strange`), 50,000 new ones a day.
CREATE OR REPLACE FUNCTION traffic.number_pages(
    paths text[], views text[], keys text[], strange boolean[])
RETURNS TABLE (place bigint, id integer) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE share integer := 0; unknown integer;
BEGIN
    SELECT count(DISTINCT (g.path, g.view, g.key)) INTO unknown
    FROM unnest(paths, views, keys, strange) AS g(path, view, key, strange)
    WHERE g.strange AND NOT EXISTS (SELECT FROM traffic.page p WHERE md5(p.path) = md5(g.path)
        AND p.view = g.view AND md5(p.key) = md5(g.key));
    IF unknown > 0 THEN share := traffic.take_share('page', unknown, 50000); END IF;
    INSERT INTO traffic.page (path, view, key)
    SELECT n.path, n.view, n.key FROM (
        SELECT g.path, g.view, g.key, bool_and(g.strange) AS strange,
            row_number() OVER (PARTITION BY bool_and(g.strange)
                ORDER BY g.path, g.view, g.key) AS number
        FROM unnest(paths, views, keys, strange) AS g(path, view, key, strange)
        WHERE NOT EXISTS (SELECT FROM traffic.page p WHERE md5(p.path) = md5(g.path)
            AND p.view = g.view AND md5(p.key) = md5(g.key))
        GROUP BY g.path, g.view, g.key) n
    WHERE NOT n.strange OR n.number <= share
    ORDER BY n.path, n.view, n.key ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT g.place, coalesce(p.id, 1)
    FROM unnest(paths, views, keys) WITH ORDINALITY AS g(path, view, key, place)
    LEFT JOIN traffic.page p ON md5(p.path) = md5(g.path) AND p.view = g.view
        AND md5(p.key) = md5(g.key);
END
$$;

-- The numbers of sources; 5,000 new hosts a day.
CREATE OR REPLACE FUNCTION traffic.number_sources(classes smallint[], texts text[])
RETURNS TABLE (place bigint, id integer) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE share integer := 0; unknown integer;
BEGIN
    SELECT count(*) INTO unknown FROM (
        SELECT DISTINCT g.text FROM unnest(classes, texts) AS g(class, text)
        WHERE g.class = 4 AND NOT EXISTS (SELECT FROM traffic.source s
            WHERE s.class = g.class AND md5(s.text) = md5(g.text))) u;
    IF unknown > 0 THEN share := traffic.take_share('source', unknown, 5000); END IF;
    INSERT INTO traffic.source (class, text)
    SELECT n.class, n.text FROM (
        SELECT g.class, g.text, row_number() OVER (PARTITION BY g.class ORDER BY g.text) AS number
        FROM (SELECT DISTINCT u.class, u.text FROM unnest(classes, texts) AS u(class, text)) g
        WHERE NOT EXISTS (SELECT FROM traffic.source s
            WHERE s.class = g.class AND md5(s.text) = md5(g.text))) n
    -- Paths inside the site are those of pages, which have a bound of their own.
    WHERE n.class <> 4 OR n.number <= share
    ORDER BY n.class, n.text ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT g.place, coalesce(s.id, CASE g.class WHEN 3 THEN 4 ELSE 1 END)
    FROM unnest(classes, texts) WITH ORDINALITY AS g(class, text, place)
    LEFT JOIN traffic.source s ON s.class = g.class AND md5(s.text) = md5(g.text);
END
$$;

-- The numbers of campaigns; 500 new ones a day.
CREATE OR REPLACE FUNCTION traffic.number_campaigns(sources text[], mediums text[], names text[])
RETURNS TABLE (place bigint, id integer) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE share integer := 0; unknown integer;
BEGIN
    SELECT count(*) INTO unknown FROM (
        SELECT g.source, g.medium, g.name
        FROM unnest(sources, mediums, names) AS g(source, medium, name)
        EXCEPT SELECT c.source, c.medium, c.name FROM traffic.campaign c) u;
    IF unknown > 0 THEN share := traffic.take_share('campaign', unknown, 500); END IF;
    INSERT INTO traffic.campaign (source, medium, name)
    SELECT n.source, n.medium, n.name FROM (
        SELECT g.source, g.medium, g.name
        FROM unnest(sources, mediums, names) AS g(source, medium, name)
        EXCEPT SELECT c.source, c.medium, c.name FROM traffic.campaign c
        ORDER BY 1, 2, 3 LIMIT share) n
    ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT g.place, coalesce(c.id, 1)
    FROM unnest(sources, mediums, names) WITH ORDINALITY AS g(source, medium, name, place)
    LEFT JOIN traffic.campaign c ON (c.source, c.medium, c.name) = (g.source, g.medium, g.name);
END
$$;

-- The numbers of agents; 5,000 new ones a day. One object each, its members named as the columns.
CREATE OR REPLACE FUNCTION traffic.number_agents(agents jsonb)
RETURNS TABLE (place bigint, id integer) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE share integer := 0; unknown integer;
BEGIN
    SELECT count(*) INTO unknown FROM (
        SELECT g.family, g.version, g.system, g.device, g.robot, g.purpose, g.subscribers,
            g.reason, g.language
        FROM jsonb_populate_recordset(NULL::traffic.agent, agents) g
        EXCEPT SELECT a.family, a.version, a.system, a.device, a.robot, a.purpose, a.subscribers,
            a.reason, a.language FROM traffic.agent a) u;
    IF unknown > 0 THEN share := traffic.take_share('agent', unknown, 5000); END IF;
    INSERT INTO traffic.agent (family, version, system, device, robot, purpose, subscribers,
        reason, language)
    SELECT n.* FROM (
        SELECT g.family, g.version, g.system, g.device, g.robot, g.purpose, g.subscribers,
            g.reason, g.language
        FROM jsonb_populate_recordset(NULL::traffic.agent, agents) g
        EXCEPT SELECT a.family, a.version, a.system, a.device, a.robot, a.purpose, a.subscribers,
            a.reason, a.language FROM traffic.agent a
        ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9 LIMIT share) n
    ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT e.place, coalesce(a.id, 1)
    FROM jsonb_array_elements(agents) WITH ORDINALITY AS e(agent, place),
        jsonb_populate_record(NULL::traffic.agent, e.agent) g
    LEFT JOIN traffic.agent a ON (a.family, a.version, a.system, a.device, a.robot, a.purpose,
        a.subscribers, a.reason, a.language) = (g.family, g.version, g.system, g.device, g.robot,
        g.purpose, g.subscribers, g.reason, g.language);
END
$$;

-- The numbers of fragments; 1,000 new ones a day.
CREATE OR REPLACE FUNCTION traffic.number_fragments(names text[])
RETURNS TABLE (place bigint, id integer) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE share integer := 0; unknown integer;
BEGIN
    SELECT count(*) INTO unknown FROM (
        SELECT unnest(names) EXCEPT SELECT f.name FROM traffic.fragment f) u;
    IF unknown > 0 THEN share := traffic.take_share('fragment', unknown, 1000); END IF;
    INSERT INTO traffic.fragment (name)
    SELECT n.name FROM (
        SELECT unnest(names) AS name EXCEPT SELECT f.name FROM traffic.fragment f
        ORDER BY 1 LIMIT share) n
    ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT g.place, coalesce(f.id, 1)
    FROM unnest(names) WITH ORDINALITY AS g(name, place)
    LEFT JOIN traffic.fragment f ON f.name = g.name;
END
$$;
