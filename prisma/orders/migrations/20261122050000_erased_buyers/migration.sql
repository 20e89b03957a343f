-- Buyers who have erased themselves: what their orders say of them goes as soon as these have ended.
CREATE TABLE "erased_buyer" (
  "account_id" TEXT NOT NULL,
  "erased_at" TIMESTAMPTZ(3) NOT NULL,
  "next_look_at" TIMESTAMPTZ(3),
  CONSTRAINT "erased_buyer_pkey" PRIMARY KEY ("account_id")
);
CREATE INDEX "erased_buyer_due" ON "erased_buyer" ("next_look_at") WHERE "next_look_at" IS NOT NULL;

-- Of what is only ever added, what people wrote may be emptied, and nothing else changed.
DROP TRIGGER "order_history_append_only" ON "order_history";
CREATE TRIGGER "order_history_append_only"
  BEFORE UPDATE OF "order_id", "version", "event", "state", "code", "party", "actor_id", "reason", "at" OR DELETE OR TRUNCATE ON "order_history"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "order_history_note_stays" BEFORE UPDATE OF "note" ON "order_history"
  FOR EACH ROW WHEN (NEW."note" IS NOT NULL) EXECUTE FUNCTION "refuse_change"();
DROP TRIGGER "order_return_append_only" ON "order_return";
CREATE TRIGGER "order_return_append_only"
  BEFORE UPDATE OF "id", "order_id", "reason", "solution", "items_amount", "shipping_amount", "requested_at" OR DELETE OR TRUNCATE ON "order_return"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "order_return_words_stay" BEFORE UPDATE OF "note", "evidence" ON "order_return"
  FOR EACH ROW WHEN (NEW."note" <> '' OR NEW."evidence" <> '[]') EXECUTE FUNCTION "refuse_change"();
