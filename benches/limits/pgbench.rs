//! PostgreSQL's own load generator on the statements of one request, as the server itself wrote them down: prepared, with
//! the same values, and with ids of each transaction's own where the request made or named some.

use super::postgres::Server;
use super::seed::{self, id};
use super::site::CONNECTIONS;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::Command;

/// One statement and its values.
#[derive(Debug)]
pub struct Statement {
    sql: String,
    values: Vec<Option<String>>,
}

/// How far one client's ids are from the next one's.
pub const STRIDE: u64 = 1_000_000;

/// What a database was asked since `from` entries of the server's log.
pub fn asked(server: &Server, database: &str, from: usize) -> Vec<Statement> {
    let log = server.log();
    let name = database.rsplit('/').next().unwrap();
    let entries = log.iter().skip(from).filter(|entry| entry["dbname"] == name);
    entries.filter_map(statement).collect()
}

fn statement(entry: &Value) -> Option<Statement> {
    let message = entry["message"].as_str()?;
    let sql = match message.strip_prefix("statement: ") {
        Some(plain) => plain,
        None => message.strip_prefix("execute ")?.split_once(": ")?.1,
    };
    let values = entry["detail"].as_str().and_then(|d| Some(d.split_once(": ")?.1)).map(values).unwrap_or_default();
    Some(Statement { sql: sql.trim().trim_end_matches(';').to_owned(), values })
}

/// `$1 = 'it''s', $2 = NULL`.
fn values(mut text: &str) -> Vec<Option<String>> {
    let mut found = Vec::new();
    while let Some((_, rest)) = text.split_once(" = ") {
        if let Some(rest) = rest.strip_prefix("NULL") {
            found.push(None);
            text = rest;
            continue;
        }
        let (mut value, mut rest) = (String::new(), &rest[1..]);
        loop {
            let (part, after) = rest.split_once('\'').unwrap();
            value.push_str(part);
            rest = after;
            match rest.strip_prefix('\'') {
                Some(after) => {
                    value.push('\'');
                    rest = after;
                }
                None => break,
            }
        }
        found.push(Some(value));
        text = rest;
    }
    found
}

/// Where ids and references stand in a text.
fn marks(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let is_id = |at: usize| {
        bytes.get(at..at + 36).is_some_and(|w| {
            w.iter().enumerate().all(|(i, b)| match i {
                8 | 13 | 18 | 23 => *b == b'-',
                _ => b.is_ascii_hexdigit(),
            })
        })
    };
    let is_reference = |at: usize| bytes.get(at..at + 16).is_some_and(|w| w.starts_with(b"EK-20") && w[7] == b'-');
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let length = if is_id(at) {
            36
        } else if is_reference(at) {
            16
        } else {
            0
        };
        if length > 0 {
            found.push((at, at + length));
        }
        at += length.max(1);
    }
    found
}

/// A script and the values that it takes from the command line.
#[derive(Default)]
pub struct Script {
    text: String,
    given: Vec<(String, String)>,
    made: BTreeMap<String, usize>,
    person: Option<u64>,
}

impl Script {
    /// The statements as they are: what they ask for stays the same.
    pub fn same(statements: &[Statement]) -> Self {
        let mut script = Script::default();
        script.write(statements);
        script
    }

    /// Every client is a person of its own and every transaction takes her next draft. `person` was whose request it was.
    pub fn of_own(statements: &[Statement], person: u64) -> Self {
        let text = format!("\\set n :n + 1\n\\set d :client_id * {STRIDE} + :n\n\\set p :client_id + 0\n");
        let mut script = Script { text, person: Some(person), ..Script::default() };
        script.write(statements);
        script
    }

    fn write(&mut self, statements: &[Statement]) {
        for (s, statement) in statements.iter().enumerate() {
            let mut sql = statement.sql.clone();
            for (v, value) in statement.values.iter().enumerate().rev() {
                let expression = match value {
                    None => "NULL".to_owned(),
                    Some(value) => self.expression(&format!("v{s}_{v}"), value),
                };
                sql = sql.replace(&format!("${}", v + 1), &expression);
            }
            writeln!(self.text, "{};", sql.replace('\n', " ")).unwrap();
        }
    }

    fn give(&mut self, name: String, value: &str) -> String {
        // pgbench takes no empty value.
        if value.is_empty() {
            return "''".to_owned();
        }
        let expression = format!(":{name}");
        self.given.push((name, value.to_owned()));
        expression
    }

    fn expression(&mut self, name: &str, value: &str) -> String {
        let marks = if self.person.is_some() { marks(value) } else { Vec::new() };
        if marks.is_empty() {
            return self.give(name.to_owned(), value);
        }
        let (mut parts, mut from) = (Vec::new(), 0);
        for (k, (start, end)) in marks.into_iter().enumerate() {
            if from < start {
                parts.push(format!("{}::text", self.give(format!("{name}_{k}"), &value[from..start])));
            }
            parts.push(self.own(&value[start..end]));
            from = end;
        }
        if from < value.len() {
            parts.push(format!("{}::text", self.give(format!("{name}_z"), &value[from..])));
        }
        format!("({})", parts.join(" || "))
    }

    /// What stands for an id of the request in each transaction.
    fn own(&mut self, mark: &str) -> String {
        let padded = |prefix: &str, variable: &str| format!("'{prefix}' || lpad(:{variable}::text, 12, '0')");
        let person = self.person.unwrap_or_default();
        let prefix = |kind: u16| id(kind, 0)[..24].to_owned();
        if mark.starts_with("EK-") {
            return padded("EK-M", "d");
        }
        if mark == id(seed::PARTY, person) {
            return padded(&prefix(seed::PARTY), "p");
        }
        if mark.starts_with(&prefix(seed::DRAFT)) {
            return padded(&prefix(seed::DRAFT), "d");
        }
        let next = self.made.len() + 100;
        let kind = *self.made.entry(mark.to_owned()).or_insert(next) as u16;
        padded(&prefix(kind), "d")
    }

    /// Transactions in each second. `first`: every client's next draft is the one after it.
    pub fn run(&self, url: &str, amount: &[String], first: u64) -> f64 {
        let folder = super::databases::Folder::new();
        let file = folder.path().join("script.sql");
        std::fs::write(&file, &self.text).unwrap();
        let mut command = Command::new(Server::program("pgbench"));
        command.args(["-n", "-M", "prepared", "-c", &CONNECTIONS.to_string(), "-j", "2"]).args(amount);
        command.arg("-D").arg(format!("n={first}"));
        for (name, value) in &self.given {
            command.arg("-D").arg(format!("{name}={value}"));
        }
        let output = command.arg("-f").arg(&file).arg(url).output().expect("pgbench: run scripts/setup-tests");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let wrong = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && said.contains("failed transactions: 0 "),
            "pgbench: {said}\n{wrong}\n{}",
            self.text
        );
        let tps = said.lines().find_map(|l| l.strip_prefix("tps = ")).and_then(|l| l.split(' ').next());
        tps.and_then(|t| t.parse().ok()).unwrap_or_else(|| panic!("pgbench says no tps: {said}"))
    }
}
