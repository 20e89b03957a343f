-- Parcels that a courier has and may say nothing more of are found by how long it has said nothing.
CREATE INDEX "shipment_under_way" ON "shipment" (coalesce("status_at", "created_at"))
  WHERE "courier_order_id" IS NOT NULL AND "status" NOT IN ('REQUESTED', 'DELIVERED', 'RETURNED', 'LOST', 'CANCELLED');
