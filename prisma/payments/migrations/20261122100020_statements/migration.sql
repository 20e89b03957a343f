-- An account's postings, newest first, from any of them on. Where they are summed by purpose, all of an account's are read anyway.
CREATE INDEX "posting_account_id_id_idx" ON "posting" ("account_id", "id");
DROP INDEX "posting_account_id_purpose_idx";

-- The last of some accounts' postings before a time, or 0: found by halving, because a posting has no time of its own. The halves are the same
-- whatever was posted since, so that what ends a period begins the next one.
CREATE FUNCTION "last_posting_before"("accounts" TEXT[], "at" TIMESTAMPTZ) RETURNS BIGINT LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
  low BIGINT := 0;
  high BIGINT := 9007199254740992;
  middle BIGINT;
  nearest RECORD;
BEGIN
  WHILE low < high LOOP
    middle := low + (high - low) / 2;
    SELECT following.id, posted_at INTO nearest
      FROM unnest(accounts) AS one (account_id) CROSS JOIN LATERAL
        (SELECT id, journal_id FROM posting WHERE (account_id, id) > (one.account_id, middle)
          AND (account_id, id) < (one.account_id, 9007199254740992) ORDER BY posting.account_id, id LIMIT 1) AS following
        JOIN journal ON journal.id = following.journal_id
      ORDER BY following.id LIMIT 1;
    IF nearest.posted_at < at THEN
      low := nearest.id;
    ELSE
      high := middle;
    END IF;
  END LOOP;
  RETURN low;
END $$;
