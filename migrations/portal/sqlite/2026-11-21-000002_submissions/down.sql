DROP TABLE parked_forms;
DROP TABLE submissions;
DROP TABLE attachments;
DROP TABLE drafts;
DROP TABLE definitions;
DROP TABLE registry_cache;
DROP TABLE party_settings;
DROP TABLE parties;
