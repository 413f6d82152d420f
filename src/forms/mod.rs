//! What a service asks: definitions as text, their steps and fields, the conditions between them, the reading of what a
//! person typed, and the words in which her answers are shown, frozen and handed on. Pure: no I/O, no clock, no pages.
//!
//! A definition goes in with [`Definition::parse`], which gives every fault with its line. Then, for one page:
//! [`Definition::visible_steps`] → [`Definition::step_view`] → (the person answers) → [`Definition::read_step`]; and at the
//! end [`Definition::review`], [`Definition::check_all`], [`Definition::settle`] and [`Definition::values`].
//!
//! Everything that is not in the answers comes in a [`Context`]: the moment, the reader's language, who applies, what is prefilled.

mod answers;
mod built_in;
mod check_definition;
mod definition;
mod expression;
mod field;
mod form_data;
mod group;
mod parse;
mod parse_field;
mod phrases;
mod prefill;
mod read;
mod read_value;
mod review;
mod show;
mod situation;
mod toml_reader;
mod view;
mod view_fields;

pub use crate::texts::Words;
pub use crate::toml_text::Fault;
pub use answers::{Answer, Answers, Channel, ChildAnswer, Contact, FileAnswer, NamedCosigner, PlaceAnswer, Source};
pub use definition::{
    Acting, Actor, AppealRegime, ApplicantDetail, Cosign, Definition, Level, Needs, Retention, Routing, Sensitivity,
    Step, StepKind,
};
pub use field::{Choice, DayRule, Field, FieldKind, FileKind, FileRules, TextFormat, Tone};
pub use form_data::{FormData, Typed};
pub use prefill::{Applicant, ChildOption, Context, Prefill, PrefillState, PrefilledValue};
pub use read::{FieldError, Next, StepError, StepOutcome};
pub use review::{Location, ReviewItem, Section};
pub use view::{FieldView, FileView, OptionView, StepView};

#[cfg(test)]
mod tests;
