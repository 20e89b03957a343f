-- What a provider answers when it is asked about money that is booked already is told apart from its other answers: it decides.
ALTER TABLE "payment_event" DROP CONSTRAINT "payment_event_source_check";
ALTER TABLE "payment_event" ADD CONSTRAINT "payment_event_source_check"
  CHECK ("source" IN ('NOTIFICATION', 'STATUS', 'RECONCILIATION', 'MARKET'));
