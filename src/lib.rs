//! Kommunportal: the open e-service portal for Swedish municipalities.

pub mod cli;
pub mod contract;
pub mod db;
pub mod desk;
pub mod files;
pub mod forms;
pub mod jobs;
pub mod mail;
pub mod municipalities;
pub mod oidc;
pub mod pdf;
pub mod portal;
pub mod settings;
pub mod simulators;
pub mod telemetry;
pub mod vocabulary;
pub mod web;
