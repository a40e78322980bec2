-- What pages of statistics ask of rows: functions that give counts. The role that reads statistics
-- may call them and sees no row of a visitor.
--
-- They read the partitions of the days that are asked for, so a week of a large site takes a
-- second; bounds stand in a SELECT, so that they are found once and not for each row. A visitor's
-- number lasts one day, so who turned out to be a robot needs no day beside.

-- Views and visitors of the last minutes.
CREATE OR REPLACE FUNCTION traffic.lately(minutes integer)
RETURNS TABLE (views bigint, visitors bigint) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*), count(DISTINCT h.visitor) FROM traffic.hit h
    WHERE h.kind = 1 AND h.at > now() - make_interval(mins => minutes)
        AND h.at <= now() + interval '5 minutes'
        AND NOT EXISTS (SELECT FROM traffic.robot_visitor r WHERE r.visitor = h.visitor
            AND r.day >= current_date - 2)
$$;

-- Where views of a page came from (source), and where its readers went on to (page).
CREATE OR REPLACE FUNCTION traffic.page_ways(of_path text, first date, last date)
RETURNS TABLE (is_onward boolean, source integer, page integer, views bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH mine AS (
        SELECT p.id FROM traffic.page p WHERE md5(p.path) = md5(of_path) AND p.path = of_path),
    out_of AS (
        SELECT s.id FROM traffic.source s
        WHERE s.class = 3 AND md5(s.text) = md5(of_path) AND s.text = of_path),
    view AS (
        SELECT h.source, h.page FROM traffic.hit h
        WHERE h.kind = 1 AND h.at >= (SELECT traffic.starts(first))
            AND h.at < (SELECT traffic.starts(last + 1))
            AND (h.page IN (SELECT id FROM mine) OR h.source IN (SELECT id FROM out_of))
            AND NOT EXISTS (SELECT FROM traffic.robot_visitor r WHERE r.visitor = h.visitor
                AND r.day BETWEEN first AND last))
    SELECT false, v.source, NULL::integer, count(*) FROM view v
    WHERE v.page IN (SELECT id FROM mine) GROUP BY v.source
    UNION ALL
    SELECT true, NULL::integer, v.page, count(*) FROM view v
    WHERE v.source IN (SELECT id FROM out_of) GROUP BY v.page
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
    SELECT (ARRAY['none', 'gzip', 'brotli', 'delta'])[(h.flags >> 10 & 3) + 1], h.status = 304,
        count(*), sum(h.bytes)::bigint
    FROM traffic.hit h
    WHERE h.kind = 1 AND h.at >= (SELECT traffic.starts(first))
            AND h.at < (SELECT traffic.starts(last + 1))
        AND NOT EXISTS (SELECT FROM traffic.robot_visitor r WHERE r.visitor = h.visitor
            AND r.day BETWEEN first AND last)
    GROUP BY 1, 2
$$;
