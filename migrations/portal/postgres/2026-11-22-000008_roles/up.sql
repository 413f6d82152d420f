-- Who of the staff may do what. `unit` is empty where a role is for the whole municipality; `granted_by` is empty for what
-- the list of staff gave at the first set-up.
CREATE TABLE role_grants (
    municipality TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    unit TEXT NOT NULL,
    role TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    granted_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (municipality, affiliation, unit, role)
);

-- Four eyes: one asks, another answers. Kept for ever; `state` is open, granted, refused or expired.
CREATE TABLE role_requests (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    role TEXT NOT NULL,
    why TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'granted', 'refused', 'expired')),
    answered_by TEXT,
    answered_at TIMESTAMPTZ
);
CREATE INDEX role_requests_state ON role_requests (municipality, state, asked_at);

-- Whose roles somebody has changed by hand: the list of staff changes them no more.
CREATE TABLE role_hands (
    municipality TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    PRIMARY KEY (municipality, affiliation)
);

INSERT INTO role_grants (municipality, affiliation, unit, role, granted_by, granted_at)
SELECT municipality, affiliation, '', 'systemforvaltare', '', now() FROM administrators;
-- Names of those who have a role in the administration. `administrators` stays for processes of the version before, and is
-- written along for systemförvaltare.
CREATE TABLE appointed (
    municipality TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (municipality, affiliation)
);
INSERT INTO appointed (municipality, affiliation, name) SELECT municipality, affiliation, name FROM administrators;
