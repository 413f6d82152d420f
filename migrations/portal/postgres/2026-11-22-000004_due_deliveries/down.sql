DROP INDEX deliveries_leased;
CREATE INDEX deliveries_due ON deliveries (state, next_at);
