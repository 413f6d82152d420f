-- Which number a broker's own name for somebody has stood for. A name that suddenly brings another person's number is
-- refused. `subject_lookup` is a keyed hash of issuer and subject, `number_lookup` one of the number; a row that nobody has
-- logged in by for long is deleted.
CREATE TABLE broker_subjects (
    municipality TEXT NOT NULL,
    subject_lookup TEXT NOT NULL,
    number_lookup TEXT NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (municipality, subject_lookup)
);
CREATE INDEX broker_subjects_seen ON broker_subjects (seen_at);
