CREATE TABLE "cart" (
  "id" TEXT PRIMARY KEY,
  "account_id" TEXT,
  "token_hash" TEXT,
  "version" INTEGER NOT NULL DEFAULT 1,
  "address_id" TEXT,
  "locked_by" TEXT,
  "merged_into" TEXT,
  "expires_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "cart_has_one_owner" CHECK (("account_id" IS NULL) <> ("token_hash" IS NULL)),
  CONSTRAINT "cart_of_guest_expires" CHECK (("token_hash" IS NULL) = ("expires_at" IS NULL)),
  CONSTRAINT "cart_of_guest_is_merged" CHECK ("merged_into" IS NULL OR "token_hash" IS NOT NULL),
  CONSTRAINT "cart_of_account_is_locked" CHECK ("locked_by" IS NULL OR "account_id" IS NOT NULL)
);
CREATE UNIQUE INDEX "cart_account_id_key" ON "cart" ("account_id");
CREATE UNIQUE INDEX "cart_token_hash_key" ON "cart" ("token_hash");
CREATE UNIQUE INDEX "cart_locked_by_key" ON "cart" ("locked_by");
CREATE INDEX "cart_expires_at_idx" ON "cart" ("expires_at");

CREATE TABLE "cart_group" (
  "id" TEXT PRIMARY KEY,
  "cart_id" TEXT NOT NULL,
  "shop_id" TEXT NOT NULL,
  "courier_service_id" TEXT,
  "added_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "cart_group_cart_id_fkey" FOREIGN KEY ("cart_id") REFERENCES "cart" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "cart_group_cart_id_shop_id_key" ON "cart_group" ("cart_id", "shop_id");

CREATE TABLE "listing" (
  "variant_id" TEXT PRIMARY KEY,
  "seq" BIGINT NOT NULL,
  "product_id" TEXT NOT NULL,
  "shop_id" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "variant_name" TEXT NOT NULL,
  "sku" TEXT NOT NULL,
  "price" BIGINT NOT NULL CHECK ("price" >= 0),
  "weight_grams" INTEGER NOT NULL,
  "length_mm" INTEGER NOT NULL,
  "width_mm" INTEGER NOT NULL,
  "height_mm" INTEGER NOT NULL,
  "available" INTEGER NOT NULL,
  "active" BOOLEAN NOT NULL,
  "origin_regency_code" TEXT NOT NULL,
  "image_url" TEXT
);

CREATE TABLE "cart_line" (
  "id" TEXT PRIMARY KEY,
  "cart_id" TEXT NOT NULL,
  "group_id" TEXT NOT NULL,
  "variant_id" TEXT NOT NULL,
  "quantity" INTEGER NOT NULL,
  "selected" BOOLEAN NOT NULL DEFAULT true,
  "seen_price" BIGINT NOT NULL,
  "seen_available" INTEGER NOT NULL,
  "seen_active" BOOLEAN NOT NULL,
  "added_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "cart_line_quantity" CHECK ("quantity" BETWEEN 1 AND 999),
  CONSTRAINT "cart_line_cart_id_fkey" FOREIGN KEY ("cart_id") REFERENCES "cart" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "cart_line_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "cart_group" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "cart_line_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "listing" ("variant_id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "cart_line_cart_id_variant_id_key" ON "cart_line" ("cart_id", "variant_id");
CREATE INDEX "cart_line_group_id_idx" ON "cart_line" ("group_id");

CREATE TABLE "cart_lock" (
  "checkout_id" TEXT PRIMARY KEY,
  "cart_id" TEXT,
  "state" TEXT NOT NULL CHECK ("state" IN ('LOCKED', 'RELEASED', 'CLEARED')),
  "content" JSONB,
  "created_at" TIMESTAMPTZ(3) NOT NULL
);
