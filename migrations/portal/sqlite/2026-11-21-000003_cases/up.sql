-- Cases as the resident sees them, what is handed over for them and what comes back.

-- The projection: written in the same transaction as the event that changed it.
CREATE TABLE cases (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    reference TEXT NOT NULL,
    party_id TEXT,
    browser_hash TEXT,
    submission_id TEXT NOT NULL,
    service TEXT NOT NULL,
    title TEXT NOT NULL,
    target TEXT NOT NULL,
    case_type TEXT NOT NULL,
    appeal_regime TEXT NOT NULL,
    sensitivity TEXT NOT NULL,
    protected INTEGER NOT NULL CHECK (protected IN (0,1)),
    status TEXT NOT NULL,
    next_move TEXT NOT NULL CHECK (next_move IN ('municipality', 'resident', 'nobody')),
    unit TEXT NOT NULL,
    handler TEXT,
    external_case_id TEXT,
    diary_number TEXT,
    outcome TEXT,
    email TEXT,
    phone TEXT,
    channel TEXT NOT NULL,
    language TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    closed_at INTEGER,
    withdrawn_at INTEGER,
    email_refused_at INTEGER,
    UNIQUE (municipality, reference)
) STRICT;
CREATE INDEX cases_party ON cases (municipality, party_id, received_at, id);

-- What happened, append-only. `at` is shown and orders, then the sender's `sequence`, then `seq`. `event_key` is what made
-- the row, so that nothing stands there twice.
CREATE TABLE case_events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    municipality TEXT NOT NULL,
    case_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    sequence INTEGER,
    event_key TEXT NOT NULL,
    visible INTEGER NOT NULL CHECK (visible IN (0,1)),
    data TEXT NOT NULL,
    UNIQUE (case_id, event_key)
) STRICT;
CREATE INDEX case_events_case ON case_events (case_id, seq);

-- Messages either way. `external_id` is the sender's own id: inserted once. `documents` is a JSON list of ids.
CREATE TABLE case_messages (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    case_id TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('to_resident', 'from_resident')),
    external_id TEXT NOT NULL,
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    allow_reply INTEGER NOT NULL CHECK (allow_reply IN (0,1)),
    documents TEXT NOT NULL,
    read_at INTEGER,
    UNIQUE (case_id, direction, external_id)
) STRICT;
CREATE INDEX case_messages_case ON case_messages (case_id, at);

-- Decisions; a higher version of the same is a further row.
CREATE TABLE case_decisions (
    municipality TEXT NOT NULL,
    case_id TEXT NOT NULL,
    decision_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    data TEXT NOT NULL,
    decided_at INTEGER NOT NULL,
    PRIMARY KEY (case_id, decision_id, version)
) STRICT;

-- Documents of a case: the receipt, her files, what the receiver published. `upload_key` is the idempotency key of a
-- receiver's upload.
CREATE TABLE case_documents (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    case_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('receipt', 'attachment', 'from_municipality')),
    title TEXT NOT NULL,
    blob_key TEXT NOT NULL,
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    visible INTEGER NOT NULL CHECK (visible IN (0,1)),
    upload_key TEXT,
    created_at INTEGER NOT NULL,
    UNIQUE (case_id, upload_key)
) STRICT;
CREATE INDEX case_documents_case ON case_documents (case_id, created_at);
CREATE UNIQUE INDEX case_documents_receipt ON case_documents (case_id) WHERE kind = 'receipt';

-- One thing to hand to one target. `content` is what the body will be built from, `body` is the finished body: made once,
-- sent byte for byte the same on every attempt; both encrypted, as they hold identity numbers. Deliveries of a case go in
-- order of id. `unclear`: the last attempt may have arrived, ask before sending again. `not_before`: a Retry-After.
CREATE TABLE deliveries (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    case_id TEXT NOT NULL,
    target TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting_precondition', 'pending', 'in_progress', 'retry_scheduled', 'accepted', 'registered', 'dead', 'resolved_manually', 'cancelled')),
    content BLOB NOT NULL,
    body BLOB,
    body_sha256 TEXT,
    attempts INTEGER NOT NULL,
    unclear INTEGER NOT NULL CHECK (unclear IN (0,1)),
    next_at INTEGER NOT NULL,
    not_before INTEGER,
    lease_until INTEGER,
    last_error TEXT,
    received_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    resolved_by TEXT,
    resolved_why TEXT
) STRICT;
CREATE INDEX deliveries_case ON deliveries (case_id, id);
CREATE INDEX deliveries_due ON deliveries (state, next_at);
CREATE INDEX deliveries_target ON deliveries (municipality, target, state, received_at);
CREATE INDEX deliveries_received ON deliveries (municipality, received_at);

CREATE TABLE delivery_attempts (
    delivery_id TEXT NOT NULL,
    municipality TEXT NOT NULL,
    n INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    http_status INTEGER,
    error_class TEXT,
    note TEXT NOT NULL,
    PRIMARY KEY (delivery_id, n)
) STRICT;

-- How a target is: failures in a row, and why nothing is sent to it. `configuration`: its settings are wrong (401, 403,
-- certificate), waiting costs no attempts; `unreachable`: five failures in a row. Either way until it answers a probe.
CREATE TABLE target_states (
    municipality TEXT NOT NULL,
    target TEXT NOT NULL,
    failures INTEGER NOT NULL,
    paused TEXT CHECK (paused IN ('configuration', 'unreachable')),
    since INTEGER NOT NULL,
    why TEXT NOT NULL,
    probe_at INTEGER NOT NULL,
    PRIMARY KEY (municipality, target)
) STRICT;

-- Every push from a receiver, with the stored answer for a repeat.
CREATE TABLE inbound_pushes (
    municipality TEXT NOT NULL,
    target TEXT NOT NULL,
    webhook_id TEXT NOT NULL,
    body_sha256 TEXT NOT NULL,
    status INTEGER NOT NULL,
    response TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (municipality, target, webhook_id)
) STRICT;

-- Every event of a receiver, with what became of it; `seq` is the order of arrival. The status and the handler of a case
-- are computed from these rows, so that the order of arrival makes no difference. `held`: came after a terminal status.
-- `parked`: the case is not known as the receiver's yet; `dead`: it never became so.
CREATE TABLE inbound_events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    municipality TEXT NOT NULL,
    source TEXT NOT NULL,
    event_id TEXT NOT NULL,
    target TEXT NOT NULL,
    case_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    aspect TEXT NOT NULL CHECK (aspect IN ('identity', 'status', 'handler', 'additive')),
    sequence INTEGER,
    time INTEGER NOT NULL,
    replay INTEGER NOT NULL CHECK (replay IN (0,1)),
    body TEXT NOT NULL,
    body_sha256 TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('applied', 'stale', 'held', 'parked', 'unmapped', 'dead')),
    external_code TEXT,
    portal_status TEXT,
    received_at INTEGER NOT NULL,
    UNIQUE (municipality, source, event_id)
) STRICT;
CREATE INDEX inbound_events_outcome ON inbound_events (outcome, municipality, seq);
CREATE INDEX inbound_events_case ON inbound_events (case_id, aspect);

-- The ledger of what the resident was told: one row for each event, person and channel.
CREATE TABLE notifications (
    municipality TEXT NOT NULL,
    case_id TEXT NOT NULL,
    event_key TEXT NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'refused')),
    created_at INTEGER NOT NULL,
    sent_at INTEGER,
    PRIMARY KEY (municipality, case_id, event_key, channel)
) STRICT;

-- Who may administer, by the whole affiliation of a staff log-in.
CREATE TABLE administrators (
    municipality TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (municipality, affiliation)
) STRICT;
