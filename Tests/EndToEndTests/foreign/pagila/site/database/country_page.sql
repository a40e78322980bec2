-- key: country_id
-- nullable: cities
SELECT k.country_id, k.country,
    (SELECT string_agg(c.city, ', ' ORDER BY c.city, c.city_id) FROM city c
        WHERE c.country_id = k.country_id) AS cities,
    (SELECT count(*) FROM city c JOIN address a ON a.city_id = c.city_id
        JOIN customer u ON u.address_id = a.address_id
     WHERE c.country_id = k.country_id) AS customers
FROM country k
