-- Acting for somebody else. A capacity is a party of its own: what is begun, sent or set while acting for a child or an
-- organisation hangs on that party, so that nothing of it is ever hers or another's.

-- What the party is; and for one that only one person acts through, who that is.
ALTER TABLE parties ADD COLUMN kind TEXT NOT NULL DEFAULT 'person';
ALTER TABLE parties ADD COLUMN actor_party TEXT REFERENCES parties (id);
CREATE INDEX parties_actor ON parties (actor_party);

-- What was looked at each time that somebody was let act for another: when, in which register, and what it said. Never
-- changed. `case_id` when it was for something sent in.
CREATE TABLE authorities (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    actor_party TEXT NOT NULL REFERENCES parties (id),
    party_id TEXT NOT NULL REFERENCES parties (id),
    kind TEXT NOT NULL,
    mode TEXT NOT NULL,
    scope TEXT NOT NULL,
    source TEXT NOT NULL,
    source_ref TEXT NOT NULL,
    moment TEXT NOT NULL,
    case_id TEXT,
    verified_at TIMESTAMPTZ NOT NULL,
    valid_until TIMESTAMPTZ,
    recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX authorities_party ON authorities (municipality, party_id, recorded_at);
CREATE INDEX authorities_case ON authorities (municipality, case_id);
