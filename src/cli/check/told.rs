//! Faults as a person reads them: the line itself with a mark under the place, in colour on a terminal only.

use crate::settings::{ConfigTree, SECRET_KEYS};
use crate::toml_text::{Fault, masked};
use crate::web::embedded_templates;
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};
use std::collections::BTreeSet;
use std::fmt;
use std::io::IsTerminal;

/// Wide enough for a line of a definition; a pipe has no width.
const WIDTH: usize = 110;

struct Shown<'a> {
    fault: &'a Fault,
    source: Option<NamedSource<String>>,
    label: Option<LabeledSpan>,
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.fault, f)
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(_) => f.write_str(&self.fault.message),
            None if self.fault.line > 0 => {
                write!(f, "{}:{}:{}: {}", self.fault.file, self.fault.line, self.fault.column, self.fault.message)
            }
            None => write!(f, "{}: {}", self.fault.file, self.fault.message),
        }
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.fault.hint.is_empty()).then(|| Box::new(&self.fault.hint) as Box<dyn fmt::Display>)
    }
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.label.clone().map(|label| Box::new(std::iter::once(label)) as Box<dyn Iterator<Item = LabeledSpan>>)
    }
}

/// Every fault with its excerpt. Secrets in an excerpt are stars.
pub(super) fn report(faults: &[Fault], tree: &ConfigTree) -> String {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(WIDTH).with_links(false).with_context_lines(1);
    let mut told = String::new();
    for fault in faults {
        let text = text_of(&fault.file, tree);
        let place = text.as_deref().and_then(|text| span(text, fault));
        let source = text.filter(|_| place.is_some()).map(|text| NamedSource::new(&fault.file, text));
        let label = place.map(|(start, length)| LabeledSpan::new(None, start, length));
        // Writing to a string cannot fail; what could not be rendered is told plainly.
        if handler.render_report(&mut told, &Shown { fault, source, label }).is_err() {
            told.push_str(&fault.to_string());
        }
        told.push('\n');
    }
    told
}

/// `12 fel i 4 filer`.
pub(super) fn closing(faults: &[Fault]) -> String {
    let files = faults.iter().map(|fault| &fault.file).collect::<BTreeSet<_>>().len();
    format!("{} fel i {files} {}.", faults.len(), if files == 1 { "fil" } else { "filer" })
}

/// The text that a fault's place is in: a file of the configuration, else one of the templates.
fn text_of(file: &str, tree: &ConfigTree) -> Option<String> {
    let of_config = tree.files().find(|(path, _)| tree.shown(path) == file);
    match of_config {
        Some((_, text)) => Some(masked(text, SECRET_KEYS)),
        None => {
            let path = file.strip_prefix("templates/")?;
            embedded_templates().into_iter().find(|(name, _)| name == path).map(|(_, text)| text)
        }
    }
}

/// Where the marked word begins and how long it is, in bytes.
fn span(text: &str, fault: &Fault) -> Option<(usize, usize)> {
    let before: usize = text.split_inclusive('\n').take(fault.line.checked_sub(1)?).map(str::len).sum();
    let line = text.get(before..)?.lines().next()?;
    let at = line.char_indices().nth(fault.column.checked_sub(1)?).map_or(line.len(), |(n, _)| n);
    let rest = line.get(at..)?;
    let end = rest.char_indices().skip(1).find(|(_, c)| c.is_whitespace() || "\"',=]})".contains(*c));
    Some((before + at, end.map_or(rest.len(), |(n, _)| n)))
}
