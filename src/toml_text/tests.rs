use super::*;
use serde::Deserialize;
use std::net::SocketAddr;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only read")]
struct Place {
    name: String,
    bind: Vec<SocketAddr>,
    contact: Contact,
    #[serde(default)]
    row: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only read")]
struct Contact {
    phone: String,
    days: u32,
    #[serde(default)]
    secret: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only read")]
struct Row {
    code: Colour,
    label: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Colour {
    Red,
}

fn told(text: &str) -> Vec<String> {
    read::<Place>("p.toml", text, &["secret"])
        .1
        .iter()
        .map(|f| format!("{}:{} {} ({})", f.line, f.column, f.message, f.hint))
        .collect()
}

#[test]
fn everything_that_is_wrong_is_told_at_once_in_the_order_of_the_file() {
    let text = r#"nam = "A"
bind = ["127.0.0.1:80", "hemma", "[::1]:80"]
[contact]
phone = 5
secret = "hemligt"
[[row]]
code = "blue"
label = "Blå"
[[row]]
code = "red"
lable = "Röd"
"#;
    let told = told(text);
    let wanted = [
        "1:1 `name` is missing",
        "1:1 unknown key `nam` (did you mean `name`?)",
        "2:25 `bind`: invalid socket address syntax",
        "3:1 `days` is missing",
        "4:9 `phone`: invalid type: integer `5`, expected a string",
        "5:10 `secret` must be a sequence",
        "7:8 `code`: unknown variant `blue`, expected `red`",
        "9:1 `label` is missing",
        "11:1 unknown key `lable` (did you mean `label`?)",
    ];
    assert_eq!(told.len(), wanted.len(), "{told:#?}");
    for (told, wanted) in told.iter().zip(wanted) {
        assert!(told.starts_with(wanted), "{told} is not {wanted}");
    }
    assert!(!told.join("").contains("hemligt"));
}

#[test]
fn a_missing_table_does_not_hide_what_else_is_wrong() {
    let told = told("name = \"A\"\nbind = 5\n");
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[0].contains("`contact` is missing") && told[1].contains("`bind`"), "{told:#?}");
}

#[test]
fn layers_win_over_each_other_and_a_fault_is_told_where_it_was_written() {
    let layer = |name: &str, text: &str, is_file| Layer { name: name.into(), text: text.into(), is_file };
    let files = [
        layer("default.toml", "name = \"A\"\nbind = []\n[contact]\nphone = \"1\"\ndays = \"många\"\n", true),
        layer("test.toml", "[contact]\nphone = \"2\"\ndays = 3\n", true),
    ];
    let (read, faults) = read_layers::<Place>(&files, &[]);
    assert_eq!(faults, vec![]);
    assert_eq!(read.map(|p| (p.contact.phone, p.contact.days)), Some(("2".to_owned(), 3)));
    let wrong = [files[0].clone(), files[1].clone(), layer("THE__VARIABLE", "contact.dys = 4", false)];
    let (_, faults) = read_layers::<Place>(&wrong, &[]);
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert_eq!(faults[0].to_string(), "THE__VARIABLE: unknown key `dys`\n  hint: did you mean `days`?");
}

#[test]
fn secrets_are_not_shown_and_nothing_moves() {
    let text = "a = 1\ntoken = \"hemligt\"\nkey = \"\"\"\nhemligt\nmer\n\"\"\"\nurl = \"smtp://u:hemligt@x\"\nb = [\"å\"]\n\
                t = { id = \"x\", token = \"hemligt\" }\n";
    let shown = masked(text, &["token", "key"]);
    assert!(!shown.contains("hemligt") && !shown.contains("mer"), "{shown}");
    let talk = "hint = \"The token = yours. See https://x.example and write to a@b.example\"\n";
    assert_eq!(masked(talk, &["key"]), talk);
    assert!(shown.contains("a = 1\ntoken =*") && shown.contains("b = [\"å\"]"), "{shown}");
    assert_eq!((shown.len(), shown.lines().count()), (text.len(), text.lines().count()));
}
