DROP TABLE receipts;
DROP TABLE signers;
DROP TABLE signatures;
DROP TABLE signings;
ALTER TABLE submissions DROP COLUMN content_sealed;
