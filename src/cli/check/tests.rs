//! Broken configurations: each a small change of what is shipped, and what whoever made it is told.

use super::*;
use crate::web::{embedded_templates, template_faults};
use std::collections::BTreeMap;

fn shipped() -> BTreeMap<String, String> {
    ConfigTree::embedded().files().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}

fn faults_of(files: BTreeMap<String, String>, profile: Profile, environment: &[(&str, &str)]) -> Vec<Fault> {
    drop(rustls::crypto::ring::default_provider().install_default());
    let environment = environment.iter().map(|(name, value)| (format!("KOMMUNPORTAL__{name}"), value.to_string()));
    check(&ConfigTree::of("config", files), profile, environment, Vec::new()).faults
}

/// A test's installation: what it needs of keys and targets, and no brokers.
fn faults_in_test(files: BTreeMap<String, String>) -> Vec<Fault> {
    let environment: Vec<(&str, &str)> =
        WELL.iter().copied().filter(|(name, _)| !name.ends_with("PUBLIC_URL")).collect();
    faults_of(files, Profile::Test, &environment)
}

/// What is expected of a change: `file`, `line` (0 for none), part of the message, part of the hint.
type Expected<'a> = (&'a str, usize, &'a str, &'a str);

fn holds(found: &[Fault], (file, line, message, hint): Expected<'_>) -> bool {
    found.iter().any(|f| f.file == file && f.line == line && f.message.contains(message) && f.hint.contains(hint))
}

fn told(found: &[Fault]) -> String {
    found.iter().map(|f| format!("  {f}")).collect::<Vec<_>>().join("\n")
}

/// The line that `needle` is on in the file that is shipped.
fn line_of(files: &BTreeMap<String, String>, file: &str, needle: &str) -> usize {
    let text = &files[file];
    text[..text.find(needle).unwrap_or_default()].matches('\n').count() + 1
}

#[test]
fn what_is_shipped_is_clean() {
    assert_eq!(faults_of(shipped(), Profile::Demo, &[]), vec![]);
    assert_eq!(template_faults(&embedded_templates()), vec![]);
}

const GOTENE: &str = "municipalities/gotene/municipality.toml";
const SKARA: &str = "municipalities/skara/municipality.toml";
const SYNPUNKT: &str = "services/synpunkt.toml";
const BIDRAG: &str = "services/foreningsbidrag.toml";
const CASTOR: &str = "targets/castor.toml";
const TYPES: &str = "desk/case-types.toml";
const STATUSES: &str = "desk/statuses.toml";

/// File, what is changed, to what; then where the fault is told (the line of this text in the changed file, or "" for
/// the file as a whole), part of its message and part of its hint.
const CHANGES: &[(&str, &str, &str, &str, &str, &str)] = &[
    // Municipalities.
    (GOTENE, "code = \"1471\"", "code = \"147\"", "code =", "`147` is no kommunkod", "four digits"),
    (GOTENE, "code = \"1471\"", "code = 1471", "code =", "`code`: invalid type: integer `1471`", ""),
    (SKARA, "code = \"1495\"", "code = \"1471\"", "code =", "the kommunkod 1471 belongs to gotene", "of its own"),
    (GOTENE, "\"2120009937\"", "\"2120009938\"", "organisation_number", "", "check digit"),
    (GOTENE, "primary = \"#7a2e52\"", "primary = \"lila\"", "primary", "`lila` is no colour", "#rrggbb"),
    (GOTENE, "primary =", "primry =", "primry", "unknown key `primry`", "did you mean `primary`?"),
    (GOTENE, "[look]", "[lok]", "[lok]", "unknown key `lok`", "did you mean `look`?"),
    (GOTENE, "draft_days = 30", "draft_days = \"30\"", "draft_days", "invalid type: string", ""),
    (GOTENE, "phone = \"0511-38 60 00\"\n", "", "[contact]", "`phone` is missing", "write phone"),
    (GOTENE, "[\"gotene.localhost\"]", "[]", "hosts", "there is no host name", "write hosts"),
    (GOTENE, "gotene.localhost", "https://gotene.localhost", "hosts", "is no host name", "no scheme"),
    (SKARA, "skara.localhost", "gotene.localhost", "hosts", "belongs to gotene already", "one municipality"),
    (GOTENE, "en = \"Monday", "fi = \"Monday", "opening_hours", "`fi` is not a language", "texts in sv, en"),
    (GOTENE, "opening_hours = {", "opening_hours = 5 #", "opening_hours", "expected a text in Swedish, or one", ""),
    (GOTENE, "name = \"Götene\"", "name = \"Götene", "name = \"Götene", "this is not TOML", "quotes"),
    // Services.
    (BIDRAG, "declared = true", "declared = 1", "declared =", "must be true or false", ""),
    (BIDRAG, "powers = [", "power = [", "power =", "unknown key `power`", "did you mean `powers`?"),
    (BIDRAG, "[\"foreningsbidrag\"]\n", "[\"förening bidrag\"]\n", "powers", "cannot be a permission code", "hyphen"),
    (
        BIDRAG,
        "may_act = [\"association\"]",
        "may_act = [\"self\"]",
        "[acting]",
        "`acting` is about organisations",
        "take",
    ),
    (
        BIDRAG,
        "declared = true\npowers = [\"foreningsbidrag\"]",
        "declared = false",
        "declared =",
        "nobody could use this service",
        "name powers",
    ),
    (SYNPUNKT, "[[steps]]", "[[stepp]]", "[[stepp]]", "unknown key `stepp`", "did you mean `steps`?"),
    (SYNPUNKT, "target = \"castor\"", "target = \"kastor\"", "target =", "has no target `kastor`", "`castor`?"),
    (SYNPUNKT, "\"KS-SYNPUNKT\"", "\"KS-SYNPUNT\"", "case_type", "no case type `KS-SYNPUNT`", "`KS-SYNPUNKT`?"),
    (SYNPUNKT, "unit = \"KANSLI\"", "unit = \"KANSLIET\"", "unit =", "no unit `KANSLIET`", "`KANSLI`?"),
    (
        SYNPUNKT,
        "category = \"kommun-och-politik\"",
        "category = \"politik\"",
        "category",
        "no category `politik`",
        "known here",
    ),
    (SYNPUNKT, "answers.typ == 'fraga'", "answers.typ == 'frga'", "show_if", "can never be `frga`", "`fraga`?"),
    (SYNPUNKT, "answers.typ == 'fraga'", "answers.tip == 'fraga'", "show_if", "no question `tip`", "`typ`?"),
    (SYNPUNKT, "answers.typ == 'fraga'", "answers.typ = 'fraga'", "show_if", "cannot be read", "write CEL"),
    (SYNPUNKT, "type = \"longtext\"", "type = \"lontext\"", "lontext", "no type `lontext`", "`longtext`?"),
    (BIDRAG, "minutes =", "minuter =", "minuter", "unknown key `minuter`", "`minutes`?"),
    // Targets and their statuses.
    (CASTOR, "\"paused\"", "\"pausad\"", "\"pausad\"", "pausad", ""),
    (CASTOR, "\"VILANDE\"", "\"VILANDES\"", "\"VILANDES\"", "no status `VILANDES`", "`VILANDE`?"),
    (CASTOR, "external_code = \"KOMPL\"", "external_code = \"KOMP\"", "# ", "status KOMPL has no row", "write"),
    (CASTOR, "notify = false", "notify = \"nej\"", "\"nej\"", "`notify`: invalid type", ""),
    (CASTOR, "is_desk = true", "is_desk = true\nis_dsk = 1", "is_dsk", "unknown key `is_dsk`", "`is_desk`?"),
    // The desk.
    (
        TYPES,
        "fallback = \"ATT-FORDELA\"",
        "fallback = \"ATT-FORDLA\"",
        "fallback =",
        "is not one of the case types",
        "`ATT-FORDELA`?",
    ),
    (
        TYPES,
        "code = \"KS-HANDLING\"",
        "code = \"ATT-FORDELA\"",
        "[[case_type]]\ncode = \"ATT-FORDELA\"\nname = \"Begäran",
        "ATT-FORDELA is there twice",
        "another code",
    ),
    (TYPES, "appeal = \"none\"", "appeal = \"ingen\"", "\"ingen\"", "`appeal`", ""),
    (TYPES, "outcomes = [\"answered\", \"written_off\"]", "outcomes = [\"besvarad\"]", "besvarad", "`outcomes`", ""),
    (STATUSES, "code = \"TILLDELAD\"", "code = \"DELAD\"", "", "the status TILLDELAD is missing", "sets it by itself"),
    (STATUSES, "label = \"Beslutad\"\n", "", "[[status]]\ncode = \"BESLUTAD\"", "`label` is missing", "write label"),
    // The rest.
    ("categories.toml", "sv = \"Barn och utbildning\", ", "", "title =", "is not there in Swedish", ""),
    ("categories.toml", "en = \"Children", "fi = \"Children", "[[category]]", "`fi` is not a language", "sv, en"),
    ("categories.toml", "en = \"Children", "eng1 = \"Children", "title =", "two or three letters", ""),
    (
        "default.toml",
        "public_url = \"http://localhost:8080\"",
        "public_url = \"portalen\"",
        "portalen",
        "`public_url`",
        "",
    ),
    ("default.toml", "[limits]", "[limit]", "[limit]", "unknown key `limit`", "`limits`?"),
    ("test.toml", "login_per_minute = 600", "login_per_minute = \"många\"", "login_per", "invalid type: string", ""),
];

#[test]
fn each_broken_file_is_told_with_its_line_and_what_to_do() {
    let mut wrong = Vec::new();
    for (file, from, to, on, message, hint) in CHANGES {
        let mut files = shipped();
        let text = files.get_mut(*file).unwrap_or_else(|| panic!("{file}"));
        assert!(text.contains(from), "{file} has no {from}");
        *text = text.replacen(from, to, 1);
        let line = if on.is_empty() { 0 } else { line_of(&files, file, on) };
        let found = faults_in_test(files);
        if !holds(&found, (&format!("config/{file}"), line, message, hint)) {
            wrong.push(format!(
                "{file}: `{to}` should give line {line}: {message} ({hint}), but gave\n{}",
                told(&found)
            ));
        }
    }
    assert!(CHANGES.len() >= 30);
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), CHANGES.len(), wrong.join("\n\n"));
}

#[test]
fn a_fault_within_a_condition_is_pointed_at() {
    let mut files = shipped();
    let text = files.get_mut(SYNPUNKT).unwrap();
    *text = text.replacen("answers.typ == 'fraga'", "answers.typ == 'fraga' && answers.plts == ''", 1);
    let line = text.lines().find(|line| line.contains("plts")).unwrap().to_owned();
    let found = faults_in_test(files);
    let fault = found.iter().find(|f| f.message.contains("plts")).unwrap();
    let column = line.find(".plts").unwrap() + 1;
    assert_eq!(fault.column, column, "{fault}");
}

/// File, rows at its end; then the line that the fault is told on, part of its message and part of its hint.
const ROUTES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "default.toml",
        "[[routing]]\nunit = \"GATA\"\ntarget = \"castr\"",
        "target = \"castr\"",
        "routing.1.target: there is no target `castr`",
        "did you mean `castor`?",
    ),
    (
        "default.toml",
        "[[routing]]\nunit = \"GATA\"\ntarget = \"castor\"\n[[routing]]\nservice = \"synpunk\"\ntarget = \"castor\"",
        "service = \"synpunk\"",
        "routing.2.service: no service `synpunk`",
        "did you mean `synpunkt`?",
    ),
    (
        GOTENE,
        "[[routing]]\nunit = \"KANSLIET\"\ntarget = \"castor\"",
        "unit = \"KANSLIET\"",
        "routing.1.unit: no service names the unit `KANSLIET`",
        "did you mean `KANSLI`?",
    ),
    (
        GOTENE,
        "[[routing]]\ncase_type = \"KS-SYNPUNKTER\"\ntarget = \"castor\"",
        "case_type = \"KS-SYNPUNKTER\"",
        "routing.1.case_type: no service names the case type `KS-SYNPUNKTER`",
        "did you mean `KS-SYNPUNKT`?",
    ),
    (
        GOTENE,
        "[[routing]]\nservice = \"synpunkt\"\nunit = \"GATA\"\ntarget = \"castor\"",
        "[[routing]]",
        "routing.1: this row fits nothing that is offered",
        "no service has them all",
    ),
    (
        GOTENE,
        "[[routing]]\nunit = \"GATA\"\ntarget = \"castor\"\n[[routing]] # again\nunit = \"GATA\"\ntarget = \"castor\"",
        "[[routing]] # again",
        "routing.2: an earlier row is for the same",
        "one row for each",
    ),
];

#[test]
fn a_row_of_a_routing_table_that_leads_nowhere_or_fits_nothing_is_told_where_it_stands() {
    let mut wrong = Vec::new();
    for (file, rows, on, message, hint) in ROUTES {
        let mut files = shipped();
        let text = files.get_mut(*file).unwrap();
        *text = format!("{text}\n{rows}\n");
        let line = line_of(&files, file, on);
        let found = faults_in_test(files);
        if found.len() != 1 || !holds(&found, (&format!("config/{file}"), line, message, hint)) {
            wrong.push(format!("{file} should give line {line}: {message} ({hint}), but gave\n{}", told(&found)));
        }
    }
    let mut files = shipped();
    files
        .get_mut(GOTENE)
        .unwrap()
        .push_str("\n[[routing]]\nservice = \"synpunkt\"\nunit = \"KANSLI\"\ntarget = \"castor\"\n");
    assert_eq!(faults_in_test(files), vec![], "a row that leads somewhere is no fault");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

const WELL: [(&str, &str); 11] = [
    ("PORTAL__PUBLIC_URL", "https://portal.example"),
    ("DESK__PUBLIC_URL", "https://desk.example"),
    ("KEYS__SEAL", KEY),
    ("KEYS__LOOKUP", KEY),
    ("KEYS__FORMS", KEY),
    ("KEYS__RECEIPT", SEALS),
    ("TARGETS__CASTOR__KIND", "contract"),
    ("TARGETS__CASTOR__URL", "https://desk.example/integration"),
    ("TARGETS__CASTOR__TOKEN", "hemligt"),
    ("TARGETS__CASTOR__SECRET_OUT", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
    ("TARGETS__CASTOR__SECRET_IN", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
];
/// Made for this test, and used for nothing else.
const SEALS: &str = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgGQFAHtWAKbkmZyNO\nfdblK/thquvQ87hqUPzeAa8lor+hRANCAAQR/ImoDq/837hea2ztlrtZbwygK2g2\nyZCS5trR2dDmiRtOsZDPS+Bl0a7VJYhRYWh2wv3uG45BkCJd/8AdeSFp\n-----END PRIVATE KEY-----";
const KEY: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

#[test]
fn each_wrong_setting_is_told_by_the_name_it_was_written_under() {
    let well = WELL;
    assert_eq!(faults_of(shipped(), Profile::Production, &well), vec![]);
    let table: &[(&str, &str, &str, &str)] = &[
        ("PORTAL__PUBLIC_URL", "http://portal.example", "portal.public_url: the address must be https", "loopback"),
        ("PORTAL__BNID", "127.0.0.1:1", "unknown key `bnid`", "did you mean `bind`?"),
        ("PORTAL__BIND", "hemma", "`bind`: invalid socket address", ""),
        ("PORTAL__DATABASE_URL_FILE", "/finns/inte", "the file /finns/inte cannot be read", "path"),
        ("LIMITS__FORM_BYTES", "många", "not a number", "digits"),
        ("NAVET__ORDER_INCLUDES_PROTECTION_FLAGS", "ja", "neither true nor false", "true or false"),
        ("KEYS__LOOKUP", "a29ydA==", "keys.lookup is not 32 bytes", "openssl"),
        ("KEYS__RECEIPT", KEY, "keys.receipt is not an EC P-256 private key", "openssl genpkey"),
        ("KEYS__RECEIPT_RETIRED", KEY, "keys.receipt_retired is not an EC P-256 public key", "-pubout"),
        ("TARGETS__CASTOR__KIND", "soap", "`soap`, expected one of `contract`", ""),
        ("TARGETS__CASTOR__SECRET_OUT", "hemlig", "whsec_", ""),
        ("TARGETS__CASTOR__ALLOWED_ADDRESSES", "10.0.0.0/8, hemma", "not an address or a range", ""),
        ("TARGETS__CASTOR__CAPABILITIES__MTLS", "true", "mTLS needs a certificate", "client_certificate"),
        ("TARGETS__CASTOR__AT_ONCE", "0", "0 is not between 1 and 64", "default"),
        ("TARGETS__CASTOR__TOCKEN", "hemligt", "unknown key `tocken`", "did you mean `token`?"),
        (
            "TARGETS__CASTOR__URL",
            "http://desk.example/integration",
            "targets.castor.url: the address must be https",
            "loopback",
        ),
        ("BROKER__ISSUER", "https://broker.example", "`client_id` is missing", "write client_id"),
        ("WEB__TRUSTED_PROXIES", "hemma", "`trusted_proxies`: invalid IP address", ""),
    ];
    let mut wrong = Vec::new();
    for (name, value, message, hint) in table {
        let mut environment = well.to_vec();
        environment.retain(|(n, _)| n != name);
        environment.push((name, value));
        let found = faults_of(shipped(), Profile::Production, &environment);
        if !holds(&found, (&format!("KOMMUNPORTAL__{name}"), 0, message, hint)) {
            wrong.push(format!("{name}={value} should give {message} ({hint}), but gave\n{}", told(&found)));
        }
        assert!(!told(&found).contains("hemligt"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let without = &well[..4];
    assert!(told(&faults_of(shipped(), Profile::Production, without)).contains("keys.forms is not set"));
    let unsealed: Vec<_> = well.iter().copied().filter(|(name, _)| *name != "KEYS__RECEIPT").collect();
    assert!(told(&faults_of(shipped(), Profile::Production, &unsealed)).contains("keys.receipt is not"));
}

#[test]
fn files_that_nobody_reads_are_told() {
    let mut files = shipped();
    files.insert("service/ny.toml".to_owned(), String::new());
    files.insert("municipalities/gotene/service/ny.toml".to_owned(), String::new());
    files.insert("municipalities/tom/services/ny.toml".to_owned(), String::new());
    let found = faults_in_test(files);
    assert!(holds(&found, ("config/service/ny.toml", 0, "nobody reads this file", "services/")), "{}", told(&found));
    assert!(holds(&found, ("config/municipalities/gotene/service/ny.toml", 0, "nobody reads", "")), "{}", told(&found));
    let missing = "config/municipalities/tom/municipality.toml";
    assert!(holds(&found, (missing, 0, "the file is missing", "municipality")), "{}", told(&found));
}

/// File below templates/, what is changed, to what; text on the line of the fault; message and hint.
const TEMPLATE_CHANGES: &[(&str, &str, &str, &str, &str, &str)] = &[
    ("portal/drafts.html", "{% block", "{% blok", "{% blok", "the template cannot be read", ""),
    (
        "portal/drafts.html",
        "{% endblock",
        "{{<nootice kind=\"info\" />}}{% endblock",
        "nootice",
        "nootice",
        "components stand in templates/components",
    ),
    (
        "portal/drafts.html",
        "layouts/portal.html",
        "layouts/prtal.html",
        "prtal",
        "no template `layouts/prtal.html`",
        "did you mean `layouts/portal.html`?",
    ),
    (
        "portal/drafts.html",
        "{% block",
        "{{ t(key=\"status-finns-inte\") }}{% block",
        "finns-inte",
        "there is no text `status-finns-inte`",
        "",
    ),
    (
        "portal/drafts.html",
        "{% block",
        "{{ t(key=\"done-recieved\") }}{% block",
        "done-recieved",
        "there is no text `done-recieved`",
        "did you mean `done-received`?",
    ),
    (
        "portal/drafts.html",
        "{% block",
        "{{ t(key=\"done-received\", page=1) }}{% block",
        "done-received",
        "needs the value `time`",
        "time=…",
    ),
    (
        "portal/drafts.html",
        "{% block",
        "{{ t(key=\"stattus-\" ~ word) }}{% block",
        "stattus",
        "no text begins with `stattus-`",
        "",
    ),
    (
        "texts/en/common.ftl",
        "\n",
        "\nnew-text = New\n",
        "new-text",
        "the text `new-text` is missing in Swedish",
        "texts/sv",
    ),
    ("texts/sv/common.ftl", "\n", "\ntrasig = { $namn\n", "trasig", "", "indented"),
    (
        "texts/en/language.ftl",
        "decimal-mark = .",
        "decimal-mark = :",
        "",
        "`decimal-mark` is `:`",
        "a comma or a point",
    ),
    (
        "texts/en/submissions.ftl",
        "{ $time }",
        "{ $tid }",
        "done-received",
        "takes other values in en (tid) than in Swedish (time)",
        "same values",
    ),
    (
        "texts/sv/submissions.ftl",
        "done-received =",
        "back = Bakåt\ndone-received =",
        "back =",
        "the text `back` stands twice",
        "templates/texts/sv/common.ftl",
    ),
];

#[test]
fn each_broken_template_or_text_is_told_with_its_line() {
    let mut wrong = Vec::new();
    for (file, from, to, on, message, hint) in TEMPLATE_CHANGES {
        let mut files: BTreeMap<String, String> = embedded_templates().into_iter().collect();
        let text = files.get_mut(*file).unwrap_or_else(|| panic!("{file}"));
        assert!(text.contains(from), "{file} has no {from}");
        *text = text.replacen(from, to, 1);
        let line = if on.is_empty() { 0 } else { line_of(&files, file, on) };
        let found = template_faults(&files.into_iter().collect::<Vec<_>>());
        let is_it = |f: &Fault| {
            // A fault of a whole language names its folder.
            let is_there = match on.is_empty() {
                true => format!("templates/{file}").starts_with(&f.file) && f.line == 0,
                false => f.file == format!("templates/{file}") && (line..line + 2).contains(&f.line),
            };
            is_there && f.message.contains(message) && f.hint.contains(hint)
        };
        if !found.iter().any(is_it) {
            wrong.push(format!(
                "{file}: `{to}` should give line {line}: {message} ({hint}), but gave\n{}",
                told(&found)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_report_shows_the_line_and_no_secret() {
    let mut files = shipped();
    let text = files.get_mut("default.toml").unwrap();
    text.push_str("\n[targets.castor]\ntoken = [\"mycket hemligt\"]\nsecret_in = \"hemligt\"\nkid = 1\n");
    let tree = ConfigTree::of("config", files);
    let faults = check(&tree, Profile::Demo, std::iter::empty(), Vec::new()).faults;
    let report = told::report(&faults, &tree);
    assert!(report.contains("unknown key `kid`") && report.contains("did you mean `kind`?"), "{report}");
    assert!(report.contains("default.toml:") && report.contains("kid = 1"), "{report}");
    assert!(!report.contains("hemligt") && !report.contains('\u{1b}'), "{report}");
    assert_eq!(told::closing(&faults[..1]), "1 fel i 1 fil.");
}
