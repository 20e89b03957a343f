-- Of which category a line's goods were when they were sold: a refund of it takes no commission of another category along. Unknown for older lines.
ALTER TABLE "order_line" ADD COLUMN "category_id" TEXT;
