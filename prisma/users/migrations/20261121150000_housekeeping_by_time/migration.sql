-- What is over its time is found by it. Rows come in the order of their times: a few kB are enough for a GB, and writing costs next to nothing.
CREATE INDEX "inbox_event_received_at_idx" ON "inbox_event" USING BRIN ("received_at") WITH (autosummarize = on);
