//! Kommunportal: the open e-service portal for Swedish municipalities.

pub mod db;
pub mod vocabulary;
