-- Of which categories what went back was, as far as orders said so: the commission on what is left is taken of what is left of each.
ALTER TABLE "payment_order" ADD COLUMN "refunded_categories" JSONB NOT NULL DEFAULT '[]';
