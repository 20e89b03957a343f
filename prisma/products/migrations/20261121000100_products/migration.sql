CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE "category" (
  "id" TEXT PRIMARY KEY,
  "parent_id" TEXT REFERENCES "category" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "name" TEXT NOT NULL,
  "english_name" TEXT,
  "path" TEXT[]
);
ALTER TABLE "category"
  ADD CONSTRAINT "category_path_ends_with_itself" CHECK ("path"[cardinality("path")] = "id"),
  ADD CONSTRAINT "category_depth" CHECK (cardinality("path") BETWEEN 1 AND 6),
  ADD CONSTRAINT "category_parent_is_in_path" CHECK (coalesce("parent_id", '') = coalesce("path"[cardinality("path") - 1], ''));
CREATE UNIQUE INDEX "category_sibling_name" ON "category" (coalesce("parent_id", ''), lower("name"));
CREATE INDEX "category_path_idx" ON "category" USING GIN ("path");
CREATE INDEX "category_parent_id_name_id_idx" ON "category" ("parent_id", "name", "id");

CREATE TABLE "warehouse" (
  "id" TEXT PRIMARY KEY,
  "shop_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "contact_name" TEXT NOT NULL,
  "phone" TEXT NOT NULL,
  "street" TEXT NOT NULL,
  "district_code" TEXT NOT NULL,
  "regency_code" TEXT NOT NULL,
  "postal_code" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL
);
ALTER TABLE "warehouse" ADD CONSTRAINT "warehouse_postal_code" CHECK ("postal_code" ~ '^[0-9]{5}$');
CREATE INDEX "warehouse_shop_id_created_at_id_idx" ON "warehouse" ("shop_id", "created_at", "id");

CREATE TABLE "shop_state" (
  "shop_id" TEXT PRIMARY KEY,
  "suspended" BOOLEAN NOT NULL,
  "seq" BIGINT NOT NULL
);

CREATE TABLE "product" (
  "id" TEXT PRIMARY KEY,
  "shop_id" TEXT NOT NULL,
  "category_id" TEXT NOT NULL REFERENCES "category" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "title" TEXT NOT NULL,
  "description" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "images" JSONB NOT NULL,
  "shop_suspended" BOOLEAN NOT NULL,
  "min_price" BIGINT NOT NULL,
  "max_price" BIGINT NOT NULL,
  "in_stock" BOOLEAN NOT NULL,
  "regency_codes" TEXT[],
  "sold_count" INTEGER NOT NULL DEFAULT 0,
  "rating_counts" INTEGER[] DEFAULT ARRAY[0, 0, 0, 0, 0]::INTEGER[],
  "rating_count" INTEGER NOT NULL DEFAULT 0,
  "rating_hundredths" INTEGER NOT NULL DEFAULT 0,
  "version" INTEGER NOT NULL DEFAULT 1,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "published_at" TIMESTAMPTZ(3),
  "search" TSVECTOR
);
ALTER TABLE "product"
  ADD CONSTRAINT "product_status" CHECK ("status" IN ('DRAFT', 'PUBLISHED', 'ARCHIVED')),
  ADD CONSTRAINT "product_images" CHECK (jsonb_typeof("images") = 'array' AND jsonb_array_length("images") <= 9),
  ADD CONSTRAINT "product_prices" CHECK (0 < "min_price" AND "min_price" <= "max_price"),
  ADD CONSTRAINT "product_sold_count" CHECK ("sold_count" >= 0),
  ADD CONSTRAINT "product_ratings" CHECK (cardinality("rating_counts") = 5 AND 0 <= ALL ("rating_counts") AND "rating_count" >= 0);

-- Where buyers look. A generated column would do, but Prisma's schema cannot say one.
CREATE FUNCTION "product_search"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search := setweight(to_tsvector('indonesian', NEW.title), 'A') || setweight(to_tsvector('indonesian', NEW.description), 'C');
  RETURN NEW;
END $$;
CREATE TRIGGER "product_search" BEFORE INSERT OR UPDATE OF "title", "description" ON "product"
  FOR EACH ROW EXECUTE FUNCTION "product_search"();

CREATE INDEX "product_shop_id_created_at_id_idx" ON "product" ("shop_id", "created_at", "id");
CREATE INDEX "product_listed_search" ON "product" USING GIN ("search") WHERE "status" = 'PUBLISHED' AND NOT "shop_suspended";
CREATE INDEX "product_listed_title" ON "product" USING GIN (lower("title") gin_trgm_ops) WHERE "status" = 'PUBLISHED' AND NOT "shop_suspended";
CREATE INDEX "product_listed_regencies" ON "product" USING GIN ("regency_codes") WHERE "status" = 'PUBLISHED' AND NOT "shop_suspended";
CREATE INDEX "product_listed_category" ON "product" ("category_id", "sold_count", "id") WHERE "status" = 'PUBLISHED' AND NOT "shop_suspended";
CREATE INDEX "product_listed_newest" ON "product" ("created_at", "id") WHERE "status" = 'PUBLISHED' AND NOT "shop_suspended";
CREATE INDEX "product_listed_price" ON "product" ("min_price", "id") WHERE "status" = 'PUBLISHED' AND NOT "shop_suspended";
CREATE INDEX "product_listed_rating" ON "product" ("rating_hundredths", "rating_count", "id") WHERE "status" = 'PUBLISHED' AND NOT "shop_suspended";
CREATE INDEX "product_listed_sold" ON "product" ("sold_count", "id") WHERE "status" = 'PUBLISHED' AND NOT "shop_suspended";

CREATE TABLE "variant" (
  "id" TEXT PRIMARY KEY,
  "product_id" TEXT NOT NULL REFERENCES "product" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "shop_id" TEXT NOT NULL,
  "sku" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "price" BIGINT NOT NULL,
  "weight_grams" INTEGER NOT NULL,
  "length_mm" INTEGER NOT NULL,
  "width_mm" INTEGER NOT NULL,
  "height_mm" INTEGER NOT NULL,
  "active" BOOLEAN NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL
);
ALTER TABLE "variant"
  ADD CONSTRAINT "variant_price" CHECK ("price" > 0),
  ADD CONSTRAINT "variant_measures" CHECK ("weight_grams" > 0 AND "length_mm" > 0 AND "width_mm" > 0 AND "height_mm" > 0);
CREATE UNIQUE INDEX "variant_shop_id_sku_key" ON "variant" ("shop_id", "sku");
CREATE INDEX "variant_product_id_idx" ON "variant" ("product_id");

CREATE TABLE "stock" (
  "variant_id" TEXT NOT NULL REFERENCES "variant" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "warehouse_id" TEXT NOT NULL REFERENCES "warehouse" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "on_hand" INTEGER NOT NULL,
  "reserved" INTEGER NOT NULL,
  PRIMARY KEY ("variant_id", "warehouse_id")
);
-- The last word on overselling, whatever the code above it does.
ALTER TABLE "stock" ADD CONSTRAINT "stock_reserved_within_on_hand" CHECK (0 <= "reserved" AND "reserved" <= "on_hand");

CREATE TABLE "stock_movement" (
  "id" TEXT PRIMARY KEY,
  "variant_id" TEXT NOT NULL REFERENCES "variant" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "warehouse_id" TEXT NOT NULL REFERENCES "warehouse" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "kind" TEXT NOT NULL,
  "delta" INTEGER NOT NULL,
  "on_hand_after" INTEGER NOT NULL,
  "reference" TEXT,
  "note" TEXT,
  "actor" TEXT NOT NULL,
  "occurred_at" TIMESTAMPTZ(3) NOT NULL
);
ALTER TABLE "stock_movement"
  ADD CONSTRAINT "stock_movement_kind"
    CHECK ("kind" IN ('RECEIVED', 'COUNTED', 'DAMAGED', 'LOST', 'CORRECTED', 'IMPORTED', 'SALE', 'RETURN')),
  ADD CONSTRAINT "stock_movement_direction" CHECK (("kind" <> 'SALE' OR "delta" < 0) AND ("kind" <> 'RETURN' OR "delta" > 0)),
  ADD CONSTRAINT "stock_movement_on_hand" CHECK ("on_hand_after" >= 0);
CREATE INDEX "stock_movement_variant_id_occurred_at_id_idx" ON "stock_movement" ("variant_id", "occurred_at", "id");
CREATE UNIQUE INDEX "stock_movement_once" ON "stock_movement" ("reference", "kind", "variant_id", "warehouse_id") WHERE "reference" IS NOT NULL;

CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "stock_movement_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "stock_movement"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

CREATE TABLE "reservation" (
  "id" TEXT PRIMARY KEY,
  "checkout_id" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "expires_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL
);
ALTER TABLE "reservation"
  ADD CONSTRAINT "reservation_state" CHECK ("state" IN ('HELD', 'CONFIRMED', 'RELEASED', 'EXPIRED')),
  ADD CONSTRAINT "reservation_held_ends" CHECK ("state" <> 'HELD' OR "expires_at" IS NOT NULL);
CREATE UNIQUE INDEX "reservation_checkout_id_key" ON "reservation" ("checkout_id");
CREATE INDEX "reservation_due" ON "reservation" ("expires_at") WHERE "state" = 'HELD';

CREATE TABLE "reservation_allocation" (
  "reservation_id" TEXT NOT NULL REFERENCES "reservation" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "variant_id" TEXT NOT NULL,
  "warehouse_id" TEXT NOT NULL,
  "quantity" INTEGER NOT NULL,
  "restocked_at" TIMESTAMPTZ(3),
  PRIMARY KEY ("reservation_id", "variant_id", "warehouse_id"),
  CONSTRAINT "reservation_allocation_variant_id_warehouse_id_fkey" FOREIGN KEY ("variant_id", "warehouse_id")
    REFERENCES "stock" ("variant_id", "warehouse_id") ON DELETE RESTRICT ON UPDATE CASCADE
);
ALTER TABLE "reservation_allocation" ADD CONSTRAINT "reservation_allocation_quantity" CHECK ("quantity" > 0);

CREATE TABLE "purchase" (
  "order_line_id" TEXT PRIMARY KEY,
  "order_id" TEXT NOT NULL,
  "buyer_id" TEXT NOT NULL,
  "product_id" TEXT NOT NULL,
  "variant_id" TEXT NOT NULL,
  "completed_at" TIMESTAMPTZ(3) NOT NULL
);

CREATE TABLE "review" (
  "id" TEXT PRIMARY KEY,
  "product_id" TEXT NOT NULL REFERENCES "product" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "order_line_id" TEXT,
  "author_id" TEXT,
  "author_name" TEXT,
  "rating" INTEGER NOT NULL,
  "text" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL
);
ALTER TABLE "review" ADD CONSTRAINT "review_rating" CHECK ("rating" BETWEEN 1 AND 5);
CREATE UNIQUE INDEX "review_order_line_id_key" ON "review" ("order_line_id");
CREATE INDEX "review_product_id_created_at_id_idx" ON "review" ("product_id", "created_at", "id");
CREATE INDEX "review_product_id_rating_created_at_id_idx" ON "review" ("product_id", "rating", "created_at", "id");
