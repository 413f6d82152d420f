DROP TABLE logout_tokens;
CREATE TABLE logout_tokens (
    issuer TEXT NOT NULL,
    jti_hash TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, jti_hash)
) STRICT;
