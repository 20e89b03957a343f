-- A bank that decides for the market gives back what it had disputed: the log of what was said takes that off again.
ALTER TABLE "payment_event" DROP CONSTRAINT "payment_event_disputed_amount_check";
ALTER TABLE "payment_event" ADD CONSTRAINT "payment_event_disputed_amount_check" CHECK ("disputed_amount" >= - "amount") NOT VALID;
