-- Errands as handlers work them: what came from the portal, who has it, what was said and decided, what goes back.

-- A unit belongs to a nämnd (`board`), whose diary its errands are numbered in. Strict: own handlers only.
CREATE TABLE units (
    municipality TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    diary TEXT NOT NULL,
    board TEXT NOT NULL,
    strict INTEGER NOT NULL CHECK (strict IN (0,1)),
    PRIMARY KEY (municipality, code)
) STRICT;

-- Known by the whole affiliation that the log-in gives: the part before @ is unique only within an organisation.
CREATE TABLE staff (
    municipality TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    email TEXT NOT NULL,
    units TEXT NOT NULL,
    roles TEXT NOT NULL,
    PRIMARY KEY (municipality, affiliation)
) STRICT;

-- The one deliberate hot row: number and errand in the same unit of work, so that there are no gaps.
CREATE TABLE diary_counters (
    municipality TEXT NOT NULL,
    diary TEXT NOT NULL,
    year INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (municipality, diary, year)
) STRICT;

-- Idempotency: the sealed body as it came and the answer that every repeat gets, however late.
CREATE TABLE received_deliveries (
    municipality TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    case_id TEXT NOT NULL,
    errand_id TEXT,
    body_sealed BLOB NOT NULL,
    body_sha256 TEXT NOT NULL,
    receipt TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (municipality, id)
) STRICT;
CREATE INDEX received_deliveries_errand ON received_deliveries (errand_id, id);

-- `applicant` is null for an anonymous sender and for protected identity: a list never shows that name. `attention` says
-- why a handler should look; null when she has. `version` is held against the form that a handler opened. `sequence` is
-- the counter of the events that go back, from the receipt's 1.
CREATE TABLE errands (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    case_id TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    reference TEXT NOT NULL,
    diary_number TEXT NOT NULL,
    diary_key TEXT NOT NULL,
    case_type TEXT NOT NULL,
    unit TEXT NOT NULL,
    title TEXT NOT NULL,
    applicant TEXT,
    protected INTEGER NOT NULL CHECK (protected IN (0,1)),
    sensitive INTEGER NOT NULL CHECK (sensitive IN (0,1)),
    status TEXT NOT NULL,
    handler TEXT,
    attention TEXT CHECK (attention IN ('new', 'message', 'supplement', 'withdrawn')),
    outcome TEXT,
    received_at INTEGER NOT NULL,
    registered_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    closed_at INTEGER,
    version INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    UNIQUE (municipality, case_id),
    UNIQUE (municipality, diary_number)
) STRICT;
-- Each list of the inbox has an index in its own order, so that a page costs the same however many errands there are.
CREATE INDEX errands_open ON errands (municipality, unit, received_at, id) WHERE closed_at IS NULL;
CREATE INDEX errands_status ON errands (municipality, unit, status, received_at, id);
CREATE INDEX errands_unassigned ON errands (municipality, unit, received_at, id) WHERE closed_at IS NULL AND handler IS NULL;
CREATE INDEX errands_unread ON errands (municipality, unit, received_at, id) WHERE attention IS NOT NULL;
CREATE INDEX errands_handler ON errands (municipality, handler, received_at, id) WHERE closed_at IS NULL;
CREATE INDEX errands_reference ON errands (municipality, reference);
CREATE INDEX errands_diary ON errands (municipality, diary_key);

-- Words to search by, folded by the program. None for protected identity but reference and diary number.
CREATE TABLE errand_words (
    municipality TEXT NOT NULL,
    word TEXT NOT NULL,
    errand_id TEXT NOT NULL,
    PRIMARY KEY (municipality, word, errand_id)
) STRICT;

-- What happened, append-only; the words are made when shown.
CREATE TABLE errand_journal (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    municipality TEXT NOT NULL,
    errand_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX errand_journal_errand ON errand_journal (errand_id, seq);

-- Messages either way. The id is the sender's own: a form or delivery that comes twice is written once.
CREATE TABLE errand_messages (
    errand_id TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('to_resident', 'from_resident')),
    id TEXT NOT NULL,
    municipality TEXT NOT NULL,
    kind TEXT NOT NULL,
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    allow_reply INTEGER NOT NULL CHECK (allow_reply IN (0,1)),
    at INTEGER NOT NULL,
    PRIMARY KEY (errand_id, direction, id)
) STRICT;

CREATE TABLE errand_decisions (
    errand_id TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    municipality TEXT NOT NULL,
    outcome TEXT NOT NULL,
    text TEXT NOT NULL,
    reasons TEXT NOT NULL,
    legal_basis TEXT NOT NULL,
    appeal TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at INTEGER NOT NULL,
    PRIMARY KEY (errand_id, id, version)
) STRICT;

-- Files of a delivery: noted when it is registered, fetched afterwards. `number` is the diary number with a serial.
CREATE TABLE errand_documents (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    errand_id TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    document_id TEXT NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    scan TEXT NOT NULL,
    href TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'stored', 'refused')),
    blob_key TEXT,
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    lease_until INTEGER,
    last_error TEXT,
    UNIQUE (municipality, delivery_id, document_id)
) STRICT;
CREATE INDEX errand_documents_errand ON errand_documents (errand_id, number);
CREATE INDEX errand_documents_due ON errand_documents (state, next_at);

-- An errand with protected identity is opened with a stated reason, which holds for a while.
CREATE TABLE errand_openings (
    errand_id TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    municipality TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (errand_id, affiliation)
) STRICT;

-- What goes back to the portal, written in the transaction that decides it. The body is made once.
CREATE TABLE outgoing_events (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    errand_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'rejected')),
    outcome TEXT,
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    lease_until INTEGER,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    UNIQUE (errand_id, sequence)
) STRICT;
CREATE INDEX outgoing_events_due ON outgoing_events (state, next_at);

-- A portal that refuses our key or address: a fault in the settings. Waiting costs no attempts until it answers again.
CREATE TABLE paused_portals (
    municipality TEXT PRIMARY KEY,
    since INTEGER NOT NULL,
    why TEXT NOT NULL,
    probe_at INTEGER NOT NULL
) STRICT;
