-- A product is sent from where some of it lies, or, where nothing lies anywhere any more, from where it lay. Those that are sent from one place
-- are sent from there also now. Whoever changes a listing locks its product first, in the order of their ids.
SELECT "id" FROM "product" WHERE cardinality("regency_codes") > 1 ORDER BY "id" FOR NO KEY UPDATE;
UPDATE "product" p SET "regency_codes" = place."codes"
  FROM (
    SELECT v."product_id" AS "id", array_agg(DISTINCT w."regency_code" ORDER BY w."regency_code") AS "codes"
    FROM "variant" v LEFT JOIN "bundle_component" b ON b."bundle_id" = v."id"
    JOIN "stock" s ON s."variant_id" = coalesce(b."component_id", v."id") JOIN "warehouse" w ON w."id" = s."warehouse_id"
    WHERE v."active" AND s."on_hand" > 0 GROUP BY v."product_id") AS place
  WHERE p."id" = place."id" AND cardinality(p."regency_codes") > 1 AND p."regency_codes" <> place."codes";
