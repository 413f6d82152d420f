DROP TABLE audit_log;
DROP TABLE jobs;
DROP TABLE login_transactions;
DROP TABLE sessions;
