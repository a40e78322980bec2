-- The shape of a log that looks every text up and inserts one wide row a hit, in one statement:
-- nine tables of texts, each with its indexes, a row of 27 columns with twelve. Own SQL, written
-- for this comparison; only the shape is the predecessor's.

CREATE SCHEMA before;
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['ip', 'url', 'mime', 'agent', 'accept', 'lang', 'coding', 'rtype',
        'session']
    LOOP
        EXECUTE format('CREATE TABLE before.%I (id serial PRIMARY KEY, name varchar(510) UNIQUE, '
            'is_bot boolean, updated timestamptz)', name);
        EXECUTE format('CREATE INDEX ON before.%I (name varchar_pattern_ops)', name);
    END LOOP;
END
$$;
CREATE TABLE before.hit (
    id serial PRIMARY KEY, at timestamptz, ip int REFERENCES before.ip, ms float8, status smallint,
    url int REFERENCES before.url, mime int REFERENCES before.mime, method char(1), is_ajax bool,
    is_preview bool, is_prefetch bool, referer int REFERENCES before.url,
    agent int REFERENCES before.agent, request_bytes int, accept int REFERENCES before.accept,
    lang int REFERENCES before.lang, coding int REFERENCES before.coding,
    rtype int REFERENCES before.rtype, bytes int, compression char(1), session_key varchar(40),
    person int, latitude numeric(9, 6), longitude numeric(9, 6), protocol char(1), is_cached bool,
    session int REFERENCES before.session, logged timestamptz);
CREATE INDEX ON before.hit (at);
CREATE INDEX ON before.hit (ip);
CREATE INDEX ON before.hit (url);
CREATE INDEX ON before.hit (mime);
CREATE INDEX ON before.hit (referer);
CREATE INDEX ON before.hit (agent);
CREATE INDEX ON before.hit (accept);
CREATE INDEX ON before.hit (lang);
CREATE INDEX ON before.hit (coding);
CREATE INDEX ON before.hit (rtype);
CREATE INDEX ON before.hit (session_key);
CREATE INDEX ON before.hit (session);
CREATE TABLE before.plain (
    at timestamptz, ip text, agent text, url text, referer text, ms float8, status smallint,
    bytes int);
