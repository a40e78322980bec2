-- How much is in a visitor's basket.
-- key: token
-- scope: private
SELECT b.token, b.quantity FROM basket b
