-- One hit as one INSERT of plain texts, as pgbench runs it. Nothing is counted: who reads has to
-- count all rows. It is the least that a statement a hit can cost.
\set visitor random(1, 5000)
\set page random_exponential(1, 2000, 8)
\set source random(1, 200)
\set bytes random(100, 50000)
INSERT INTO before.plain (at, ip, agent, url, referer, ms, status, bytes)
VALUES (now(), '192.0.2.' || :visitor, 'Mozilla/5.0 Firefox/' || :visitor % 40,
    '/looks/' || :page || '/', 'https://s' || :source || '.example/', 1.5, 200, :bytes);
