//! Where a key stands, and which of a file's text may be shown.

use toml::de::{DeTable, DeValue};

/// The byte that the value of `path` (`navet.url`) begins at; of the longest part of the path that is there. In an array the
/// rows are counted from 1 (`routing.2.target`).
pub fn place_of(text: &str, path: &str) -> Option<usize> {
    let (root, _) = DeTable::parse_recoverable(text);
    let (mut table, mut place) = (root.get_ref(), None);
    let mut parts = path.split('.');
    while let Some(mut value) = parts.next().and_then(|part| table.get(part)) {
        place = Some(value.span().start);
        if let DeValue::Array(rows) = value.get_ref() {
            let row = parts.next().and_then(|n| rows.get(n.parse::<usize>().ok()?.checked_sub(1)?));
            let Some(row) = row else { break };
            place = Some(row.span().start);
            value = row;
        }
        match value.get_ref() {
            DeValue::Table(inner) => table = inner,
            _ => break,
        }
    }
    place
}

/// The text with every secret's characters as `*`, line for line and byte for byte, so that places stay where they are.
/// Secret is what stands at one of the `keys`, and any address that bears a password. Works on lines and not on values,
/// because a file that cannot be read has secrets too.
pub fn masked(text: &str, keys: &[&str]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut open: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let (key, value) = match (open, line.split_once('=')) {
            (None, Some((key, value))) => (key, value),
            (None, None) => ("", line),
            (Some(_), _) => ("", line),
        };
        let name = key.rsplit('.').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        let name_is_secret = keys.contains(&name);
        // One line may hold several keys: `{ client_id = "a", client_secret = "b" }`.
        let inline = keys.iter().any(|key| sets(value, key));
        if open.is_some() || name_is_secret || inline || has_password(value) {
            masked.push_str(if open.is_some() || key.is_empty() { "" } else { key });
            if open.is_none() && !key.is_empty() {
                masked.push('=');
            }
            for c in value.chars() {
                match c {
                    '\n' | '\r' => masked.push(c),
                    _ => masked.extend(std::iter::repeat_n('*', c.len_utf8())),
                }
            }
        } else {
            masked.push_str(line);
        }
        open = match open {
            Some(end) => Some(end).filter(|end| !value.contains(end)),
            None if name_is_secret => {
                let value = value.trim_start();
                ["\"\"\"", "'''"]
                    .into_iter()
                    .find(|quotes| value.strip_prefix(quotes).is_some_and(|rest| !rest.contains(quotes)))
                    .or_else(|| (value.starts_with('[') && !value.contains(']')).then_some("]"))
            }
            None => None,
        };
    }
    masked
}

/// True when `key =` stands somewhere in the text.
fn sets(text: &str, key: &str) -> bool {
    text.match_indices(key).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + key.len()..).unwrap_or_default().trim_start_matches(['"', '\'', ' ', '\t']);
        after.starts_with('=') && !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-')
    })
}

/// True when somebody's name at a host stands before the path of an address: `smtp://u:password@host`.
fn has_password(text: &str) -> bool {
    text.split("://")
        .skip(1)
        .any(|rest| rest.split(['/', '"', '\'', ' ']).next().is_some_and(|host| host.contains('@')))
}
