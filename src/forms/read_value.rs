//! From typed text to values, kind by kind.
