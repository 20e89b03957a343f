-- Staff look for journals of one kind, newest first, among all that were ever posted.
CREATE INDEX "journal_kind_posted_at_id_idx" ON "journal" ("kind", "posted_at", "id");
