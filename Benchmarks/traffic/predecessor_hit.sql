-- One hit, as pgbench runs it: each text is looked up, inserted if it is new, and the row written,
-- in one statement of nine common table expressions.
\set visitor random(1, 5000)
\set page random_exponential(1, 2000, 8)
\set source random(1, 200)
\set bytes random(100, 50000)
WITH ip AS (SELECT id FROM before.ip WHERE name = '192.0.2.' || :visitor),
    new_ip AS (INSERT INTO before.ip (name, updated) SELECT '192.0.2.' || :visitor, now()
        WHERE NOT EXISTS (SELECT FROM ip) ON CONFLICT (name) DO NOTHING RETURNING id),
    url AS (SELECT id FROM before.url WHERE name = '/looks/' || :page || '/'),
    new_url AS (INSERT INTO before.url (name, updated) SELECT '/looks/' || :page || '/', now()
        WHERE NOT EXISTS (SELECT FROM url) ON CONFLICT (name) DO NOTHING RETURNING id),
    referer AS (SELECT id FROM before.url WHERE name = 'https://s' || :source || '.example/'),
    new_referer AS (INSERT INTO before.url (name, updated)
        SELECT 'https://s' || :source || '.example/', now()
        WHERE NOT EXISTS (SELECT FROM referer) ON CONFLICT (name) DO NOTHING RETURNING id),
    mime AS (SELECT id FROM before.mime WHERE name = 'text/html'),
    new_mime AS (INSERT INTO before.mime (name, updated) SELECT 'text/html', now()
        WHERE NOT EXISTS (SELECT FROM mime) ON CONFLICT (name) DO NOTHING RETURNING id),
    agent AS (SELECT id FROM before.agent WHERE name = 'Mozilla/5.0 Firefox/' || :visitor % 40),
    new_agent AS (INSERT INTO before.agent (name, updated)
        SELECT 'Mozilla/5.0 Firefox/' || :visitor % 40, now()
        WHERE NOT EXISTS (SELECT FROM agent) ON CONFLICT (name) DO NOTHING RETURNING id),
    accept AS (SELECT id FROM before.accept WHERE name = 'text/html,*/*'),
    new_accept AS (INSERT INTO before.accept (name, updated) SELECT 'text/html,*/*', now()
        WHERE NOT EXISTS (SELECT FROM accept) ON CONFLICT (name) DO NOTHING RETURNING id),
    lang AS (SELECT id FROM before.lang WHERE name = 'en-GB,en;q=0.5'),
    new_lang AS (INSERT INTO before.lang (name, updated) SELECT 'en-GB,en;q=0.5', now()
        WHERE NOT EXISTS (SELECT FROM lang) ON CONFLICT (name) DO NOTHING RETURNING id),
    coding AS (SELECT id FROM before.coding WHERE name = 'gzip, deflate, br'),
    new_coding AS (INSERT INTO before.coding (name, updated) SELECT 'gzip, deflate, br', now()
        WHERE NOT EXISTS (SELECT FROM coding) ON CONFLICT (name) DO NOTHING RETURNING id),
    rtype AS (SELECT id FROM before.rtype WHERE name = 'text/html; charset=utf-8'),
    new_rtype AS (INSERT INTO before.rtype (name, updated) SELECT 'text/html; charset=utf-8', now()
        WHERE NOT EXISTS (SELECT FROM rtype) ON CONFLICT (name) DO NOTHING RETURNING id),
    session AS (SELECT id FROM before.session WHERE name = 'k' || :visitor),
    new_session AS (INSERT INTO before.session (name, updated) SELECT 'k' || :visitor, now()
        WHERE NOT EXISTS (SELECT FROM session) ON CONFLICT (name) DO NOTHING RETURNING id)
INSERT INTO before.hit (at, ip, ms, status, url, mime, method, is_ajax, is_preview, is_prefetch,
    referer, agent, request_bytes, accept, lang, coding, rtype, bytes, compression, session_key,
    protocol, is_cached, session, logged)
SELECT now(), coalesce((SELECT id FROM ip), (SELECT id FROM new_ip)), 1.5, 200,
    coalesce((SELECT id FROM url), (SELECT id FROM new_url)),
    coalesce((SELECT id FROM mime), (SELECT id FROM new_mime)), 'G', false, false, false,
    coalesce((SELECT id FROM referer), (SELECT id FROM new_referer)),
    coalesce((SELECT id FROM agent), (SELECT id FROM new_agent)), 400,
    coalesce((SELECT id FROM accept), (SELECT id FROM new_accept)),
    coalesce((SELECT id FROM lang), (SELECT id FROM new_lang)),
    coalesce((SELECT id FROM coding), (SELECT id FROM new_coding)),
    coalesce((SELECT id FROM rtype), (SELECT id FROM new_rtype)), :bytes, 'b', 'k' || :visitor,
    '2', false, coalesce((SELECT id FROM session), (SELECT id FROM new_session)), now();
