-- What people are told of what happens, and up to where they have read it.
CREATE TABLE "notification_box" (
  "account_id" TEXT NOT NULL,
  "newest" BIGINT NOT NULL,
  "read_to" BIGINT NOT NULL,
  CONSTRAINT "notification_box_pkey" PRIMARY KEY ("account_id"),
  CONSTRAINT "notification_box_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT "notification_box_read_of_what_is_there" CHECK ("read_to" BETWEEN 0 AND "newest")
);

CREATE TABLE "notification" (
  "account_id" TEXT NOT NULL,
  "seq" BIGINT NOT NULL,
  "kind" TEXT NOT NULL,
  "subject_id" TEXT NOT NULL,
  "shop_id" TEXT,
  "occurred_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "notification_pkey" PRIMARY KEY ("account_id", "seq")
);
CREATE INDEX "notification_occurred_at_idx" ON "notification" ("occurred_at");
