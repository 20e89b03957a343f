-- Reviews and purchases of an account that is erased are found by it.
CREATE INDEX "review_author_id_idx" ON "review" ("author_id");
CREATE INDEX "purchase_buyer_id_idx" ON "purchase" ("buyer_id");
