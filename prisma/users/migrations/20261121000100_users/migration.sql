CREATE TABLE "account" (
  "id" TEXT NOT NULL,
  "email" TEXT NOT NULL,
  "email_key" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "phone" TEXT,
  "language" TEXT NOT NULL,
  "password_hash" TEXT NOT NULL,
  "roles" TEXT[],
  "suspended_at" TIMESTAMPTZ(3),
  "suspension_reason" TEXT,
  "address_count" INTEGER NOT NULL DEFAULT 0,
  "shop_count" INTEGER NOT NULL DEFAULT 0,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "account_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "account_email_key_is_lower_case" CHECK ("email_key" = lower("email_key")),
  CONSTRAINT "account_language_known" CHECK ("language" IN ('id', 'en')),
  CONSTRAINT "account_roles_known" CHECK ("roles" <@ ARRAY['support', 'admin']),
  CONSTRAINT "account_suspension_has_reason" CHECK (("suspended_at" IS NULL) = ("suspension_reason" IS NULL)),
  CONSTRAINT "account_addresses_bounded" CHECK ("address_count" BETWEEN 0 AND 50),
  CONSTRAINT "account_shops_bounded" CHECK ("shop_count" BETWEEN 0 AND 10)
);
CREATE UNIQUE INDEX "account_email_key_key" ON "account" ("email_key");
CREATE INDEX "account_phone_idx" ON "account" ("phone");

CREATE TABLE "session" (
  "id" TEXT NOT NULL,
  "account_id" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "ended_at" TIMESTAMPTZ(3),
  "end_reason" TEXT,
  CONSTRAINT "session_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "session_end_has_reason" CHECK (("ended_at" IS NULL) = ("end_reason" IS NULL)),
  CONSTRAINT "session_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "session_account_id_idx" ON "session" ("account_id");

CREATE TABLE "refresh_token" (
  "hash" TEXT NOT NULL,
  "session_id" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "used_at" TIMESTAMPTZ(3),
  "salt" TEXT,
  CONSTRAINT "refresh_token_pkey" PRIMARY KEY ("hash"),
  CONSTRAINT "refresh_token_use_has_salt" CHECK (("used_at" IS NULL) = ("salt" IS NULL)),
  CONSTRAINT "refresh_token_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "refresh_token_expires_at_idx" ON "refresh_token" ("expires_at");
-- One line per session: at any moment at most one token of it is unused.
CREATE UNIQUE INDEX "refresh_token_one_unused" ON "refresh_token" ("session_id") WHERE "used_at" IS NULL;

CREATE TABLE "password_reset" (
  "hash" TEXT NOT NULL,
  "account_id" TEXT NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "password_reset_pkey" PRIMARY KEY ("hash"),
  CONSTRAINT "password_reset_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "password_reset_account_id_idx" ON "password_reset" ("account_id");

CREATE TABLE "mail_job" (
  "id" BIGSERIAL NOT NULL,
  "kind" TEXT NOT NULL,
  "email_key" TEXT NOT NULL,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "next_try_at" TIMESTAMPTZ(3) NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "mail_job_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "mail_job_kind_known" CHECK ("kind" IN ('PASSWORD_RESET', 'PASSWORD_CHANGED', 'SESSION_STOLEN'))
);
CREATE INDEX "mail_job_next_try_at_idx" ON "mail_job" ("next_try_at");

CREATE TABLE "attempt" (
  "kind" TEXT NOT NULL,
  "subject" TEXT NOT NULL,
  "count" INTEGER NOT NULL,
  "ends_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "attempt_pkey" PRIMARY KEY ("kind", "subject")
);
CREATE INDEX "attempt_ends_at_idx" ON "attempt" ("ends_at");

CREATE TABLE "signing_key" (
  "purpose" TEXT NOT NULL,
  "private_key" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "signing_key_pkey" PRIMARY KEY ("purpose")
);

CREATE TABLE "address" (
  "id" TEXT NOT NULL,
  "account_id" TEXT NOT NULL,
  "label" TEXT NOT NULL,
  "recipient" TEXT NOT NULL,
  "phone" TEXT NOT NULL,
  "street" TEXT NOT NULL,
  "district_code" TEXT NOT NULL,
  "postal_code" TEXT NOT NULL,
  "is_default" BOOLEAN NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "address_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "address_district_code_form" CHECK ("district_code" ~ '^\d{2}\.\d{2}\.\d{2}$'),
  CONSTRAINT "address_postal_code_form" CHECK ("postal_code" ~ '^\d{5}$'),
  CONSTRAINT "address_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "address_account_id_id_idx" ON "address" ("account_id", "id");
CREATE UNIQUE INDEX "address_one_default" ON "address" ("account_id") WHERE "is_default";

CREATE TABLE "shop" (
  "id" TEXT NOT NULL,
  "owner_id" TEXT NOT NULL,
  "slug" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "description" TEXT NOT NULL,
  "regency_code" TEXT NOT NULL,
  "suspended_at" TIMESTAMPTZ(3),
  "suspension_reason" TEXT,
  "version" INTEGER NOT NULL DEFAULT 1,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "shop_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "shop_slug_form" CHECK ("slug" ~ '^[a-z0-9](-?[a-z0-9])+$' AND length("slug") BETWEEN 3 AND 50),
  CONSTRAINT "shop_regency_code_form" CHECK ("regency_code" ~ '^\d{2}\.\d{2}$'),
  CONSTRAINT "shop_suspension_has_reason" CHECK (("suspended_at" IS NULL) = ("suspension_reason" IS NULL)),
  CONSTRAINT "shop_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "shop_slug_key" ON "shop" ("slug");
CREATE INDEX "shop_owner_id_id_idx" ON "shop" ("owner_id", "id");

CREATE TABLE "audit_entry" (
  "id" TEXT NOT NULL,
  "occurred_at" TIMESTAMPTZ(3) NOT NULL,
  "actor_id" TEXT NOT NULL,
  "action" TEXT NOT NULL,
  "subject_id" TEXT NOT NULL,
  "reason" TEXT,
  "domain" TEXT NOT NULL,
  CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "audit_entry_occurred_at_id_idx" ON "audit_entry" ("occurred_at" DESC, "id" DESC);
CREATE INDEX "audit_entry_actor_id_occurred_at_idx" ON "audit_entry" ("actor_id", "occurred_at" DESC);
CREATE INDEX "audit_entry_subject_id_occurred_at_idx" ON "audit_entry" ("subject_id", "occurred_at" DESC);

-- The owner of a table cannot be denied its rights for good, so the refusal is a trigger.
CREATE FUNCTION "refuse_audit_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER "audit_entry_is_append_only" BEFORE UPDATE OR DELETE ON "audit_entry"
  FOR EACH ROW EXECUTE FUNCTION "refuse_audit_change"();
CREATE TRIGGER "audit_entry_is_not_emptied" BEFORE TRUNCATE ON "audit_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_change"();
