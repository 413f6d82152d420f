//! Every table, written by hand, for both databases (`migrations/` has the SQL with the reasons).
