-- What is over its time is found by these, and whoever removes a session asks for its tokens, used ones too.
CREATE INDEX "session_expires_at_idx" ON "session" ("expires_at");
CREATE INDEX "refresh_token_session_id_idx" ON "refresh_token" ("session_id");
CREATE INDEX "password_reset_expires_at_idx" ON "password_reset" ("expires_at");
