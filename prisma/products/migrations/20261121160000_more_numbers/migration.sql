-- The nth of many ids that are made from one: its last five digits are given away for the number. Three were 32,768 numbers, and a batch
-- of reservations that end together may hold more; five are more than the largest such batch has.
CREATE OR REPLACE FUNCTION "numbered_id"("base" TEXT, "nth" BIGINT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
  SELECT left("base", -5)
    || substr('0123456789abcdefghjkmnpqrstvwxyz', (("nth" >> 20) & 31)::integer + 1, 1)
    || substr('0123456789abcdefghjkmnpqrstvwxyz', (("nth" >> 15) & 31)::integer + 1, 1)
    || substr('0123456789abcdefghjkmnpqrstvwxyz', (("nth" >> 10) & 31)::integer + 1, 1)
    || substr('0123456789abcdefghjkmnpqrstvwxyz', (("nth" >> 5) & 31)::integer + 1, 1)
    || substr('0123456789abcdefghjkmnpqrstvwxyz', ("nth" & 31)::integer + 1, 1)
$$;
