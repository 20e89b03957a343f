-- Staff may give money back after a sale was over.
ALTER TABLE "order_refund" DROP CONSTRAINT "order_refund_reason";
ALTER TABLE "order_refund" ADD CONSTRAINT "order_refund_reason"
  CHECK ("reason" IN ('ORDER_ENDED', 'LINES_CANCELLED', 'RETURNED', 'MEDIATED', 'GRANTED_AFTERWARDS'));
