-- The views for everyone: what was read, by whom and from where, as plain rows. Their names and
-- columns stay. docs/traffic.md says what each number is.
--
-- They show counts only, so a role that may read them sees no row of a visitor. A number that is
-- small tells of one person: what is shown to the public is best rounded.

-- Views and visits of each day. visitors is exact within a day; over days it adds up to
-- visitor-days, since nobody is known for longer. LATERAL: who asks for a few days reads no others.
CREATE OR REPLACE VIEW traffic.days AS
SELECT d.day, coalesce(p.views, 0) AS views, coalesce(s.visits, 0) AS visits,
    coalesce(v.visitors, 0) AS visitors, coalesce(s.bounces, 0) AS bounces,
    coalesce(s.seconds, 0) AS seconds, coalesce(a.robots, 0) AS robots,
    coalesce(a.feeds, 0) AS feeds, coalesce(m.hits, 0) AS missing,
    coalesce(l.lost, 0) AS lost, d.redated, d.refused, d.sealed_at, d.is_late, d.is_final
FROM traffic.day d
LEFT JOIN LATERAL (
    SELECT sum(c.views) AS views FROM traffic.page_day c WHERE c.day = d.day) p ON true
LEFT JOIN LATERAL (
    SELECT sum(c.visits) AS visits, sum(c.bounces) AS bounces,
        (sum(c.micros) / 1000000)::bigint AS seconds
    FROM traffic.source_day c WHERE c.day = d.day) s ON true
LEFT JOIN traffic.visitor_day v USING (day)
LEFT JOIN LATERAL (
    SELECT sum(c.hits) FILTER (WHERE c.kind = 2) AS robots,
        sum(c.hits) FILTER (WHERE c.kind = 7) AS feeds
    FROM traffic.agent_day c WHERE c.day = d.day) a ON true
LEFT JOIN LATERAL (
    SELECT sum(c.hits) AS hits FROM traffic.missing_day c WHERE c.day = d.day) m ON true
LEFT JOIN LATERAL (
    SELECT sum(c.count) AS lost FROM traffic.loss_day c WHERE c.day = d.day) l ON true;

-- Pages by day.
CREATE OR REPLACE VIEW traffic.pages AS
SELECT c.day, p.path, p.view, p.key, c.views, c.visitors, c.entries, c.exits, c.bounces,
    c.unchanged, c.bytes, c.micros, c.page
FROM traffic.page_day c JOIN traffic.page p ON p.id = c.page WHERE c.views > 0;

-- The name of where visitors came from.
CREATE OR REPLACE VIEW traffic.source_name AS
SELECT id AS source, class, CASE class WHEN 0 THEN 'unknown' WHEN 1 THEN 'typed'
    WHEN 2 THEN 'hidden' WHEN 3 THEN 'inside' ELSE text END AS name,
    CASE class WHEN 3 THEN text END AS path
FROM traffic.source;

-- Where visits came from, by day. A visit that begins inside is one that midnight cut, or that
-- went on after a pause: continued.
CREATE OR REPLACE VIEW traffic.sources AS
SELECT c.day, CASE n.class WHEN 3 THEN 'continued' ELSE n.name END AS source,
    sum(c.visits) AS visits, sum(c.views) AS views, sum(c.bounces) AS bounces,
    (sum(c.micros) / 1000000)::bigint AS seconds
FROM traffic.source_day c JOIN traffic.source_name n USING (source)
GROUP BY 1, 2 HAVING sum(c.visits) > 0;

-- What kind of site a source is, as far as its host tells.
CREATE OR REPLACE VIEW traffic.source_kind AS
SELECT n.id AS source, CASE n.class WHEN 0 THEN 'unknown' WHEN 1 THEN 'typed' WHEN 2 THEN 'hidden'
    WHEN 3 THEN 'continued' ELSE coalesce(g.name, 'other site') END AS source_group
FROM traffic.source n LEFT JOIN LATERAL (
    SELECT l.name FROM (VALUES
        ('mail', '^(webmail\.|deref-)|(^|\.)(mail\.google\.com|mail\.yahoo\.com|mail\.proton\.me|'
            'outlook\.(live|office|office365)\.com|com\.google\.android\.gm)$'),
        ('assistant', '(^|\.)(chatgpt\.com|openai\.com|perplexity\.ai|claude\.ai|mistral\.ai|'
            'gemini\.google\.com|copilot\.microsoft\.com|deepseek\.com|phind\.com|you\.com)$'),
        ('search', '(^|\.)(google(\.[a-z]{2,3}){1,2}|bing\.com|duckduckgo\.com|ecosia\.org|'
            'qwant\.com|startpage\.com|search\.brave\.com|yandex\.[a-z]{2,3}|ya\.ru|baidu\.com|'
            'naver\.com|daum\.net|seznam\.cz|sogou\.com|so\.com|mojeek\.com|kagi\.com|'
            'swisscows\.com|metager\.(org|de)|marginalia(-search)?\.(com|nu)|ask\.com|aol\.com|'
            'search\.yahoo\.co(m|\.jp)|yahoo\.co\.jp)$'),
        ('social', '(^|\.)(facebook\.com|instagram\.com|threads\.(net|com)|twitter\.com|x\.com|'
            't\.co|linkedin\.com|lnkd\.in|reddit\.com|pinterest(\.[a-z]{2,3}){1,2}|tumblr\.com|'
            'youtube\.com|tiktok\.com|vk\.com|ok\.ru|weibo\.com|bsky\.app|mastodon\.[a-z]+|'
            'discord\.com|t\.me|telegram\.org|whatsapp\.com|news\.ycombinator\.com|lobste\.rs|'
            'lemmy\.[a-z]+|quora\.com|xing\.com|snapchat\.com|medium\.com|substack\.com)$'))
        AS l(name, pattern)
    WHERE n.class = 4 AND n.text ~ l.pattern LIMIT 1) g ON true;

-- Where visits came from, by kinds of sites.
CREATE OR REPLACE VIEW traffic.source_groups AS
SELECT c.day, k.source_group, sum(c.visits) AS visits, sum(c.views) AS views,
    sum(c.bounces) AS bounces
FROM traffic.source_day c JOIN traffic.source_kind k USING (source)
GROUP BY 1, 2 HAVING sum(c.visits) > 0;

-- What campaigns brought, by day.
CREATE OR REPLACE VIEW traffic.campaigns AS
SELECT c.day, g.source, g.medium, g.name, sum(c.visits) AS visits, sum(c.views) AS views,
    sum(c.bounces) AS bounces
FROM traffic.source_day c JOIN traffic.campaign g ON g.id = c.campaign
WHERE c.campaign <> 0 GROUP BY 1, 2, 3, 4 HAVING sum(c.visits) > 0;

-- Where visits begin.
CREATE OR REPLACE VIEW traffic.entries AS
SELECT c.day, p.path, p.view, p.key, c.entries AS visits, c.bounces
FROM traffic.page_day c JOIN traffic.page p ON p.id = c.page WHERE c.entries > 0;

-- Where visits end.
CREATE OR REPLACE VIEW traffic.exits AS
SELECT c.day, p.path, p.view, p.key, c.exits AS visits
FROM traffic.page_day c JOIN traffic.page p ON p.id = c.page WHERE c.exits > 0;

-- Browsers, systems, devices and languages of people.
CREATE OR REPLACE VIEW traffic.agents AS
SELECT c.day, a.family, a.version, a.system,
    (ARRAY['unknown', 'desktop', 'phone', 'tablet', 'television'])[a.device + 1] AS device,
    a.language, sum(c.hits) AS views, sum(c.visits) AS visits
FROM traffic.agent_day c JOIN traffic.agent a ON a.id = c.agent
WHERE c.kind = 1 GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(c.hits) > 0;

-- Robots by name, or by what gave them away.
CREATE OR REPLACE VIEW traffic.robots AS
SELECT c.day, CASE WHEN a.robot <> '' THEN a.robot WHEN a.family <> '' THEN a.family
        ELSE 'unknown' END AS name,
    (ARRAY['', 'search', 'ai', 'feed', 'monitor', 'library', 'preview', 'marketing',
        'archive'])[a.purpose + 1] AS purpose,
    CASE c.reason WHEN 1 THEN 'named' WHEN 2 THEN 'no User-Agent' WHEN 3 THEN 'short User-Agent'
        WHEN 4 THEN 'no Accept-Language' WHEN 5 THEN 'no Sec-Fetch' WHEN 6 THEN 'Connection field'
        WHEN 7 THEN 'spam' WHEN 16 THEN 'robots.txt' WHEN 17 THEN 'probes'
        WHEN 18 THEN 'very many views' WHEN 19 THEN 'too fast' WHEN 20 THEN 'no assets'
        ELSE 'unknown' END AS reason,
    sum(c.hits) AS hits
FROM traffic.agent_day c JOIN traffic.agent a ON a.id = c.agent
WHERE c.kind = 2 GROUP BY 1, 2, 3, 4 HAVING sum(c.hits) > 0;

-- Feeds, what reads them, and how many readers that says it has.
CREATE OR REPLACE VIEW traffic.feeds AS
SELECT c.day, p.path, CASE WHEN a.robot <> '' THEN a.robot ELSE a.family END AS reader,
    sum(c.hits) AS hits, max(a.subscribers) AS subscribers
FROM traffic.feed_day c JOIN traffic.page p ON p.id = c.page JOIN traffic.agent a ON a.id = c.agent
GROUP BY 1, 2, 3 HAVING sum(c.hits) > 0;

-- All answers, by hour, kind and status; objected are those to visitors who object to being
-- measured.
CREATE OR REPLACE VIEW traffic.statuses AS
SELECT hour, (ARRAY['objected', 'view', 'robot', 'missing', 'redirect', 'prefetch', 'asset',
    'feed', 'refused', 'fetched'])[kind + 1] AS kind, status, hits, bytes, micros, histogram
FROM traffic.site_hour WHERE hits > 0;

-- Paths that lead nowhere, and who links there.
CREATE OR REPLACE VIEW traffic.missing AS
SELECT c.day, p.path, n.name AS source, n.path AS linked_on, c.hits
FROM traffic.missing_day c JOIN traffic.page p ON p.id = c.page
JOIN traffic.source_name n USING (source) WHERE c.hits > 0;

-- How long answers took: the mean, and how many took over 100 ms.
CREATE OR REPLACE VIEW traffic.slow AS
SELECT c.day, p.path, p.view, p.key, c.views, c.micros / c.views AS mean_micros, c.slow
FROM traffic.page_day c JOIN traffic.page p ON p.id = c.page WHERE c.views > 0;

-- How fragments came into pages, by hour.
CREATE OR REPLACE VIEW traffic.slots AS
SELECT c.hour, f.name AS fragment, (ARRAY['anonymous', 'hit', 'stale', 'miss', 'collapsed', 'kept',
    'absent', 'refused', 'late'])[c.outcome + 1] AS outcome, c.count
FROM traffic.slot_hour c JOIN traffic.fragment f ON f.id = c.fragment;

-- Browsers' reports of violated policies.
CREATE OR REPLACE VIEW traffic.reports AS
SELECT c.day, p.path, c.directive, c.blocked, c.count
FROM traffic.report_day c JOIN traffic.page p ON p.id = c.page;

-- The upper end of a step of the scale of vitals: 1, 2, 5, 10, 20, 50 …; ms, of CLS thousandths.
CREATE OR REPLACE FUNCTION traffic.vital_step(step smallint) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
    SELECT ((ARRAY[1, 2, 5])[step % 3 + 1] * power(10::numeric, step / 3))::integer
$$;

-- Times that browsers measured: three quarters of them were at most so long.
CREATE OR REPLACE VIEW traffic.vitals AS
SELECT day, path, vital, measured, min(traffic.vital_step(step)) AS at_most
FROM (
    SELECT c.day, p.path, c.vital, c.step,
        sum(c.count) OVER (PARTITION BY c.day, c.page, c.vital) AS measured,
        sum(c.count) OVER (PARTITION BY c.day, c.page, c.vital ORDER BY c.step) AS up_to
    FROM traffic.vital_day c JOIN traffic.page p ON p.id = c.page) v
WHERE up_to >= measured * 0.75 GROUP BY day, path, vital, measured;

-- Answers that have no record, since a spool was full, by server.
CREATE OR REPLACE VIEW traffic.losses AS
SELECT day, server, (ARRAY['objected', 'view', 'robot', 'missing', 'redirect', 'prefetch', 'asset',
    'feed', 'refused', 'fetched'])[kind + 1] AS kind, count
FROM traffic.loss_day;
