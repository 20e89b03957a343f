-- Units may all be of one SKU for a while. Taken at its word, that makes the planner read the whole table for every other SKU, most of which
-- have none; so it is told that a SKU has few.
ALTER TABLE "stock_unit" ALTER COLUMN "variant_id" SET (n_distinct = -0.1);
