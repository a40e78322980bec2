-- A buyer with the sum of each sale.
-- key: id
-- json: sales [BuyerSale]
SELECT b.id, b.name,
    (SELECT coalesce(json_agg(json_build_object(
                'id', a.id,
                'total', (SELECT sum(l.price * l.quantity) FROM sale_line l WHERE l.sale_id = a.id))
            ORDER BY a.id), '[]')
     FROM sale a WHERE a.buyer_id = b.id) AS sales
FROM buyer b
