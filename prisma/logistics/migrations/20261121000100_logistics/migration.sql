CREATE TABLE "courier" (
  "id" TEXT PRIMARY KEY,
  "name" TEXT NOT NULL
);

CREATE TABLE "courier_service" (
  "id" TEXT PRIMARY KEY,
  "courier_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "speed" TEXT NOT NULL CHECK ("speed" IN ('INSTANT', 'NEXT_DAY', 'REGULAR', 'ECONOMY', 'CARGO')),
  "within_regency_only" BOOLEAN NOT NULL DEFAULT false,
  "max_weight_grams" INTEGER CHECK ("max_weight_grams" > 0),
  "min_chargeable_kg" INTEGER NOT NULL DEFAULT 1 CHECK ("min_chargeable_kg" > 0),
  "volumetric_divisor" INTEGER NOT NULL DEFAULT 6000 CHECK ("volumetric_divisor" > 0),
  "rounding" TEXT NOT NULL DEFAULT 'CEIL' CHECK ("rounding" IN ('CEIL', 'JNE')),
  CONSTRAINT "courier_service_courier_id_fkey" FOREIGN KEY ("courier_id") REFERENCES "courier" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "courier_rate" (
  "service_id" TEXT NOT NULL,
  "zone" TEXT NOT NULL CHECK ("zone" IN ('REGENCY', 'PROVINCE', 'ISLANDS', 'FAR')),
  "base" BIGINT NOT NULL DEFAULT 0 CHECK ("base" >= 0),
  "per_kg" BIGINT NOT NULL CHECK ("per_kg" >= 0),
  "days_min" INTEGER NOT NULL,
  "days_max" INTEGER NOT NULL,
  PRIMARY KEY ("service_id", "zone"),
  CONSTRAINT "courier_rate_days" CHECK (0 <= "days_min" AND "days_min" <= "days_max"),
  CONSTRAINT "courier_rate_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "courier_service" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "shipment" (
  "id" TEXT PRIMARY KEY,
  "order_id" TEXT NOT NULL,
  "buyer_id" TEXT NOT NULL,
  "shop_id" TEXT NOT NULL,
  "courier_service_id" TEXT NOT NULL,
  "shipping_cost" BIGINT NOT NULL CHECK ("shipping_cost" >= 0),
  "weight_grams" INTEGER NOT NULL,
  "origin_regency_code" TEXT NOT NULL,
  "destination_regency_code" TEXT NOT NULL,
  "booking" JSONB NOT NULL,
  "status" TEXT NOT NULL CHECK ("status" IN ('REQUESTED', 'CONFIRMED', 'ALLOCATED', 'PICKING_UP', 'PICKED', 'DROPPING_OFF',
    'DELIVERED', 'ON_HOLD', 'RETURN_IN_TRANSIT', 'RETURNED', 'CANCELLED')),
  "status_at" TIMESTAMPTZ(3),
  "picked" BOOLEAN NOT NULL DEFAULT false,
  "tracking_number" TEXT,
  "courier_order_id" TEXT,
  "pickup_requested_at" TIMESTAMPTZ(3),
  "pickup_sent_at" TIMESTAMPTZ(3),
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "next_try_at" TIMESTAMPTZ(3) NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "shipment_is_booked" CHECK (("status" = 'REQUESTED') = ("tracking_number" IS NULL)),
  CONSTRAINT "shipment_courier_service_id_fkey" FOREIGN KEY ("courier_service_id") REFERENCES "courier_service" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "shipment_order_id_key" ON "shipment" ("order_id");
CREATE UNIQUE INDEX "shipment_tracking_number_key" ON "shipment" ("tracking_number");
-- The workers ask for these twice a second; both stay as small as what waits.
CREATE INDEX "shipment_unbooked" ON "shipment" ("next_try_at") WHERE "status" = 'REQUESTED';
CREATE INDEX "shipment_pickup_unsent" ON "shipment" ("next_try_at") WHERE "pickup_requested_at" IS NOT NULL AND "pickup_sent_at" IS NULL;

CREATE TABLE "tracking_event" (
  "id" TEXT PRIMARY KEY,
  "shipment_id" TEXT NOT NULL,
  "courier_event_id" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "location" TEXT,
  "note" TEXT,
  "occurred_at" TIMESTAMPTZ(3) NOT NULL,
  "received_at" TIMESTAMPTZ(3) NOT NULL,
  "outcome" TEXT NOT NULL CHECK ("outcome" IN ('APPLIED', 'LATE', 'REFUSED', 'IMPLIED')),
  CONSTRAINT "tracking_event_shipment_id_fkey" FOREIGN KEY ("shipment_id") REFERENCES "shipment" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "tracking_event_shipment_id_courier_event_id_key" ON "tracking_event" ("shipment_id", "courier_event_id");
CREATE INDEX "tracking_event_shipment_id_occurred_at_id_idx" ON "tracking_event" ("shipment_id", "occurred_at", "id");

CREATE FUNCTION tracking_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'tracking events are only ever added';
END $$;
CREATE TRIGGER tracking_event_stays BEFORE UPDATE OR DELETE ON "tracking_event" FOR EACH ROW EXECUTE FUNCTION tracking_event_stays();
CREATE TRIGGER tracking_event_is_not_emptied BEFORE TRUNCATE ON "tracking_event" FOR EACH STATEMENT EXECUTE FUNCTION tracking_event_stays();

-- Codes as aggregators write them; limits and roundings change, so they are rows and not code.
INSERT INTO "courier" ("id", "name") VALUES
  ('jne', 'JNE'), ('sicepat', 'SiCepat'), ('jnt', 'J&T Express'), ('anteraja', 'AnterAja'), ('tiki', 'TIKI'), ('pos', 'Pos Indonesia'),
  ('ninja', 'Ninja Xpress'), ('gosend', 'GoSend'), ('grab', 'GrabExpress');

INSERT INTO "courier_service"
  ("id", "courier_id", "name", "speed", "within_regency_only", "max_weight_grams", "min_chargeable_kg", "volumetric_divisor", "rounding") VALUES
  ('jne_reg', 'jne', 'Reguler', 'REGULAR', false, NULL, 1, 6000, 'JNE'),
  ('jne_oke', 'jne', 'OKE', 'ECONOMY', false, NULL, 1, 6000, 'JNE'),
  ('jne_yes', 'jne', 'YES', 'NEXT_DAY', false, NULL, 1, 6000, 'JNE'),
  ('jne_jtr', 'jne', 'JTR', 'CARGO', false, NULL, 10, 4000, 'JNE'),
  ('sicepat_reg', 'sicepat', 'Reguler', 'REGULAR', false, 50000, 1, 6000, 'CEIL'),
  ('sicepat_best', 'sicepat', 'BEST', 'NEXT_DAY', false, 50000, 1, 6000, 'CEIL'),
  ('jnt_ez', 'jnt', 'EZ', 'REGULAR', false, 50000, 1, 6000, 'CEIL'),
  ('anteraja_reg', 'anteraja', 'Reguler', 'REGULAR', false, 50000, 1, 6000, 'CEIL'),
  ('anteraja_next_day', 'anteraja', 'Next Day', 'NEXT_DAY', false, 50000, 1, 6000, 'CEIL'),
  ('tiki_reg', 'tiki', 'Reguler', 'REGULAR', false, NULL, 1, 6000, 'CEIL'),
  ('tiki_ons', 'tiki', 'Over Night Service', 'NEXT_DAY', false, NULL, 1, 6000, 'CEIL'),
  ('pos_kilat', 'pos', 'Pos Kilat Khusus', 'REGULAR', false, 50000, 1, 6000, 'CEIL'),
  ('ninja_standard', 'ninja', 'Reguler', 'REGULAR', false, 50000, 1, 6000, 'CEIL'),
  ('gosend_instant', 'gosend', 'Instant', 'INSTANT', true, 20000, 1, 6000, 'CEIL'),
  ('gosend_same_day', 'gosend', 'Same Day', 'INSTANT', true, 20000, 1, 6000, 'CEIL'),
  ('grab_instant', 'grab', 'Instant', 'INSTANT', true, 10000, 1, 6000, 'CEIL'),
  ('grab_same_day', 'grab', 'Same Day', 'INSTANT', true, 10000, 1, 6000, 'CEIL');

INSERT INTO "courier_rate" ("service_id", "zone", "base", "per_kg", "days_min", "days_max") VALUES
  ('jne_reg', 'REGENCY', 0, 9000, 1, 2), ('jne_reg', 'PROVINCE', 0, 12000, 2, 3), ('jne_reg', 'ISLANDS', 0, 18000, 2, 3), ('jne_reg', 'FAR', 0, 42000, 3, 7),
  ('jne_oke', 'REGENCY', 0, 8000, 2, 3), ('jne_oke', 'PROVINCE', 0, 10000, 3, 5), ('jne_oke', 'ISLANDS', 0, 15000, 4, 6), ('jne_oke', 'FAR', 0, 35000, 5, 9),
  ('jne_yes', 'REGENCY', 0, 15000, 1, 1), ('jne_yes', 'PROVINCE', 0, 20000, 1, 1), ('jne_yes', 'ISLANDS', 0, 30000, 1, 1),
  ('jne_jtr', 'REGENCY', 0, 2500, 2, 4), ('jne_jtr', 'PROVINCE', 0, 3500, 3, 5), ('jne_jtr', 'ISLANDS', 0, 4500, 4, 8), ('jne_jtr', 'FAR', 0, 9000, 7, 14),
  ('sicepat_reg', 'REGENCY', 0, 8500, 1, 2), ('sicepat_reg', 'PROVINCE', 0, 11500, 1, 2), ('sicepat_reg', 'ISLANDS', 0, 17000, 2, 3), ('sicepat_reg', 'FAR', 0, 40000, 3, 6),
  ('sicepat_best', 'REGENCY', 0, 14000, 1, 1), ('sicepat_best', 'PROVINCE', 0, 18000, 1, 1), ('sicepat_best', 'ISLANDS', 0, 28000, 1, 1),
  ('jnt_ez', 'REGENCY', 0, 9000, 1, 2), ('jnt_ez', 'PROVINCE', 0, 12000, 2, 3), ('jnt_ez', 'ISLANDS', 0, 18500, 2, 4), ('jnt_ez', 'FAR', 0, 43000, 3, 7),
  ('anteraja_reg', 'REGENCY', 0, 8500, 1, 2), ('anteraja_reg', 'PROVINCE', 0, 11000, 2, 3), ('anteraja_reg', 'ISLANDS', 0, 17000, 2, 4), ('anteraja_reg', 'FAR', 0, 41000, 3, 8),
  ('anteraja_next_day', 'REGENCY', 0, 13000, 1, 1), ('anteraja_next_day', 'PROVINCE', 0, 17000, 1, 1), ('anteraja_next_day', 'ISLANDS', 0, 26000, 1, 1),
  ('tiki_reg', 'REGENCY', 0, 9000, 1, 2), ('tiki_reg', 'PROVINCE', 0, 12500, 2, 3), ('tiki_reg', 'ISLANDS', 0, 18000, 2, 4), ('tiki_reg', 'FAR', 0, 42000, 3, 7),
  ('tiki_ons', 'REGENCY', 0, 16000, 1, 1), ('tiki_ons', 'PROVINCE', 0, 21000, 1, 1), ('tiki_ons', 'ISLANDS', 0, 32000, 1, 1),
  ('pos_kilat', 'REGENCY', 0, 8000, 1, 3), ('pos_kilat', 'PROVINCE', 0, 10500, 2, 4), ('pos_kilat', 'ISLANDS', 0, 16000, 3, 5), ('pos_kilat', 'FAR', 0, 36000, 4, 9),
  ('ninja_standard', 'REGENCY', 0, 8500, 1, 2), ('ninja_standard', 'PROVINCE', 0, 11500, 2, 3), ('ninja_standard', 'ISLANDS', 0, 17500, 2, 4), ('ninja_standard', 'FAR', 0, 41000, 3, 8),
  ('gosend_instant', 'REGENCY', 25000, 0, 0, 0), ('gosend_same_day', 'REGENCY', 18000, 0, 0, 0),
  ('grab_instant', 'REGENCY', 24000, 0, 0, 0), ('grab_same_day', 'REGENCY', 17000, 0, 0, 0);
