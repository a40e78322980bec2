-- What was sold in a month.
-- key: month
SELECT date_trunc('month', a.sold_at)::date AS month, sum(l.quantity * l.price) AS earned
FROM sale a
JOIN sale_line l ON l.sale_id = a.id
GROUP BY 1
