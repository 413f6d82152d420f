//! Receipts (kvitton) that can be tested: what was received and when, by which version of a service, how it was signed and
//! which file it stands in, sealed with the installation's key. Whoever has the file or the code can test it at `/kvitto`,
//! and the file alone without asking us. Nothing about anybody is in the seal or on those pages.

mod code;
mod file;
mod judge;
mod pages;
mod seal;
mod store;

pub use code::ReceiptCode;
pub use file::{blanked_sha256, put_seal, seals_in};
pub use pages::{TestLimit, routes};
pub use seal::{Seal, SealedSignature};
pub use store::{NewReceipt, Receipt, add, of_case};
