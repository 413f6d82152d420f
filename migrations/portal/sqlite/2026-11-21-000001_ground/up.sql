-- What every application needs: who is logged in, log-ins under way, work to do, who did what.

-- A session is known by the hash of its cookie; everything about it is here. `principal` is a party id on the portal and
-- an affiliation at desk and administration; `realm` keeps the three apart even on one database.
CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    realm TEXT NOT NULL,
    municipality TEXT NOT NULL,
    principal TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_principal ON sessions (municipality, realm, principal);
CREATE INDEX sessions_expires ON sessions (expires_at);

-- Used once: consumed with one conditional update before anything else is looked at.
CREATE TABLE login_transactions (
    state_hash TEXT PRIMARY KEY,
    realm TEXT NOT NULL,
    municipality TEXT NOT NULL,
    broker TEXT NOT NULL,
    browser_hash TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    consumed_at INTEGER
) STRICT;
CREATE INDEX login_transactions_expires ON login_transactions (expires_at);

-- The queue is the outbox: whatever must happen outside is written here in the transaction that decides it.
-- `dedupe` makes "once" a promise of the database. A dead job stays until somebody has looked at it.
CREATE TABLE jobs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    municipality TEXT NOT NULL,
    kind TEXT NOT NULL,
    dedupe TEXT,
    payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'dead')),
    due_at INTEGER NOT NULL,
    lease_until INTEGER,
    attempts INTEGER NOT NULL,
    last_error TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_due ON jobs (state, due_at);
CREATE UNIQUE INDEX jobs_dedupe ON jobs (municipality, kind, dedupe);

-- Who saw or did what. Never updated, never holds an identity number.
CREATE TABLE audit_log (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    municipality TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX audit_log_subject ON audit_log (municipality, subject, seq);
