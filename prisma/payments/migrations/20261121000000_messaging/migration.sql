CREATE TABLE "outbox_event" (
  "id" BIGSERIAL PRIMARY KEY,
  "aggregate_id" TEXT NOT NULL,
  "seq" BIGINT NOT NULL,
  "type" TEXT NOT NULL,
  "payload" JSONB NOT NULL,
  "keys" TEXT[],
  "occurred_at" TIMESTAMPTZ(3) NOT NULL,
  "position" BIGINT,
  "published_at" TIMESTAMPTZ(3)
);
CREATE UNIQUE INDEX "outbox_event_position_key" ON "outbox_event" ("position");
CREATE UNIQUE INDEX "outbox_event_aggregate_id_seq_key" ON "outbox_event" ("aggregate_id", "seq");
CREATE INDEX "outbox_event_keys_idx" ON "outbox_event" USING GIN ("keys");
-- The relay asks these two questions several times a second; both stay as small as the backlog.
CREATE INDEX "outbox_event_unplaced" ON "outbox_event" ("id") WHERE "position" IS NULL;
CREATE INDEX "outbox_event_unpublished" ON "outbox_event" ("position") WHERE "published_at" IS NULL;

CREATE TABLE "aggregate_sequence" (
  "aggregate_id" TEXT PRIMARY KEY,
  "seq" BIGINT NOT NULL
);

CREATE TABLE "inbox_event" (
  "consumer" TEXT NOT NULL,
  "event_id" TEXT NOT NULL,
  "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY ("consumer", "event_id")
);

CREATE TABLE "parked_event" (
  "consumer" TEXT NOT NULL,
  "event_id" TEXT NOT NULL,
  "event" JSONB NOT NULL,
  "reason" TEXT NOT NULL,
  "parked_at" TIMESTAMPTZ(3) NOT NULL,
  PRIMARY KEY ("consumer", "event_id")
);

CREATE TABLE "idempotency_record" (
  "scope" TEXT NOT NULL,
  "actor" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "request_hash" TEXT NOT NULL,
  "outcome" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  PRIMARY KEY ("scope", "actor", "key")
);
CREATE INDEX "idempotency_record_expires_at_idx" ON "idempotency_record" ("expires_at");
