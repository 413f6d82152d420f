//! What the engine itself says, in Swedish and English. Each says what is wrong and what to do, never "invalid value".

use super::field::{Field, FieldKind, FileRules};
use crate::vocabulary::{Day, Lang};

/// The one in the page's language.
pub(super) fn pick(lang: Lang, sv: impl Into<String>, en: impl Into<String>) -> String {
    match lang {
        Lang::Sv => sv.into(),
        Lang::En => en.into(),
    }
}

/// A required question was left out.
pub(super) fn missing(field: &Field, lang: Lang) -> String {
    if !field.error_missing.is_empty() {
        return field.error_missing.get(lang).to_owned();
    }
    let label = field.label.get(lang);
    match &field.kind {
        FieldKind::Choice { .. } | FieldKind::YesNo => {
            pick(lang, format!("Välj ett svar: {label}"), format!("Choose an answer: {label}"))
        }
        FieldKind::Choices { .. } => {
            pick(lang, format!("Välj minst ett svar: {label}"), format!("Choose at least one answer: {label}"))
        }
        FieldKind::Child => pick(lang, "Välj vilket barn det gäller", "Choose which child it is about"),
        FieldKind::File(_) => pick(lang, format!("Ladda upp en fil: {label}"), format!("Upload a file: {label}")),
        FieldKind::Date { .. } => pick(lang, format!("Skriv ett datum: {label}"), format!("Enter a date: {label}")),
        FieldKind::Number { .. } => pick(lang, format!("Skriv ett antal: {label}"), format!("Enter a number: {label}")),
        FieldKind::Money { .. } => {
            pick(lang, format!("Skriv ett belopp: {label}"), format!("Enter an amount: {label}"))
        }
        FieldKind::Place => pick(lang, format!("Beskriv platsen: {label}"), format!("Describe the place: {label}")),
        FieldKind::Email => pick(lang, "Skriv en e-postadress", "Enter an e-mail address"),
        FieldKind::Phone => pick(lang, "Skriv ett telefonnummer", "Enter a telephone number"),
        _ => pick(lang, format!("Skriv ett svar: {label}"), format!("Enter an answer: {label}")),
    }
}

/// What was typed is not an e-mail address.
pub(super) fn email(lang: Lang) -> String {
    pick(lang, "Skriv e-postadressen i formen namn@exempel.se", "Enter the e-mail address in the form name@example.com")
}

/// What was typed is not a telephone number.
pub(super) fn phone(lang: Lang) -> String {
    pick(
        lang,
        "Skriv telefonnumret med riktnummer, till exempel 070-123 45 67 eller +46 70 123 45 67",
        "Enter the telephone number with its area code, such as 070-123 45 67 or +44 20 7946 0000",
    )
}

/// What was typed is not a postcode.
pub(super) fn postcode(lang: Lang) -> String {
    pick(
        lang,
        "Skriv postnumret med fem siffror, till exempel 286 80",
        "Enter the postcode with five digits, such as 286 80",
    )
}

/// More characters than fit.
pub(super) fn too_long(is: usize, most: usize, lang: Lang) -> String {
    let over = is.saturating_sub(most);
    pick(
        lang,
        format!("Texten får vara högst {most} tecken. Korta den med {over} tecken."),
        format!("The text can be at most {most} characters. Shorten it by {over}."),
    )
}

/// Fewer characters than needed.
pub(super) fn too_short(least: usize, lang: Lang) -> String {
    pick(
        lang,
        format!("Skriv lite mer, minst {least} tecken"),
        format!("Write a little more, at least {least} characters"),
    )
}

/// Day, month or year is left out of a date.
pub(super) fn date_incomplete(lang: Lang) -> String {
    pick(lang, "Skriv både år, månad och dag, till exempel 2026 11 21", "Enter year, month and day, such as 2026 11 21")
}

/// There is no such day.
pub(super) fn date_unreal(lang: Lang) -> String {
    pick(
        lang,
        "Det datumet finns inte. Kontrollera år, månad och dag, till exempel 2026 11 21.",
        "There is no such date. Check year, month and day, such as 2026 11 21.",
    )
}

/// Before the first possible day.
pub(super) fn date_early(first: Day, today: Day, lang: Lang) -> String {
    if first == today {
        return pick(
            lang,
            "Datumet har redan varit. Välj i dag eller en senare dag.",
            "The date has passed. Choose today or a later day.",
        );
    }
    let (sv, en) = (super::show::day(first, Lang::Sv), super::show::day(first, Lang::En));
    pick(lang, format!("Välj {sv} eller en senare dag"), format!("Choose {en} or a later day"))
}

/// After the last possible day.
pub(super) fn date_late(last: Day, today: Day, lang: Lang) -> String {
    if last == today {
        return pick(
            lang,
            "Datumet har inte varit än. Välj i dag eller en tidigare dag.",
            "The date is in the future. Choose today or an earlier day.",
        );
    }
    let (sv, en) = (super::show::day(last, Lang::Sv), super::show::day(last, Lang::En));
    pick(lang, format!("Välj {sv} eller en tidigare dag"), format!("Choose {en} or an earlier day"))
}

/// What was typed is not a number.
pub(super) fn number(decimals: usize, lang: Lang) -> String {
    if decimals == 0 {
        return pick(
            lang,
            "Skriv ett heltal med siffror, till exempel 12",
            "Enter a whole number in digits, such as 12",
        );
    }
    pick(
        lang,
        format!("Skriv talet med siffror och högst {decimals} decimaler, till exempel 12,5"),
        format!("Enter the number in digits with at most {decimals} decimals, such as 12.5"),
    )
}

/// What was typed is not an amount.
pub(super) fn money(whole: bool, lang: Lang) -> String {
    if whole {
        return pick(
            lang,
            "Skriv beloppet i hela kronor med siffror, till exempel 15 000",
            "Enter the amount in whole kronor in digits, such as 15 000",
        );
    }
    pick(
        lang,
        "Skriv beloppet i kronor med siffror, till exempel 15 000 eller 99,50",
        "Enter the amount in kronor in digits, such as 15 000 or 99.50",
    )
}

/// Below the least; `least` with its unit.
pub(super) fn below(least: &str, lang: Lang) -> String {
    pick(lang, format!("Det får inte vara mindre än {least}"), format!("It cannot be less than {least}"))
}

/// Above the most; `most` with its unit.
pub(super) fn above(most: &str, lang: Lang) -> String {
    pick(lang, format!("Det får inte vara mer än {most}"), format!("It cannot be more than {most}"))
}

/// What was typed is not a personnummer.
pub(super) fn personnummer(why: crate::vocabulary::InvalidPersonnummer, lang: Lang) -> String {
    use crate::vocabulary::InvalidPersonnummer::*;
    match why {
        Form => pick(
            lang,
            "Skriv personnumret med tolv siffror: ååååmmdd-nnnn",
            "Enter the personal identity number with twelve digits: yyyymmdd-nnnn",
        ),
        Date => pick(
            lang,
            "Datumet i personnumret finns inte. Kontrollera de första åtta siffrorna.",
            "There is no such date in the personal identity number. Check the first eight digits.",
        ),
        CheckDigit => pick(
            lang,
            "Någon siffra i personnumret är fel. Kontrollera det mot en legitimation.",
            "A digit of the personal identity number is wrong. Check it against an identity card.",
        ),
    }
}

/// What was typed is not an organisationsnummer.
pub(super) fn organisationsnummer(why: crate::vocabulary::InvalidOrganisationsnummer, lang: Lang) -> String {
    use crate::vocabulary::InvalidOrganisationsnummer::*;
    match why {
        Form => pick(
            lang,
            "Skriv organisationsnumret med tio siffror: nnnnnn-nnnn",
            "Enter the organisation number with ten digits: nnnnnn-nnnn",
        ),
        Person => pick(
            lang,
            "Det här är ett personnummer. Skriv föreningens eller företagets organisationsnummer.",
            "This is a personal identity number. Enter the organisation number of the association or company.",
        ),
        CheckDigit => pick(
            lang,
            "Någon siffra i organisationsnumret är fel. Det står i beslutet från Skatteverket eller Bolagsverket.",
            "A digit of the organisation number is wrong. It is on the decision from Skatteverket or Bolagsverket.",
        ),
    }
}

/// What was typed is not a number in Bankgirot.
pub(super) fn bankgiro(why: crate::vocabulary::InvalidBankgiro, lang: Lang) -> String {
    use crate::vocabulary::InvalidBankgiro::*;
    match why {
        Form => pick(
            lang,
            "Skriv bankgironumret med sju eller åtta siffror: nnn-nnnn eller nnnn-nnnn",
            "Enter the bankgiro number with seven or eight digits: nnn-nnnn or nnnn-nnnn",
        ),
        CheckDigit => pick(
            lang,
            "Någon siffra i bankgironumret är fel. Det står i avtalet med banken och på era fakturor.",
            "A digit of the bankgiro number is wrong. It is in the agreement with the bank and on your invoices.",
        ),
    }
}

/// An option that is not there: the page was old or altered.
pub(super) fn not_an_option(lang: Lang) -> String {
    pick(lang, "Välj något av svaren i listan", "Choose one of the answers in the list")
}

/// Too few or too many options.
pub(super) fn choose_at_least(least: usize, lang: Lang) -> String {
    pick(lang, format!("Välj minst {least}"), format!("Choose at least {least}"))
}

/// As above.
pub(super) fn choose_at_most(most: usize, lang: Lang) -> String {
    pick(lang, format!("Välj högst {most}"), format!("Choose at most {most}"))
}

/// A child that may not be chosen, or no longer.
pub(super) fn not_your_child(lang: Lang) -> String {
    pick(
        lang,
        "Välj ett av barnen i listan. Saknar du ett barn, kontakta oss så hjälper vi dig.",
        "Choose one of the children in the list. If a child is missing, contact us and we will help you.",
    )
}

/// The register cannot be asked, or may not answer; never which. The handler looks up the custody.
pub(super) fn children_unavailable(lang: Lang) -> String {
    pick(
        lang,
        "Vi kan inte visa dina barn här just nu. Skriv själv vilket barn det gäller, så kontrollerar handläggaren vårdnaden.",
        "We cannot show your children here just now. Write which child it is about, and the case officer will check the custody.",
    )
}

/// What to write when a child cannot be chosen.
pub(super) fn child_by_hand(lang: Lang) -> String {
    pick(
        lang,
        "Skriv barnets för- och efternamn och födelsedatum, till exempel Saga Ek, 2 januari 2023.",
        "Write the child's first and last name and date of birth, such as Saga Ek, 2 January 2023.",
    )
}

/// Some child cannot be shown; never which, why or how many.
pub(super) fn children_hidden(lang: Lang) -> String {
    pick(
        lang,
        "Alla barn kan inte visas här. Saknar du ett barn, kontakta oss så hjälper vi dig.",
        "Not all children can be shown here. If a child is missing, contact us and we will help you.",
    )
}

/// The register has no child to show.
pub(super) fn no_children(lang: Lang) -> String {
    pick(
        lang,
        "Enligt folkbokföringen finns inget barn under 18 år som du är vårdnadshavare för. Stämmer det inte, kontakta oss så hjälper vi dig.",
        "According to the population register there is no child under 18 in your custody. If that is wrong, contact us and we will help you.",
    )
}

/// Beside a child that has another guardian too. Says nothing of who.
pub(super) fn shared_custody(lang: Lang) -> String {
    pick(lang, "Gemensam vårdnad", "Shared custody")
}

/// Rows of a group.
pub(super) fn rows_at_least(least: usize, lang: Lang) -> String {
    pick(lang, format!("Fyll i minst {least}"), format!("Fill in at least {least}"))
}

/// As above.
pub(super) fn rows_at_most(most: usize, lang: Lang) -> String {
    pick(lang, format!("Du kan fylla i högst {most}"), format!("You can fill in at most {most}"))
}

/// A position that the browser gave or someone typed.
pub(super) fn position(lang: Lang) -> String {
    pick(
        lang,
        "Positionen ligger inte i Sverige. Beskriv platsen med ord i stället, eller hämta positionen igen.",
        "The position is not in Sweden. Describe the place in words instead, or get the position again.",
    )
}

/// A file that is too large.
pub(super) fn file_too_large(name: &str, rules: &FileRules, lang: Lang) -> String {
    let mb = rules.max_mb;
    pick(
        lang,
        format!(
            "Filen {name} är för stor. Varje fil får vara högst {mb} MB. Försök att göra den mindre eller dela upp den."
        ),
        format!("The file {name} is too large. Each file can be at most {mb} MB. Try to make it smaller or split it."),
    )
}

/// A file with nothing in it.
pub(super) fn file_empty(name: &str, lang: Lang) -> String {
    pick(
        lang,
        format!("Filen {name} är tom. Välj en annan fil."),
        format!("The file {name} is empty. Choose another file."),
    )
}

/// A file of a kind that is not taken.
pub(super) fn file_kind(name: &str, rules: &FileRules, lang: Lang) -> String {
    let kinds = kinds(rules, lang);
    pick(
        lang,
        format!("Filen {name} är av en sort som vi inte kan ta emot. Spara den som {kinds} och försök igen."),
        format!("The file {name} is of a kind that we cannot take. Save it as {kinds} and try again."),
    )
}

/// More files than are taken.
pub(super) fn file_too_many(rules: &FileRules, lang: Lang) -> String {
    let most = rules.max_files;
    pick(
        lang,
        format!("Du kan ladda upp högst {most} {}. Ta bort en fil först.", if most == 1 { "fil" } else { "filer" }),
        format!("You can upload at most {most} {}. Remove a file first.", if most == 1 { "file" } else { "files" }),
    )
}

/// Said before the button.
pub(super) fn file_limits(rules: &FileRules, lang: Lang) -> String {
    let (most, mb, kinds) = (rules.max_files, rules.max_mb, kinds(rules, lang));
    match (lang, most) {
        (Lang::Sv, 1) => format!("En fil, högst {mb} MB. Du kan skicka {kinds}."),
        (Lang::Sv, _) => format!("Högst {most} filer, var och en högst {mb} MB. Du kan skicka {kinds}."),
        (Lang::En, 1) => format!("One file, at most {mb} MB. You can send {kinds}."),
        (Lang::En, _) => format!("At most {most} files, each at most {mb} MB. You can send {kinds}."),
    }
}

fn kinds(rules: &FileRules, lang: Lang) -> String {
    let names: Vec<&str> = rules.accept.iter().map(|k| k.name()).collect();
    let or = pick(lang, "eller", "or");
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, first)) => format!("{} {or} {last}", first.join(", ")),
        None => String::new(),
    }
}

/// Where a shown value comes from.
pub(super) fn source(source: super::Source, at: crate::vocabulary::At, lang: Lang) -> String {
    use super::Source::*;
    let (sv, en) = (super::show::short_day(at.day(), Lang::Sv), super::show::short_day(at.day(), Lang::En));
    match source {
        Navet => pick(lang, format!("Hämtat från folkbokföringen {sv}"), format!("From the population register {en}")),
        Login => pick(lang, "Från din e-legitimation", "From your e-identification"),
        Settings => pick(lang, "Från dina inställningar", "From your settings"),
        Computed => pick(lang, "Räknas ut av dina svar", "Worked out from your answers"),
        Resident => String::new(),
    }
}

/// Above *Dina uppgifter* when the register gave nothing.
pub(super) fn prefill_notice(state: super::PrefillState, lang: Lang) -> String {
    use super::PrefillState::*;
    match state {
        Fresh => String::new(),
        Unavailable => pick(
            lang,
            "Vi når inte folkbokföringen just nu. Fyll i uppgifterna själv.",
            "We cannot reach the population register just now. Fill in your details yourself.",
        ),
        Unknown => pick(
            lang,
            "Vi kunde inte hämta dina uppgifter. Fyll i dem själv.",
            "We could not fetch your details. Fill them in yourself.",
        ),
        Protected => pick(
            lang,
            "Vi visar inga adressuppgifter från folkbokföringen. Du behöver inte lämna någon adress. Behöver vi skicka brev kan det gå genom Skatteverkets förmedlingsuppdrag. Kontakta oss gärna innan du skickar in.",
            "We show no address from the population register. You need not give one. If we need to send a letter, it can go through Skatteverket's mail forwarding for protected persons. Do contact us before you send anything in.",
        ),
    }
}

/// Under an address that a protected person need not give.
pub(super) fn protected_address_hint(lang: Lang) -> String {
    pick(
        lang,
        "Skriv bara en adress som du vill att kommunen ska ha.",
        "Only give an address that you want the municipality to have.",
    )
}
