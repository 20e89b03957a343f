-- Whose refunds are still on their way is asked before an account is erased.
CREATE INDEX "refund_requested_buyer" ON "refund" ("buyer_id") WHERE "state" = 'REQUESTED';
