DROP TABLE logout_tokens;
CREATE TABLE logout_tokens (
    issuer TEXT NOT NULL,
    jti_hash TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (issuer, jti_hash)
);
