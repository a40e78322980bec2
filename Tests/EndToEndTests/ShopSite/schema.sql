-- A record shop as some other program keeps it; nothing here knows of pages.
CREATE TABLE artist (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE album (
    id int PRIMARY KEY, artist_id int NOT NULL REFERENCES artist, title text NOT NULL,
    released date NOT NULL, price numeric(8, 2) NOT NULL, published timestamptz,
    is_draft boolean NOT NULL DEFAULT false);
CREATE TABLE track (
    album_id int NOT NULL REFERENCES album, number int, title text NOT NULL,
    PRIMARY KEY (album_id, number));
CREATE TABLE sale (id int PRIMARY KEY, album_id int NOT NULL REFERENCES album);
CREATE TABLE basket (token text PRIMARY KEY, quantity int NOT NULL);
CREATE TABLE old_address (path text PRIMARY KEY, target text);
CREATE INDEX ON album (artist_id);
CREATE INDEX ON track (album_id);
CREATE INDEX ON sale (album_id);
INSERT INTO artist VALUES (1, 'Ölbaum & Söhne'), (2, 'The Nots');
INSERT INTO album SELECT g, 1 + g % 2, 'Record No. ' || g, date '2020-02-28' + g, 9.5 + g,
    CASE g WHEN 8 THEN timestamptz '2100-01-01' ELSE '2021-01-01' END, g = 7
    FROM generate_series(1, 8) g;
INSERT INTO track SELECT a.id, g, 'Song ' || g FROM album a, generate_series(1, 3) g;
INSERT INTO sale VALUES (1, 3), (2, 3), (3, 1);
INSERT INTO basket VALUES ('visitor-one-token', 2);
INSERT INTO old_address VALUES ('/index.php', '/'), ('/fax', NULL);
