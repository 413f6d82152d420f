-- The events stay as they are; only the new aspect goes.
UPDATE inbound_events SET aspect = 'additive' WHERE aspect = 'due';
ALTER TABLE case_decisions DROP COLUMN confirmed_at;
ALTER TABLE case_decisions DROP COLUMN served_at;
ALTER TABLE case_messages DROP COLUMN day_only;
ALTER TABLE case_messages DROP COLUMN conversation;
ALTER TABLE case_messages DROP COLUMN opening;
ALTER TABLE case_messages DROP COLUMN about;
ALTER TABLE case_messages DROP COLUMN kind;
ALTER TABLE cases DROP COLUMN answer_by;
ALTER TABLE cases DROP COLUMN due;
DROP TABLE answer_files;
DROP TABLE case_requests;
CREATE TABLE inbound_events_old (
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
INSERT INTO inbound_events_old SELECT * FROM inbound_events;
DROP TABLE inbound_events;
ALTER TABLE inbound_events_old RENAME TO inbound_events;
CREATE INDEX inbound_events_outcome ON inbound_events (outcome, municipality, seq);
CREATE INDEX inbound_events_case ON inbound_events (case_id, aspect);
