//! What an e-service asks.
