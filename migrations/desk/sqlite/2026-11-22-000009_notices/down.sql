DROP INDEX errand_documents_refused;
DROP INDEX outgoing_events_refused;
DROP TABLE portal_feeds;
DROP TABLE received_notices;
