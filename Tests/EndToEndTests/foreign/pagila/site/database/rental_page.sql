-- key: rental_id
-- nullable: title, length
SELECT r.rental_id, lower(r.rental_period)::date AS began, f.title, 100 / nullif(f.length,
    0) AS length
FROM rental r LEFT JOIN inventory i ON i.inventory_id = r.inventory_id LEFT
    JOIN film f ON f.film_id = i.film_id
