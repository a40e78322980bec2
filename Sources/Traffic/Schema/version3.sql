-- Version 3 of the tables.
--
-- What a visit is goes by days, as the zone does. Texts know when they were last asked for, so that
-- those of strangers can be removed with the last row that names them. What pages of statistics
-- asked of rows, by which ways pages are come to and in which codings they are sent, is counted.

-- When a visit is over, and whether pages show something besides themselves: of the days from
-- `since` on.
CREATE TABLE traffic.rule (
    since date PRIMARY KEY,
    visit_gap interval NOT NULL DEFAULT '30 minutes' CHECK (visit_gap > '0'),
    asks_for_assets boolean NOT NULL DEFAULT true
);
INSERT INTO traffic.rule
SELECT date '2000-01-01', visit_gap, asks_for_assets FROM traffic.setting;
ALTER TABLE traffic.setting DROP COLUMN visit_gap, DROP COLUMN asks_for_assets;

-- The day on which the number of a text was last given to an ingester. An ingester asks for each
-- number on each day on which it writes it, so no row that came later names it.
ALTER TABLE traffic.page ADD COLUMN seen date NOT NULL DEFAULT current_date;
ALTER TABLE traffic.source ADD COLUMN seen date NOT NULL DEFAULT current_date;
ALTER TABLE traffic.campaign ADD COLUMN seen date NOT NULL DEFAULT current_date;
ALTER TABLE traffic.agent ADD COLUMN seen date NOT NULL DEFAULT current_date;
ALTER TABLE traffic.fragment ADD COLUMN seen date NOT NULL DEFAULT current_date;

-- How many paths were forgotten: they are called by their numbers.
ALTER TABLE traffic.setting ADD COLUMN forgotten integer NOT NULL DEFAULT 0;

-- Views of a page by what its readers came from. Pairs are many: they are kept as long as rows are.
CREATE TABLE traffic.way_day (
    day date NOT NULL,
    page integer NOT NULL,
    source integer NOT NULL,
    views integer NOT NULL,
    PRIMARY KEY (day, page, source)
) WITH (fillfactor = 70);

-- Views by the coding in which they were sent: 0 none, 1 gzip, 2 brotli, 3 delta.
CREATE TABLE traffic.coding_day (
    day date NOT NULL,
    coding smallint NOT NULL,
    is_unchanged boolean NOT NULL,
    views integer NOT NULL,
    bytes bigint NOT NULL,
    PRIMARY KEY (day, coding, is_unchanged)
) WITH (fillfactor = 70);

-- Ingesters of earlier versions stop here: they call it without the generation of numbers.
DROP FUNCTION IF EXISTS traffic.take(uuid, uuid, timestamptz, boolean);
