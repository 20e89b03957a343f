-- A return whose parcel no courier takes is not a return that its buyer did not send.
ALTER TABLE "shop_order" ADD COLUMN "return_booked" BOOLEAN NOT NULL DEFAULT false;
-- Of returns from before nobody knows it: they end as they would have ended.
UPDATE "shop_order" SET "return_booked" = true WHERE "return_solution" IS NOT NULL;

ALTER TABLE "shop_order" DROP CONSTRAINT "shop_order_state";
ALTER TABLE "shop_order" ADD CONSTRAINT "shop_order_state" CHECK ("state" IN (
  'AWAITING_PAYMENT', 'PAID', 'ACCEPTED', 'READY_TO_SHIP', 'CANCEL_REQUESTED', 'CANCELLING', 'SHIPPED', 'RETURNING', 'DELIVERED',
  'RETURN_REQUESTED', 'RETURN_APPROVED', 'RETURN_UNBOOKED', 'RETURN_SENT', 'RETURN_ARRIVED', 'RETURN_REFUSED', 'MEDIATION', 'COMPLETED',
  'CANCELLED'
));
CREATE INDEX "shop_order_return_unbooked" ON "shop_order" ("placed_at" DESC, "id" DESC) WHERE "state" = 'RETURN_UNBOOKED';

ALTER TABLE "deadline" DROP CONSTRAINT "deadline_kind";
ALTER TABLE "deadline" ADD CONSTRAINT "deadline_kind" CHECK ("kind" IN (
  'PAY', 'ACCEPT', 'SHIP', 'ANSWER_CANCEL', 'COMPLETE', 'ANSWER_RETURN', 'SEND_BACK', 'FIND_COURIER', 'INSPECT', 'ESCALATE', 'MEDIATE'
));
