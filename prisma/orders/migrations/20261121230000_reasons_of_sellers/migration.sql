-- What a seller gives as the reason when some of an order is cancelled was asked for and kept nowhere.
ALTER TABLE "order_history" ADD COLUMN "reason" TEXT;
