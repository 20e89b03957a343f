-- Accounts that are here were never asked whether they read the mail of their address: null, and they go on doing what they did.
-- Two steps, so that no row is written; who registers from now on owes the proof.
ALTER TABLE "account" ADD COLUMN "email_verified" BOOLEAN;
ALTER TABLE "account" ALTER COLUMN "email_verified" SET DEFAULT false;

CREATE TABLE "email_proof" (
  "account_id" TEXT NOT NULL,
  "email" TEXT NOT NULL,
  "email_key" TEXT NOT NULL,
  "token_hash" TEXT,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "email_proof_pkey" PRIMARY KEY ("account_id"),
  CONSTRAINT "email_proof_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT "email_proof_email_key_is_lower_case" CHECK ("email_key" = lower("email_key"))
);
CREATE UNIQUE INDEX "email_proof_token_hash_key" ON "email_proof" ("token_hash");
CREATE INDEX "email_proof_expires_at_idx" ON "email_proof" ("expires_at");

ALTER TABLE "mail_job" ADD COLUMN "account_id" TEXT;
ALTER TABLE "mail_job" DROP CONSTRAINT "mail_job_kind_known";
ALTER TABLE "mail_job" ADD CONSTRAINT "mail_job_kind_known" CHECK (
  "kind" IN ('PASSWORD_RESET', 'PASSWORD_CHANGED', 'SESSION_STOLEN', 'SHOP_INVITATION', 'EMAIL_PROOF', 'EMAIL_CHANGED')
);
