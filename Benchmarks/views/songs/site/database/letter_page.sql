-- Performers by their first letter.
-- key: letter
SELECT upper(left(p.name, 1)) AS letter, count(*) AS performers
FROM performer p
GROUP BY 1
