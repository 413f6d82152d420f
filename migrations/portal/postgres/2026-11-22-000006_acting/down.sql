DROP TABLE authorities;
DROP INDEX parties_actor;
ALTER TABLE parties DROP COLUMN actor_party;
ALTER TABLE parties DROP COLUMN kind;
