-- A session knows the log-in behind it. `public_id` names it in its owner's list and in the log, and stays when the token
-- is renewed; `subject_lookup` and `sid_lookup` are keyed hashes of what the broker calls person and session, for its own
-- log-out; `level` is the highest level of assurance that `acr` reaches at that broker; `agent` is browser and system in
-- two words; `id_token_sealed` is shown to the broker at log-out and read at no other time. The defaults are what a process
-- from before writes: it asks everybody for level 3.
ALTER TABLE sessions ADD COLUMN public_id TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN issuer TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN subject_lookup TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN sid_lookup TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN acr TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN level INTEGER NOT NULL DEFAULT 3;
ALTER TABLE sessions ADD COLUMN auth_at TIMESTAMPTZ;
ALTER TABLE sessions ADD COLUMN method TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN id_token_sealed BYTEA;
UPDATE sessions SET public_id = replace(gen_random_uuid()::text, '-', '');
CREATE INDEX sessions_subject ON sessions (subject_lookup);
CREATE INDEX sessions_sid ON sessions (sid_lookup);

-- Log-out tokens that brokers have sent: each counts once.
CREATE TABLE logout_tokens (
    issuer TEXT NOT NULL,
    jti_hash TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (issuer, jti_hash)
);
