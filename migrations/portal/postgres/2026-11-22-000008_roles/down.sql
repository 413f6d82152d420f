DROP TABLE appointed;
DROP TABLE role_hands;
DROP TABLE role_requests;
DROP TABLE role_grants;
