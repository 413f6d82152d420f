DROP INDEX cases_external;
DROP TABLE access_tokens;
DROP TABLE receiver_keys;
DROP TABLE feed_heads;
DROP TABLE notices;
