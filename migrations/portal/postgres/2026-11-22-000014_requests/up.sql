-- What the municipality asks of a resident (komplettering, kommunicering), when a decision is to be expected, how she has
-- taken part of a decision, and files of an answer that is not sent yet.

-- Computed from every event about the request and her own answers, whatever came first. `opening` names the event that
-- asks at present: an answer to an earlier one does not answer it. Of a hearing `state` is open or submitted.
CREATE TABLE case_requests (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    case_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('supplement', 'hearing')),
    request_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'submitted', 'accepted', 'expired', 'cancelled')),
    opening TEXT NOT NULL,
    data TEXT NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ,
    UNIQUE (case_id, kind, request_id)
);

-- Files of an answer under way, by the form they belong to. `field`: which wanted thing, '' for none in particular.
CREATE TABLE answer_files (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    case_id TEXT NOT NULL,
    form TEXT NOT NULL,
    field TEXT NOT NULL,
    blob_key TEXT NOT NULL,
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX answer_files_form ON answer_files (case_id, form);
CREATE INDEX answer_files_blob ON answer_files (blob_key);
CREATE INDEX answer_files_created ON answer_files (created_at);

-- `answer_by`: the first of the days on which an answer is due. `due`: when a decision is to be expected, and why then (JSON).
ALTER TABLE cases ADD COLUMN due TEXT;
ALTER TABLE cases ADD COLUMN answer_by TIMESTAMPTZ;

-- `kind`: what a message of hers is; `about`: the request, decision or message that it answers; `opening`: the event that
-- asked when she answered; `conversation`: the sender's thread; `day_only`: the hour is not known.
ALTER TABLE case_messages ADD COLUMN kind TEXT NOT NULL DEFAULT 'message';
ALTER TABLE case_messages ADD COLUMN about TEXT;
ALTER TABLE case_messages ADD COLUMN opening TEXT;
ALTER TABLE case_messages ADD COLUMN conversation TEXT;
ALTER TABLE case_messages ADD COLUMN day_only BOOLEAN NOT NULL DEFAULT FALSE;

-- `served_at`: when she took part of it as the receiver says; `confirmed_at`: when she said so here, of this version.
ALTER TABLE case_decisions ADD COLUMN served_at TIMESTAMPTZ;
ALTER TABLE case_decisions ADD COLUMN confirmed_at TIMESTAMPTZ;

-- The aspect "due" is new.
ALTER TABLE inbound_events DROP CONSTRAINT inbound_events_aspect_check;
ALTER TABLE inbound_events ADD CONSTRAINT inbound_events_aspect_check CHECK (aspect IN ('identity', 'status', 'handler', 'due', 'additive'));
