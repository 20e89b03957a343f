-- Locks are forgotten by their time, and come in its order: a few kB are enough for a GB, and writing costs next to nothing.
CREATE INDEX "cart_lock_created_at_idx" ON "cart_lock" USING BRIN ("created_at") WITH (autosummarize = on);
