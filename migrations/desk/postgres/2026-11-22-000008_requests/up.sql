-- What a handler asks of a resident, sends her and decides further, and what she answers.

-- More words for why to look, and the day that a decision is to be expected.
ALTER TABLE errands DROP CONSTRAINT errands_attention_check;
ALTER TABLE errands ADD CONSTRAINT errands_attention_check CHECK (attention IN ('new', 'message', 'supplement', 'withdrawn', 'hearing', 'decision_request', 'appeal'));
ALTER TABLE errands ADD COLUMN due_on TEXT;
ALTER TABLE errands ADD COLUMN due_reason TEXT;

-- `files`: sent before the event that names them, and empty from when their names at the portal stand in the body.
-- `replay`: 0, or the number of the time that the portal asked for the errand's events once more. `sent_as`: the
-- `webhook-id` when it is another than the event's own, because the portal keeps its answer to that one.
ALTER TABLE outgoing_events DROP CONSTRAINT outgoing_events_state_check;
ALTER TABLE outgoing_events ADD CONSTRAINT outgoing_events_state_check CHECK (state IN ('waiting', 'accepted', 'rejected', 'left'));
ALTER TABLE outgoing_events ADD COLUMN files TEXT NOT NULL DEFAULT '[]';
ALTER TABLE outgoing_events ADD COLUMN replay INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outgoing_events ADD COLUMN sent_as TEXT;
ALTER TABLE outgoing_events DROP CONSTRAINT outgoing_events_errand_id_sequence_key;
ALTER TABLE outgoing_events ADD CONSTRAINT outgoing_events_errand_id_sequence_replay_key UNIQUE (errand_id, sequence, replay);

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
    at TIMESTAMPTZ NOT NULL,
    answered_at TIMESTAMPTZ,
    resolved_at TIMESTAMPTZ,
    PRIMARY KEY (errand_id, id)
);

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
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    blob_key TEXT NOT NULL,
    portal_id TEXT,
    author TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    withdrawn_at TIMESTAMPTZ
);
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
    received_at TIMESTAMPTZ NOT NULL,
    timely BOOLEAN,
    forwarded_on TEXT,
    author TEXT NOT NULL,
    PRIMARY KEY (errand_id, id)
);

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
ALTER TABLE errand_decisions ADD COLUMN served_at TIMESTAMPTZ;
ALTER TABLE errand_decisions ADD COLUMN served_how TEXT;
