-- An owned id's own index served lookups without a merchant, the key those with one. The key with the id in front serves both, and a new customer or
-- product is one entry less to write.
ALTER TABLE customers DROP CONSTRAINT customers_pkey, ADD PRIMARY KEY (customer_id, merchant_id);
ALTER TABLE products DROP CONSTRAINT products_pkey, ADD PRIMARY KEY (product_id, merchant_id);
DROP INDEX customers_by_id;
DROP INDEX products_by_id;
