-- A record shop: songs on records by performers, lists that share songs, sales of songs.

CREATE TABLE performer (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE record (
    id bigint PRIMARY KEY, performer_id bigint NOT NULL REFERENCES performer, title text NOT NULL);
CREATE TABLE style (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE format (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE song (
    id bigint PRIMARY KEY, name text NOT NULL,
    record_id bigint NOT NULL REFERENCES record, style_id bigint REFERENCES style,
    format_id bigint NOT NULL REFERENCES format, seconds int NOT NULL,
    price numeric(10, 2) NOT NULL);
CREATE TABLE list (id bigint PRIMARY KEY, name text);
CREATE TABLE list_song (
    id bigint PRIMARY KEY, list_id bigint NOT NULL REFERENCES list,
    song_id bigint NOT NULL REFERENCES song, UNIQUE (list_id, song_id));
CREATE TABLE buyer (id bigint PRIMARY KEY, name text NOT NULL, country text NOT NULL);
CREATE TABLE sale (
    id bigint PRIMARY KEY, buyer_id bigint NOT NULL REFERENCES buyer, sold_at timestamptz NOT NULL);
CREATE TABLE sale_line (
    id bigint PRIMARY KEY, sale_id bigint NOT NULL REFERENCES sale,
    song_id bigint NOT NULL REFERENCES song, price numeric(10, 2) NOT NULL, quantity int NOT NULL);

CREATE INDEX ON record (performer_id);
CREATE INDEX ON song (record_id);
CREATE INDEX ON song (style_id);
CREATE INDEX ON song (format_id);
CREATE INDEX ON list_song (song_id);
CREATE INDEX ON sale (buyer_id);
CREATE INDEX ON sale_line (sale_id);
CREATE INDEX ON sale_line (song_id);
