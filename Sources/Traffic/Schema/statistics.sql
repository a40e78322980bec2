-- What pages of statistics ask besides the views: functions that give counts. The role that reads
-- statistics may call them and sees no row of a visitor: `viewed`, which gives rows, is not for it.

-- The rows that count as views: those of people, and the prefetches that were opened, as `recount`
-- judges them. Bounds stand in a SELECT, so that they are found once and not for each row.
CREATE OR REPLACE FUNCTION traffic.viewed(lo timestamptz, hi timestamptz)
RETURNS SETOF traffic.hit LANGUAGE sql STABLE AS $$
    SELECT h.* FROM traffic.hit h
    WHERE h.at >= (SELECT lo) AND h.at < (SELECT hi) AND h.kind = 1
        AND NOT EXISTS (SELECT FROM traffic.robot_visitor r WHERE r.visitor = h.visitor
            AND r.day BETWEEN (SELECT traffic.day_of(lo)) AND (SELECT traffic.day_of(hi))
            AND h.at >= traffic.starts(r.day) AND h.at < traffic.starts(r.day + 1))
    UNION ALL
    SELECT f.* FROM traffic.hit f JOIN traffic.page p ON p.id = f.page,
    LATERAL (SELECT traffic.day_of(f.at) AS day) d,
    LATERAL (SELECT traffic.starts(d.day) AS lo, traffic.starts(d.day + 1) AS hi) day,
    -- The first request out of that page,
    LATERAL (SELECT e.at FROM traffic.hit e JOIN traffic.source s ON s.id = e.source
        WHERE e.visitor = f.visitor AND e.at BETWEEN f.at AND f.at + interval '10 minutes'
            AND e.at < day.hi AND s.class = 3 AND s.text = p.path AND e.kind <> 5
            AND e.flags & 64 = 0
        ORDER BY e.at LIMIT 1) e
    WHERE f.at >= (SELECT lo) AND f.at < (SELECT hi) AND f.kind = 5
        AND NOT EXISTS (SELECT FROM traffic.robot_visitor r
            WHERE r.day = d.day AND r.visitor = f.visitor)
        -- with no other look at it between the two, and none that the page's script told of.
        AND NOT EXISTS (SELECT FROM traffic.hit x JOIN traffic.page q ON q.id = x.page
            WHERE x.visitor = f.visitor AND x.at >= day.lo AND x.at < day.hi AND q.path = p.path
                AND (x.kind IN (1, 5) AND x.at > f.at AND x.at <= e.at
                    OR x.kind = 1 AND x.flags & 16384 <> 0
                    OR x.kind = 5 AND x.at = f.at AND (x.page, x.source, x.campaign, x.agent,
                        x.micros, x.bytes, x.status, x.flags, x.ctid) > (f.page, f.source,
                        f.campaign, f.agent, f.micros, f.bytes, f.status, f.flags, f.ctid)))
$$;

-- Views and visitors of the last minutes.
CREATE OR REPLACE FUNCTION traffic.lately(minutes integer)
RETURNS TABLE (views bigint, visitors bigint) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*), count(DISTINCT v.visitor)
    FROM traffic.viewed(now() - make_interval(mins => minutes), now() + interval '5 minutes') v
$$;

-- Where views of a page came from (source), and where its readers went on to (page). Sources are
-- looked up day by day; pages that are led to are found by reading the ways of these days.
CREATE OR REPLACE FUNCTION traffic.page_ways(of_path text, first date, last date)
RETURNS TABLE (is_onward boolean, source integer, page integer, views bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT false, w.source, NULL::integer, sum(w.views)
    FROM (SELECT first + n AS day FROM generate_series(0, last - first) n) d
    CROSS JOIN traffic.page p JOIN traffic.way_day w ON w.day = d.day AND w.page = p.id
    WHERE md5(p.path) = md5(of_path) AND p.path = of_path
    GROUP BY w.source HAVING sum(w.views) > 0
    UNION ALL
    SELECT true, NULL::integer, w.page, sum(w.views)
    FROM traffic.way_day w
    WHERE w.day BETWEEN first AND last AND w.source IN (
        SELECT s.id FROM traffic.source s
        WHERE s.class = 3 AND md5(s.text) = md5(of_path) AND s.text = of_path)
    GROUP BY w.page HAVING sum(w.views) > 0
$$;

-- The pages that visits of a source or of a campaign begin with; NULL stands for any.
CREATE OR REPLACE FUNCTION traffic.entries_of(
    of_source integer, of_campaign integer, first date, last date)
RETURNS TABLE (page integer, visits bigint) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT v.entry, count(*) FROM traffic.visit v
    WHERE v.day BETWEEN first AND last AND (of_source IS NULL OR v.source = of_source)
        AND (of_campaign IS NULL OR v.campaign = of_campaign)
    GROUP BY v.entry
$$;

-- Views by the coding in which they were sent.
CREATE OR REPLACE FUNCTION traffic.codings(first date, last date)
RETURNS TABLE (coding text, is_unchanged boolean, views bigint, bytes bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT (ARRAY['none', 'gzip', 'brotli', 'delta'])[c.coding + 1], c.is_unchanged,
        sum(c.views)::bigint, sum(c.bytes)::bigint
    FROM traffic.coding_day c WHERE c.day BETWEEN first AND last
    GROUP BY 1, 2 HAVING sum(c.views) > 0
$$;
