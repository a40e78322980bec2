-- Addresses of the site that was here before.
-- key: path
-- nullable: target
SELECT o.path, o.target FROM old_address o
