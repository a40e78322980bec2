-- One client with the subscriptions and what they cost together; without any, an empty list.
-- key: id
-- refresh: incremental
-- json: subscriptions [ClientSubscription]
SELECT
    c.id,
    c.company_name,
    c.full_address,
    (SELECT u.username FROM auth_user u WHERE u.id = c.user_id)::text AS username,
    (SELECT coalesce(json_agg(json_build_object(
                'id', s.id, 'service', v.name, 'plan', p.plan_type,
                'price', round(v.full_price::numeric * (100 - p.discount_percent) / 100, 2)::text)
            ORDER BY s.id), '[]')
     FROM services_subscription s
     JOIN services_service v ON v.id = s.service_id
     JOIN services_plan p ON p.id = s.plan_id
     WHERE s.client_id = c.id) AS subscriptions,
    (SELECT coalesce(
            sum(round(v.full_price::numeric * (100 - p.discount_percent) / 100, 2)), 0.00)
     FROM services_subscription s
     JOIN services_service v ON v.id = s.service_id
     JOIN services_plan p ON p.id = s.plan_id
     WHERE s.client_id = c.id) AS total
FROM clients_client c
