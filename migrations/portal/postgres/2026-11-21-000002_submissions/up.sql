-- From first answer to what was sent in.

-- A person in one municipality. The number is sealed; `number_lookup` is a keyed HMAC of it.
CREATE TABLE parties (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    number_lookup TEXT NOT NULL,
    number_sealed BYTEA NOT NULL,
    name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (municipality, number_lookup)
);

-- How she wants to be reached; her own words, never from a register.
CREATE TABLE party_settings (
    party_id TEXT PRIMARY KEY REFERENCES parties (id),
    municipality TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    channel TEXT NOT NULL,
    email_refused_at TIMESTAMPTZ,
    updated_at TIMESTAMPTZ NOT NULL
);

-- Navet's answers, sealed, for at most an hour.
CREATE TABLE registry_cache (
    municipality TEXT NOT NULL,
    number_lookup TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (municipality, number_lookup)
);
CREATE INDEX registry_cache_expires ON registry_cache (expires_at);

-- Every version of a definition that was ever filled in, for ever.
CREATE TABLE definitions (
    municipality TEXT NOT NULL,
    service TEXT NOT NULL,
    version TEXT NOT NULL,
    source TEXT NOT NULL,
    first_used_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (municipality, service, version)
);

-- Answers being given. Exactly one of party_id and browser_hash is set.
CREATE TABLE drafts (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    service TEXT NOT NULL,
    definition_version TEXT NOT NULL,
    title TEXT NOT NULL,
    party_id TEXT REFERENCES parties (id),
    browser_hash TEXT,
    stage TEXT NOT NULL CHECK (stage IN ('draft', 'submitted')),
    answers TEXT NOT NULL,
    prefill_sealed BYTEA NOT NULL,
    step TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    delete_at TIMESTAMPTZ NOT NULL,
    CHECK ((party_id IS NULL) <> (browser_hash IS NULL))
);
CREATE INDEX drafts_party ON drafts (municipality, party_id, stage, updated_at);
CREATE INDEX drafts_browser ON drafts (browser_hash);
CREATE INDEX drafts_delete ON drafts (stage, delete_at);

-- Files of a draft; with the submission they stay for ever.
CREATE TABLE attachments (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    draft_id TEXT NOT NULL,
    submission_id TEXT,
    field TEXT NOT NULL,
    blob_key TEXT NOT NULL,
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX attachments_draft ON attachments (draft_id);
CREATE INDEX attachments_submission ON attachments (submission_id);

-- What was sent in, frozen. Never updated.
CREATE TABLE submissions (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    draft_id TEXT NOT NULL UNIQUE,
    case_id TEXT NOT NULL,
    service TEXT NOT NULL,
    definition_version TEXT NOT NULL,
    party_id TEXT REFERENCES parties (id),
    answers TEXT NOT NULL,
    review TEXT NOT NULL,
    parties_sealed BYTEA NOT NULL,
    sha256 TEXT NOT NULL,
    received_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX submissions_case ON submissions (case_id);

-- What somebody sent when her session had just ended: kept for the browser, sealed, until she has logged in again.
CREATE TABLE parked_forms (
    browser_hash TEXT NOT NULL,
    path TEXT NOT NULL,
    municipality TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (browser_hash, path)
);
