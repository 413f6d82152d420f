//! Pages, sessions, errors.
