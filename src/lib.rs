//! Kommunportal: the open e-service portal for Swedish municipalities.
//!
//! # The map
//!
//! Two applications over one ground floor. They meet in [`contract`] and over HTTP, nowhere else.
//!
//! | module | what it is |
//! |---|---|
//! | [`portal`] | the citizens' side: finding a service, filling it in, sending it, following the case |
//! | [`desk`] | *Handläggarstöd*, the handlers' side: a case-management system with a database of its own |
//! | [`simulators`] | broker, Navet and mailbox with real protocols and invented people; demo and test only |
//! | [`conform`] | plays the portal against anybody's adapter, and tells what holds of the contract |
//! | [`contract`] | what portal and case-management systems say to each other, as types |
//! | [`texts`] | what is said in which language; how each writes dates and numbers. Reads only the files it is built with |
//! | [`forms`] | what a service asks: definitions, steps, fields, conditions, checks. Pure |
//! | [`municipalities`] | whom we serve, by host name |
//! | [`vocabulary`] | identity numbers, references, moments: the words of the trade. Pure |
//! | [`web`] | pages, sessions, forms, errors over HTTP |
//! | [`oidc`] | log-in with e-legitimation |
//! | [`audit`] | who used what power over somebody's case |
//! | [`powers`] | roles of the staff, given with four eyes, and their sessions |
//! | [`db`], [`jobs`] | the database on its threads; the queue, which is also the outbox |
//! | [`files`], [`pdf`], [`mail`] | files that people send, documents that we make, letters |
//! | [`settings`], [`toml_text`] | configuration; reading what people write so that every fault is told with its place |
//! | [`telemetry`], [`cli`] | logs and metrics, the commands |
//!
//! Who may import whom is in `docs/architecture.md`; a test holds the code against it.
//!
//! # The glossary
//!
//! One word for each thing; Swedish for what people see, English in the code.
//!
//! | word | Swedish | meaning |
//! |---|---|---|
//! | service | e-tjänst | something one can ask of the municipality; a text file |
//! | definition | | one version of a service's questions, known by the hash of its text, never changed |
//! | draft | utkast | answers that are not sent in yet |
//! | submission | ansökan, anmälan | what was sent in, frozen |
//! | case | ärende | what the resident follows; begins with a submission |
//! | errand | ärende | the same thing at the desk, with a diary number |
//! | reference | ärendenummer | `EK-…`: random, with a check character; the citizen's name for the case, never a right |
//! | diary number | diarienummer | `BUN 2026/00001`: the receiver's, one series for each diary and year |
//! | diary | diarium | a committee's (nämnd) register |
//! | unit | enhet | a group of handlers; belongs to a diary |
//! | receipt | kvitto, kvittens | proof of what was received and when |
//! | party | part | a person in one municipality, known by a sealed number |
//! | protected | skyddade personuppgifter | sekretessmarkering or skyddad folkbokföring |
//! | representation | ombud, ställföreträdare | on whose behalf somebody acts |
//! | caseworker, handler | handläggare | who works errands |
//! | decision | beslut | what was decided, why, and how it is appealed |
//! | supplement | komplettering | what the resident is asked to add |
//! | target | mottagande system | a system that receives deliveries |
//! | delivery | leverans | one thing handed to one target, once |
//! | event | händelse | what a target says has happened |
//! | retention | gallring | when what is kept is deleted |
//! | realm | | whose pages: portal, desk or administration |
//! | grouped write | | several units of work that share one commit |
//!
//! # The walk of one submission
//!
//! 1. A GET that needs log-in goes to [`oidc`] and the broker; what comes back makes a party and a session
//!    (`portal::identity`, [`web`]).
//! 2. `portal::submissions` shows a step of the [`forms`] definition, with what `portal::prefill` knows from Navet. The
//!    first answer makes the draft; each step saves it.
//! 3. The review page shows everything once more. `POST …/skicka-in` runs `submit::run` in one [`db::Db::write`]: conditional
//!    update of the draft, all checks again, the frozen submission, the case with its first event, the jobs that follow,
//!    audit. The page with the reference comes after the commit.
//! 4. [`jobs`] make the receipt ([`pdf`]) and release the delivery; `portal::delivery` seals its body and sends it, with a
//!    lease and an idempotency key, until the receiver has it. `portal::notifications` sends a letter ([`mail`]).
//! 5. `desk::intake` registers: diary number, errand and stored answer in one unit of work. Handlers work in
//!    `desk::errands` and `desk::decisions`; `desk::portal_link` sends signed events.
//! 6. `portal::integration` takes them, `portal::cases` applies them in order, `portal::my_pages` shows what the resident
//!    needs to know: where it stands, who has the next move, what happened.

pub mod audit;
pub mod cli;
pub mod conform;
pub mod contract;
pub mod db;
pub mod desk;
pub mod files;
pub mod forms;
pub mod jobs;
pub mod mail;
pub mod municipalities;
pub mod oidc;
pub mod pdf;
pub mod portal;
pub mod powers;
pub mod settings;
pub mod simulators;
pub mod telemetry;
pub mod texts;
pub mod toml_text;
pub mod vocabulary;
pub mod web;

/// Spoiled bytes for the properties that stand beside the code.
#[cfg(test)]
#[path = "../tests/support/hostile.rs"]
mod hostile;
