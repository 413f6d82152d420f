//! What is wrong in a file that somebody wrote, said so that its writer can put it right.

use std::fmt;

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Fault {
    /// The file's name as it was given, or the name of a variable in the environment.
    pub file: String,
    /// From 1; 0 when the fault is of the whole, as when the file is missing.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it; empty when the message says it all.
    pub hint: String,
}

impl Fault {
    /// At a byte offset of the file's text.
    pub fn at(
        file: impl Into<String>,
        text: &str,
        offset: usize,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |n| n + 1);
        Self {
            file: file.into(),
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// Of a whole file, or of something that is no file.
    pub fn of(file: impl Into<String>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { file: file.into(), line: 0, column: 0, message: message.into(), hint: hint.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.message)?,
            line => write!(f, "{}:{line}:{}: {}", self.file, self.column, self.message)?,
        }
        if !self.hint.is_empty() {
            write!(f, "\n  hint: {}", self.hint)?;
        }
        Ok(())
    }
}

/// Nobody reads more of one file, and finding the line of each takes its time.
pub(super) const MOST_FAULTS: usize = 200;
/// Longer words are not compared with known ones.
const LONGEST_WORD: usize = 60;

/// Where faults of one file are gathered, the first two hundred.
#[derive(Debug)]
pub struct Faults<'a> {
    file: &'a str,
    text: &'a str,
    found: Vec<Fault>,
}

impl<'a> Faults<'a> {
    /// None yet, of the file `file` with this text.
    pub fn new(file: &'a str, text: &'a str) -> Self {
        Faults { file, text, found: Vec::new() }
    }

    /// At a byte offset of the text.
    pub fn add(&mut self, offset: usize, message: impl Into<String>, hint: impl Into<String>) {
        if self.found.len() >= MOST_FAULTS {
            return;
        }
        self.found.push(Fault::at(self.file, self.text, offset, message, hint));
    }

    /// The text that the offsets are of.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// True while nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// In the order of the file.
    pub fn into_sorted(mut self) -> Vec<Fault> {
        self.found.sort_by_key(|fault| (fault.line, fault.column));
        self.found.dedup();
        self.found
    }
}

/// The known word nearest to what was written, as a hint; else all of them, when they are few.
pub fn did_you_mean(written: &str, known: &[&str]) -> String {
    let is_word = written.chars().take(LONGEST_WORD + 1).count() <= LONGEST_WORD;
    let nearest = known.iter().filter(|_| is_word).map(|k| (distance(written, k), *k)).min();
    match nearest {
        Some((steps, word)) if steps < written.chars().count() && steps <= 1 + written.chars().count() / 4 => {
            format!("did you mean `{word}`?")
        }
        _ if known.is_empty() => String::new(),
        _ => format!("known here: {}", known.join(", ")),
    }
}

/// Levenshtein, with a swap of neighbours as one step.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    let cell =
        |rows: &[Vec<usize>], i: usize, j: usize| rows.get(i).and_then(|r| r.get(j)).copied().unwrap_or(usize::MAX / 2);
    for (i, ca) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, cb) in b.iter().enumerate() {
            let mut best = (cell(&rows, i, j) + usize::from(ca != cb))
                .min(cell(&rows, i, j + 1) + 1)
                .min(row.get(j).copied().unwrap_or(usize::MAX / 2) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(cb) && b.get(j - 1) == Some(ca);
            if swapped {
                best = best.min(cell(&rows, i - 1, j - 1) + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    cell(&rows, a.len(), b.len())
}
