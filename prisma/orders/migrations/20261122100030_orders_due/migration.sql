-- Until when the seller of an order has to do what is next, so that what is due first is found without reading all orders of the shop.
ALTER TABLE "shop_order" ADD COLUMN "seller_due_at" TIMESTAMPTZ(3);
UPDATE "shop_order" SET "seller_due_at" = "next"."at" FROM (
  SELECT "id", min("due_at") AS "at" FROM "shop_order" JOIN "deadline" ON "order_id" = "id"
  WHERE ("kind", "state") IN (
    ('ACCEPT', 'PAID'), ('SHIP', 'ACCEPTED'), ('SHIP', 'READY_TO_SHIP'), ('SHIP', 'CANCEL_REQUESTED'), ('ANSWER_CANCEL', 'CANCEL_REQUESTED'),
    ('ANSWER_RETURN', 'RETURN_REQUESTED'), ('INSPECT', 'RETURN_ARRIVED'))
  GROUP BY "id") AS "next" WHERE "shop_order"."id" = "next"."id";

-- Lists ask for each state by itself: a state of which there is little is not looked for among everything that the shop has sold.
CREATE INDEX "shop_order_shop_id_state_placed_at_id_idx" ON "shop_order" ("shop_id", "state", "placed_at" DESC, "id" DESC);
CREATE INDEX "shop_order_due" ON "shop_order" ("shop_id", "state", coalesce("seller_due_at", 'infinity'), "id");
