-- subscriptions_sample(n) fills the tables with n subscriptions; the same n gives the same rows.
--
-- Five subscriptions a client, a service for a hundred subscriptions, and plans of 0 to 100 percent
-- off, those of the original's examples (0, 5, 20 and 40) first. Every tenth client has none.
-- Nothing is random here.

CREATE FUNCTION subscriptions_sample(n int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    clients int := greatest(2, n / 5);
    services int := greatest(2, n / 100);
BEGIN
    INSERT INTO auth_user (id, username, email)
    SELECT i, 'user' || i, 'user' || i || '@example.com' FROM generate_series(1, clients) i;

    INSERT INTO clients_client (id, user_id, company_name, full_address)
    SELECT i, i, 'Company ' || i, i || ', High Street' FROM generate_series(1, clients) i;

    INSERT INTO services_service (id, name, full_price)
    SELECT i, 'Service ' || i, CASE WHEN i = 1 THEN 250 ELSE 1 + i * 7919 % 1000 END
    FROM generate_series(1, services) i;

    INSERT INTO services_plan (id, plan_type, discount_percent)
    SELECT i, CASE WHEN d = 0 THEN 'full' WHEN d = 20 THEN 'student' ELSE 'discount' END, d
    FROM unnest(ARRAY[0, 5, 20, 40, 1, 33, 50, 100]) WITH ORDINALITY AS p (d, i);

    INSERT INTO services_subscription (id, client_id, service_id, plan_id, comment)
    SELECT i, CASE WHEN client % 10 = 0 THEN client - 1 ELSE client END,
        1 + i * 7 % services, 1 + i % 8, 'Subscription ' || i
    FROM generate_series(1, n) i, LATERAL (SELECT 1 + i * 3 % clients) AS c (client);

    PERFORM setval(pg_get_serial_sequence(t, 'id'), 1000000000)
    FROM unnest(ARRAY['auth_user', 'clients_client', 'services_service', 'services_plan',
        'services_subscription']) t;
END $$;
