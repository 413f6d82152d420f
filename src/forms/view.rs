//! What a page shows of a step: plain values, no logic left for the template.

use super::read::FieldError;
use serde::Serialize;

/// One step as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct StepView {
    /// The step's id.
    pub id: String,
    /// The page's heading.
    pub title: String,
    /// Under the heading; may be empty.
    pub intro: String,
    /// Something about the prefilled values that she must know before she reads on; may be empty.
    pub notice: String,
    /// Its visible fields, in order.
    pub fields: Vec<FieldView>,
    /// For the error summary; the same words stand at each field.
    pub errors: Vec<FieldError>,
    /// True when an answer on this page can change which questions it has: then, without script, the page has a button
    /// `_action=refresh`.
    pub depends: bool,
    /// Belongs in a hidden input named `_shown`: which fields this page had, so that a question which comes up because of
    /// an answer is shown before it is demanded.
    pub shown: String,
    /// True when the form takes files and must be sent as `multipart/form-data`.
    pub multipart: bool,
}

/// One field as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FieldView {
    /// The id of its first input.
    pub id: String,
    /// Name of the form's value.
    pub name: String,
    /// `text longtext email phone date number money personnummer organisationsnummer bankgiro choice choices yesno child
    /// file group place notice`. A reckoned value is a `number` or `money` that is `readonly`.
    pub kind: &'static str,
    /// The question; of a notice its heading, which may be empty.
    pub label: String,
    /// Help; may be empty.
    pub hint: String,
    /// True when it may be left out.
    pub optional: bool,
    /// As typed, or as it is shown when it is known.
    pub value: String,
    /// The chosen values of `choices`.
    pub values: Vec<String>,
    /// What one may choose.
    pub options: Vec<OptionView>,
    /// What is wrong with the answer; empty when nothing is.
    pub error: String,
    /// True when it cannot be changed here.
    pub readonly: bool,
    /// Where the value comes from, in words; may be empty.
    pub source: String,
    /// The attribute (HTML, WCAG 1.3.5); may be empty.
    pub autocomplete: &'static str,
    /// The attribute; may be empty.
    pub inputmode: &'static str,
    /// Most characters; 0 when there is no limit to say.
    pub maxlength: usize,
    /// After the input: `kr`.
    pub suffix: String,
    /// `short`, `medium` or `full`.
    pub width: &'static str,
    /// Of a `longtext`.
    pub rows: usize,
    /// Of a `place`: degrees as text.
    pub lat: String,
    /// Of a `place`: degrees as text.
    pub lon: String,
    /// Of a `date`.
    pub year: String,
    /// Of a `date`.
    pub month: String,
    /// Of a `date`.
    pub day: String,
    /// Of a `group`: its rows.
    pub items: Vec<Vec<FieldView>>,
    /// Of a `group`: fewest rows.
    pub min: usize,
    /// Of a `group`: most rows.
    pub max: usize,
    /// Of a `group`: what one row is called.
    pub item_label: String,
    /// Of a `file`: what is uploaded.
    pub files: Vec<FileView>,
    /// Of a `file`: how many may be uploaded.
    pub max_files: usize,
    /// Of a `file`: the attribute.
    pub accept: String,
    /// Of a `file`: what may be handed in, in words.
    pub limits_text: String,
    /// A text under the field; of a notice its body.
    pub note: String,
    /// Of a notice: `info` or `warning`.
    pub tone: &'static str,
    /// True when it is shown because of another answer on the same page.
    pub depends: bool,
    /// True when its answer decides what else is asked or reckoned on the same page.
    pub opens: bool,
}

/// Something one may choose, as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct OptionView {
    /// The form's value.
    pub value: String,
    /// In words.
    pub label: String,
    /// Help beside it; may be empty.
    pub hint: String,
    /// True when it is chosen.
    pub selected: bool,
}

/// An uploaded file, as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FileView {
    /// Its id in the store.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `1,2 MB`.
    pub size_text: String,
}
