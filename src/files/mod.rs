//! Sniff, scan, store.
