DROP INDEX errand_documents_blob;
ALTER TABLE errand_decisions DROP COLUMN served_how;
ALTER TABLE errand_decisions DROP COLUMN served_at;
ALTER TABLE errand_decisions DROP COLUMN ground;
ALTER TABLE errand_decisions DROP COLUMN service;
ALTER TABLE errand_decisions DROP COLUMN files;
ALTER TABLE errand_documents DROP COLUMN item_id;
ALTER TABLE errand_messages DROP COLUMN delivery_id;
ALTER TABLE errand_messages DROP COLUMN about;
ALTER TABLE errand_messages DROP COLUMN conversation_id;
DROP TABLE errand_appeals;
DROP TABLE sent_files;
DROP TABLE errand_requests;
CREATE TABLE outgoing_events_old (
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
INSERT INTO outgoing_events_old (id, municipality, errand_id, sequence, kind, body, state, outcome, attempts, next_at, lease_until, last_error, created_at, finished_at)
SELECT id, municipality, errand_id, sequence, kind, body, CASE state WHEN 'left' THEN 'rejected' ELSE state END, outcome, attempts, next_at, lease_until, last_error, created_at, finished_at FROM outgoing_events WHERE replay = 0;
DROP TABLE outgoing_events;
ALTER TABLE outgoing_events_old RENAME TO outgoing_events;
CREATE INDEX outgoing_events_due ON outgoing_events (state, next_at);
CREATE TABLE errands_old (
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
INSERT INTO errands_old (id, municipality, case_id, delivery_id, reference, diary_number, diary_key, case_type, unit, title, applicant, protected, sensitive, status, handler, attention, outcome, received_at, registered_at, updated_at, closed_at, version, sequence)
SELECT id, municipality, case_id, delivery_id, reference, diary_number, diary_key, case_type, unit, title, applicant, protected, sensitive, status, handler, CASE WHEN attention IN ('new', 'message', 'supplement', 'withdrawn') OR attention IS NULL THEN attention ELSE 'message' END, outcome, received_at, registered_at, updated_at, closed_at, version, sequence FROM errands;
DROP TABLE errands;
ALTER TABLE errands_old RENAME TO errands;
CREATE INDEX errands_open ON errands (municipality, unit, received_at, id) WHERE closed_at IS NULL;
CREATE INDEX errands_status ON errands (municipality, unit, status, received_at, id);
CREATE INDEX errands_unassigned ON errands (municipality, unit, received_at, id) WHERE closed_at IS NULL AND handler IS NULL;
CREATE INDEX errands_unread ON errands (municipality, unit, received_at, id) WHERE attention IS NOT NULL;
CREATE INDEX errands_handler ON errands (municipality, handler, received_at, id) WHERE closed_at IS NULL;
CREATE INDEX errands_reference ON errands (municipality, reference);
CREATE INDEX errands_diary ON errands (municipality, diary_key);
