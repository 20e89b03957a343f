-- Whose payments a bank has taken back is asked before an account is erased; few are.
CREATE INDEX "payment_event_disputed" ON "payment_event" ("payment_id") WHERE "disputed_amount" > 0;
