-- The differences that a batch makes are added to the counts.
--
-- Rows are written in the order of their keys. A count that has become zero stays as a row: they
-- are few, and who reads skips them.

-- Adds two histograms.
CREATE OR REPLACE FUNCTION traffic.sum(a integer[], b integer[]) RETURNS integer[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(coalesce(x, 0) + coalesce(y, 0) ORDER BY n)
    FROM unnest(a, b) WITH ORDINALITY AS u(x, y, n)
$$;

-- The place of a time in a histogram, from 1.
CREATE OR REPLACE FUNCTION traffic.time_step(micros integer) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
    SELECT width_bucket(micros, ARRAY[101, 251, 501, 1001, 2501, 5001, 10001, 25001, 50001,
        100001, 250001]) + 1
$$;

-- log2(2^a + 2^b). A tiny power raises "value out of range: underflow", so it counts as nothing.
CREATE OR REPLACE FUNCTION traffic.log_sum(a double precision, b double precision)
RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
    SELECT greatest(a, b) + CASE WHEN abs(a - b) > 50 THEN 0
        ELSE ln(1 + power(2::double precision, -abs(a - b))) / ln(2::double precision) END
$$;

-- Adds what one day of the batch changes to the counts by hour and by day.
CREATE OR REPLACE FUNCTION traffic.add_counts(d date) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan SET jit = off AS $$
DECLARE zone text := traffic.zone_of(d);
BEGIN
    INSERT INTO traffic.site_hour AS t
    SELECT hour, kind, status, sum(count), sum(bytes), sum(micros),
        ARRAY(SELECT coalesce(sum(u.n), 0) FROM generate_series(1, 12) g
            LEFT JOIN unnest(array_agg(step), array_agg(count)) AS u(step, n) ON u.step = g
            GROUP BY g ORDER BY g)
    FROM (
        SELECT date_trunc('hour', at, zone) AS hour, kind, status,
            traffic.time_step(micros) AS step,
            sum(sign) AS count, sum(sign * bytes::bigint) AS bytes,
            sum(sign * micros::bigint) AS micros
        FROM pg_temp.change GROUP BY 1, 2, 3, 4) c
    GROUP BY hour, kind, status ORDER BY hour, kind, status
    ON CONFLICT (hour, kind, status) DO UPDATE SET hits = t.hits + excluded.hits,
        bytes = t.bytes + excluded.bytes, micros = t.micros + excluded.micros,
        histogram = traffic.sum(t.histogram, excluded.histogram);

    INSERT INTO traffic.page_day AS t
    SELECT d, page, sum(views), sum(visitors), sum(entries), sum(exits), sum(bounces),
        sum(unchanged), sum(slow), sum(bytes), sum(micros)
    FROM (
        SELECT page, sign AS views, 0 AS visitors, 0 AS entries, 0 AS exits, 0 AS bounces,
            CASE status WHEN 304 THEN sign ELSE 0 END AS unchanged,
            CASE WHEN micros > 100000 THEN sign ELSE 0 END AS slow,
            sign * bytes::bigint AS bytes, sign * micros::bigint AS micros
        FROM pg_temp.change WHERE kind = 1
        UNION ALL
        SELECT page, 0, sign, 0, 0, 0, 0, 0, 0, 0 FROM pg_temp.pair
        UNION ALL
        SELECT entry, 0, 0, sign, 0, CASE views WHEN 1 THEN sign ELSE 0 END, 0, 0, 0, 0
        FROM pg_temp.visit_change
        UNION ALL
        SELECT exit, 0, 0, 0, sign, 0, 0, 0, 0, 0 FROM pg_temp.visit_change) p
    GROUP BY page
    HAVING sum(views) <> 0 OR sum(visitors) <> 0 OR sum(entries) <> 0 OR sum(exits) <> 0
        OR sum(bounces) <> 0 OR sum(unchanged) <> 0 OR sum(slow) <> 0 OR sum(bytes) <> 0
        OR sum(micros) <> 0
    ORDER BY page
    ON CONFLICT (day, page) DO UPDATE SET views = t.views + excluded.views,
        visitors = t.visitors + excluded.visitors, entries = t.entries + excluded.entries,
        exits = t.exits + excluded.exits, bounces = t.bounces + excluded.bounces,
        unchanged = t.unchanged + excluded.unchanged, slow = t.slow + excluded.slow,
        bytes = t.bytes + excluded.bytes, micros = t.micros + excluded.micros;

    INSERT INTO traffic.visitor_day AS t
    SELECT d, sum(sign) FROM (SELECT DISTINCT visitor, sign FROM pg_temp.visit_change) v
    HAVING sum(sign) <> 0
    ON CONFLICT (day) DO UPDATE SET visitors = t.visitors + excluded.visitors;

    INSERT INTO traffic.source_day AS t
    SELECT d, source, campaign, sum(sign), sum(sign * views),
        sum(CASE views WHEN 1 THEN sign ELSE 0 END),
        sum(sign * (extract(epoch FROM last - start) * 1000000)::bigint)
    FROM pg_temp.visit_change GROUP BY source, campaign
    HAVING (sum(sign), sum(sign * views), sum(CASE views WHEN 1 THEN sign ELSE 0 END),
        sum(sign * (extract(epoch FROM last - start) * 1000000)::bigint)) <> (0, 0, 0, 0)
    ORDER BY source, campaign
    ON CONFLICT (day, source, campaign) DO UPDATE SET visits = t.visits + excluded.visits,
        views = t.views + excluded.views, bounces = t.bounces + excluded.bounces,
        micros = t.micros + excluded.micros;

    INSERT INTO traffic.agent_day AS t
    SELECT d, agent, kind, reason, sum(hits), sum(visits)
    FROM (
        SELECT agent, kind, reason, sum(sign) AS hits, 0 AS visits FROM pg_temp.change
        WHERE kind IN (1, 2, 7) GROUP BY agent, kind, reason
        UNION ALL
        SELECT agent, 1, 0, 0, sum(sign) FROM pg_temp.visit_change GROUP BY agent) a
    GROUP BY agent, kind, reason HAVING (sum(hits), sum(visits)) <> (0, 0)
    ORDER BY agent, kind, reason
    ON CONFLICT (day, agent, kind, reason) DO UPDATE SET hits = t.hits + excluded.hits,
        visits = t.visits + excluded.visits;

    INSERT INTO traffic.feed_day AS t
    SELECT d, page, agent, sum(sign) FROM pg_temp.change WHERE kind = 7
    GROUP BY page, agent ORDER BY page, agent
    ON CONFLICT (day, page, agent) DO UPDATE SET hits = t.hits + excluded.hits;

    INSERT INTO traffic.way_day AS t
    SELECT d, page, source, sum(sign) FROM pg_temp.change WHERE kind = 1
    GROUP BY page, source HAVING sum(sign) <> 0 ORDER BY page, source
    ON CONFLICT (day, page, source) DO UPDATE SET views = t.views + excluded.views;

    INSERT INTO traffic.coding_day AS t
    SELECT d, (flags >> 10 & 3)::smallint AS coding, status = 304 AS is_unchanged, sum(sign),
        sum(sign * bytes::bigint)
    FROM pg_temp.change WHERE kind = 1 GROUP BY coding, is_unchanged
    HAVING (sum(sign), sum(sign * bytes::bigint)) <> (0, 0) ORDER BY coding, is_unchanged
    ON CONFLICT (day, coding, is_unchanged) DO UPDATE SET views = t.views + excluded.views,
        bytes = t.bytes + excluded.bytes;

    INSERT INTO traffic.missing_day AS t
    SELECT d, page, source, sum(sign) FROM pg_temp.change WHERE kind = 3
    GROUP BY page, source HAVING sum(sign) <> 0 ORDER BY page, source
    ON CONFLICT (day, page, source) DO UPDATE SET hits = t.hits + excluded.hits;
END
$$;

-- Adds the first views of visitors to what is read most.
CREATE OR REPLACE FUNCTION traffic.add_trend() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan SET jit = off AS $$
DECLARE half double precision := (SELECT date_part('epoch', half_life) FROM traffic.setting);
BEGIN
    INSERT INTO traffic.trend AS t
    SELECT view, key, max(score) + ln(sum(CASE WHEN newest - score > 50 THEN 0
        ELSE power(2::double precision, score - newest) END)) / ln(2::double precision)
    FROM (
        SELECT g.view, g.key, s.score, max(s.score) OVER (PARTITION BY g.view, g.key) AS newest
        FROM (
            SELECT page, max(time) + ln(sum(CASE WHEN newest - time > 50 THEN 0
                ELSE power(2::double precision, time - newest) END))
                / ln(2::double precision) AS score
            FROM (
                SELECT p.page, date_part('epoch', p.at) / half AS time,
                    max(date_part('epoch', p.at) / half) OVER (PARTITION BY p.page) AS newest
                FROM pg_temp.pair p
                WHERE p.sign = 1 AND NOT EXISTS (SELECT FROM pg_temp.pair o
                    WHERE o.sign = -1 AND (o.visitor, o.page) = (p.visitor, p.page))) n
            GROUP BY page) s,
            -- Looked up one by one: a plan that was made when there were few pages reads all.
            LATERAL (SELECT view, key FROM traffic.page WHERE id = s.page LIMIT 1) g
        WHERE g.view <> '') v
    GROUP BY view, key ORDER BY view, key
    ON CONFLICT (view, key) DO UPDATE SET score = traffic.log_sum(t.score, excluded.score);
END
$$;

-- Counts what COPY brought into pg_temp.incoming: rows, visits and counts.
--
-- Rows that cannot be of their day, since a clock was wrong or since they waited too long, are of
-- the day of their arrival; imported ones keep theirs, and are refused if its rows are gone.
CREATE OR REPLACE FUNCTION traffic.fold(imported boolean, OUT redated bigint, OUT refused bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan SET jit = off AS $$
DECLARE
    d date;
    lo timestamptz;
    hi timestamptz;
    arrival timestamptz := now();
    earliest timestamptz := traffic.starts(
        traffic.day_of(arrival) - (SELECT hit_days FROM traffic.setting));
    special bigint[];
    gone bigint;
    is_second boolean := false;
BEGIN
    PERFORM traffic.require_own_tables();
    redated := 0;
    refused := 0;
    UPDATE pg_temp.incoming SET at = arrival
    WHERE at > arrival + interval '5 minutes' OR NOT imported AND at < earliest;
    GET DIAGNOSTICS redated = ROW_COUNT;
    LOOP
        SELECT min(at) INTO lo FROM pg_temp.incoming WHERE hi IS NULL OR at >= hi;
        EXIT WHEN lo IS NULL;
        d := traffic.day_of(lo);
        lo := traffic.starts(d);
        hi := traffic.starts(d + 1);
        IF EXISTS (SELECT FROM traffic.day f WHERE f.day = d AND f.is_final) THEN
            DELETE FROM pg_temp.incoming WHERE at >= lo AND at < hi;
            GET DIAGNOSTICS gone = ROW_COUNT;
            refused := refused + gone;
            UPDATE traffic.day f SET refused = f.refused + gone WHERE f.day = d;
            CONTINUE;
        END IF;
        PERFORM traffic.make_day(d);
        INSERT INTO traffic.day AS t (day) VALUES (d)
        ON CONFLICT (day) DO UPDATE SET counted_at = now(), is_late = t.sealed_at IS NOT NULL
        WHERE t.counted_at < now() - interval '1 hour' OR t.sealed_at IS NOT NULL AND NOT t.is_late;
        IF is_second THEN
            DELETE FROM pg_temp.seen;
            DELETE FROM pg_temp.change;
            DELETE FROM pg_temp.pair;
            DELETE FROM pg_temp.verdict;
            DELETE FROM pg_temp.visit_change;
        END IF;
        is_second := true;
        special := traffic.look(d, lo, hi);
        PERFORM traffic.revisit(d, lo, hi, special), traffic.add_counts(d), traffic.add_trend();
    END LOOP;
    IF redated > 0 THEN
        UPDATE traffic.day t SET redated = t.redated + fold.redated
        WHERE t.day = traffic.day_of(arrival);
    END IF;
END
$$;

-- A time as it counts: its own, unless a clock was wrong or it waited too long. Then it is now.
CREATE OR REPLACE FUNCTION traffic.possible(t timestamptz) RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF t > now() + interval '5 minutes' OR t < traffic.starts(
        traffic.day_of(now()) - (SELECT hit_days FROM traffic.setting))
    THEN
        RETURN now();
    END IF;
    RETURN t;
END
$$;

-- The same of many times; their days are days of the statistics, even if no row is of them.
CREATE OR REPLACE FUNCTION traffic.possible_times(times timestamptz[]) RETURNS timestamptz[]
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO traffic.day (day)
    SELECT DISTINCT traffic.day_of(traffic.possible(u.t)) FROM unnest(times) u(t)
    ON CONFLICT DO NOTHING;
    SELECT array_agg(traffic.possible(u.t) ORDER BY u.place)
    FROM unnest(times) WITH ORDINALITY AS u(t, place)
$$;

-- Counts how fragments came into pages.
CREATE OR REPLACE FUNCTION traffic.add_slots(
    times timestamptz[], fragments integer[], outcomes smallint[], counts bigint[])
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO traffic.slot_hour AS t
    SELECT date_trunc('hour', s.at, traffic.zone_of(traffic.day_of(s.at))), s.fragment, s.outcome,
        sum(s.count)
    FROM unnest(traffic.possible_times(times), fragments, outcomes, counts)
        AS s(at, fragment, outcome, count)
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (hour, fragment, outcome) DO UPDATE SET count = t.count + excluded.count
$$;

-- Counts what servers lost.
CREATE OR REPLACE FUNCTION traffic.add_losses(
    times timestamptz[], of_server uuid, kinds smallint[], counts bigint[])
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO traffic.loss_day AS t
    SELECT traffic.day_of(l.at), of_server, l.kind, sum(l.count)
    FROM unnest(traffic.possible_times(times), kinds, counts) AS l(at, kind, count)
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (day, server, kind) DO UPDATE SET count = t.count + excluded.count
$$;

-- Counts browsers' reports of violated policies; of a day with very many, only how many.
CREATE OR REPLACE FUNCTION traffic.add_reports(
    times timestamptz[], pages integer[], directives text[], blocked text[])
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO traffic.report_day AS t
    SELECT r.day, CASE WHEN r.is_full THEN 1 ELSE r.page END,
        CASE WHEN r.is_full THEN '(other)' ELSE r.directive END,
        CASE WHEN r.is_full THEN '(other)' ELSE r.blocked END, count(*)
    FROM (
        SELECT u.*, traffic.day_of(u.at) AS day, (
            SELECT count(*) >= 2000 FROM traffic.report_day o
            WHERE o.day = traffic.day_of(u.at)) AS is_full
        FROM unnest(traffic.possible_times(times), pages, directives, blocked)
            AS u(at, page, directive, blocked)) r
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (day, page, directive, blocked) DO UPDATE SET count = t.count + excluded.count
$$;

-- Counts the times that browsers measured.
CREATE OR REPLACE FUNCTION traffic.add_vitals(
    times timestamptz[], pages integer[], vitals text[], steps smallint[])
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO traffic.vital_day AS t
    SELECT traffic.day_of(v.at), v.page, v.vital, v.step, count(*)
    FROM unnest(traffic.possible_times(times), pages, vitals, steps) AS v(at, page, vital, step)
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (day, page, vital, step) DO UPDATE SET count = t.count + excluded.count
$$;
