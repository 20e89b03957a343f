-- Where a checkout has found that a shop's parcel leaves from, and for which lines: nothing is known of the carts that are there.
ALTER TABLE "cart_group" ADD COLUMN "found_origin" TEXT, ADD COLUMN "found_for" TEXT;
