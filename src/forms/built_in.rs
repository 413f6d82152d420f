//! The steps that every service has without writing them: *Dina uppgifter* first and *Så når vi dig* last.

use super::definition::{ApplicantDetail, Step, StepKind};
use super::expression::Expression;
use super::field::{Choice, Field, FieldKind, FieldPrefill, TextFormat, Tone};
use crate::texts::Words;
use crate::toml_text::Faults;

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
pub(super) const COSIGNER_NAME: &str = "medundertecknare_namn";
pub(super) const COSIGNER_NUMBER: &str = "medundertecknare_personnummer";
pub(super) const COSIGNER_EMAIL: &str = "medundertecknare_epost";

/// Taken by the built-in steps.
pub(super) const STEP_IDS: &[&str] =
    &["dina-uppgifter", "medundertecknare", "kontakt", "granska", "skicka-in", "klart"];
/// Taken by the built-in fields.
pub(super) const FIELD_IDS: &[&str] = &[
    NAME,
    PERSONNUMMER,
    ADDRESS,
    POSTCODE,
    CITY,
    EMAIL,
    PHONE,
    CHANNEL,
    WITHOUT_EMAIL,
    ANONYMOUS,
    COSIGNER_NAME,
    COSIGNER_NUMBER,
    COSIGNER_EMAIL,
];

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
                ..field(PERSONNUMMER, FieldKind::Personnummer, Words::text("form-your-personnummer"))
            }),
            ApplicantDetail::Name => fields.push(Field {
                prefill: prefilled("navet.name", locked),
                error_missing: Words::text("form-your-name-missing"),
                ..field(NAME, text(200, TextFormat::Free), Words::text("form-your-name"))
            }),
            ApplicantDetail::Address => fields.extend([
                Field {
                    prefill: prefilled("navet.address", locked),
                    error_missing: Words::text("form-your-address-missing"),
                    ..field(ADDRESS, text(200, TextFormat::Free), Words::text("form-your-address"))
                },
                Field {
                    prefill: prefilled("navet.postcode", locked),
                    error_missing: Words::text("form-your-postcode-missing"),
                    ..field(POSTCODE, text(10, TextFormat::Postcode), Words::text("form-your-postcode"))
                },
                Field {
                    prefill: prefilled("navet.city", locked),
                    error_missing: Words::text("form-your-city-missing"),
                    ..field(CITY, text(60, TextFormat::Free), Words::text("form-your-city"))
                },
            ]),
        }
    }
    Step {
        id: "dina-uppgifter".to_owned(),
        title: Words::text("form-your-details"),
        intro: Words::text("form-your-details-intro"),
        fields,
        kind: StepKind::Applicant,
    }
}

/// *Så når vi dig*: nobody is refused for want of an e-mail address.
pub(super) fn contact_step() -> Step {
    let option = |value: &str, label: Words, hint: Words| Choice { value: value.to_owned(), label, hint };
    let options = vec![
        option("mina-sidor", Words::text("form-channel-my-pages"), Words::text("form-channel-my-pages-hint")),
        option("brev", Words::text("form-channel-letter"), Words::text("form-channel-letter-hint")),
    ];
    let mut fields = contact_fields(Words::text("form-email-hint"));
    for (field, name) in fields.iter_mut().zip(["settings.email", "settings.phone"]) {
        field.prefill = prefilled(name, false);
    }
    fields.push(Field {
        review_label: Words::text("form-channel-review"),
        prefill: prefilled("settings.channel", false),
        error_missing: Words::text("form-channel-missing"),
        ..field(CHANNEL, FieldKind::Choice { options }, Words::text("form-channel"))
    });
    fields.push(Field {
        show_if: built_in_condition("answers.kontakt_kanal == 'mina-sidor' && answers.kontakt_epost == null"),
        ..field(
            WITHOUT_EMAIL,
            FieldKind::Notice { tone: Tone::Info, body: Words::text("form-without-email") },
            Words::default(),
        )
    });
    Step {
        id: "kontakt".to_owned(),
        title: Words::text("form-reach-you"),
        intro: Words::default(),
        fields,
        kind: StepKind::Contact,
    }
}

/// *Vem mer ska skriva under?*: whom she names, and where the invitation goes.
pub(super) fn cosigner_step() -> Step {
    let fields = vec![
        Field {
            error_missing: Words::text("form-cosigner-name-missing"),
            ..field(COSIGNER_NAME, text(200, TextFormat::Free), Words::text("form-cosigner-name"))
        },
        Field {
            hint: Words::text("form-cosigner-number-hint"),
            error_missing: Words::text("form-cosigner-number-missing"),
            ..field(COSIGNER_NUMBER, FieldKind::Personnummer, Words::text("form-cosigner-number"))
        },
        Field {
            hint: Words::text("form-cosigner-email-hint"),
            error_missing: Words::text("form-cosigner-email-missing"),
            ..field(COSIGNER_EMAIL, FieldKind::Email, Words::text("form-cosigner-email"))
        },
    ];
    Step {
        id: "medundertecknare".to_owned(),
        title: Words::text("form-cosigner"),
        intro: Words::text("form-cosigner-intro"),
        fields,
        kind: StepKind::Cosigner,
    }
}

/// The same where the register knows who: only where the invitation goes. Shown when the child of the question `child`
/// has another guardian.
pub(super) fn guardian_step(child: &str) -> Step {
    let fields = vec![Field {
        optional: true,
        hint: Words::text("form-guardian-email-hint"),
        show_if: built_in_condition(&format!("answers.{child}.sharedCustody")),
        ..field(COSIGNER_EMAIL, FieldKind::Email, Words::text("form-guardian-email"))
    }];
    Step {
        id: "medundertecknare".to_owned(),
        title: Words::text("form-guardian"),
        intro: Words::text("form-guardian-intro"),
        fields,
        kind: StepKind::Cosigner,
    }
}

/// The last step of an anonymous service. Says that the case is not on Mina sidor before anything is sent.
pub(super) fn anonymous_contact_step() -> Step {
    let mut fields = vec![field(
        ANONYMOUS,
        FieldKind::Notice { tone: Tone::Info, body: Words::text("form-anonymous-text") },
        Words::text("form-anonymous"),
    )];
    fields.extend(contact_fields(Words::default()));
    Step {
        id: "kontakt".to_owned(),
        title: Words::text("form-answer-wanted"),
        intro: Words::text("form-answer-wanted-intro"),
        fields,
        kind: StepKind::Contact,
    }
}

fn contact_fields(email_hint: Words) -> Vec<Field> {
    vec![
        Field { optional: true, hint: email_hint, ..field(EMAIL, FieldKind::Email, Words::text("form-your-email")) },
        Field {
            optional: true,
            hint: Words::text("form-your-phone-hint"),
            ..field(PHONE, FieldKind::Phone, Words::text("form-your-phone"))
        },
    ]
}

/// A condition of our own, which a test holds to be without faults.
fn built_in_condition(source: &str) -> Option<Expression> {
    Expression::compile(source, 0, &mut Faults::new("built in", source))
}
