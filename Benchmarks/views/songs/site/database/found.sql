-- Everything that can be searched for.
-- key: path
SELECT '/songs/' || s.id::text AS path, s.name FROM song s
UNION ALL
SELECT '/records/' || r.id::text, r.title FROM record r
UNION ALL
SELECT '/performers/' || p.id::text, p.name FROM performer p
