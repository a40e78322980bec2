-- A day is proved: its rows are counted anew, by statements that share nothing with the fold, and
-- compared with what was added up batch by batch.
--
-- A difference is a fault of sitegen or of the disk. `seal` puts the fresh counts in place of the
-- others; `verify` only tells. Answers without a row (assets, redirects, refusals) cannot be
-- counted anew. The score of what is read most may differ a little, when rows came out of order.

-- Fills pg_temp.fresh: what each row of a day counts as.
CREATE OR REPLACE FUNCTION traffic.recount_rows(d date) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET client_min_messages = warning
SET jit = off AS $$
DECLARE
    lo timestamptz := traffic.starts(d);
    hi timestamptz := traffic.starts(d + 1);
BEGIN
    DROP TABLE IF EXISTS pg_temp.fresh, pg_temp.fresh_visit;
    CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS
    WITH rows AS MATERIALIZED (
        SELECT h.*, row_number() OVER () AS number FROM traffic.hit h
        WHERE h.at >= lo AND h.at < hi),
    paced AS (
        SELECT visitor, count(*) AS views, percentile_disc(0.5) WITHIN GROUP (ORDER BY gap) AS gap
        FROM (SELECT visitor, at - lag(at) OVER (PARTITION BY visitor ORDER BY at) AS gap
            FROM rows WHERE kind = 1 AND visitor IS NOT NULL) g
        GROUP BY visitor),
    robot AS (
        SELECT r.visitor, CASE
            WHEN count(*) FILTER (WHERE r.flags & 4096 <> 0) > 0 THEN 16
            WHEN count(DISTINCT r.page) FILTER (WHERE r.kind = 3 AND r.flags & 8192 <> 0) >= 5
                THEN 17
            WHEN max(p.views) > 600 THEN 18
            WHEN max(p.views) >= 20 AND max(p.gap) < interval '1 second' THEN 19
            WHEN max(p.views) >= 10 AND count(*) FILTER (WHERE r.kind = 6) = 0
                AND count(*) FILTER (WHERE r.status = 304) = 0
                AND (traffic.rule_of(d)).asks_for_assets THEN 20 END AS reason
        FROM rows r LEFT JOIN paced p USING (visitor)
        WHERE r.visitor IS NOT NULL AND r.kind IN (1, 3, 5, 6) GROUP BY r.visitor),
    opening AS (
        SELECT visitor, at, path, max(number) AS number FROM (
            SELECT DISTINCT ON (f.visitor, p.path, f.at) f.visitor, p.path, f.at, f.number
            FROM rows f JOIN traffic.page p ON p.id = f.page
            WHERE f.kind = 5 AND f.visitor IS NOT NULL
            ORDER BY f.visitor, p.path, f.at, f.page DESC, f.source DESC, f.campaign DESC,
                f.agent DESC, f.micros DESC, f.bytes DESC, f.status DESC, f.flags DESC) f
        GROUP BY visitor, at, path),
    opened AS (
        SELECT o.number FROM opening o,
        LATERAL (SELECT e.at FROM rows e JOIN traffic.source s ON s.id = e.source
            WHERE e.visitor = o.visitor AND s.class = 3 AND s.text = o.path AND e.kind <> 5
                AND e.flags & 64 = 0 AND e.at >= o.at AND e.at <= o.at + interval '10 minutes'
            ORDER BY e.at LIMIT 1) e
        WHERE NOT EXISTS (SELECT FROM rows x JOIN traffic.page p ON p.id = x.page
            WHERE x.visitor = o.visitor AND p.path = o.path AND x.kind IN (1, 5)
                AND x.at > o.at AND x.at <= e.at)
            AND NOT EXISTS (SELECT FROM rows x JOIN traffic.page p ON p.id = x.page
                WHERE x.visitor = o.visitor AND p.path = o.path AND x.kind = 1
                    AND x.flags & 16384 <> 0))
    SELECT r.at, r.visitor, r.page, r.source, r.agent, r.campaign, r.micros, r.bytes, r.status,
        r.flags, CASE WHEN b.reason IS NOT NULL AND r.kind IN (1, 3, 5) THEN 2::smallint
            WHEN r.kind = 5 AND r.number IN (SELECT number FROM opened) THEN 1::smallint
            ELSE r.kind END AS kind,
        CASE WHEN r.kind = 2 THEN a.reason WHEN r.kind IN (1, 3, 5) THEN coalesce(b.reason, 0)
            ELSE 0 END::smallint AS reason
    FROM rows r LEFT JOIN robot b USING (visitor) JOIN traffic.agent a ON a.id = r.agent
    WHERE r.kind <> 6;
    CREATE TEMPORARY TABLE fresh_visit ON COMMIT DROP AS
    WITH viewed AS (
        SELECT f.*, at - lag(at) OVER w AS gap FROM pg_temp.fresh f
        WHERE kind = 1 AND visitor IS NOT NULL
        WINDOW w AS (PARTITION BY visitor ORDER BY at, page, source, campaign, agent)),
    numbered AS (
        SELECT v.*, sum(CASE WHEN gap <= (SELECT (traffic.rule_of(d)).visit_gap) THEN 0 ELSE 1 END)
            OVER (PARTITION BY visitor ORDER BY at, page, source, campaign, agent) AS number
        FROM viewed v)
    SELECT d AS day, visitor, min(at) AS start, max(at) AS last, count(*)::integer AS views,
        (array_agg(page ORDER BY at, page, source, campaign, agent))[1] AS entry,
        (array_agg(page ORDER BY at DESC, page DESC, source DESC, campaign DESC,
            agent DESC))[1] AS exit,
        (array_agg(source ORDER BY at, page, source, campaign, agent))[1] AS source,
        (array_agg(campaign ORDER BY at, page, source, campaign, agent))[1] AS campaign,
        (array_agg(agent ORDER BY at, page, source, campaign, agent))[1] AS agent
    FROM numbered GROUP BY visitor, number;
END
$$;

-- Fills pg_temp.fresh_…: one table of counts after the other, each by one statement.
CREATE OR REPLACE FUNCTION traffic.recount(d date) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET client_min_messages = warning
SET jit = off AS $$
BEGIN
    PERFORM traffic.recount_rows(d);
    DROP TABLE IF EXISTS pg_temp.fresh_site_hour, pg_temp.fresh_page_day,
        pg_temp.fresh_source_day, pg_temp.fresh_agent_day, pg_temp.fresh_feed_day,
        pg_temp.fresh_missing_day, pg_temp.fresh_visitor_day, pg_temp.fresh_way_day,
        pg_temp.fresh_coding_day;
    CREATE TEMPORARY TABLE fresh_site_hour ON COMMIT DROP AS
    SELECT date_trunc('hour', at, traffic.zone_of(d)) AS hour, kind, status, count(*) AS hits,
        sum(bytes)::bigint AS bytes, sum(micros)::bigint AS micros,
        ARRAY[count(*) FILTER (WHERE micros <= 100),
            count(*) FILTER (WHERE micros > 100 AND micros <= 250),
            count(*) FILTER (WHERE micros > 250 AND micros <= 500),
            count(*) FILTER (WHERE micros > 500 AND micros <= 1000),
            count(*) FILTER (WHERE micros > 1000 AND micros <= 2500),
            count(*) FILTER (WHERE micros > 2500 AND micros <= 5000),
            count(*) FILTER (WHERE micros > 5000 AND micros <= 10000),
            count(*) FILTER (WHERE micros > 10000 AND micros <= 25000),
            count(*) FILTER (WHERE micros > 25000 AND micros <= 50000),
            count(*) FILTER (WHERE micros > 50000 AND micros <= 100000),
            count(*) FILTER (WHERE micros > 100000 AND micros <= 250000),
            count(*) FILTER (WHERE micros > 250000)]::integer[] AS histogram
    FROM pg_temp.fresh GROUP BY 1, 2, 3;
    CREATE TEMPORARY TABLE fresh_page_day ON COMMIT DROP AS
    SELECT d AS day, page, coalesce(p.views, 0)::integer AS views,
        coalesce(p.visitors, 0)::integer AS visitors, coalesce(e.visits, 0)::integer AS entries,
        coalesce(x.visits, 0)::integer AS exits, coalesce(e.bounces, 0)::integer AS bounces,
        coalesce(p.unchanged, 0)::integer AS unchanged, coalesce(p.slow, 0)::integer AS slow,
        coalesce(p.bytes, 0)::bigint AS bytes, coalesce(p.micros, 0)::bigint AS micros
    FROM (
        SELECT page, count(*) AS views, count(DISTINCT visitor) AS visitors,
            count(*) FILTER (WHERE status = 304) AS unchanged,
            count(*) FILTER (WHERE micros > 100000) AS slow, sum(bytes) AS bytes,
            sum(micros) AS micros
        FROM pg_temp.fresh WHERE kind = 1 GROUP BY page) p
    FULL JOIN (
        SELECT entry AS page, count(*) AS visits, count(*) FILTER (WHERE views = 1) AS bounces
        FROM pg_temp.fresh_visit GROUP BY entry) e USING (page)
    FULL JOIN (
        SELECT exit AS page, count(*) AS visits FROM pg_temp.fresh_visit GROUP BY exit) x
        USING (page);
    CREATE TEMPORARY TABLE fresh_visitor_day ON COMMIT DROP AS
    SELECT d AS day, count(DISTINCT visitor)::integer AS visitors FROM pg_temp.fresh_visit
    HAVING count(*) > 0;
    CREATE TEMPORARY TABLE fresh_source_day ON COMMIT DROP AS
    SELECT d AS day, source, campaign, count(*)::integer AS visits, sum(views)::integer AS views,
        count(*) FILTER (WHERE views = 1)::integer AS bounces,
        sum((extract(epoch FROM last - start) * 1000000)::bigint)::bigint AS micros
    FROM pg_temp.fresh_visit GROUP BY source, campaign;
    CREATE TEMPORARY TABLE fresh_agent_day ON COMMIT DROP AS
    SELECT d AS day, agent, kind, reason, coalesce(h.hits, 0)::integer AS hits,
        coalesce(v.visits, 0)::integer AS visits
    FROM (
        SELECT agent, kind, reason, count(*) AS hits FROM pg_temp.fresh WHERE kind IN (1, 2, 7)
        GROUP BY agent, kind, reason) h
    FULL JOIN (
        SELECT agent, 1::smallint AS kind, 0::smallint AS reason, count(*) AS visits
        FROM pg_temp.fresh_visit GROUP BY agent) v USING (agent, kind, reason);
    CREATE TEMPORARY TABLE fresh_feed_day ON COMMIT DROP AS
    SELECT d AS day, page, agent, count(*)::integer AS hits FROM pg_temp.fresh WHERE kind = 7
    GROUP BY page, agent;
    CREATE TEMPORARY TABLE fresh_missing_day ON COMMIT DROP AS
    SELECT d AS day, page, source, count(*)::integer AS hits FROM pg_temp.fresh WHERE kind = 3
    GROUP BY page, source;
    CREATE TEMPORARY TABLE fresh_way_day ON COMMIT DROP AS
    SELECT d AS day, page, source, count(*)::integer AS views FROM pg_temp.fresh WHERE kind = 1
    GROUP BY page, source;
    CREATE TEMPORARY TABLE fresh_coding_day ON COMMIT DROP AS
    SELECT d AS day, (flags >> 10 & 3)::smallint AS coding, status = 304 AS is_unchanged,
        count(*)::integer AS views, sum(bytes)::bigint AS bytes
    FROM pg_temp.fresh WHERE kind = 1 GROUP BY 2, 3;
END
$$;

-- The condition for the rows of a table of counts that belong to a day and can be counted anew.
CREATE OR REPLACE FUNCTION traffic.recounted(counts text, d date) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE counts WHEN 'site_hour' THEN format(
        'hour >= %L AND hour < %L AND kind IN (1, 2, 3, 5, 7)', traffic.starts(d),
        traffic.starts(d + 1)) ELSE format('day = %L', d) END
$$;

-- Counts a day anew and tells what differs; with `repair`, the fresh counts take its place.
--
-- A row is told as it stands and as it is counted; NULL where there is none. Zeros are no rows.
CREATE OR REPLACE FUNCTION traffic.compare(d date, repair boolean)
RETURNS TABLE (counts text, stands jsonb, counted jsonb) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE
    name text;
    keys text;
    numbers text;
    zeros text;
BEGIN
    LOCK TABLE traffic.leader IN EXCLUSIVE MODE;
    PERFORM traffic.recount(d);
    FOR name, keys, numbers, zeros IN VALUES
        ('visit', 'visitor, start, page, entry, source, campaign, agent', NULL, NULL),
        ('site_hour', 'hour, kind, status', 'hits, bytes, micros', '0, 0, 0'),
        ('page_day', 'page', 'views, visitors, entries, exits, bounces, unchanged, slow, bytes, '
            'micros', '0, 0, 0, 0, 0, 0, 0, 0, 0'),
        ('visitor_day', 'day', 'visitors', '0'),
        ('source_day', 'source, campaign', 'visits, views, bounces, micros', '0, 0, 0, 0'),
        ('agent_day', 'agent, kind, reason', 'hits, visits', '0, 0'),
        ('feed_day', 'page, agent', 'hits', '0'),
        ('missing_day', 'page, source', 'hits', '0'),
        ('way_day', 'page, source', 'views', '0'),
        ('coding_day', 'coding, is_unchanged', 'views, bytes', '0, 0')
    LOOP
        IF name = 'visit' THEN
            RETURN QUERY
            SELECT name, CASE x.side WHEN 1 THEN to_jsonb(x) - 'side' END,
                CASE x.side WHEN 2 THEN to_jsonb(x) - 'side' END
            FROM (
                (SELECT 1 AS side, v.* FROM traffic.visit v WHERE v.day = d
                EXCEPT ALL SELECT 1, f.* FROM pg_temp.fresh_visit f)
                UNION ALL
                (SELECT 2, f.* FROM pg_temp.fresh_visit f
                EXCEPT ALL SELECT 2, v.* FROM traffic.visit v WHERE v.day = d)) x;
            IF FOUND AND repair THEN
                DELETE FROM traffic.visit v WHERE v.day = d;
                INSERT INTO traffic.visit SELECT * FROM pg_temp.fresh_visit;
            END IF;
            CONTINUE;
        END IF;
        RETURN QUERY EXECUTE format(
            'SELECT %L, to_jsonb(s), to_jsonb(f) FROM (SELECT * FROM traffic.%I WHERE %s '
            'AND (%s) IS DISTINCT FROM (%s)) s FULL JOIN pg_temp.%I f USING (%s) '
            'WHERE s IS DISTINCT FROM f AND to_jsonb(s) IS DISTINCT FROM to_jsonb(f)',
            name, name, traffic.recounted(name, d), numbers, zeros, 'fresh_' || name, keys);
        IF FOUND AND repair THEN
            EXECUTE format('DELETE FROM traffic.%I WHERE %s', name, traffic.recounted(name, d));
            EXECUTE format('INSERT INTO traffic.%I SELECT * FROM pg_temp.%I', name,
                'fresh_' || name);
        END IF;
    END LOOP;
END
$$;

-- Counts, from the rows of a day that was counted before version 3, what that version added.
CREATE OR REPLACE FUNCTION traffic.count_ways(d date) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
BEGIN
    PERFORM traffic.recount(d);
    INSERT INTO traffic.way_day SELECT * FROM pg_temp.fresh_way_day;
    INSERT INTO traffic.coding_day SELECT * FROM pg_temp.fresh_coding_day;
END
$$;

-- Seals a day: compares, repairs and notes that its counts were proved.
CREATE OR REPLACE FUNCTION traffic.seal(d date)
RETURNS TABLE (counts text, stands jsonb, counted jsonb) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT * FROM traffic.compare(d, true);
    UPDATE traffic.day t SET sealed_at = now(), is_late = false WHERE t.day = d;
END
$$;

-- Adds the first views of a day to pg_temp.fresh_trend.
CREATE OR REPLACE FUNCTION traffic.recount_trend(d date) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
DECLARE half double precision := (SELECT date_part('epoch', half_life) FROM traffic.setting);
BEGIN
    PERFORM traffic.recount_rows(d);
    INSERT INTO pg_temp.fresh_trend AS t
    SELECT n.view, n.key, max(n.time) + ln(sum(CASE WHEN n.newest - n.time > 50 THEN 0
        ELSE power(2::double precision, n.time - n.newest) END)) / ln(2::double precision)
    FROM (
        SELECT g.view, g.key, f.time, max(f.time) OVER (PARTITION BY g.view, g.key) AS newest
        FROM (
            SELECT page, date_part('epoch', min(at)) / half AS time FROM pg_temp.fresh
            WHERE kind = 1 AND visitor IS NOT NULL GROUP BY page, visitor) f
        JOIN traffic.page g ON g.id = f.page WHERE g.view <> '') n
    GROUP BY n.view, n.key
    ON CONFLICT (view, key) DO UPDATE SET score = traffic.log_sum(t.score, excluded.score);
END
$$;

-- Puts right what is read most, from all rows there are; how many scores were wrong or missing.
-- Those that are right, but for the last digits, are left alone, and those of pages without rows.
CREATE OR REPLACE FUNCTION traffic.correct_trend() RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
    changed bigint;
    today date := traffic.day_of(now());
BEGIN
    DROP TABLE IF EXISTS pg_temp.fresh_trend;
    CREATE TEMPORARY TABLE fresh_trend (view text, key text, score double precision,
        PRIMARY KEY (view, key)) ON COMMIT DROP;
    PERFORM traffic.recount_trend(t.day) FROM traffic.day t
    WHERE NOT t.is_final AND t.day < today - 1;
    -- Batches still come for these days: nobody adds to a score that is being put right.
    LOCK TABLE traffic.leader IN EXCLUSIVE MODE;
    PERFORM traffic.recount_trend(t.day) FROM traffic.day t
    WHERE NOT t.is_final AND t.day >= today - 1;
    INSERT INTO traffic.trend AS t SELECT f.view, f.key, f.score FROM pg_temp.fresh_trend f
    ORDER BY f.view, f.key
    ON CONFLICT (view, key) DO UPDATE SET score = excluded.score
    WHERE abs(t.score - excluded.score) > 1e-6;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$$;

-- The days that are over for two hours and were not sealed, or were changed since.
CREATE OR REPLACE FUNCTION traffic.unsealed() RETURNS SETOF date LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.day FROM traffic.day t
    WHERE NOT t.is_final AND (t.sealed_at IS NULL OR t.is_late)
        AND traffic.starts(t.day + 1) < now() - interval '2 hours'
    ORDER BY t.day
$$;
