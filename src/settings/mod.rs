//! Typed configuration. Everything is read and checked before the first socket opens; the rest of the code never reads
//! the environment. Order: defaults < `config/default.toml` < `config/<profile>.toml` < environment
//! `KOMMUNPORTAL__SECTION__KEY` (`…_FILE` reads a secret from a file, lists are divided by comma).

mod addresses;
mod broker;
mod keys;
mod load;
mod receipt_keys;
mod sections;
mod target;
mod tree;

pub use addresses::{AddressRange, InvalidRange, Reach};
pub use broker::*;
pub use keys::{KeyFault, Keys, random_bytes, random_token, sha256_hex};
pub use load::{KeyedFault, SECRET_KEYS, SettingsFault, Written, load, read};
pub use receipt_keys::{ReceiptKeys, SealFault};
pub use sections::*;
pub use target::{Capabilities, OAuth2, Target, TargetFault, TargetKind};
pub use tree::ConfigTree;
