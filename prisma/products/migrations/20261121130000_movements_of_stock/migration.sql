-- A movement is one of a stock row, which is one of a variant and a warehouse: asking for each of them locks the row of a warehouse in every
-- sale of its shop.
ALTER TABLE "stock_movement"
  DROP CONSTRAINT "stock_movement_variant_id_fkey",
  DROP CONSTRAINT "stock_movement_warehouse_id_fkey",
  ADD CONSTRAINT "stock_movement_variant_id_warehouse_id_fkey" FOREIGN KEY ("variant_id", "warehouse_id")
    REFERENCES "stock" ("variant_id", "warehouse_id") ON DELETE RESTRICT ON UPDATE CASCADE;
