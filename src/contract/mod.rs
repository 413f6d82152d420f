//! The integration contract as types.
