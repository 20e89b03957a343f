ALTER TABLE "shop_order"
  ADD COLUMN "booked" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "cancel_asked" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "return_solution" TEXT,
  ADD COLUMN "refunded_items" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "refunded_shipping" BIGINT NOT NULL DEFAULT 0;
UPDATE "shop_order" SET "booked" = true WHERE "state" IN ('READY_TO_SHIP', 'SHIPPED', 'DELIVERED', 'COMPLETED');
-- What ended with money before there were refunds by parts went back as a whole.
UPDATE "shop_order" SET "refunded_items" = "items_total", "refunded_shipping" = "shipping_cost"
  WHERE "state" = 'CANCELLED' AND "paid_at" IS NOT NULL;

ALTER TABLE "shop_order" DROP CONSTRAINT "shop_order_state", DROP CONSTRAINT "shop_order_end_reason";
ALTER TABLE "shop_order"
  ADD CONSTRAINT "shop_order_state" CHECK ("state" IN (
    'AWAITING_PAYMENT', 'PAID', 'ACCEPTED', 'READY_TO_SHIP', 'CANCEL_REQUESTED', 'CANCELLING', 'SHIPPED', 'RETURNING', 'DELIVERED',
    'RETURN_REQUESTED', 'RETURN_APPROVED', 'RETURN_SENT', 'RETURN_ARRIVED', 'RETURN_REFUSED', 'MEDIATION', 'COMPLETED', 'CANCELLED'
  )),
  ADD CONSTRAINT "shop_order_end_reason" CHECK (("state" IN ('CANCELLED', 'CANCELLING')) = ("end_reason" IS NOT NULL)),
  ADD CONSTRAINT "shop_order_return_solution" CHECK ("return_solution" IN ('RETURN_AND_REFUND', 'REFUND_ONLY')),
  -- The last word on giving back more than was paid, whatever the code above it does.
  ADD CONSTRAINT "shop_order_refunded_within"
    CHECK ("refunded_items" BETWEEN 0 AND "items_total" AND "refunded_shipping" BETWEEN 0 AND "shipping_cost");
CREATE INDEX "shop_order_mediation" ON "shop_order" ("placed_at" DESC, "id" DESC) WHERE "state" = 'MEDIATION';

ALTER TABLE "deadline" DROP CONSTRAINT "deadline_kind";
ALTER TABLE "deadline" ADD CONSTRAINT "deadline_kind" CHECK ("kind" IN (
  'PAY', 'ACCEPT', 'SHIP', 'ANSWER_CANCEL', 'COMPLETE', 'ANSWER_RETURN', 'SEND_BACK', 'INSPECT', 'ESCALATE', 'MEDIATE'
));

CREATE TABLE "order_refund" (
  "id" TEXT NOT NULL,
  "order_id" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "items_amount" BIGINT NOT NULL,
  "shipping_amount" BIGINT NOT NULL,
  "party" TEXT NOT NULL,
  "decided_at" TIMESTAMPTZ(3) NOT NULL,
  "completed_at" TIMESTAMPTZ(3),
  CONSTRAINT "order_refund_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "order_refund_reason" CHECK ("reason" IN ('ORDER_ENDED', 'LINES_CANCELLED', 'RETURNED', 'MEDIATED')),
  CONSTRAINT "order_refund_amounts" CHECK ("items_amount" >= 0 AND "shipping_amount" >= 0 AND "items_amount" + "shipping_amount" > 0),
  CONSTRAINT "order_refund_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "shop_order" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "order_refund_order_id_idx" ON "order_refund" ("order_id");

CREATE TABLE "order_refund_line" (
  "refund_id" TEXT NOT NULL,
  "order_line_id" TEXT NOT NULL,
  "quantity" INTEGER NOT NULL,
  "amount" BIGINT NOT NULL,
  CONSTRAINT "order_refund_line_pkey" PRIMARY KEY ("refund_id", "order_line_id"),
  CONSTRAINT "order_refund_line_amounts" CHECK ("quantity" >= 0 AND "amount" >= 0),
  CONSTRAINT "order_refund_line_refund_id_fkey" FOREIGN KEY ("refund_id") REFERENCES "order_refund" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT "order_refund_line_order_line_id_fkey" FOREIGN KEY ("order_line_id") REFERENCES "order_line" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "order_refund_line_order_line_id_idx" ON "order_refund_line" ("order_line_id");
CREATE TRIGGER "order_refund_line_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "order_refund_line"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

CREATE TABLE "order_return" (
  "id" TEXT NOT NULL,
  "order_id" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "solution" TEXT NOT NULL,
  "note" TEXT NOT NULL,
  "evidence" JSONB NOT NULL,
  "items_amount" BIGINT NOT NULL,
  "shipping_amount" BIGINT NOT NULL,
  "requested_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "order_return_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "order_return_solution" CHECK ("solution" IN ('RETURN_AND_REFUND', 'REFUND_ONLY')),
  CONSTRAINT "order_return_amounts" CHECK ("items_amount" >= 0 AND "shipping_amount" >= 0 AND "items_amount" + "shipping_amount" > 0),
  CONSTRAINT "order_return_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "shop_order" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
-- Every way out of a return ends the order, so that there is no second one.
CREATE UNIQUE INDEX "order_return_order_id_key" ON "order_return" ("order_id");

CREATE TABLE "order_return_line" (
  "return_id" TEXT NOT NULL,
  "order_line_id" TEXT NOT NULL,
  "quantity" INTEGER NOT NULL,
  CONSTRAINT "order_return_line_pkey" PRIMARY KEY ("return_id", "order_line_id"),
  CONSTRAINT "order_return_line_quantity" CHECK ("quantity" > 0),
  CONSTRAINT "order_return_line_return_id_fkey" FOREIGN KEY ("return_id") REFERENCES "order_return" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT "order_return_line_order_line_id_fkey" FOREIGN KEY ("order_line_id") REFERENCES "order_line" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE TRIGGER "order_return_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "order_return"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "order_return_line_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "order_return_line"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
