-- key: slug
-- nullable: films
SELECT lower(a.first_name || '-' || a.last_name || '-' || a.actor_id % 50) AS slug, a.actor_id,
    (SELECT string_agg(f.title, ', ' ORDER BY f.title, f.film_id) FROM film_actor x
        JOIN film f ON f.film_id = x.film_id
     WHERE x.actor_id = a.actor_id) AS films
FROM actor a
