-- Where a delivery went when it was first sent ({kind, url, caseType, unit}; no secrets), and how far an adapter has come
-- that hands it over in several calls (the receiver's ids; no personal data).
ALTER TABLE deliveries ADD COLUMN config_snapshot TEXT;
ALTER TABLE deliveries ADD COLUMN progress TEXT;

-- What somebody has been told of, until it is over: `late` and `paused` by target, `dead` and `unregistered` by delivery.
CREATE TABLE delivery_alerts (
    municipality TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('late', 'paused', 'dead', 'unregistered')),
    subject TEXT NOT NULL,
    raised_at TIMESTAMPTZ NOT NULL,
    escalated_at TIMESTAMPTZ,
    PRIMARY KEY (municipality, kind, subject)
);

-- When a quiet case was last asked for at its receiver.
CREATE TABLE case_questions (
    case_id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL
);

-- The open cases of a target that have been quiet the longest.
CREATE INDEX cases_quiet ON cases (municipality, target, updated_at) WHERE closed_at IS NULL AND external_case_id IS NOT NULL;

-- A target may also be stopped for good (410) or by a person.
ALTER TABLE target_states DROP CONSTRAINT target_states_paused_check;
ALTER TABLE target_states ADD CONSTRAINT target_states_paused_check
    CHECK (paused IN ('configuration', 'unreachable', 'gone', 'by_hand'));
