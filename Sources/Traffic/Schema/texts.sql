-- The numbers of texts: given before a batch is counted, and taken back when nothing names a text
-- any more. A day has room for so many new ones of strangers; what comes after that is "(other)".
--
-- Who gives a number notes the day. Numbers are locked in their order, by who gives and by who
-- removes, so that nobody waits for one who waits for him.

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
DECLARE share integer := 0; unknown integer; today date := traffic.day_of(now());
BEGIN
    UPDATE traffic.page t SET seen = today WHERE t.id IN (
        SELECT p.id FROM unnest(paths, views, keys) AS g(path, view, key)
        JOIN traffic.page p ON md5(p.path) = md5(g.path) AND p.view = g.view
            AND md5(p.key) = md5(g.key)
        WHERE p.seen < today ORDER BY p.id FOR UPDATE OF p);
    SELECT count(DISTINCT (g.path, g.view, g.key)) INTO unknown
    FROM unnest(paths, views, keys, strange) AS g(path, view, key, strange)
    WHERE g.strange AND NOT EXISTS (SELECT FROM traffic.page p WHERE md5(p.path) = md5(g.path)
        AND p.view = g.view AND md5(p.key) = md5(g.key));
    IF unknown > 0 THEN share := traffic.take_share('page', unknown, 50000); END IF;
    INSERT INTO traffic.page (path, view, key, seen)
    SELECT n.path, n.view, n.key, today FROM (
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

-- The numbers of sources; 5,000 new hosts a day, and 50,000 paths inside: a referrer that names the
-- site may name any path of it.
CREATE OR REPLACE FUNCTION traffic.number_sources(classes smallint[], texts text[])
RETURNS TABLE (place bigint, id integer) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    hosts integer;
    paths integer;
    today date := traffic.day_of(now());
BEGIN
    UPDATE traffic.source t SET seen = today WHERE t.id IN (
        SELECT s.id FROM unnest(classes, texts) AS g(class, text)
        JOIN traffic.source s ON s.class = g.class AND md5(s.text) = md5(g.text)
        WHERE s.seen < today ORDER BY s.id FOR UPDATE OF s);
    SELECT count(*) FILTER (WHERE u.class = 4), count(*) FILTER (WHERE u.class = 3)
    INTO hosts, paths FROM (
        SELECT DISTINCT g.class, g.text FROM unnest(classes, texts) AS g(class, text)
        WHERE NOT EXISTS (SELECT FROM traffic.source s
            WHERE s.class = g.class AND md5(s.text) = md5(g.text))) u;
    IF hosts > 0 THEN hosts := traffic.take_share('source', hosts, 5000); END IF;
    IF paths > 0 THEN paths := traffic.take_share('inside', paths, 50000); END IF;
    INSERT INTO traffic.source (class, text, seen)
    SELECT n.class, n.text, today FROM (
        SELECT g.class, g.text, row_number() OVER (PARTITION BY g.class ORDER BY g.text) AS number
        FROM (SELECT DISTINCT u.class, u.text FROM unnest(classes, texts) AS u(class, text)) g
        WHERE NOT EXISTS (SELECT FROM traffic.source s
            WHERE s.class = g.class AND md5(s.text) = md5(g.text))) n
    WHERE n.number <= CASE n.class WHEN 4 THEN hosts WHEN 3 THEN paths ELSE n.number END
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
DECLARE share integer := 0; unknown integer; today date := traffic.day_of(now());
BEGIN
    UPDATE traffic.campaign t SET seen = today WHERE t.id IN (
        SELECT c.id FROM unnest(sources, mediums, names) AS g(source, medium, name)
        JOIN traffic.campaign c ON (c.source, c.medium, c.name) = (g.source, g.medium, g.name)
        WHERE c.seen < today ORDER BY c.id FOR UPDATE OF c);
    SELECT count(*) INTO unknown FROM (
        SELECT g.source, g.medium, g.name
        FROM unnest(sources, mediums, names) AS g(source, medium, name)
        EXCEPT SELECT c.source, c.medium, c.name FROM traffic.campaign c) u;
    IF unknown > 0 THEN share := traffic.take_share('campaign', unknown, 500); END IF;
    INSERT INTO traffic.campaign (source, medium, name, seen)
    SELECT n.source, n.medium, n.name, today FROM (
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
DECLARE share integer := 0; unknown integer; today date := traffic.day_of(now());
BEGIN
    UPDATE traffic.agent t SET seen = today WHERE t.id IN (
        SELECT a.id FROM jsonb_populate_recordset(NULL::traffic.agent, agents) g
        JOIN traffic.agent a ON (a.family, a.version, a.system, a.device, a.robot, a.purpose,
            a.subscribers, a.reason, a.language) = (g.family, g.version, g.system, g.device,
            g.robot, g.purpose, g.subscribers, g.reason, g.language)
        WHERE a.seen < today ORDER BY a.id FOR UPDATE OF a);
    SELECT count(*) INTO unknown FROM (
        SELECT g.family, g.version, g.system, g.device, g.robot, g.purpose, g.subscribers,
            g.reason, g.language
        FROM jsonb_populate_recordset(NULL::traffic.agent, agents) g
        EXCEPT SELECT a.family, a.version, a.system, a.device, a.robot, a.purpose, a.subscribers,
            a.reason, a.language FROM traffic.agent a) u;
    IF unknown > 0 THEN share := traffic.take_share('agent', unknown, 5000); END IF;
    INSERT INTO traffic.agent (family, version, system, device, robot, purpose, subscribers,
        reason, language, seen)
    SELECT n.*, today FROM (
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
DECLARE share integer := 0; unknown integer; today date := traffic.day_of(now());
BEGIN
    UPDATE traffic.fragment t SET seen = today WHERE t.id IN (
        SELECT f.id FROM traffic.fragment f
        WHERE f.name = ANY (names) AND f.seen < today ORDER BY f.id FOR UPDATE);
    SELECT count(*) INTO unknown FROM (
        SELECT unnest(names) EXCEPT SELECT f.name FROM traffic.fragment f) u;
    IF unknown > 0 THEN share := traffic.take_share('fragment', unknown, 1000); END IF;
    INSERT INTO traffic.fragment (name, seen)
    SELECT n.name, today FROM (
        SELECT unnest(names) AS name EXCEPT SELECT f.name FROM traffic.fragment f
        ORDER BY 1 LIMIT share) n
    ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT g.place, coalesce(f.id, 1)
    FROM unnest(names) WITH ORDINALITY AS g(name, place)
    LEFT JOIN traffic.fragment f ON f.name = g.name;
END
$$;

-- Removes texts that nothing names: no count does, and no row can, since the last ingester that was
-- given the number was so before the oldest row that is kept.
CREATE OR REPLACE FUNCTION traffic.expire_texts() RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    -- A batch may have been given its numbers a moment before midnight.
    first date := least(traffic.day_of(now()) - (SELECT hit_days FROM traffic.setting), (
        SELECT min(to_date(right(relname, 8), 'YYYYMMDD')) FROM pg_class
        WHERE relnamespace = 'traffic'::regnamespace AND relname ~ '^hit_[0-9]{8}$')) - 2;
    texts text;
    named text;
    gone bigint;
    removed bigint := 0;
BEGIN
    FOR texts, named IN VALUES
        ('page', 'SELECT page FROM traffic.page_day UNION SELECT page FROM traffic.feed_day '
            'UNION SELECT page FROM traffic.missing_day UNION SELECT page FROM traffic.report_day '
            'UNION SELECT page FROM traffic.vital_day UNION SELECT page FROM traffic.way_day'),
        ('source', 'SELECT source FROM traffic.source_day UNION '
            'SELECT source FROM traffic.missing_day UNION SELECT source FROM traffic.way_day'),
        ('campaign', 'SELECT campaign FROM traffic.source_day'),
        ('agent', 'SELECT agent FROM traffic.agent_day UNION SELECT agent FROM traffic.feed_day'),
        ('fragment', 'SELECT fragment FROM traffic.slot_hour')
    LOOP
        EXECUTE format('DELETE FROM traffic.%1$I t WHERE t.seen < %2$L AND t.id IN ('
            'SELECT o.id FROM traffic.%1$I o WHERE o.seen < %2$L AND o.id IN ('
            'SELECT id FROM traffic.%1$I WHERE id >= 16 AND seen < %2$L EXCEPT (%3$s)) '
            'ORDER BY o.id FOR UPDATE)', texts, first, named);
        GET DIAGNOSTICS gone = ROW_COUNT;
        removed := removed + gone;
    END LOOP;
    RETURN removed;
END
$$;
