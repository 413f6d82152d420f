//! Documents that can be kept: tagged PDF, both PDF/A-2a (ISO 19005-2) for archives and PDF/UA-1 (ISO 14289-1) for
//! those who listen to it. Takes plain text in plain blocks and knows nothing of what it is about.
//!
//! [`Document`] → `layout` (blocks to placed lines, with `lines` for breaking and `table` for columns) → `draw` (pages
//! and the tag tree). Equal documents give equal bytes: a receipt that is made again is the same receipt.

mod code;
mod draw;
mod layout;
mod lines;
mod table;
mod typeface;

#[cfg(test)]
mod tests;

use crate::vocabulary::At;

/// What is to stand in the PDF. Any text may hold any characters; those that the font lacks (it has Latin, Greek and
/// Cyrillic) are seen as � but are kept for copying and for screen readers.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The heading on the first page, and what a reader's window shows.
    pub title: String,
    /// BCP 47, as `sv`; read aloud in this language.
    pub language: String,
    /// Who made it, as the municipality's name.
    pub author: String,
    /// Stands as creation date; the machine's clock is not asked.
    pub created: At,
    /// One short line at the top of every page.
    pub header: String,
    /// One short line at the foot of every page, as a reference.
    pub footer: String,
    /// The page's number in words, with `{page}` and `{pages}` for the numbers: `Sida {page} av {pages}`.
    pub page_label: String,
    /// In the metadata, as it is written and twice at most: for a seal that is found again in the bytes. Empty for none.
    pub keywords: String,
    pub blocks: Vec<Block>,
}

/// A part of a document. Line breaks in texts are kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Under the title: level 2 for a section, 3 and 4 beneath it. A level that would skip one is raised, because
    /// PDF/UA-1 7.4.2 forbids gaps. Stays on the page of what follows.
    Heading {
        level: u8,
        text: String,
    },
    Paragraph(String),
    /// What was asked and what was answered: each a label and the lines of its value.
    KeyValues(Vec<(String, Vec<String>)>),
    /// With bullets.
    List(Vec<String>),
    /// The head is repeated on every page that the table reaches. Short rows are filled with empty cells.
    Table {
        head: Vec<String>,
        rows: Vec<Vec<String>>,
    },
    /// A QR code with lines of text beside it. `alt` is read aloud in its place.
    Code {
        content: String,
        alt: String,
        lines: Vec<String>,
    },
    /// A thin line; not read aloud.
    Rule,
    /// Half a line of nothing.
    Spacer,
}

/// Why there is no PDF. Neither depends on what the texts say.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    #[error("the built-in font cannot be read")]
    Typeface,
    #[error("what is to stand in a QR code is too long")]
    Code,
    #[error("the document cannot be written as PDF/A-2a and PDF/UA-1: {0}")]
    Refused(String),
}

/// Makes the PDF. Takes milliseconds of computing for an ordinary document: not on an async thread.
pub fn render(document: &Document) -> Result<Vec<u8>, PdfError> {
    let faces = typeface::Faces::get().ok_or(PdfError::Typeface)?;
    draw::draw(document, faces, layout::lay_out(document, faces)?)
}
