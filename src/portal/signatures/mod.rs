//! Signatures on what was sent in: their evidence, kept under seal and checked again whenever something rests on it, and
//! those who are asked to sign beside the one who sent it in. Knows nothing of forms or pages.

mod evidence;
mod signers;
mod store;

pub use evidence::{NewSignature, SignatureFault, ToBeSigned, Verified, keep, verified};
pub use signers::{
    Asked, NewSigner, Person, Signer, SignerState, add_signers, answer, asked, find_signer, is_complete, missing,
    overdue, signers_of, withdraw_signers,
};
