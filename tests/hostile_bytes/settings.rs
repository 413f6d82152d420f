//! Settings: files and environment.

use super::hostile::{cases, spoiled, spoiled_text};
use kommunportal::settings::{ConfigTree, Profile, SECRET_KEYS, load};
use kommunportal::toml_text::masked;
use proptest::prelude::*;
use std::collections::BTreeMap;

const SECRET: &str = "hemlig-nyckel-0123456789";

fn with(name: &str, text: String) -> ConfigTree {
    let mut files: BTreeMap<String, String> =
        ConfigTree::embedded().files().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
    files.insert(name.to_owned(), text);
    ConfigTree::of("config", files)
}

fn examples() -> Vec<Vec<u8>> {
    let own = format!(
        "[keys]\nseal = [\"{SECRET}\"]\n[targets.castor]\nkind = \"contract\"\nurl = \"https://x\"\ntoken = \"{SECRET}\"\n\
         secret_in = [\"{SECRET}\"]\nsecret_out = [\"{SECRET}\"]\n[web]\ntrusted_proxies = [\"127.0.0.1\"]\n"
    );
    ConfigTree::embedded()
        .files()
        .filter(|(path, _)| !path.contains('/'))
        .map(|(_, text)| text.as_bytes().to_vec())
        .chain([own.into_bytes()])
        .collect()
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn any_file_of_settings_is_read_or_refused(bytes in spoiled(examples())) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for file in ["default.toml", "test.toml"] {
            if let Err(fault) = load(&with(file, text.clone()), Profile::Test, toml::Table::new(), std::iter::empty()) {
                let told = fault.to_string();
                prop_assert!(!told.is_empty() && told.len() <= 200_000 + 4 * text.len(), "{} bytes", told.len());
            }
        }
    }

    #[test]
    fn any_environment_is_read_or_refused_and_no_secret_is_told(
        key in prop::sample::select(SECRET_KEYS.to_vec()),
        section in prop::sample::select(vec!["PORTAL", "DESK", "BROKER", "STAFF_BROKER", "NAVET", "TARGETS__CASTOR", "KEYS", "WEB", "NYTT", ""]),
        more in spoiled_text(&["PORTAL__BIND", "LIMITS__FORM_BYTES", "TARGETS__A__RETRY_AFTER", "KEYS", "__", "WEB__TRUSTED_PROXIES"]),
        value in spoiled_text(&["127.0.0.1:80", "1,2,3", "true", ""]),
    ) {
        let environment = [
            (format!("KOMMUNPORTAL__{section}__{}", key.to_uppercase()), SECRET.to_owned()),
            (format!("KOMMUNPORTAL__{more}"), value),
        ];
        if let Err(fault) = load(&ConfigTree::embedded(), Profile::Test, toml::Table::new(), environment.into_iter()) {
            prop_assert!(!fault.to_string().contains(SECRET), "{}", fault);
        }
    }

    #[test]
    fn a_secret_of_the_wrong_kind_is_refused_without_being_told(key in prop::sample::select(SECRET_KEYS.to_vec()), wrong in prop::sample::select(vec![
        format!("\"{SECRET}\""), format!("[\"{SECRET}\"]"), format!("{{ a = \"{SECRET}\" }}"), format!("[[\"{SECRET}\"]]"),
    ])) {
        for section in ["portal", "broker", "keys", "navet", "targets.castor"] {
            let text = format!("[{section}]\n{key} = {wrong}\n");
            if let Err(fault) = load(&with("test.toml", text), Profile::Test, toml::Table::new(), std::iter::empty()) {
                prop_assert!(!fault.to_string().contains(SECRET), "{}", fault);
            }
        }
    }

    #[test]
    fn what_is_shown_of_a_file_keeps_its_lines_and_places(bytes in spoiled(examples())) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let shown = masked(&text, SECRET_KEYS);
        prop_assert_eq!(shown.len(), text.len());
        prop_assert_eq!(shown.matches('\n').count(), text.matches('\n').count());
        // What is hidden twice is hidden alike.
        prop_assert_eq!(masked(&shown, SECRET_KEYS), shown);
    }
}
