-- Everything that a database may hold and a generator of sites may trip over. Made for
-- new_site.py: tables that nobody would design, and each of them has been seen somewhere.

CREATE ROLE nasty_reader;
CREATE EXTENSION IF NOT EXISTS citext;
CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TYPE mood AS ENUM ('calm', 'it''s "odd"', 'größer');
CREATE TYPE pair AS (one int, other text);
CREATE DOMAIN short_text AS text CHECK (length(VALUE) < 100);
CREATE DOMAIN shorter_text AS short_text NOT NULL;
CREATE SCHEMA other;
CREATE SCHEMA "Sch""ema; DROP";

-- Names: capitals, spaces, quotes, key words of SQL and Swift, elements of HTML, Unicode.
CREATE TABLE "Order" (
    "ID" int PRIMARY KEY,
    "Title" text NOT NULL,
    "class" text, "func" int, "self" bool, "init" text, "Type" text, "Self" text, "any" text,
    "some" text, "copy" text, "lazy" text, "row" text, "rev" int, "schema" text, "rowKey" text,
    "header" text, "label" text, "time" text, "data" text, "summary" text, "form" text,
    "link" text, "section" text, "main" text, "view" text, "facts" text, "path" text,
    "page" int, "pages" int, "slug" text, "id" text, "modified" text,
    "a b" text, "a_b" text, "a__b" text, "aB" text, "a""b" text, "a'b" text, "a\b" text,
    "größe" text, "名前" text, "2nd" text, "%" text, "?column?" text,
    "select" text, "from" text, "\(x)" text, "*/" text, "--" text
);
INSERT INTO "Order" ("ID", "Title", "class", "self", "a b", "a""b", "名前", "\(x)", "--")
VALUES (1, 'First <b>"order"</b> & co', 'x', true, 'a', 'b', '東京', '\(1)', '-- no comment');

CREATE TABLE "Größe ""in"" cm; --" (id int PRIMARY KEY, name text);
INSERT INTO "Größe ""in"" cm; --" VALUES (1, 'S'), (2, NULL);
COMMENT ON TABLE "Größe ""in"" cm; --" IS E'note: sizes\nkey: x\n*/ */ "quoted" \\(x) -- json: y';
CREATE TABLE 表 (id int PRIMARY KEY, 名 text, name text NOT NULL);
INSERT INTO 表 VALUES (1, '一', '一'), (2, '二', '二');
CREATE TABLE home (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO home VALUES (1, 'Home');
CREATE TABLE lost (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE static (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE not_found (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE v (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE def_x (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE "view" (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE item (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE item_list (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE "Item" (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE "item list" (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE other.item (id int PRIMARY KEY, name text NOT NULL, item_id int REFERENCES item);
CREATE TABLE "Sch""ema; DROP"."Ta'ble\" (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO "Sch""ema; DROP"."Ta'ble\" VALUES (1, 'In an odd schema');
INSERT INTO item VALUES (1, 'An item');
INSERT INTO other.item VALUES (1, 'Another item', 1);
CREATE TABLE a_table_whose_name_has_as_many_letters_as_postgresql_lets_it_in (
    a_column_whose_name_has_as_many_letters_as_postgresql_lets_it_h int PRIMARY KEY,
    name text NOT NULL,
    another_column_whose_name_has_as_many_letters_as_postgresql_let int,
    b_another_column_whose_name_has_as_many_letters_as_postgresql_l int
);
INSERT INTO a_table_whose_name_has_as_many_letters_as_postgresql_lets_it_in VALUES (1, 'Long');

-- Keys: none, several columns, all types; inheritance and partitions.
CREATE TABLE keyless (name text);
INSERT INTO keyless VALUES ('a'), ('a'), (NULL);
CREATE TABLE composite (a int, b int, name text, PRIMARY KEY (a, b));
CREATE TABLE parent (id int PRIMARY KEY, name text);
CREATE TABLE child (extra text) INHERITS (parent);
INSERT INTO parent VALUES (1, 'p');
INSERT INTO child VALUES (1, 'c', 'e');
CREATE TABLE event (id int, day date, name text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE event_old PARTITION OF event FOR VALUES FROM ('2000-01-01') TO ('2030-01-01');
INSERT INTO event VALUES (1, '2020-01-01', 'e');
CREATE TABLE parted (id int PRIMARY KEY, name text NOT NULL) PARTITION BY HASH (id);
CREATE TABLE parted_one PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parted_two PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO parted SELECT n, 'Part ' || n FROM generate_series(1, 60) n;
CREATE TABLE key_text (code text PRIMARY KEY, name text);
INSERT INTO key_text VALUES
    ('plain', 'Plain'), ('PLAIN', 'Upper'), ('a/b', 'Slash'), ('..', 'Dots'), ('.', 'Dot'),
    ('', 'Empty'), ('a b', 'Space'), ('50% off?', 'Query'), ('~', 'Tilde'), ('東京', 'Tokyo'),
    ('index.html', 'Index'), ('page', 'Page'), (E'a\nb', 'Line'), (E'\u0001', 'Control'),
    ('-', 'Dash'), ('a~b', 'Tilde inside'), (repeat('x', 300), 'Long'),
    (repeat('y', 2000), 'Too long to be a key'), ('A&B', 'And'), ('a&b', 'and'), ('ä', 'Umlaut');
CREATE TABLE key_uuid (id uuid PRIMARY KEY, name text);
INSERT INTO key_uuid VALUES ('00000000-0000-0000-0000-000000000001', 'One');
CREATE TABLE key_numeric (id numeric PRIMARY KEY, name text);
INSERT INTO key_numeric VALUES (1.50, 'One and a half'), (-2, 'Minus'), ('NaN', 'No number');
CREATE TABLE key_date (day date PRIMARY KEY, name text);
INSERT INTO key_date VALUES ('2026-05-03', 'A day'), ('infinity', 'For ever');
CREATE TABLE key_mood (mood mood PRIMARY KEY, name text);
INSERT INTO key_mood VALUES ('calm', 'Calm'), ('it''s "odd"', 'Odd');
CREATE TABLE key_char (code char(5) PRIMARY KEY, name text);
INSERT INTO key_char VALUES ('a', 'Padded'), ('abcde', 'Full');
CREATE TABLE key_domain (code shorter_text PRIMARY KEY, name text);
INSERT INTO key_domain VALUES ('d', 'Domain');
CREATE TABLE key_citext (code citext PRIMARY KEY, name text);
INSERT INTO key_citext VALUES ('Mixed Case', 'Citext');
CREATE TABLE key_loose (code text COLLATE loose PRIMARY KEY, name text);
INSERT INTO key_loose VALUES ('Loose', 'Loose');
CREATE TABLE key_array (ids int[] PRIMARY KEY, name text);
CREATE TABLE key_pair (pair pair PRIMARY KEY, name text);
CREATE TABLE key_range (span int4range PRIMARY KEY, name text);
CREATE TABLE key_time (at timestamptz PRIMARY KEY, name text);
CREATE TABLE key_bytes (id bytea PRIMARY KEY, name text);
CREATE TABLE key_bool (is_it bool PRIMARY KEY, name text);
INSERT INTO key_bool VALUES (true, 'yes');

-- Names of rows: NULL, empty, spaces, alike, endless, without a letter for an address.
CREATE TABLE label (id int PRIMARY KEY, name text);
INSERT INTO label VALUES
    (1, NULL), (2, ''), (3, '   '), (4, 'Same'), (5, 'Same'), (6, '東京'), (7, '!!!'),
    (8, repeat('long ', 1000)), (9, E'two\nlines'), (10, E'\u0001\u200b\u202e'), (11, 'Éa ß ø'),
    (12, '<script>alert(1)</script>'), (13, '"''&'), (-14, 'Negative'), (15, '-'), (16, 'page');
CREATE TABLE label_loose (id int PRIMARY KEY, name text COLLATE loose);
INSERT INTO label_loose VALUES (1, 'Ü'), (2, 'ü');
CREATE TABLE label_char (id int PRIMARY KEY, name char(10));
INSERT INTO label_char VALUES (1, 'padded'), (2, NULL);
CREATE TABLE label_two (id int PRIMARY KEY, first_name text, last_name text);
INSERT INTO label_two VALUES (1, 'Ann', NULL), (2, NULL, NULL), (3, 'Bo', 'Bee');
CREATE TABLE slugged (id int PRIMARY KEY, slug text UNIQUE, title text);
INSERT INTO slugged VALUES
    (1, 'fine', 'Fine'), (2, 'Fine', 'Upper'), (3, 'a/b', 'Slash'), (4, '', 'Empty'),
    (5, NULL, 'None'), (6, NULL, NULL), (7, '../up', 'Up'), (8, '7-x', 'Like a key'), (9, '~5', ''),
    (10, 'page', 'Page'), (11, ' fine ', 'Spaces'), (12, 'x.html', 'File'), (13, '-', 'Dash');
CREATE TABLE slug_null (id int PRIMARY KEY, slug text, title text NOT NULL);
CREATE UNIQUE INDEX ON slug_null (slug) WHERE slug IS NOT NULL;
INSERT INTO slug_null VALUES (1, NULL, 'Partial index');

-- Foreign keys: to oneself, in a circle, twice, of several columns, deferrable, not valid, to a
-- table without pages, to another schema, to a unique column, to a hidden row.
CREATE TABLE node (id int PRIMARY KEY, name text NOT NULL, parent_id int REFERENCES node,
    best_id int REFERENCES node, composite_a int, composite_b int,
    later_id int NOT NULL REFERENCES item DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (composite_a, composite_b) REFERENCES composite);
INSERT INTO composite VALUES (1, 1, 'c');
INSERT INTO node VALUES (1, 'Root', NULL, 1, 1, 1, 1), (2, 'Leaf', 1, 1, NULL, NULL, 1);
CREATE INDEX ON node (parent_id);
CREATE TABLE hidden (id int PRIMARY KEY, name text NOT NULL, deleted_at timestamptz,
    is_published bool, published_at timestamptz, expires_at timestamp, updated_at timestamptz);
INSERT INTO hidden VALUES
    (1, 'Shown', NULL, true, '2020-01-01', NULL, '2026-01-01'),
    (2, 'Row taken away', '2020-01-01', true, '2020-01-01', NULL, 'infinity'),
    (3, 'Row in draft', NULL, false, '2020-01-01', NULL, NULL),
    (4, 'Row without a time', NULL, true, NULL, NULL, NULL),
    (5, 'Row to come', NULL, true, '2999-01-01', NULL, NULL),
    (6, 'Row of the past', NULL, true, '2020-01-01', '2021-01-01', '0044-03-15 BC');
CREATE TABLE pointing (id int PRIMARY KEY, name text NOT NULL,
    hidden_id int NOT NULL REFERENCES hidden, slug text NOT NULL REFERENCES slugged (slug),
    other_item int REFERENCES other.item, key_text text REFERENCES key_text);
INSERT INTO pointing VALUES
    (1, 'To what is shown', 1, 'fine', 1, 'a/b'), (2, 'To what is not', 3, 'Fine', NULL, NULL),
    (3, 'To a long key', 1, 'fine', 1, repeat('y', 2000));
ALTER TABLE pointing ADD COLUMN lax_id int NOT NULL DEFAULT 99;
ALTER TABLE pointing ADD CONSTRAINT lax FOREIGN KEY (lax_id) REFERENCES item NOT VALID;
CREATE TABLE item_label (item_id int REFERENCES item, label_id int REFERENCES label,
    created_at timestamptz, PRIMARY KEY (item_id, label_id));
INSERT INTO item_label VALUES (1, 1, now()), (1, 4, now()), (1, 5, now());
CREATE TABLE node_node (id int PRIMARY KEY, node_id int NOT NULL REFERENCES node,
    related_id int NOT NULL REFERENCES node, UNIQUE (node_id, related_id));
INSERT INTO node_node VALUES (1, 1, 2), (2, 1, 1);
CREATE TABLE one_to_one (item_id int PRIMARY KEY REFERENCES item, name text NOT NULL);
INSERT INTO one_to_one VALUES (1, 'One');

-- Types.
CREATE TABLE every_type (
    id bigint PRIMARY KEY, name varchar(50) NOT NULL, description text, body text,
    a int2, b int4, c int8, d numeric(10, 2), e numeric, f float4, g float8, h money, i bool,
    j char(3), k "char", l name, m citext, n mood, o short_text, p date, q time, r timetz,
    s timestamp, t timestamptz, u interval, v uuid, w bytea, x json, y jsonb, z xml,
    aa int[], ab text[], ac mood[], ad timestamptz[], ae bytea[], af jsonb[], ag pair[], ah int[][],
    ba int4range, bb numrange, bc tstzrange, bd daterange, be int4multirange,
    ca inet, cb cidr, cc macaddr, cd macaddr8, ce bit(4), cf varbit,
    da point, db line, dc lseg, dd box, de path, df polygon, dg circle,
    ea tsvector, eb tsquery, ec oid, ed regclass, ee pg_lsn, ef jsonpath, eg xid, eh pair,
    ei txid_snapshot, ej int2vector,
    fa int GENERATED ALWAYS AS (a + 1) STORED, fb int GENERATED ALWAYS AS IDENTITY,
    year int, website text
);
INSERT INTO every_type (id, name) VALUES (1, 'All NULL');
INSERT INTO every_type (id, name, description, body, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o,
    p, q, r, s, t, u, v, w, x, y, z, aa, ab, ac, ad, ah, ba, bb, bc, bd, be, ca, cb, cc, cd, ce, cf,
    da, db, dc, dd, de, df, dg, ea, eb, ec, ed, ee, ef, eg, eh, year, website)
VALUES (2, 'All there', E'First line.\nSecond <b>line</b>.', E'\n\n', 1, -2147483648,
    9223372036854775807, 4.50, 'NaN', 0.1, 'Infinity', 12.5, true, 'ab', 'x', 'name', 'CiText',
    'größer', 'short', '0044-03-15 BC', '24:00', '23:59:60+15:59', 'infinity', '-infinity',
    '1 year -2 days', '00000000-0000-0000-0000-000000000001', '\x00ff', '[1, 2]', '"text"',
    '<a>b</a>', '{1,NULL,3}', '{a,"b, c",NULL,""}', '{calm}', '{2026-01-01}', '{{1,2},{3,4}}',
    '[1,5)', '(,1.5]', '[2026-01-01,)', '[2026-01-01,2026-02-01)', '{[1,2)}', '::1', '10.0.0.0/8',
    '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', B'1010', B'1', '(1,2)', '{1,2,3}',
    '[(0,0),(1,1)]', '(1,1),(0,0)', '[(0,0),(1,1)]', '((0,0),(1,1),(1,0))', '<(0,0),1>', 'a:1 b:2',
    'a & b', 1, 'every_type', '0/1', '$.a', '7', '(1,x)', 2026, 'https://example.com/?a=1&b=2');
CREATE TABLE json_shape (id int PRIMARY KEY, name text NOT NULL, ga jsonb, gb jsonb, gc json,
    "jsonB" jsonb NOT NULL DEFAULT '{}', year int, facts text);
INSERT INTO json_shape VALUES
    (1, 'An object', '{"color": "red", "class": 1, "a b": true, "a_b": null, "deep": {"x": 1},
        "": "none", "it''s": "quoted \"text\""}', '{"only": [1]}', '{"size": 1.50, "ü": "ü"}'),
    (2, 'Another shape', '[1, 2]', '5', '"text"'), (3, 'Nothing', NULL, NULL, NULL);

-- Who may read what.
CREATE TABLE secured (id int PRIMARY KEY, name text NOT NULL);
ALTER TABLE secured ENABLE ROW LEVEL SECURITY;
CREATE TABLE forbidden (id int PRIMARY KEY, name text NOT NULL, item_id int REFERENCES item);
CREATE TABLE half_forbidden (id int PRIMARY KEY, name text NOT NULL, open text, closed text);
INSERT INTO half_forbidden VALUES (1, 'Half', 'open', 'closed');
CREATE UNLOGGED TABLE unlogged (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE person (id int PRIMARY KEY, name text NOT NULL, email text, password_hash text,
    item_id int REFERENCES item);
INSERT INTO person VALUES (1, 'Ann', 'ann@example.com', 'SECRET-HASH', 1);
CREATE TABLE account (id int PRIMARY KEY, name text NOT NULL, api_token text, street text);
INSERT INTO account VALUES (1, 'An account', 'SECRET-TOKEN', 'SECRET-STREET');
CREATE VIEW some_view AS SELECT 1 AS id, 'x'::text AS name;
CREATE MATERIALIZED VIEW some_materialized AS SELECT 1 AS id, 'x'::text AS name;
CREATE TABLE nothing ();
CREATE TABLE only_key (id int PRIMARY KEY);
INSERT INTO only_key VALUES (1);
CREATE TABLE pointing_to_only_key (id int PRIMARY KEY, name text, only_key int REFERENCES only_key);

-- Sizes.
DO $$
DECLARE columns text := '';
BEGIN
    FOR n IN 1..1498 LOOP columns := columns || format(', c%s text', n); END LOOP;
    EXECUTE 'CREATE TABLE wide (id int PRIMARY KEY, name text NOT NULL' || columns || ')';
    INSERT INTO wide (id, name, c1, c1498) VALUES (1, 'Wide', 'first', 'last');
    CREATE SCHEMA many;
    FOR n IN 1..300 LOOP
        EXECUTE format('CREATE TABLE many.table_%s (id int PRIMARY KEY, name text NOT NULL, '
            || 'item_id int REFERENCES item)', n);
    END LOOP;
END $$;

GRANT USAGE ON SCHEMA public, other, many, "Sch""ema; DROP" TO nasty_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA public, other, many, "Sch""ema; DROP" TO nasty_reader;
REVOKE ALL ON forbidden, half_forbidden FROM nasty_reader;
GRANT SELECT (id, name, open) ON half_forbidden TO nasty_reader;
ALTER ROLE nasty_reader LOGIN;
ANALYZE;
