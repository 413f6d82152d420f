//! The world outside, invented.
