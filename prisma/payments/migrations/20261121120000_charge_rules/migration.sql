-- What shops are charged by is only ever added to, each row from a time on; who added it is kept with it.
ALTER TABLE "commission_rule" ADD COLUMN "added_by" TEXT;
ALTER TABLE "payment_fee_rule" ADD COLUMN "added_by" TEXT;

ALTER TABLE "shop_tax" RENAME TO "shop_tax_rule";
ALTER TABLE "shop_tax_rule" RENAME COLUMN "changed_at" TO "valid_from";
ALTER TABLE "shop_tax_rule" DROP CONSTRAINT "shop_tax_pkey", ADD COLUMN "id" BIGSERIAL PRIMARY KEY, ADD COLUMN "added_by" TEXT;
CREATE UNIQUE INDEX "shop_tax_rule_once" ON "shop_tax_rule" ("shop_id", "valid_from");

CREATE TRIGGER "commission_rule_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "commission_rule"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "payment_fee_rule_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "payment_fee_rule"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "shop_tax_rule_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "shop_tax_rule"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
