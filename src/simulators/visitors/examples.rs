//! The dozen examples: who asks for what, and what the desk does with it. Everybody in them is invented.

use crate::vocabulary::At;

/// One errand.
pub(super) struct Example {
    /// Names it in the notes; never changed, never used again.
    pub(super) key: &'static str,
    /// By key in the population; `None` for somebody who does not log in.
    pub(super) who: Option<&'static str>,
    pub(super) service: &'static str,
    /// By the names of the fields; each step takes its own.
    pub(super) answers: Vec<(&'static str, String)>,
    /// A word of the child's name.
    pub(super) child: Option<&'static str>,
    /// Affiliation of whoever handles it.
    pub(super) handler: &'static str,
    pub(super) acts: Vec<Act>,
}

/// What a handler does.
pub(super) enum Act {
    Take,
    /// Says that it is being worked on.
    Work,
    /// Asks for more; the errand then waits for the resident.
    Ask(&'static str),
    Decide {
        outcome: &'static str,
        text: &'static str,
        reasons: &'static str,
        law: &'static str,
    },
    Close {
        outcome: &'static str,
        words: &'static str,
    },
}

const KARIN: &str = "kaso01@2120009911";
const EVA: &str = "evha01@2120009911";
const JONAS: &str = "jobr01@2120009911";
const MALIN: &str = "mali01@2120009911";

/// Anna's, which she sends both of her applications for.
const CHOIR: Association =
    Association { number: "8024001011", name: "Örkelljunga barn- och ungdomskör", position: "kassor", members: 64 };

/// All of them, in the order in which they come in. Days are counted from `now`.
pub(super) fn all(now: At) -> Vec<Example> {
    vec![
        grant(
            "anna-sommarlager",
            "anna",
            &CHOIR,
            &Purpose {
                kind: "projekt",
                text: "Ett sommarläger med sång för barn mellan 8 och 14 år. Tjugofyra barn deltar, och de äldre är \
                       med och planerar. Alla barn i kommunen får söka.",
                cost: "Lägergård och mat",
                costs: "18000",
                asked: "12000",
            },
            now,
        )
        .handled(
            EVA,
            vec![
                Act::Take,
                Act::Decide {
                    outcome: "approved",
                    text: "Föreningen får 12 000 kronor i projektbidrag till sommarlägret.",
                    reasons: "Lägret är öppet för alla barn i kommunen och barnen är med och planerar.",
                    // The municipality's own rules are no law.
                    law: "",
                },
                Act::Close { outcome: "approved", words: "Pengarna betalas ut inom en vecka. Lycka till med lägret." },
            ],
        ),
        grant(
            "anna-lokal",
            "anna",
            &CHOIR,
            &Purpose {
                kind: "lokal",
                text: "Hyra av församlingshemmet för körens övningar två kvällar i veckan under våren.",
                cost: "Hyra",
                costs: "9600",
                asked: "9600",
            },
            now,
        )
        .handled(
            EVA,
            vec![
                Act::Take,
                Act::Ask(
                    "Hej Anna! Vi behöver veta vilka veckor ni hyr församlingshemmet i vår. Svara här, så kan vi räkna \
                     ut bidraget.",
                ),
            ],
        ),
        preschool("min-aung", "kyawzin", "Min Aung", "vastergard", "30", now).handled(
            KARIN,
            vec![
                Act::Take,
                Act::Decide {
                    outcome: "approved",
                    text: "Min Aung får en plats på Västergårds förskola.",
                    reasons: "Det finns en ledig plats på den förskola som ni helst ville ha.",
                    law: "2010:800, 8 kap. 3 §",
                },
                Act::Close { outcome: "approved", words: "Förskolan ringer er om inskolningen. Välkomna." },
            ],
        ),
        preschool("mykola", "tobias", "Mykola", "bokhyllan", "35", now).handled(KARIN, vec![Act::Take, Act::Work]),
        preschool("viggo", "emma", "Viggo", "garvaren", "40", now),
        grant(
            "robert-fotboll",
            "robert",
            &Association {
                number: "8024123450",
                name: "Skånes Fagerhults bollklubb",
                position: "ordforande",
                members: 212,
            },
            &Purpose {
                kind: "verksamhet",
                text: "Fotboll för barn och unga i norra delen av kommunen. Hundratrettio barn tränar varje vecka.",
                cost: "Planhyra och material",
                costs: "64000",
                asked: "30000",
            },
            now,
        ),
        report(
            "cykelvag",
            "vag",
            "Ett djupt hål i cykelvägen. Det syns inte i mörkret.",
            "Cykelvägen vid Åsljungavägen 12",
        ),
        report("lampa", "belysning", "Lampan har varit släckt i två veckor.", "Hallandsvägen vid busshållplatsen")
            .handled(JONAS, vec![Act::Take, Act::Work]),
        report(
            "halka",
            "sno_halka",
            "Trappan är hal som glas på morgnarna.",
            "Trappan mellan Storgatan och Kyrkogatan",
        )
        .handled(
            JONAS,
            vec![Act::Take, Act::Close { outcome: "answered", words: "Tack för din anmälan. Vi har sandat trappan." }],
        ),
        report("gunga", "lekplats_park", "Kedjan på den ena gungan har gått av.", "Lekplatsen i Forngårdsparken"),
        view("badplats", "berom", "Den nya bryggan vid badplatsen är mycket fin. Tack till er som byggde den.")
            .handled(
                MALIN,
                vec![
                    Act::Take,
                    Act::Close {
                        outcome: "answered",
                        words: "Tack för att du hörde av dig. Vi hälsar till dem som byggde.",
                    },
                ],
            ),
        view("bokbuss", "forslag", "Låt bokbussen stanna i Eket också, en gång i månaden räcker."),
    ]
}

impl Example {
    fn handled(self, handler: &'static str, acts: Vec<Act>) -> Self {
        Self { handler, acts, ..self }
    }
}

fn example(key: &'static str, service: &'static str, answers: &[(&'static str, &str)]) -> Example {
    let answers = answers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Example { key, who: None, service, answers, child: None, handler: "", acts: Vec::new() }
}

fn preschool(
    key: &'static str,
    who: &'static str,
    child: &'static str,
    preschool: &str,
    hours: &str,
    now: At,
) -> Example {
    let email = format!("{who}@example.se");
    let answers = [
        ("forskola_1", preschool),
        ("syskon", "nej"),
        ("sysselsattning", "arbete"),
        ("timmar", hours),
        ("obekvam_tid", "nej"),
        ("hansyn", "nej"),
        ("kontakt_epost", &email),
        ("kontakt_kanal", "mina-sidor"),
    ];
    let mut example = example(key, "forskoleplats", &answers);
    example.answers.extend(date(["startdatum.year", "startdatum.month", "startdatum.day"], now.plus_days(75)));
    Example { who: Some(who), child: Some(child), ..example }
}

struct Association {
    number: &'static str,
    name: &'static str,
    position: &'static str,
    members: u32,
}

struct Purpose {
    kind: &'static str,
    text: &'static str,
    cost: &'static str,
    costs: &'static str,
    asked: &'static str,
}

fn grant(key: &'static str, who: &'static str, association: &Association, purpose: &Purpose, now: At) -> Example {
    let (email, members) = (format!("{who}@example.se"), association.members.to_string());
    let answers = [
        ("organisationsnummer", association.number),
        ("forening", association.name),
        ("uppdrag", association.position),
        ("medlemmar", &members),
        ("bidragstyp", purpose.kind),
        ("andamal", purpose.text),
        ("kostnader.0.vad", purpose.cost),
        ("kostnader.0.belopp", purpose.costs),
        ("belopp", purpose.asked),
        ("andra_bidrag", "nej"),
        ("kontakt_epost", &email),
        ("kontakt_kanal", "mina-sidor"),
    ];
    let mut example = example(key, "foreningsbidrag", &answers);
    example.answers.extend(date(["projektstart.year", "projektstart.month", "projektstart.day"], now.plus_days(210)));
    Example { who: Some(who), ..example }
}

fn report(key: &'static str, kind: &str, what: &str, place: &str) -> Example {
    example(key, "felanmalan", &[("fara", "nej"), ("kategori", kind), ("beskrivning", what), ("plats", place)])
}

fn view(key: &'static str, kind: &str, text: &str) -> Example {
    example(key, "synpunkt", &[("typ", kind), ("text", text)])
}

fn date(names: [&'static str; 3], at: At) -> Vec<(&'static str, String)> {
    let day = at.day();
    names.into_iter().zip([day.year().to_string(), day.month().to_string(), day.day().to_string()]).collect()
}
