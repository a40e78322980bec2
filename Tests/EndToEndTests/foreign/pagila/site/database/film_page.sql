-- A film with its actors and categories.
-- key: film_id
-- nullable: description, length, rating, actors, language, year
-- json: categories [String]
SELECT f.film_id, f.title, f.description, f.release_year::int AS year, f.length,
    f.rating::text AS rating, l.name::text AS language,
    (SELECT string_agg(a.first_name || ' ' || a.last_name, ', ' ORDER BY a.last_name, a.actor_id)
     FROM film_actor x JOIN actor a ON a.actor_id = x.actor_id
         WHERE x.film_id = f.film_id) AS actors,
    (SELECT coalesce(json_agg(c.name ORDER BY c.name, c.category_id), '[]')
     FROM film_category x JOIN category c ON c.category_id = x.category_id
         WHERE x.film_id = f.film_id) AS categories
FROM film f JOIN language l ON l.language_id = f.language_id
