-- The municipality is in every key: a log-out token counts once at the host that it was sent to. What was remembered until
-- now was for a few minutes, and the sessions that it ended are gone.
DROP TABLE logout_tokens;
CREATE TABLE logout_tokens (
    municipality TEXT NOT NULL,
    issuer TEXT NOT NULL,
    jti_hash TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (municipality, issuer, jti_hash)
) STRICT;
