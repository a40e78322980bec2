-- Fails as a whole when a category has no film that costs anything.
-- key: category_id
SELECT c.category_id, c.name, count(*) AS films,
    sum(f.length) / sum(f.rental_rate) AS minutes_per_coin
FROM category c JOIN film_category x ON x.category_id = c.category_id
    JOIN film f ON f.film_id = x.film_id
GROUP BY c.category_id, c.name
