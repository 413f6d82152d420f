//! Whom we serve.
