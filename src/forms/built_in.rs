//! The steps that every service has without writing them: *Dina uppgifter* first and *Så når vi dig* last.

use super::definition::{ApplicantDetail, Step, StepKind};
use super::expression::Expression;
use super::fault::Faults;
use super::field::{Choice, Field, FieldKind, FieldPrefill, TextFormat, Tone};
use super::words::Words;

pub(super) const NAME: &str = "ditt_namn";
pub(super) const PERSONNUMMER: &str = "ditt_personnummer";
pub(super) const ADDRESS: &str = "din_adress";
pub(super) const POSTCODE: &str = "ditt_postnummer";
pub(super) const CITY: &str = "din_postort";
pub(super) const EMAIL: &str = "kontakt_epost";
pub(super) const PHONE: &str = "kontakt_telefon";
pub(super) const CHANNEL: &str = "kontakt_kanal";
pub(super) const WITHOUT_EMAIL: &str = "kontakt_utan_epost";
pub(super) const ANONYMOUS: &str = "kontakt_anonymt";

/// Taken by the built-in steps.
pub(super) const STEP_IDS: &[&str] = &["dina-uppgifter", "kontakt", "granska", "skicka-in", "klart"];
/// Taken by the built-in fields.
pub(super) const FIELD_IDS: &[&str] =
    &[NAME, PERSONNUMMER, ADDRESS, POSTCODE, CITY, EMAIL, PHONE, CHANNEL, WITHOUT_EMAIL, ANONYMOUS];

fn field(id: &str, kind: FieldKind, label: Words) -> Field {
    Field {
        id: id.to_owned(),
        kind,
        label,
        hint: Words::default(),
        review_label: Words::default(),
        optional: false,
        error_missing: Words::default(),
        error_invalid: Words::default(),
        show_if: None,
        checks: Vec::new(),
        prefill: None,
    }
}

fn text(max_length: usize, format: TextFormat) -> FieldKind {
    FieldKind::Text { min_length: 0, max_length, format }
}

fn prefilled(name: &str, locked: bool) -> Option<FieldPrefill> {
    Some(FieldPrefill { name: name.to_owned(), locked })
}

/// *Dina uppgifter*: what the log-in and the register know, locked but for what she `may_correct`.
pub(super) fn applicant_step(ask: &[ApplicantDetail], may_correct: &[ApplicantDetail]) -> Step {
    let mut fields = Vec::new();
    for detail in ask {
        let locked = !may_correct.contains(detail);
        match detail {
            ApplicantDetail::Personnummer => fields.push(Field {
                prefill: prefilled("login.personnummer", true),
                ..field(PERSONNUMMER, FieldKind::Personnummer, Words::both("Personnummer", "Personal identity number"))
            }),
            ApplicantDetail::Name => fields.push(Field {
                prefill: prefilled("navet.name", locked),
                error_missing: Words::both("Skriv ditt namn", "Enter your name"),
                ..field(NAME, text(200, TextFormat::Free), Words::both("Namn", "Name"))
            }),
            ApplicantDetail::Address => fields.extend([
                Field {
                    prefill: prefilled("navet.address", locked),
                    error_missing: Words::both("Skriv din adress", "Enter your address"),
                    ..field(ADDRESS, text(200, TextFormat::Free), Words::both("Adress", "Address"))
                },
                Field {
                    prefill: prefilled("navet.postcode", locked),
                    error_missing: Words::both("Skriv ditt postnummer", "Enter your postcode"),
                    ..field(POSTCODE, text(10, TextFormat::Postcode), Words::both("Postnummer", "Postcode"))
                },
                Field {
                    prefill: prefilled("navet.city", locked),
                    error_missing: Words::both("Skriv din postort", "Enter your town"),
                    ..field(CITY, text(60, TextFormat::Free), Words::both("Postort", "Town"))
                },
            ]),
        }
    }
    Step {
        id: "dina-uppgifter".to_owned(),
        title: Words::both("Dina uppgifter", "Your details"),
        intro: Words::both(
            "Det här vet vi om dig redan. Kontrollera att det stämmer.",
            "This is what we already know about you. Check that it is right.",
        ),
        fields,
        kind: StepKind::Applicant,
    }
}

/// *Så når vi dig*: nobody is refused for want of an e-mail address.
pub(super) fn contact_step() -> Step {
    let option = |value: &str, label: Words, hint: Words| Choice { value: value.to_owned(), label, hint };
    let options = vec![
        option(
            "mina-sidor",
            Words::both("På Mina sidor", "On My pages (Mina sidor)"),
            Words::both(
                "Vi mejlar dig när det finns något att läsa, om du har skrivit din e-postadress.",
                "We e-mail you when there is something to read, if you have given your e-mail address.",
            ),
        ),
        option(
            "brev",
            Words::both("Med brev på posten", "By post"),
            Words::both("Du kan ändå följa ärendet på Mina sidor.", "You can still follow the case on My pages."),
        ),
    ];
    let mut fields = contact_fields(Words::both(
        "Vi skickar ett kvitto hit när du har skickat in, och mejlar när något händer.",
        "We send a receipt here when you have sent it in, and e-mail you when something happens.",
    ));
    for (field, name) in fields.iter_mut().zip(["settings.email", "settings.phone"]) {
        field.prefill = prefilled(name, false);
    }
    fields.push(Field {
        review_label: Words::both("Så vill jag få beslutet", "How I want the decision"),
        prefill: prefilled("settings.channel", false),
        error_missing: Words::both("Välj hur du vill få beslutet", "Choose how you want to get the decision"),
        ..field(
            CHANNEL,
            FieldKind::Choice { options },
            Words::both("Hur vill du få beslutet?", "How do you want to get the decision?"),
        )
    });
    fields.push(Field {
        show_if: built_in_condition("answers.kontakt_kanal == 'mina-sidor' && answers.kontakt_epost == null"),
        ..field(
            WITHOUT_EMAIL,
            FieldKind::Notice {
                tone: Tone::Info,
                body: Words::both(
                    "Du har inte skrivit någon e-postadress. Vi kan inte säga till när beslutet finns, så titta själv på Mina sidor då och då.",
                    "You have not given an e-mail address. We cannot tell you when the decision is there, so look at My pages now and then.",
                ),
            },
            Words::default(),
        )
    });
    Step {
        id: "kontakt".to_owned(),
        title: Words::both("Så når vi dig", "How we reach you"),
        intro: Words::default(),
        fields,
        kind: StepKind::Contact,
    }
}

/// The last step of an anonymous service. Says that the case is not on Mina sidor before anything is sent.
pub(super) fn anonymous_contact_step() -> Step {
    let mut fields = vec![field(
        ANONYMOUS,
        FieldKind::Notice {
            tone: Tone::Info,
            body: Words::both(
                "Du är inte inloggad. Därför syns ärendet inte på Mina sidor, och vi kan inte svara om du inte skriver hur vi når dig. Det du skickar in blir en allmän handling, och det blir också dina kontaktuppgifter om du lämnar dem.",
                "You are not logged in. That is why the case is not shown on My pages (Mina sidor), and we cannot answer unless you write how we reach you. What you send in becomes a public document, and so do your contact details if you give them.",
            ),
        },
        Words::both("Ärendet finns inte på Mina sidor", "The case is not on My pages"),
    )];
    fields.extend(contact_fields(Words::default()));
    Step {
        id: "kontakt".to_owned(),
        title: Words::both("Vill du ha svar?", "Do you want an answer?"),
        intro: Words::both("Du behöver inte fylla i något här.", "You need not fill in anything here."),
        fields,
        kind: StepKind::Contact,
    }
}

fn contact_fields(email_hint: Words) -> Vec<Field> {
    vec![
        Field {
            optional: true,
            hint: email_hint,
            ..field(EMAIL, FieldKind::Email, Words::both("E-postadress", "E-mail address"))
        },
        Field {
            optional: true,
            hint: Words::both("Om handläggaren behöver fråga något.", "If the case officer needs to ask something."),
            ..field(PHONE, FieldKind::Phone, Words::both("Telefonnummer", "Telephone number"))
        },
    ]
}

/// A condition of our own, which a test holds to be without faults.
fn built_in_condition(source: &str) -> Option<Expression> {
    Expression::compile(source, 0, &mut Faults::new("built in", source))
}
