-- Who of the staff may do what. `unit` is empty where a role is for the whole municipality; `granted_by` is empty for what
-- the list of staff gave at the first set-up.
CREATE TABLE role_grants (
    municipality TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    unit TEXT NOT NULL,
    role TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    granted_at INTEGER NOT NULL,
    PRIMARY KEY (municipality, affiliation, unit, role)
) STRICT;

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
    asked_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'granted', 'refused', 'expired')),
    answered_by TEXT,
    answered_at INTEGER
) STRICT;
CREATE INDEX role_requests_state ON role_requests (municipality, state, asked_at);

-- Whose roles somebody has changed by hand: the list of staff changes them no more.
CREATE TABLE role_hands (
    municipality TEXT NOT NULL,
    affiliation TEXT NOT NULL,
    PRIMARY KEY (municipality, affiliation)
) STRICT;

-- `staff.units` and `staff.roles` stay for processes of the version before, and are written along.
INSERT INTO role_grants (municipality, affiliation, unit, role, granted_by, granted_at)
SELECT s.municipality, s.affiliation, u.value, r.value, '', CAST(strftime('%s', 'now') AS INTEGER) * 1000000
FROM staff AS s, json_each(s.units) AS u, json_each(s.roles) AS r
WHERE r.value <> 'systemforvaltare';
INSERT INTO role_grants (municipality, affiliation, unit, role, granted_by, granted_at)
SELECT s.municipality, s.affiliation, '', r.value, '', CAST(strftime('%s', 'now') AS INTEGER) * 1000000
FROM staff AS s, json_each(s.roles) AS r
WHERE r.value = 'systemforvaltare';
