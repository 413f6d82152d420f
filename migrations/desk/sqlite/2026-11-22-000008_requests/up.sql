-- What a handler asks of a resident, sends her and decides further, and what she answers.

-- More words for why to look, and the day that a decision is to be expected. SQLite changes a CHECK only by making the table anew.
CREATE TABLE errands_new (
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
    attention TEXT CHECK (attention IN ('new', 'message', 'supplement', 'withdrawn', 'hearing', 'decision_request', 'appeal')),
    outcome TEXT,
    received_at INTEGER NOT NULL,
    registered_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    closed_at INTEGER,
    version INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    due_on TEXT,
    due_reason TEXT,
    UNIQUE (municipality, case_id),
    UNIQUE (municipality, diary_number)
) STRICT;
INSERT INTO errands_new (id, municipality, case_id, delivery_id, reference, diary_number, diary_key, case_type, unit, title, applicant, protected, sensitive, status, handler, attention, outcome, received_at, registered_at, updated_at, closed_at, version, sequence)
SELECT id, municipality, case_id, delivery_id, reference, diary_number, diary_key, case_type, unit, title, applicant, protected, sensitive, status, handler, attention, outcome, received_at, registered_at, updated_at, closed_at, version, sequence FROM errands;
DROP TABLE errands;
ALTER TABLE errands_new RENAME TO errands;
CREATE INDEX errands_open ON errands (municipality, unit, received_at, id) WHERE closed_at IS NULL;
CREATE INDEX errands_status ON errands (municipality, unit, status, received_at, id);
CREATE INDEX errands_unassigned ON errands (municipality, unit, received_at, id) WHERE closed_at IS NULL AND handler IS NULL;
CREATE INDEX errands_unread ON errands (municipality, unit, received_at, id) WHERE attention IS NOT NULL;
CREATE INDEX errands_handler ON errands (municipality, handler, received_at, id) WHERE closed_at IS NULL;
CREATE INDEX errands_reference ON errands (municipality, reference);
CREATE INDEX errands_diary ON errands (municipality, diary_key);

-- `files`: sent before the event that names them, and empty from when their names at the portal stand in the body.
-- `replay`: 0, or the number of the time that the portal asked for the errand's events once more. `sent_as`: the
-- `webhook-id` when it is another than the event's own, because the portal keeps its answer to that one.
CREATE TABLE outgoing_events_new (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    errand_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'rejected', 'left')),
    outcome TEXT,
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    lease_until INTEGER,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    files TEXT NOT NULL DEFAULT '[]',
    replay INTEGER NOT NULL DEFAULT 0,
    sent_as TEXT,
    UNIQUE (errand_id, sequence, replay)
) STRICT;
INSERT INTO outgoing_events_new (id, municipality, errand_id, sequence, kind, body, state, outcome, attempts, next_at, lease_until, last_error, created_at, finished_at)
SELECT id, municipality, errand_id, sequence, kind, body, state, outcome, attempts, next_at, lease_until, last_error, created_at, finished_at FROM outgoing_events;
DROP TABLE outgoing_events;
ALTER TABLE outgoing_events_new RENAME TO outgoing_events;
CREATE INDEX outgoing_events_due ON outgoing_events (state, next_at);

-- What the resident has been asked: to send more (komplettering) or to answer before a decision (kommunicering). `files`
-- are the files that go with a hearing; `items` what is wanted, one by one.
CREATE TABLE errand_requests (
    errand_id TEXT NOT NULL,
    id TEXT NOT NULL,
    municipality TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('supplement', 'hearing')),
    version INTEGER NOT NULL,
    text TEXT NOT NULL,
    items TEXT NOT NULL,
    files TEXT NOT NULL,
    due_on TEXT,
    consequence TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'accepted', 'expired', 'cancelled')),
    author TEXT NOT NULL,
    at INTEGER NOT NULL,
    answered_at INTEGER,
    resolved_at INTEGER,
    PRIMARY KEY (errand_id, id)
) STRICT;

-- Files to the resident. The id is ours and the key of the upload, so that a file that is handed in twice is there once;
-- `portal_id` is what the portal calls it, from when the portal has it.
CREATE TABLE sent_files (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    errand_id TEXT NOT NULL,
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    blob_key TEXT NOT NULL,
    portal_id TEXT,
    author TEXT NOT NULL,
    at INTEGER NOT NULL,
    withdrawn_at INTEGER
) STRICT;
CREATE INDEX sent_files_errand ON sent_files (errand_id, id);
CREATE INDEX sent_files_blob ON sent_files (blob_key);

-- Appeals, by whatever way they came. `timely` is the authority's own examination (förvaltningslagen 45 §), null until
-- it is done; `forwarded_on` the day it went to the court (46 §).
CREATE TABLE errand_appeals (
    errand_id TEXT NOT NULL,
    id TEXT NOT NULL,
    municipality TEXT NOT NULL,
    decision_id TEXT NOT NULL,
    method TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    timely INTEGER CHECK (timely IN (0,1)),
    forwarded_on TEXT,
    author TEXT NOT NULL,
    PRIMARY KEY (errand_id, id)
) STRICT;

-- Threads of messages, what a message is about (a request, a hearing, a decision), and the delivery that it came in:
-- its files are found by that. Processes of the version before write none of them.
ALTER TABLE errand_messages ADD COLUMN conversation_id TEXT NOT NULL DEFAULT '';
ALTER TABLE errand_messages ADD COLUMN about TEXT;
ALTER TABLE errand_messages ADD COLUMN delivery_id TEXT;
-- Which wanted thing a file answers.
ALTER TABLE errand_documents ADD COLUMN item_id TEXT;
CREATE INDEX errand_documents_blob ON errand_documents (blob_key);

-- A decision's files, how it is to be served (delgivning) and when it was, and on what ground a further version was made
-- (36, 37 or 38 § förvaltningslagen).
ALTER TABLE errand_decisions ADD COLUMN files TEXT NOT NULL DEFAULT '[]';
ALTER TABLE errand_decisions ADD COLUMN service TEXT NOT NULL DEFAULT 'null';
ALTER TABLE errand_decisions ADD COLUMN ground TEXT;
ALTER TABLE errand_decisions ADD COLUMN served_at INTEGER;
ALTER TABLE errand_decisions ADD COLUMN served_how TEXT;
