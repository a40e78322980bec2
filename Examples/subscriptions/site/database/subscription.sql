-- One subscription and its price: the service's price less the plan's discount, exact.
-- key: id
-- refresh: incremental
-- json: plan Plan
SELECT
    s.id,
    c.company_name AS client_name,
    u.email,
    v.name AS service,
    json_build_object(
        'id', p.id, 'type', p.plan_type, 'discount', p.discount_percent) AS plan,
    round(v.full_price::numeric * (100 - p.discount_percent) / 100, 2) AS price,
    s.comment
FROM services_subscription s
JOIN clients_client c ON c.id = s.client_id
JOIN auth_user u ON u.id = c.user_id
JOIN services_service v ON v.id = s.service_id
JOIN services_plan p ON p.id = s.plan_id
