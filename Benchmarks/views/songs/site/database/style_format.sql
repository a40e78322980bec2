-- How many songs of a style there are in a format.
-- key: style_id, format_id
SELECT s.style_id, s.format_id, count(*) AS songs, sum(s.price) AS price
FROM song s
WHERE s.style_id IS NOT NULL
GROUP BY s.style_id, s.format_id
