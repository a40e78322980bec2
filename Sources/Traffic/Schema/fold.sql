-- A batch becomes rows and counts. Counts are a function of the set of rows, not of the order in
-- which they came: for each visitor of the batch the day is judged before and behind it, and the
-- difference is added.
--
-- Most visitors are neither robots nor did their browsers prefetch: of them, the batch is added as
-- it is. Visitors for whom a row may change what others of theirs count as are special, and their
-- whole day is subtracted and added. Called with the lock of traffic.leader (traffic.take).

-- Refuses tables of a batch that somebody else has made in this session, and could make do
-- something: what reads and writes them does so with the rights of the schema's owner.
CREATE OR REPLACE FUNCTION traffic.require_own_tables() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
        WHERE c.relnamespace = pg_my_temp_schema() AND c.relname IN ('incoming', 'seen', 'change',
            'visit_change', 'pair', 'verdict')
            AND (r.rolname <> current_user OR c.relkind <> 'r' OR c.relhastriggers
                OR c.relhasrules OR c.relhassubclass))
    THEN
        RAISE EXCEPTION 'the tables of a batch are not those of traffic.prepare'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
END
$$;

-- The tables of a batch; made once a session. Behind a pooler (`brief`) they go with their
-- transaction, since the next one may run in another session.
CREATE OR REPLACE FUNCTION traffic.prepare(brief boolean) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
    ending text := CASE WHEN brief THEN ' ON COMMIT DROP' ELSE ' ON COMMIT DELETE ROWS' END;
    hit text := 'at timestamptz, visitor bigint, page integer, source integer, agent integer, '
        'campaign integer, micros integer, bytes integer, status smallint, kind smallint, '
        'flags smallint';
    visit text := 'sign integer, visitor bigint, start timestamptz, last timestamptz, '
        'views integer, entry integer, exit integer, source integer, campaign integer, '
        'agent integer';
    columns text;
    name text;
BEGIN
    PERFORM traffic.require_own_tables();
    FOR name, columns IN VALUES
        ('incoming', hit), ('seen', 'is_new boolean, ' || hit),
        ('change', 'sign integer, reason smallint, ' || hit),
        ('visit_change', 'place integer, ' || visit),
        ('pair', 'sign integer, visitor bigint, page integer, at timestamptz'),
        ('verdict', 'visitor bigint, before smallint, behind smallint')
    LOOP
        EXECUTE format('CREATE TEMPORARY TABLE IF NOT EXISTS %I (%s)%s', name, columns, ending);
    END LOOP;
    EXECUTE format('GRANT INSERT ON pg_temp.incoming TO %I', session_user);
END
$$;

-- What the rows of special visitors count as, with sign: those that were there, or all.
CREATE OR REPLACE FUNCTION traffic.judge(everything boolean, special bigint[], sign integer)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan SET jit = off AS $$
BEGIN
    INSERT INTO pg_temp.change
    WITH mine AS (
        SELECT s.*, CASE WHEN everything THEN v.behind ELSE v.before END AS reason
        FROM pg_temp.seen s JOIN pg_temp.verdict v USING (visitor)
        WHERE s.visitor IN (SELECT unnest(special)) AND (everything OR NOT s.is_new)),
    -- A prefetched page was opened if what follows it is a request out of that page.
    event AS (
        SELECT m.*, p.path, CASE m.kind WHEN 1 THEN 0 ELSE 1 END AS rank
        FROM mine m, LATERAL (SELECT path FROM traffic.page WHERE id = m.page LIMIT 1) p
        WHERE m.kind IN (1, 5)
        UNION ALL
        SELECT m.*, o.text, 2
        FROM mine m, LATERAL (SELECT class, text FROM traffic.source WHERE id = m.source LIMIT 1) o
        WHERE o.class = 3 AND m.kind <> 5 AND m.flags & 64 = 0),
    following AS (
        SELECT e.*, lead(rank) OVER w = 2 AND lead(at) OVER w - at <= interval '10 minutes'
            AND NOT bool_or(rank = 0 AND flags & 16384 <> 0) OVER (PARTITION BY visitor, path)
            AS is_opened
        FROM event e
        WINDOW w AS (PARTITION BY visitor, path ORDER BY at, rank, page, source, campaign, agent,
            micros, bytes, status, flags))
    SELECT sign, coalesce(reason, 0), at, visitor, page, source, agent, campaign, micros, bytes,
        status, CASE WHEN reason IS NOT NULL THEN 2 ELSE kind END, flags
    FROM mine WHERE kind IN (1, 3)
    UNION ALL
    SELECT sign, coalesce(reason, 0), at, visitor, page, source, agent, campaign, micros, bytes,
        status, CASE WHEN reason IS NOT NULL THEN 2 WHEN is_opened THEN 1 ELSE 5 END, flags
    FROM following WHERE rank = 1;
END
$$;

-- Fills `seen`, `verdict` and `change` for one day of the batch; the special visitors.
CREATE OR REPLACE FUNCTION traffic.look(d date, lo timestamptz, hi timestamptz)
RETURNS bigint[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan SET jit = off AS $$
DECLARE
    visitors bigint[];
    special bigint[];
    asks_for_assets boolean := (traffic.rule_of(d)).asks_for_assets;
BEGIN
    visitors := ARRAY(SELECT DISTINCT visitor FROM pg_temp.incoming
        WHERE at >= lo AND at < hi AND visitor IS NOT NULL AND kind IN (1, 3, 5, 6)
            AND flags & 512 = 0);
    INSERT INTO pg_temp.seen
    SELECT false, h.* FROM traffic.hit h
    WHERE h.visitor = ANY (visitors) AND h.at >= lo AND h.at < hi;
    INSERT INTO pg_temp.seen
    SELECT true, i.* FROM pg_temp.incoming i
    WHERE at >= lo AND at < hi AND visitor IS NOT NULL AND kind IN (1, 3, 5) AND flags & 512 = 0;
    -- Of assets, the first of a visitor is kept, /robots.txt, and what was asked for out of a page
    -- that had been prefetched.
    INSERT INTO pg_temp.seen
    SELECT true, a.at, a.visitor, a.page, a.source, a.agent, a.campaign, a.micros, a.bytes,
        a.status, a.kind, a.flags
    FROM (SELECT i.*, row_number() OVER (PARTITION BY visitor, flags & 4096 ORDER BY at, page)
            AS number
        FROM pg_temp.incoming i
        WHERE at >= lo AND at < hi AND visitor IS NOT NULL AND kind = 6 AND flags & 512 = 0) a
    WHERE a.number = 1 AND NOT EXISTS (SELECT FROM pg_temp.seen s WHERE s.visitor = a.visitor
        AND s.kind = 6 AND s.flags & 4096 = a.flags & 4096);
    IF EXISTS (SELECT FROM pg_temp.seen WHERE kind = 5) THEN
        INSERT INTO pg_temp.seen
        SELECT true, i.* FROM pg_temp.incoming i JOIN traffic.source o ON o.id = i.source
        WHERE i.at >= lo AND i.at < hi AND i.visitor IS NOT NULL AND i.kind = 6
            AND i.flags & 512 = 0 AND o.class = 3
            AND EXISTS (SELECT FROM pg_temp.seen s JOIN traffic.page p ON p.id = s.page
                WHERE s.visitor = i.visitor AND s.kind = 5 AND p.path = o.text
                    AND i.at - s.at BETWEEN '0' AND interval '10 minutes')
            AND NOT EXISTS (SELECT FROM pg_temp.seen s WHERE s.is_new AND s.kind = 6
                AND (s.visitor, s.at, s.page, s.source) = (i.visitor, i.at, i.page, i.source));
    END IF;

    INSERT INTO pg_temp.verdict
    SELECT s.visitor, r.reason, CASE
        WHEN bool_or(s.flags & 4096 <> 0) THEN 16
        WHEN bool_or(s.kind = 3 AND s.flags & 8192 <> 0) AND (
            SELECT count(DISTINCT x.page) >= 5 FROM pg_temp.seen x
            WHERE x.visitor = s.visitor AND x.kind = 3 AND x.flags & 8192 <> 0) THEN 17
        WHEN count(*) FILTER (WHERE s.kind = 1) > 600 THEN 18
        WHEN count(*) FILTER (WHERE s.kind = 1) >= 20 AND (
            SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY g.gap) < interval '1 second'
            FROM (SELECT x.at - lag(x.at) OVER (ORDER BY x.at) AS gap FROM pg_temp.seen x
                WHERE x.visitor = s.visitor AND x.kind = 1) g) THEN 19
        -- A reader who was here before has everything that pages show, but asks whether they are
        -- the same: 304.
        WHEN count(*) FILTER (WHERE s.kind = 1) >= 10
            AND NOT bool_or(s.kind = 6 OR s.status = 304)
            AND asks_for_assets THEN 20
        END
    FROM pg_temp.seen s LEFT JOIN traffic.robot_visitor r ON r.day = d AND r.visitor = s.visitor
    GROUP BY s.visitor, r.reason;
    special := ARRAY(
        SELECT visitor FROM pg_temp.verdict WHERE before IS NOT NULL OR behind IS NOT NULL
        UNION SELECT visitor FROM pg_temp.seen WHERE kind = 5);

    INSERT INTO pg_temp.change
    SELECT 1, CASE i.kind WHEN 2 THEN g.reason ELSE 0 END, i.at, i.visitor, i.page, i.source,
        i.agent, i.campaign, i.micros, i.bytes, i.status,
        CASE WHEN i.flags & 512 <> 0 THEN 0 ELSE i.kind END, i.flags
    FROM pg_temp.incoming i LEFT JOIN traffic.agent g ON i.kind = 2 AND g.id = i.agent
    WHERE i.at >= lo AND i.at < hi AND (i.visitor IS NULL OR i.kind NOT IN (1, 3, 5)
        OR i.flags & 512 <> 0 OR i.visitor NOT IN (SELECT unnest(special)));
    IF special <> '{}' THEN
        PERFORM traffic.judge(false, special, -1), traffic.judge(true, special, 1);
    END IF;
    RETURN special;
END
$$;

-- Brings visits to what `visit_change` says. A visit that goes on is changed in place, which leaves
-- its index alone. Visits are looked up one by one, whatever was the plan when there were few.
CREATE OR REPLACE FUNCTION traffic.change_visits(d date) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
SET jit = off SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    UPDATE traffic.visit v SET last = n.last, views = n.views, entry = n.entry, exit = n.exit,
        source = n.source, campaign = n.campaign, agent = n.agent
    FROM pg_temp.visit_change n
    WHERE n.place = 2 AND v.day = d AND v.visitor = n.visitor AND v.start = n.start;
    IF (SELECT count(*) FILTER (WHERE place = 0) > count(*) FILTER (WHERE place IN (2, 3))
        FROM pg_temp.visit_change)
    THEN
        DELETE FROM traffic.visit v USING pg_temp.visit_change o
        WHERE o.place = 0 AND v.day = d AND v.visitor = o.visitor AND v.start = o.start
            AND (o.visitor, o.start) NOT IN (
                SELECT n.visitor, n.start FROM pg_temp.visit_change n WHERE n.place IN (2, 3));
    END IF;
    INSERT INTO traffic.visit
    SELECT d, visitor, start, last, views, entry, exit, source, campaign, agent
    FROM pg_temp.visit_change WHERE place = 1;
END
$$;

-- Fills `pair` and `visit_change` for one day, and changes its visits and rows.
CREATE OR REPLACE FUNCTION traffic.revisit(
    d date, lo timestamptz, hi timestamptz, special bigint[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan SET jit = off SET enable_nestloop = off AS $$
DECLARE
    gap interval := (traffic.rule_of(d)).visit_gap;
    visitors bigint[];
BEGIN
    visitors := ARRAY(SELECT DISTINCT visitor FROM pg_temp.seen
        WHERE is_new AND kind = 1 OR visitor IN (SELECT unnest(special)));
    INSERT INTO pg_temp.pair
    SELECT 1, visitor, page, min(at) FROM pg_temp.seen
    WHERE kind = 1 AND visitor NOT IN (SELECT unnest(special))
    GROUP BY visitor, page HAVING bool_and(is_new)
    UNION ALL
    SELECT sign, visitor, page, min(at) FROM pg_temp.change
    WHERE kind = 1 AND visitor IN (SELECT unnest(special)) GROUP BY sign, visitor, page;

    INSERT INTO traffic.hit
    SELECT at, visitor, page, source, agent, campaign, micros, bytes, status, kind, flags
    FROM pg_temp.seen WHERE is_new
    UNION ALL
    SELECT i.* FROM pg_temp.incoming i WHERE at >= lo AND at < hi AND flags & 512 = 0
        AND (kind IN (2, 7) OR kind IN (1, 3, 5) AND visitor IS NULL);

    INSERT INTO pg_temp.visit_change
    SELECT 0, -1, v.visitor, v.start, v.last, v.views, v.entry, v.exit, v.source, v.campaign,
        v.agent
    FROM traffic.visit v WHERE v.day = d AND v.visitor = ANY (visitors);
    -- One pass over the views finds where visits begin and end, another over those edges alone
    -- makes one row of each. A view that is both is one edge.
    WITH viewed AS (
        SELECT visitor, at, page, source, campaign, agent FROM pg_temp.seen
        WHERE kind = 1 AND visitor IN (SELECT unnest(visitors))
            AND visitor NOT IN (SELECT unnest(special))
        UNION ALL
        SELECT visitor, at, page, source, campaign, agent FROM pg_temp.change
        WHERE kind = 1 AND sign = 1 AND visitor IN (SELECT unnest(special))),
    edged AS (
        SELECT v.*, row_number() OVER w AS number,
            coalesce(at - lag(at) OVER w > gap, true) AS opens,
            coalesce(lead(at) OVER w - at > gap, true) AS closes
        FROM viewed v
        WINDOW w AS (PARTITION BY visitor ORDER BY at, page, source, campaign, agent)),
    fresh AS (
        SELECT e.*, CASE WHEN closes THEN at ELSE lead(at) OVER w END AS last,
            CASE WHEN closes THEN number ELSE lead(number) OVER w END - number + 1 AS views,
            CASE WHEN closes THEN page ELSE lead(page) OVER w END AS exit
        FROM edged e WHERE opens OR closes
        WINDOW w AS (PARTITION BY visitor ORDER BY number))
    -- Two visits of a visitor never begin at one time. place: 0 was there, 1 is new, 2 has changed,
    -- 3 is as it was.
    INSERT INTO pg_temp.visit_change
    SELECT CASE WHEN o.visitor IS NULL THEN 1 WHEN (o.last, o.views, o.entry, o.exit, o.source,
            o.campaign, o.agent) = (f.last, f.views, f.page, f.exit, f.source, f.campaign, f.agent)
        THEN 3 ELSE 2 END, 1, f.visitor, f.at, f.last, f.views, f.page, f.exit, f.source,
        f.campaign, f.agent
    FROM fresh f LEFT JOIN pg_temp.visit_change o
        ON o.sign = -1 AND o.visitor = f.visitor AND o.start = f.at
    WHERE f.opens;
    PERFORM traffic.change_visits(d);

    DELETE FROM traffic.robot_visitor r USING pg_temp.verdict v
    WHERE r.day = d AND r.visitor = v.visitor AND v.behind IS NULL AND v.before IS NOT NULL;
    INSERT INTO traffic.robot_visitor
    SELECT d, visitor, behind FROM pg_temp.verdict
    WHERE behind IS NOT NULL AND behind IS DISTINCT FROM before
    ON CONFLICT (day, visitor) DO UPDATE SET reason = excluded.reason;
END
$$;
