-- What one unit of a line weighs and measures, as it was sold: what is sent back of an order is weighed by itself. Unknown for older lines.
ALTER TABLE "order_line" ADD COLUMN "piece" JSONB;
