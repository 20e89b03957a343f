CREATE TABLE "checkout" (
  "id" TEXT NOT NULL,
  "buyer_id" TEXT NOT NULL,
  "cart_id" TEXT NOT NULL,
  "cart_version" INTEGER NOT NULL,
  "payment_method" TEXT NOT NULL,
  "expected_total" BIGINT,
  "state" TEXT NOT NULL,
  "items_total" BIGINT,
  "shipping_total" BIGINT,
  "pay_by" TIMESTAMPTZ(3),
  "problem" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "checkout_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "checkout_state" CHECK ("state" IN ('PROCESSING', 'AWAITING_PAYMENT', 'PAID', 'FAILED', 'EXPIRED', 'CANCELLED')),
  CONSTRAINT "checkout_totals" CHECK ("items_total" >= 0 AND "shipping_total" >= 0)
);
CREATE INDEX "checkout_buyer_id_created_at_idx" ON "checkout" ("buyer_id", "created_at");
-- Two clicks on one cart, with whatever keys and on whatever replicas, are one checkout.
CREATE UNIQUE INDEX "checkout_one_per_cart" ON "checkout" ("buyer_id", "cart_id") WHERE "state" = 'PROCESSING';

CREATE TABLE "saga" (
  "checkout_id" TEXT NOT NULL,
  "step" TEXT NOT NULL,
  "compensating" BOOLEAN NOT NULL DEFAULT false,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "lease_until" TIMESTAMPTZ(3),
  "fence" BIGINT NOT NULL DEFAULT 0,
  "next_try_at" TIMESTAMPTZ(3),
  "patient_until" TIMESTAMPTZ(3) NOT NULL,
  "context" JSONB NOT NULL,
  "payment" TEXT,
  "ending" TEXT,
  CONSTRAINT "saga_pkey" PRIMARY KEY ("checkout_id"),
  CONSTRAINT "saga_payment" CHECK ("payment" IN ('CAPTURED', 'EXPIRED', 'DENIED', 'CANCELLED')),
  CONSTRAINT "saga_checkout_id_fkey" FOREIGN KEY ("checkout_id") REFERENCES "checkout" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "saga_due" ON "saga" ("next_try_at") WHERE "next_try_at" IS NOT NULL;

CREATE TABLE "shop_order" (
  "id" TEXT NOT NULL,
  "checkout_id" TEXT NOT NULL,
  "shop_id" TEXT NOT NULL,
  "buyer_id" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "code" INTEGER NOT NULL,
  "end_reason" TEXT,
  "reject_reason" TEXT,
  "items_total" BIGINT NOT NULL,
  "shipping_cost" BIGINT NOT NULL,
  "courier_service_id" TEXT NOT NULL,
  "courier_service_name" TEXT NOT NULL,
  "weight_grams" INTEGER NOT NULL,
  "origin" JSONB NOT NULL,
  "destination" JSONB NOT NULL,
  "reserved_as" TEXT,
  "ship_late" BOOLEAN NOT NULL DEFAULT false,
  "paid_at" TIMESTAMPTZ(3),
  "placed_at" TIMESTAMPTZ(3) NOT NULL,
  "version" INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT "shop_order_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "shop_order_state" CHECK (
    "state" IN ('AWAITING_PAYMENT', 'PAID', 'ACCEPTED', 'READY_TO_SHIP', 'SHIPPED', 'DELIVERED', 'COMPLETED', 'CANCELLED')
  ),
  CONSTRAINT "shop_order_end_reason" CHECK (("state" = 'CANCELLED') = ("end_reason" IS NOT NULL)),
  CONSTRAINT "shop_order_paid" CHECK ("state" IN ('AWAITING_PAYMENT', 'CANCELLED') OR "paid_at" IS NOT NULL),
  CONSTRAINT "shop_order_amounts" CHECK ("items_total" >= 0 AND "shipping_cost" >= 0),
  CONSTRAINT "shop_order_checkout_id_fkey" FOREIGN KEY ("checkout_id") REFERENCES "checkout" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "shop_order_checkout_id_shop_id_key" ON "shop_order" ("checkout_id", "shop_id");
CREATE INDEX "shop_order_buyer_id_placed_at_id_idx" ON "shop_order" ("buyer_id", "placed_at" DESC, "id" DESC);
CREATE INDEX "shop_order_shop_id_placed_at_id_idx" ON "shop_order" ("shop_id", "placed_at" DESC, "id" DESC);

CREATE TABLE "order_line" (
  "id" TEXT NOT NULL,
  "order_id" TEXT NOT NULL,
  "variant_id" TEXT NOT NULL,
  "product_id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "variant_name" TEXT NOT NULL,
  "sku" TEXT NOT NULL,
  "image_url" TEXT,
  "quantity" INTEGER NOT NULL,
  "unit_price" BIGINT NOT NULL,
  CONSTRAINT "order_line_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "order_line_amounts" CHECK ("quantity" > 0 AND "unit_price" >= 0),
  CONSTRAINT "order_line_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "shop_order" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "order_line_order_id_variant_id_key" ON "order_line" ("order_id", "variant_id");

CREATE TABLE "order_history" (
  "order_id" TEXT NOT NULL,
  "version" INTEGER NOT NULL,
  "event" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "code" INTEGER NOT NULL,
  "party" TEXT NOT NULL,
  "actor_id" TEXT,
  "note" TEXT,
  "at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "order_history_pkey" PRIMARY KEY ("order_id", "version"),
  CONSTRAINT "order_history_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "shop_order" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER "order_history_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "order_history"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "order_line_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "order_line"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

CREATE TABLE "deadline" (
  "order_id" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "due_at" TIMESTAMPTZ(3) NOT NULL,
  "done_at" TIMESTAMPTZ(3),
  "kept" BOOLEAN,
  CONSTRAINT "deadline_pkey" PRIMARY KEY ("order_id", "kind"),
  CONSTRAINT "deadline_kind" CHECK ("kind" IN ('PAY', 'ACCEPT', 'SHIP', 'COMPLETE')),
  CONSTRAINT "deadline_done" CHECK (("done_at" IS NULL) = ("kept" IS NULL)),
  CONSTRAINT "deadline_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "shop_order" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "deadline_due" ON "deadline" ("due_at") WHERE "done_at" IS NULL;
