-- No two variants of a product are the same combination. By itself, so that nobody waits to read while the table is gone through.
CREATE UNIQUE INDEX "variant_choice_once" ON "variant" ("product_id", "choice") WHERE "choice" <> '{}';
