//! The Rust files under `src` and the paths they name, read as text: comments and strings are left out, and so are tests.

use std::path::Path;

/// One file.
pub struct SourceFile {
    /// From `src`, with slashes: `portal/cases/store.rs`.
    pub path: String,
    pub lines: usize,
    /// Its own module: `["portal", "cases", "store"]`.
    pub module: Vec<String>,
    /// What it names inside the crate, from the root: `["db", "Conn"]`. Its own submodules included.
    pub names: Vec<Vec<String>>,
    /// Its text without comments, strings and tests.
    pub code: String,
}

impl SourceFile {
    /// True when any part of its path, `.rs` left out, is one of `stems`.
    pub fn is_among(&self, stems: &[&str]) -> bool {
        self.module.iter().any(|part| stems.contains(&part.as_str()))
    }
}

/// Every file under `src` that is not a test.
pub fn files() -> Vec<SourceFile> {
    let (mut found, root) = (Vec::new(), Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    visit(&root, &root, &mut found);
    assert!(found.len() > 100, "only {} files were found", found.len());
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn visit(root: &Path, folder: &Path, found: &mut Vec<SourceFile>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(root, &path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let file = read(root, &path);
            if !file.module.iter().any(|part| part.starts_with("test")) {
                found.push(file);
            }
        }
    }
}

fn read(root: &Path, path: &Path) -> SourceFile {
    let text = std::fs::read_to_string(path).unwrap();
    let relative = path.strip_prefix(root).unwrap();
    let mut module: Vec<String> =
        relative.with_extension("").components().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        module.pop();
    }
    let code = without_comments_and_strings(&text);
    let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
    let names = names(&code, &module);
    SourceFile { path: relative.to_string_lossy().into_owned(), lines: text.lines().count(), module, names, code }
}

fn without_comments_and_strings(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
        } else if let Some(raw) = rest.strip_prefix("r#\"") {
            rest = raw.split_once("\"#").map_or("", |(_, after)| after);
        } else if rest.starts_with("'\"'") {
            rest = &rest[3..];
        } else if let Some(mut string) = rest.strip_prefix('"') {
            while let Some(at) = string.find(['"', '\\']) {
                let escaped = string[at..].starts_with('\\');
                let skip = at + if escaped { 1 + string[at + 1..].chars().next().map_or(0, char::len_utf8) } else { 1 };
                string = &string[skip..];
                if !escaped {
                    break;
                }
            }
            rest = string;
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// Everything after `crate::` and `super::`, groups taken apart.
fn names(code: &str, module: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (keyword, root) in [("crate::", 0), ("super::", 1)] {
        let mut from = 0;
        while let Some(at) = code[from..].find(keyword).map(|at| at + from) {
            from = at + keyword.len();
            let before = code[..at].chars().next_back().unwrap_or(' ');
            if before.is_alphanumeric() || "_$:".contains(before) {
                continue;
            }
            let (mut base, mut rest) = (module.to_vec(), &code[from..]);
            if root == 0 {
                base.clear();
            } else {
                base.pop();
                while let Some(after) = rest.strip_prefix("super::") {
                    base.pop();
                    rest = after;
                }
            }
            tree(&mut rest, &base, &mut found);
        }
    }
    found
}

/// `a::b`, `a::{b, c::d}`, `*`: one tree of a `use`, or one path in the code.
fn tree(rest: &mut &str, base: &[String], found: &mut Vec<Vec<String>>) {
    let mut path = base.to_vec();
    loop {
        *rest = rest.trim_start();
        if let Some(inner) = rest.strip_prefix('{') {
            *rest = inner.trim_start();
            while !rest.starts_with('}') && !rest.is_empty() {
                tree(rest, &path, found);
                // `as name` and the comma.
                *rest = rest.trim_start_matches(|c| c != ',' && c != '}');
                *rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
            }
            *rest = rest.strip_prefix('}').unwrap_or(rest);
            return;
        }
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        path.push(rest[..end].to_owned());
        *rest = &rest[end..];
        match rest.strip_prefix("::") {
            Some(after) => *rest = after,
            None => break,
        }
    }
    found.push(path.into_iter().filter(|part| !part.is_empty() && part != "self").collect());
}

#[test]
fn groups_strings_and_comments_are_read_as_the_compiler_reads_them() {
    let code = without_comments_and_strings(
        "use crate::{db::{self, Conn}, web::AppError as E};\n// crate::no\nlet x = \"crate::no\\\"\"; super::view::Page",
    );
    let names = names(&code, &["portal".into(), "cases".into(), "pages".into()]);
    let names: Vec<String> = names.iter().map(|n| n.join("::")).collect();
    assert_eq!(names, ["db", "db::Conn", "web::AppError", "portal::cases::view::Page"]);
}
