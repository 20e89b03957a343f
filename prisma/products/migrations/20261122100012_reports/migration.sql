-- What people tell staff about products and reviews. An account has one open report about a thing.
CREATE TABLE "report" (
  "id" TEXT PRIMARY KEY,
  "subject_id" TEXT NOT NULL,
  "reporter_id" TEXT,
  "reason" TEXT NOT NULL,
  "note" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "closed_at" TIMESTAMPTZ(3),
  "outcome" TEXT,
  CONSTRAINT "report_outcome" CHECK (("closed_at" IS NULL) = ("outcome" IS NULL) AND "outcome" IN ('TAKEN_DOWN', 'DISMISSED'))
);
CREATE UNIQUE INDEX "report_open_of_account" ON "report" ("reporter_id", "subject_id") WHERE "closed_at" IS NULL;
CREATE INDEX "report_open_of_subject" ON "report" ("subject_id") WHERE "closed_at" IS NULL;
CREATE INDEX "report_open" ON "report" ("created_at", "id") WHERE "closed_at" IS NULL;
CREATE INDEX "report_reporter_id_created_at_id_idx" ON "report" ("reporter_id", "created_at", "id");
