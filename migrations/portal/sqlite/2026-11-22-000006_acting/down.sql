DROP TABLE authorities;
ALTER TABLE parties DROP COLUMN actor_party;
ALTER TABLE parties DROP COLUMN kind;
