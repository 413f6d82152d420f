-- How much has gone to a target within the last hour and day.
CREATE INDEX deliveries_finished ON deliveries (municipality, target, finished_at) WHERE finished_at IS NOT NULL;
