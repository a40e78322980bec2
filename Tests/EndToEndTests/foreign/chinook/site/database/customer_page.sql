-- What a customer bought; the average fails where nothing was.
-- key: customer_id
-- nullable: rep, invoices, mean
SELECT c.customer_id, c.first_name || ' ' || c.last_name AS name, e.last_name AS rep,
    (SELECT string_agg(i.total::text, ' ' ORDER BY i.invoice_id) FROM invoice i
        WHERE i.customer_id = c.customer_id) AS invoices,
    (SELECT sum(i.total) / count(*) FROM invoice i WHERE i.customer_id = c.customer_id) AS mean
FROM customer c LEFT JOIN employee e ON e.employee_id = c.support_rep_id
