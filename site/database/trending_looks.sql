-- What is read most just now: one shared fragment for every page. The scores are those of the
-- traffic (docs/traffic.md); looks that nobody has read follow by their rating.
-- key: edition
-- json: looks [LookCard]
SELECT
    e.slug AS edition,
    (SELECT coalesce(json_agg(
        k.card ORDER BY k.score DESC NULLS LAST, k.rating DESC, k.id), '[]')
     FROM (SELECT c.id, c.card, l.rating, t.score
           FROM sitegen.look_card c
           JOIN fashion.look l ON l.id = c.id
           LEFT JOIN traffic.trend t ON t.view = 'look_page' AND t.key = l.slug
           ORDER BY t.score DESC NULLS LAST, l.rating DESC, c.id
           LIMIT 5) k) AS looks
FROM fashion.edition e
