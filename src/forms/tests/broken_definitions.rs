use super::*;

/// The smallest service, one thing on each line, so that a fault's line is easily told.
const SOUND: &str = r#"title = "Prov"
summary = "Ett prov."
category = "kommun-och-politik"
for_whom = "Alla."
minutes = 2
what_happens_next = "Inget."
law = "Ingen."
personal_data = "Inga."
level = 3
appeal_regime = "none"
[routing]
target = "castor"
case_type = "KS-PROV"
unit = "KANSLI"
classification = "1.1"
[retention]
case = "Gallras."
[[steps]]
id = "ett"
title = "Ett"
[[steps.fields]]
id = "val"
type = "choice"
label = "Vad?"
options = [{ value = "a", label = "A" }, { value = "b", label = "B" }]
[[steps.fields]]
id = "antal"
type = "number"
label = "Hur många?"
min = 1
max = 9
show_if = "answers.val == 'a'"
[[steps.fields]]
id = "sant"
type = "yesno"
label = "Är det så?"
"#;

fn faults(text: &str) -> Vec<Fault> {
    Definition::parse("config/services/prov.toml", text).err().unwrap_or_default()
}

#[test]
fn the_sound_service_is_sound() {
    assert_eq!(faults(SOUND), vec![]);
}

#[test]
fn each_fault_is_said_with_its_line_and_what_to_do() {
    // What is changed, to what; then line, column, part of the message, part of the hint.
    let table: &[(&str, &str, usize, usize, &str, &str)] = &[
        ("type = \"number\"", "type = \"numer\"", 28, 9, "there is no type `numer`", "did you mean `number`?"),
        ("label = \"Vad?\"", "lable = \"Vad?\"", 24, 1, "unknown key `lable`", "did you mean `label`?"),
        ("max = 9", "max = 0", 31, 7, "`max` (0) is below `min` (1)", "swap"),
        ("max = 9", "max = \"9\"", 31, 7, "must be a number, not a text", ""),
        ("answers.val == 'a'", "answers.vall == 'a'", 32, 19, "there is no question `vall`", "did you mean `val`?"),
        ("answers.val == 'a'", "answers.val == 'c'", 32, 24, "`val` can never be `c`", "known here: a, b"),
        ("answers.val == 'a'", "answers.sant == true", 32, 19, "asked later", "move the question up"),
        ("answers.val == 'a'", "'å' == 'ö' || answers.vall == 'a'", 32, 33, "no question `vall`", "`val`?"),
        ("answers.val == 'a'", "answers.val == ", 32, 26, "cannot be read", "write CEL"),
        ("answers.val == 'a'", "val == 'a'", 32, 12, "`val` is not known here", "write answers.val"),
        ("answers.val == 'a'", "siez(answers.val) > 0", 32, 12, "there is no function `siez`", "did you mean `size`?"),
        ("answers.val == 'a'", "applicant.agee > 18", 32, 21, "nothing is known of applicant.agee", "`age`"),
        ("id = \"sant\"", "id = \"antal\"", 34, 7, "two fields with the id `antal`", "of its own"),
        ("id = \"sant\"", "id = \"Är sant\"", 34, 7, "cannot be used in conditions", "a–z"),
        ("id = \"sant\"", "id = \"kontakt_epost\"", 34, 7, "is built in", "another"),
        ("value = \"b\"", "value = \"a\"", 25, 53, "two options with the value `a`", "of its own"),
        ("level = 3", "level = 5", 9, 9, "`level` of the service cannot be 5", "from 2 to 4"),
        ("level = 3", "level = \"non\"", 9, 10, "cannot be `non`", "did you mean `none`?"),
        ("appeal_regime = \"none\"", "appeal_regime = \"fi\"", 10, 18, "cannot be `fi`", "did you mean `fl`?"),
        ("target = \"castor\"\n", "", 11, 1, "routing has no `target`", "castor"),
        ("title = \"Prov\"", "title = \"Prov", 1, 14, "this is not TOML", "quotes"),
        ("type = \"yesno\"", "type = \"child\"", 34, 7, "asks for a child that is not fetched", "navet.children"),
        (
            "type = \"yesno\"",
            "type = \"file\"\naccept = [\"pdff\"]",
            36,
            12,
            "`accept` cannot have `pdff`",
            "did you mean `pdf`?",
        ),
        (
            "type = \"yesno\"",
            "type = \"date\"\nearliest = \"tomorrow\"",
            36,
            13,
            "`earliest` cannot be `tomorrow`",
            "today+30d",
        ),
        ("type = \"yesno\"", "type = \"text\"\nprefill = \"navet.nam\"", 36, 12, "can be prefilled", "`navet.name`"),
        (
            "type = \"yesno\"",
            "type = \"group\"\nitem_label = \"Rad\"\nmin = 4\nmax = 3\nfields = []",
            38,
            7,
            "below",
            "swap",
        ),
    ];
    let mut wrong = Vec::new();
    for (from, to, line, column, message, hint) in table {
        assert!(SOUND.contains(from), "{from}");
        let found = faults(&SOUND.replacen(from, to, 1));
        let fits =
            |f: &&Fault| (f.line, f.column) == (*line, *column) && f.message.contains(message) && f.hint.contains(hint);
        if !found.iter().any(|f| fits(&f)) {
            let gave = found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
            wrong.push(format!("`{to}` should give {line}:{column} {message} ({hint}), but gave\n{gave}"));
        }
        assert!(found.iter().all(|f| f.file == "config/services/prov.toml"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn all_faults_of_a_file_are_told_at_once_in_its_order() {
    let broken = SOUND
        .replace("minutes = 2", "minuts = 2")
        .replace("type = \"choice\"", "type = \"choise\"")
        .replace("max = 9", "max = 0")
        .replace("title = \"Ett\"", "title = \"\"");
    let lines: Vec<usize> = faults(&broken).iter().map(|f| f.line).collect();
    assert!([1, 5, 20, 23, 31].iter().all(|line| lines.contains(line)), "{lines:?}");
    assert!(lines.is_sorted());
}

#[test]
fn texts_in_a_language_that_nobody_speaks_are_faults_of_a_new_definition_and_none_of_an_old_one() {
    let text = SOUND.replacen("title = \"Ett\"", "title = \"Ett\"\nem = { title = \"One\" }", 1);
    assert_ne!(text, SOUND);
    let texts = crate::texts::Texts::new(crate::texts::Texts::files()).unwrap();
    let found = Definition::parse_new("config/services/prov.toml", &text, texts.languages()).err().unwrap_or_default();
    let line = text.lines().position(|l| l.starts_with("em =")).unwrap() + 1;
    let told: Vec<_> = found.iter().map(|f| (f.line, f.column, f.message.as_str(), f.hint.as_str())).collect();
    assert_eq!(told, [(line, 1, "`em` is not a language that is spoken here", "there are texts in sv, en")]);
    assert_eq!(faults(&text), []);
}

#[test]
fn a_file_name_that_cannot_be_an_address_is_a_fault() {
    let found = Definition::parse("Min Tjänst.toml", SOUND).err().unwrap_or_default();
    assert!(found.iter().any(|f| f.message.contains("`Min Tjänst.toml` cannot be an address")));
}

#[test]
fn the_condition_of_our_own_is_without_faults() {
    let definition = service("forskoleplats");
    let (_, field) = definition.field("kontakt_utan_epost").unwrap();
    assert!(field.show_if.is_some());
}

/// The sound service with these lines at its beginning, and an answer of its own kind.
fn with(head: &str, from: &str, to: &str) -> Vec<Fault> {
    faults(&format!("{head}{}", SOUND.replace(from, to)))
}

#[test]
fn a_signature_must_be_somebodys_and_whoever_else_signs_must_be_known() {
    let child = ("type = \"yesno\"", "type = \"child\"");
    for (head, (from, to), message, hint) in [
        ("signing = true\n", ("level = 3", "level = \"none\""), "an anonymous service cannot be signed", "level"),
        ("cosign = \"named\"\n", ("", ""), "others sign what the first has not signed", "signing = true"),
        ("signing = true\ncosign = \"guardians\"\n", ("", ""), "there is no child", "child"),
        (
            "signing = true\nneeds = [\"navet.children\"]\ncosign = \"guardians\"\n",
            child,
            "are not fetched",
            "navet.guardians",
        ),
        ("signing = true\ncosign_days = 7\n", ("", ""), "nobody else signs here", "cosign"),
        ("signing = true\ncosign = \"guardian\"\n", ("", ""), "guardian", "guardians"),
    ] {
        let found = with(head, from, to);
        let told = found.iter().any(|f| f.message.contains(message) && f.hint.contains(hint) && f.line > 0);
        assert!(told, "{head}: {found:?}");
    }
    let whole = "signing = true\nneeds = [\"navet.children\", \"navet.guardians\"]\ncosign = \"guardians\"\n";
    assert_eq!(with(whole, child.0, child.1), vec![]);
    assert_eq!(with("signing = true\ncosign = \"named\"\n", "", ""), vec![]);
}
