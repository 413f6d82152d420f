//! What the product says, in every language that it speaks. A language is a folder of Fluent files in `templates/texts`,
//! named by its tag: its words, its own name, its months, how it writes dates, times and decimals. Nothing of it stands
//! in code. Swedish is the source: what another language does not have is said in Swedish.
//!
//! [`Texts`] holds all languages, a [`Voice`] speaks one of them, and [`Words`] are texts that stand in the
//! configuration instead, as the title of a service.

mod bundles;
mod voice;
mod words;

pub use bundles::{Arg, Language, Texts};
pub use voice::Voice;
pub use words::Words;
