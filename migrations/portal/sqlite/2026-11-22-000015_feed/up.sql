-- What a receiver is told of besides deliveries. A row gets its place in the feed of its target after it was committed, by
-- one at a time (the lock is feed_heads), so that places follow the order of commits and no reader passes one by.
CREATE TABLE notices (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    target TEXT NOT NULL,
    case_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    time INTEGER NOT NULL,
    -- With the place: what the receiver calls the case, and the counter within the case.
    position INTEGER,
    subject TEXT,
    sequence INTEGER,
    CHECK ((position IS NULL) = (subject IS NULL) AND (position IS NULL) = (sequence IS NULL))
) STRICT;
CREATE UNIQUE INDEX notices_position ON notices (municipality, target, position);
CREATE INDEX notices_new ON notices (municipality, target, time, id) WHERE position IS NULL;
CREATE INDEX notices_case ON notices (case_id, sequence);

-- The last place given in a target's feed, and how far the receiver says that it has read (or was told by push). Whoever
-- pushes has the turn until then.
CREATE TABLE feed_heads (
    municipality TEXT NOT NULL,
    target TEXT NOT NULL,
    position INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL,
    turn_until INTEGER,
    PRIMARY KEY (municipality, target)
) STRICT;

-- Keys that a receiving system was given in administration, beside those of the settings. `kind`: token (reads), secret_in
-- (signs what it sends), client (asks for tokens, OAuth 2). Of a token and a client only the digest is kept; a signing
-- secret is sealed, since it is needed. Revoked rows stay: they tell who had access when.
CREATE TABLE receiver_keys (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    target TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('token', 'secret_in', 'client')),
    digest TEXT NOT NULL,
    sealed BLOB,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    revoked_by TEXT,
    used_at INTEGER
) STRICT;
CREATE INDEX receiver_keys_target ON receiver_keys (municipality, target, kind);
CREATE UNIQUE INDEX receiver_keys_digest ON receiver_keys (municipality, digest);

-- Short-lived access tokens that clients have asked for (RFC 6749 4.4); digests only.
CREATE TABLE access_tokens (
    digest TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    target TEXT NOT NULL,
    key_id TEXT NOT NULL,
    scopes TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX access_tokens_expires ON access_tokens (expires_at);

-- A receiver asks for a case by its own id of it.
CREATE INDEX cases_external ON cases (municipality, target, external_case_id);
