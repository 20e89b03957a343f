-- Who helps in a shop without owning it.
CREATE TABLE "shop_member" (
  "shop_id" TEXT NOT NULL,
  "account_id" TEXT NOT NULL,
  "joined_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "shop_member_pkey" PRIMARY KEY ("shop_id", "account_id"),
  CONSTRAINT "shop_member_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shop" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT "shop_member_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "shop_member_account_id_idx" ON "shop_member" ("account_id");

CREATE TABLE "shop_invitation" (
  "id" TEXT NOT NULL,
  "shop_id" TEXT NOT NULL,
  "email" TEXT NOT NULL,
  "email_key" TEXT NOT NULL,
  "token_hash" TEXT,
  "invited_at" TIMESTAMPTZ(3) NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "shop_invitation_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "shop_invitation_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shop" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT "shop_invitation_email_key_is_lower_case" CHECK ("email_key" = lower("email_key"))
);
CREATE UNIQUE INDEX "shop_invitation_shop_id_email_key_key" ON "shop_invitation" ("shop_id", "email_key");
CREATE UNIQUE INDEX "shop_invitation_token_hash_key" ON "shop_invitation" ("token_hash");
CREATE INDEX "shop_invitation_email_key_idx" ON "shop_invitation" ("email_key");
CREATE INDEX "shop_invitation_expires_at_idx" ON "shop_invitation" ("expires_at");

ALTER TABLE "mail_job" ADD COLUMN "invitation_id" TEXT;
ALTER TABLE "mail_job" DROP CONSTRAINT "mail_job_kind_known";
ALTER TABLE "mail_job" ADD CONSTRAINT "mail_job_kind_known"
  CHECK ("kind" IN ('PASSWORD_RESET', 'PASSWORD_CHANGED', 'SESSION_STOLEN', 'SHOP_INVITATION'));
ALTER TABLE "mail_job" ADD CONSTRAINT "mail_job_invites_to_something" CHECK (("kind" = 'SHOP_INVITATION') = ("invitation_id" IS NOT NULL));
