//! What stands outside the municipality, played by ourselves: the e-legitimation broker, the population register, a
//! mailbox and a back office of another make. Real protocols on real sockets, so that portal and desk meet the same wire as in production; only the people
//! are invented. For developers and trainers; the caller starts them in profiles demo and test only, and
//! [`allowed_in`] says which those are.
//!
//! Each is started on its own ([`broker::start`], [`navet::start`], [`mailbox::start`]) inside the running tokio runtime,
//! and is steered from outside by one convention, `GET/POST/DELETE /_control` (see [`control`]).

pub mod back_office;
pub mod broker;
mod control;
pub mod control_room;
mod keys;
pub mod line;
pub mod mailbox;
pub mod mandates;
pub mod navet;
mod pages;
mod people;
mod rsa_key;
mod serving;
pub mod visitors;

use std::net::SocketAddr;
use std::path::PathBuf;

pub use control::Lever;
pub use pages::Sides;
pub use serving::Running;

/// A simulator was asked for where real people log in.
#[derive(Debug, thiserror::Error)]
#[error("simulators start in profiles demo and test only, not in {0}")]
pub struct NotATestProfile(String);

/// Whether simulators may start in the settings profile of this name.
pub fn allowed_in(profile: &str) -> Result<(), NotATestProfile> {
    match profile {
        "demo" | "test" => Ok(()),
        other => Err(NotATestProfile(other.to_owned())),
    }
}

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No address was given to listen on, or none of them exists on this machine.
    #[error("no address to listen on")]
    NoAddress,
    /// Taken by somebody else, or not ours to take.
    #[error("cannot listen on {address}: {source}. Hint: stop what uses it, or choose other ports.")]
    Listen {
        /// The address that was refused.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// Keys or letters could not be read or written.
    #[error("cannot use {path}: {source}")]
    Storage {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The random generator or the stored key failed.
    #[error("the signing key cannot be used")]
    Key,
    /// The invented people, a page or a client could not be made: a fault in the program itself.
    #[error("broken part: {0}")]
    Part(String),
}
