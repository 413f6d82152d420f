-- Signatures on what is sent in, and receipts that anyone can check.

-- The canonical text that was signed, sealed; nothing for what is not signed. Never updated.
ALTER TABLE submissions ADD COLUMN content_sealed BLOB;

-- Somebody is at the broker to sign. For a draft, content_sealed holds everything that will be sent in, frozen when she
-- pressed the button; for another person's signature on something sent in, signer_id says whose and content is empty.
-- Deleted when it is over: what came of it is in signatures.
CREATE TABLE signings (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    party_id TEXT NOT NULL,
    draft_id TEXT,
    signer_id TEXT,
    reference TEXT NOT NULL,
    answers_sha256 TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    tbs_sealed BLOB NOT NULL,
    content_sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    CHECK ((draft_id IS NULL) <> (signer_id IS NULL))
) STRICT;
CREATE INDEX signings_expires ON signings (expires_at);
CREATE INDEX signings_reference ON signings (municipality, reference);

-- One signature with its evidence. Never updated, never deleted before the case is.
CREATE TABLE signatures (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    party_id TEXT NOT NULL,
    signer_id TEXT UNIQUE,
    class TEXT NOT NULL CHECK (class IN ('signature', 'approval', 'reauthentication')),
    evidence_sha256 TEXT NOT NULL,
    evidence_sealed BLOB NOT NULL,
    signed_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX signatures_submission ON signatures (submission_id);
-- The one who sends it in signs once.
CREATE UNIQUE INDEX signatures_applicant ON signatures (submission_id) WHERE signer_id IS NULL;

-- Others who are to sign. Number and name are sealed; who cannot be asked here (by_hand) has neither.
CREATE TABLE signers (
    id TEXT PRIMARY KEY,
    municipality TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    number_lookup TEXT,
    person_sealed BLOB,
    email TEXT,
    language TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'signed', 'declined', 'unanswered', 'by_hand', 'withdrawn')),
    answer_by INTEGER NOT NULL,
    answered_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX signers_case ON signers (case_id);
CREATE INDEX signers_person ON signers (municipality, number_lookup, state);
CREATE INDEX signers_due ON signers (state, answer_by);

-- Every receipt that was made, by the code that stands on it. A case has a new one when everybody has signed; the old one
-- can still be checked. jws is the seal, pdf_sha256 is of the file as it was handed out.
CREATE TABLE receipts (
    municipality TEXT NOT NULL,
    code TEXT NOT NULL,
    case_id TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    complete INTEGER NOT NULL CHECK (complete IN (0,1)),
    jws TEXT NOT NULL,
    pdf_sha256 TEXT NOT NULL,
    sealed_at INTEGER NOT NULL,
    PRIMARY KEY (municipality, code)
) STRICT;
CREATE UNIQUE INDEX receipts_case ON receipts (case_id, complete);
