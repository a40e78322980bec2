-- Through a view of the database's owners.
-- key: id
-- nullable: name, city, paid
SELECT c.id, c.name, c.city, (SELECT sum(p.amount) FROM payment p
    WHERE p.customer_id = c.id) AS paid FROM customer_list c
