-- What the older table has no word for is told as what is nearest.
UPDATE target_states SET paused = 'configuration' WHERE paused IN ('gone', 'by_hand');
ALTER TABLE target_states DROP CONSTRAINT target_states_paused_check;
ALTER TABLE target_states ADD CONSTRAINT target_states_paused_check CHECK (paused IN ('configuration', 'unreachable'));
DROP INDEX cases_quiet;
DROP TABLE case_questions;
DROP TABLE delivery_alerts;
ALTER TABLE deliveries DROP COLUMN progress;
ALTER TABLE deliveries DROP COLUMN config_snapshot;
