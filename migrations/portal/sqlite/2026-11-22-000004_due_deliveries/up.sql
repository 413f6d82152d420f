DROP INDEX deliveries_due;
-- By state, and whose lease has run out. What is due is found by target (deliveries_target), in the order that it came:
-- with an index by next_at the database would rather sort all that wait.
CREATE INDEX deliveries_leased ON deliveries (state, lease_until);
