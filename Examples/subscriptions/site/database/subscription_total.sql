-- What all subscriptions cost together: a view over the rows of another view.
--
-- It is computed in the transaction that changes those rows, so no reader ever sees a total that
-- is not the sum of the prices beside it.
-- key: name
-- refresh: incremental
SELECT
    'all'::text AS name,
    count(*) AS subscriptions,
    coalesce(sum(s.price), 0.00) AS total
FROM sitegen.subscription s
