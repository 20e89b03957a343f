-- A payment stays with the provider that it was asked of, whatever the settings say later. MARKET: nobody outside takes the money.
ALTER TABLE "payment" ADD COLUMN "provider" TEXT NOT NULL DEFAULT 'MIDTRANS' CHECK ("provider" IN ('MIDTRANS', 'XENDIT', 'MARKET')),
  ADD COLUMN "provider_reference" TEXT;
ALTER TABLE "payment" ALTER COLUMN "provider" DROP DEFAULT;
ALTER TABLE "payment" DROP CONSTRAINT "payment_state_check";
ALTER TABLE "payment" ADD CONSTRAINT "payment_state_check"
  CHECK ("state" IN ('PENDING', 'UNDER_REVIEW', 'ON_DELIVERY', 'CAPTURED', 'EXPIRED', 'DENIED', 'CANCELLED', 'REFUNDED'));
-- The rule that captured payments have a time of capture goes by the name that PostgreSQL gave it.
DO $$
DECLARE old TEXT;
BEGIN
  SELECT conname INTO STRICT old FROM pg_constraint
    WHERE conrelid = 'payment'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%captured_at%';
  EXECUTE format('ALTER TABLE payment DROP CONSTRAINT %I', old);
END $$;
ALTER TABLE "payment" ADD CONSTRAINT "payment_captured_at_check"
  CHECK (("state" IN ('ON_DELIVERY', 'CAPTURED', 'REFUNDED')) = ("captured_at" IS NOT NULL));

ALTER TABLE "payment_event" ADD COLUMN "provider" TEXT NOT NULL DEFAULT 'MIDTRANS';
ALTER TABLE "payment_event" ALTER COLUMN "provider" DROP DEFAULT;
ALTER TABLE "payment_event" DROP CONSTRAINT "payment_event_source_check";
ALTER TABLE "payment_event" ADD CONSTRAINT "payment_event_source_check" CHECK ("source" IN ('NOTIFICATION', 'STATUS', 'MARKET'));

-- When a courier has taken the cash for an order that is paid at the door.
ALTER TABLE "payment_order" ADD COLUMN "collected_at" TIMESTAMPTZ(3);

ALTER TABLE "refund" DROP CONSTRAINT "refund_against_check";
ALTER TABLE "refund" ADD CONSTRAINT "refund_against_check" CHECK ("against" IN ('PROVIDER', 'WALLET', 'DISPUTES', 'COURIER'));
