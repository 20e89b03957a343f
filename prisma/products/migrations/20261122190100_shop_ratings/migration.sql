-- How many reviews all products of a shop have, and how many stars those give together: from now on counted with each review, and before it
-- what its products know. That each is 0 or more holds for products, of which this is the sum; a review that goes down is added as less than 0.
CREATE TABLE "shop_rating" (
  "shop_id" TEXT PRIMARY KEY,
  "review_count" INTEGER NOT NULL,
  "stars" INTEGER NOT NULL
);
INSERT INTO "shop_rating" ("shop_id", "review_count", "stars")
  SELECT p."shop_id", sum(given."reviews"), sum(given."reviews" * given."star")
  FROM "product" p CROSS JOIN unnest(p."rating_counts") WITH ORDINALITY AS given ("reviews", "star")
  WHERE p."rating_count" > 0 GROUP BY p."shop_id";
