-- Invoices of a customer by month; the quotient fails when a total is zero.
-- key: customer_id, month
SELECT i.customer_id, date_trunc('month', i.invoice_date) AS month, count(*) AS invoices,
    sum(100 / i.total) AS inverse
FROM invoice i GROUP BY 1, 2
