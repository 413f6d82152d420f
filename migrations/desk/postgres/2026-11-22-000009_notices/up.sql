-- What the portal tells besides deliveries, each once; and where a desk that fetches by itself has come in the portal's feed.
CREATE TABLE received_notices (
    municipality TEXT NOT NULL,
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    errand_id TEXT,
    body_sha256 TEXT NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (municipality, source, id)
);

-- `position`: everything up to here has been taken. `last_error`: why the last look failed.
CREATE TABLE portal_feeds (
    municipality TEXT PRIMARY KEY,
    position BIGINT NOT NULL,
    looked_at TIMESTAMPTZ NOT NULL,
    last_error TEXT
);

-- The link's own page reads what was refused.
CREATE INDEX outgoing_events_refused ON outgoing_events (municipality, id) WHERE state = 'rejected';
CREATE INDEX errand_documents_refused ON errand_documents (municipality, id) WHERE state = 'refused';
