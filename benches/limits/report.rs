//! One table for each database: the limit, what was measured, whether it holds, and how it was measured.

use super::site::Engine;

/// What a limit says about a number.
pub enum Limit {
    AtLeast(f64),
    AtMost(f64),
    Between(f64, f64),
    /// No limit: told because it explains one.
    Told,
}

struct Row {
    what: String,
    limit: String,
    measured: String,
    verdict: &'static str,
    how: String,
}

pub struct Table {
    engine: Engine,
    rows: Vec<Row>,
}

/// A number as people write it, with the digits that mean something.
pub fn number(value: f64) -> String {
    let digits = match value.abs() {
        v if v >= 100.0 => 0,
        v if v >= 10.0 => 1,
        _ => 2,
    };
    let plain = format!("{value:.digits$}");
    let (whole, rest) = plain.split_once('.').map_or((plain.as_str(), String::new()), |(w, r)| (w, format!(".{r}")));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && digit.is_ascii_digit() && (whole.len() - at).is_multiple_of(3) && grouped != "-" {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    grouped + &rest
}

impl Table {
    pub fn new(engine: Engine) -> Self {
        Table { engine, rows: Vec::new() }
    }

    /// A limit of one number in `unit`; `more` is what stands beside it.
    pub fn add(&mut self, what: &str, limit: Limit, value: f64, unit: &str, more: &str, how: &str) {
        let in_unit = |v: f64| format!("{}\u{a0}{unit}", number(v));
        let (text, holds) = match limit {
            Limit::AtLeast(least) => (format!("≥ {}", in_unit(least)), value >= least),
            Limit::AtMost(most) => (format!("≤ {}", in_unit(most)), value <= most),
            Limit::Between(low, high) => {
                (format!("{} to {}", number(low), in_unit(high)), (low..=high).contains(&value))
            }
            Limit::Told => (String::new(), true),
        };
        let verdict = match (&limit, holds) {
            (Limit::Told, _) => "",
            // Times and sizes of a program that was not optimised say nothing about the one that is shipped.
            _ if cfg!(debug_assertions) => "not optimised",
            (_, true) => "holds",
            (_, false) => "**missed**",
        };
        let measured = if more.is_empty() { in_unit(value) } else { format!("{} ({more})", in_unit(value)) };
        eprintln!("  {what}: {measured} {verdict}");
        self.rows.push(Row { what: what.into(), limit: text, measured, verdict, how: how.into() });
    }

    pub fn markdown(&self) -> String {
        let mut text =
            format!("### {}\n\n| what | limit | measured | | how |\n|---|---|---|---|---|\n", self.engine.title());
        for Row { what, limit, measured, verdict, how } in &self.rows {
            text.push_str(&format!("| {what} | {limit} | {measured} | {verdict} | {how} |\n"));
        }
        text
    }
}

/// The middle one.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        n if n.is_multiple_of(2) => (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0,
        n => sorted[n / 2],
    }
}
