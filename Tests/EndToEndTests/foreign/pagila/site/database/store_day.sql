-- Takings of a member of staff by day.
-- key: staff_id, day
SELECT p.staff_id, p.payment_date::date AS day, count(*) AS payments, sum(p.amount) AS amount
FROM payment p GROUP BY 1, 2
