-- What a product lets people choose, and which value of each option a variant is: nothing for all that is there. A variant may have a picture.
ALTER TABLE "product"
  ADD COLUMN "options" JSONB NOT NULL DEFAULT '[]',
  ADD CONSTRAINT "product_options" CHECK (jsonb_typeof("options") = 'array' AND jsonb_array_length("options") <= 2) NOT VALID;
ALTER TABLE "variant"
  ADD COLUMN "choice" TEXT[] DEFAULT ARRAY[]::TEXT[],
  ADD COLUMN "picture_url" TEXT,
  ADD COLUMN "picture_text" TEXT,
  ADD CONSTRAINT "variant_picture" CHECK (("picture_url" IS NULL) = ("picture_text" IS NULL)) NOT VALID;

CREATE FUNCTION "is_choice_of"("chosen" TEXT[], "offered" JSONB) RETURNS BOOLEAN IMMUTABLE LANGUAGE sql AS $$
  SELECT cardinality("chosen") = jsonb_array_length("offered") AND NOT EXISTS (
    SELECT FROM jsonb_array_elements("offered") WITH ORDINALITY AS o ("option", "place")
    WHERE jsonb_exists(o."option"->'values', "chosen"[o."place"::integer]) IS NOT TRUE)
$$;

-- Asked at the commit, when a product and all its variants have what they shall have.
CREATE FUNCTION "variants_name_their_values"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  "strays" BIGINT;
BEGIN
  IF TG_TABLE_NAME = 'product' THEN
    SELECT count(*) INTO "strays" FROM "variant" v JOIN "product" p ON p."id" = v."product_id"
      WHERE p."id" = NEW."id" AND "is_choice_of"(v."choice", p."options") IS NOT TRUE;
  ELSE
    SELECT count(*) INTO "strays" FROM "variant" v JOIN "product" p ON p."id" = v."product_id"
      WHERE v."id" = NEW."id" AND "is_choice_of"(v."choice", p."options") IS NOT TRUE;
  END IF;
  IF "strays" > 0 THEN
    RAISE EXCEPTION 'a variant has not one value of each option of its product' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "product_options_fit" AFTER UPDATE OF "options" ON "product" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION "variants_name_their_values"();
CREATE CONSTRAINT TRIGGER "variant_choice_fits" AFTER INSERT OR UPDATE OF "choice", "product_id" ON "variant" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION "variants_name_their_values"();
