//! One question of a step.

use super::expression::Expression;
use crate::texts::{Voice, Words};

/// One question, or a text among the questions.
#[derive(Debug)]
pub struct Field {
    /// Names it in forms, answers, conditions and the contract's values.
    pub id: String,
    /// What kind of question it is, with what belongs to that kind only.
    pub kind: FieldKind,
    /// The question.
    pub label: Words,
    /// Help under it; may be empty.
    pub hint: Words,
    /// A shorter label for the review and for the receiver; the label when it is empty.
    pub review_label: Words,
    /// True when it may be left out.
    pub optional: bool,
    /// Said when it is left out; the kind's own words when it is empty.
    pub error_missing: Words,
    /// Said when it cannot be understood; the kind's own words when it is empty.
    pub error_invalid: Words,
    pub(super) show_if: Option<Expression>,
    pub(super) checks: Vec<Check>,
    pub(super) prefill: Option<FieldPrefill>,
}

/// Something that must hold over several answers.
#[derive(Debug)]
pub(super) struct Check {
    pub that: Expression,
    pub message: Words,
}

/// Where a value may come from before anyone answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FieldPrefill {
    /// One of [`PREFILL_NAMES`].
    pub name: String,
    /// True when a known value may not be changed.
    pub locked: bool,
}

/// What a value may be prefilled from.
pub(super) const PREFILL_NAMES: &[&str] = &[
    "navet.name",
    "navet.address",
    "navet.postcode",
    "navet.city",
    "login.personnummer",
    "login.name",
    "settings.email",
    "settings.phone",
    "settings.channel",
    "principal.name",
    "principal.number",
    "principal.address",
    "principal.postcode",
    "principal.city",
];

/// The kind of a question and the form of its answer.
#[derive(Debug)]
pub enum FieldKind {
    /// One line. Answer: text.
    Text { min_length: usize, max_length: usize, format: TextFormat },
    /// Several lines. Answer: text.
    LongText { min_length: usize, max_length: usize, rows: usize },
    /// Answer: the address.
    Email,
    /// Answer: the number as E.164.
    Phone,
    /// Answer: `2026-11-21`.
    Date { earliest: Option<DayRule>, latest: Option<DayRule> },
    /// Answer: number.
    Number { min: Option<f64>, max: Option<f64>, decimals: usize, suffix: Words },
    /// Answer: number of kronor.
    Money { min: Option<f64>, max: Option<f64>, whole: bool },
    /// Answer: twelve digits.
    Personnummer,
    /// Answer: ten digits.
    Organisationsnummer,
    /// Answer: seven or eight digits.
    Bankgiro,
    /// Answer: the option's value.
    Choice { options: Vec<Choice> },
    /// Answer: list of the options' values, in the order of the definition.
    Choices { options: Vec<Choice>, min: usize, max: usize },
    /// Answer: bool.
    YesNo,
    /// One of her children. Answer: [`ChildAnswer`](super::ChildAnswer).
    Child,
    /// Answer: list of [`FileAnswer`](super::FileAnswer).
    File(FileRules),
    /// Rows of the same questions. Answer: list of objects.
    Group { min: usize, max: usize, item_label: Words, fields: Vec<Field> },
    /// Answer: [`PlaceAnswer`](super::PlaceAnswer).
    Place,
    /// No question: a text, with the label as its heading.
    Notice { tone: Tone, body: Words },
    /// No question: reckoned from earlier answers. Answer: number.
    Computed { value: Expression, money: bool, decimals: usize, suffix: Words },
}

impl FieldKind {
    /// True for what can be answered.
    pub fn is_question(&self) -> bool {
        !matches!(self, FieldKind::Notice { .. } | FieldKind::Computed { .. })
    }
}

/// Something that one may choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// In answers and conditions.
    pub value: String,
    /// In words.
    pub label: Words,
    /// Help beside it; may be empty.
    pub hint: Words,
}

/// What one line of text must look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextFormat {
    /// Anything.
    #[default]
    Free,
    /// Five digits, shown `286 80`.
    Postcode,
}

/// How loud a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Info,
    /// Must be seen before going on: ring 112.
    Warning,
}

/// A day that is fixed, or counted from today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayRule {
    /// That day.
    Fixed(crate::vocabulary::Day),
    /// So many years, months and days from today; before it when they are negative.
    FromToday { years: i16, months: i32, days: i32 },
}

/// Which files a question takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRules {
    /// How many together.
    pub max_files: usize,
    /// How large each.
    pub max_mb: u64,
    /// Of which kinds.
    pub accept: Vec<FileKind>,
}

/// A kind of file that may be handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// PDF.
    Pdf,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// HEIC, what phones make.
    Heic,
    /// Word.
    Docx,
    /// Excel.
    Xlsx,
    /// OpenDocument text.
    Odt,
    /// OpenDocument spreadsheet.
    Ods,
}

impl FileKind {
    pub(super) const WORDS: &[&str] = &["pdf", "jpeg", "png", "heic", "docx", "xlsx", "odt", "ods"];

    /// From its word in a definition.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        use FileKind::*;
        Some(match word {
            "pdf" => Pdf,
            "jpeg" => Jpeg,
            "png" => Png,
            "heic" => Heic,
            "docx" => Docx,
            "xlsx" => Xlsx,
            "odt" => Odt,
            "ods" => Ods,
            _ => return None,
        })
    }

    /// As sniffing finds it.
    pub fn media_type(self) -> &'static str {
        use FileKind::*;
        match self {
            Pdf => "application/pdf",
            Jpeg => "image/jpeg",
            Png => "image/png",
            Heic => "image/heic",
            Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Odt => "application/vnd.oasis.opendocument.text",
            Ods => "application/vnd.oasis.opendocument.spreadsheet",
        }
    }

    /// What its file names end with, with the dot; the first is the usual one.
    pub fn endings(self) -> &'static [&'static str] {
        use FileKind::*;
        match self {
            Pdf => &[".pdf"],
            Jpeg => &[".jpg", ".jpeg"],
            Png => &[".png"],
            Heic => &[".heic", ".heif"],
            Docx => &[".docx"],
            Xlsx => &[".xlsx"],
            Odt => &[".odt"],
            Ods => &[".ods"],
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        use FileKind::*;
        match self {
            Pdf => "PDF",
            Jpeg => "JPEG",
            Png => "PNG",
            Heic => "HEIC",
            Docx => "Word (docx)",
            Xlsx => "Excel (xlsx)",
            Odt => "OpenDocument (odt)",
            Ods => "OpenDocument (ods)",
        }
    }
}

impl FileRules {
    /// In bytes.
    pub fn max_bytes(&self) -> u64 {
        self.max_mb * 1_000_000
    }

    /// For the attribute `accept`.
    pub fn accept_attribute(&self) -> String {
        let parts: Vec<&str> = self
            .accept
            .iter()
            .flat_map(|k| std::iter::once(k.media_type()).chain(k.endings().iter().copied()))
            .collect();
        parts.join(",")
    }

    /// True when a file that was sniffed as this may be handed in.
    pub fn takes(&self, media_type: &str) -> bool {
        self.accept.iter().any(|k| k.media_type() == media_type || (*k == FileKind::Heic && media_type == "image/heif"))
    }

    /// What may be handed in, said before the button.
    pub fn in_words(&self, voice: &Voice) -> String {
        super::phrases::file_limits(self, voice)
    }
}
