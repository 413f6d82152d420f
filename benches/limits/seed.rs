//! Rows that a measurement needs, written past the product: people who are logged in, their cases and drafts, and the
//! crowd around them.

use super::databases::with_conn;
use super::site::{Engine, MUNICIPALITY, Site};
use diesel::connection::SimpleConnection;
use kommunportal::settings::sha256_hex;
use kommunportal::vocabulary::{At, Clock, Reference};
use serde_json::json;

/// Whom Navet knows as a parent; every measured person has her number.
pub use super::application::ANNA;
/// Works in two units.
pub const DANIEL: &str = "dani01@2120009911";
/// Cases on a measured person's Mina sidor.
pub const CASES: usize = 20;

/// The id of a row that we made: what kind, and which.
pub fn id(kind: u16, n: u64) -> String {
    format!("01900000-0000-7000-8{kind:03}-{n:012}")
}
pub const PARTY: u16 = 1;
pub const DRAFT: u16 = 2;
pub const CASE: u16 = 3;
const CROWD: u16 = 4;
const ERRAND: u16 = 5;

/// The session cookie's value of a measured person.
pub fn token(person: u64) -> String {
    format!("s.measured-person-{person:012}")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

impl Site {
    pub fn tell(&self, url: &str, sql: String) {
        with_conn(url, move |c| c.batch_execute(&format!("BEGIN;{sql};COMMIT")).unwrap());
    }

    fn at(&self, micros: &str) -> String {
        match self.engine {
            Engine::Sqlite => format!("({micros})"),
            Engine::Postgres => format!("('epoch'::timestamptz + ({micros}) * interval '1 microsecond')"),
        }
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        match self.engine {
            Engine::Sqlite => format!("x'{}'", hex(bytes)),
            Engine::Postgres => format!("'\\x{}'", hex(bytes)),
        }
    }

    fn no(&self) -> &'static str {
        if self.engine == Engine::Sqlite { "0" } else { "false" }
    }

    fn session(&self, token: &str, realm: &str, principal: &str, data: &serde_json::Value) -> String {
        let now = Clock::system().now();
        let (seen, ends) = (self.at(&now.micros().to_string()), self.at(&now.plus_days(1).micros().to_string()));
        let sealed = self.keys.seal("sessions.sealed", data.to_string().as_bytes()).unwrap();
        format!(
            "INSERT INTO sessions (token_hash, realm, municipality, principal, sealed, created_at, seen_at, expires_at) \
             VALUES ('{}', '{realm}', '{MUNICIPALITY}', '{principal}', {}, {seen}, {seen}, {ends});",
            sha256_hex(token.as_bytes()),
            self.bytes(&sealed),
        )
    }

    /// People with a session each.
    pub fn people(&self, numbers: std::ops::Range<u64>) {
        let now = Clock::system().now();
        let mut sql = String::new();
        for n in numbers {
            let party = id(PARTY, n);
            let sealed = self.keys.seal("parties.number", ANNA.as_bytes()).unwrap();
            sql += &format!(
                "INSERT INTO parties (id, municipality, number_lookup, number_sealed, name, created_at) \
                 VALUES ('{party}', '{MUNICIPALITY}', 'measured-{n}', {}, 'Anna Åkesson', {});",
                self.bytes(&sealed),
                self.at(&now.micros().to_string()),
            );
            let citizen = json!({
                "party": party, "name": "Anna Åkesson", "number": ANNA, "acr": "loa3", "method": "mfa", "auth_at": now,
            });
            sql += &self.session(&token(n), "portal", &party, &citizen);
        }
        self.tell(&self.portal_url, sql);
    }

    /// A handler's session at the desk.
    pub fn handler(&self) -> String {
        let token = "s.measured-handler-00000000".to_owned();
        let data = json!({ "name": "Daniel Norrsten", "unit_names": ["Förskola", "Grundskola"] });
        self.tell(&self.desk_url, self.session(&token, "desk", DANIEL, &data));
        token
    }

    /// As many cases as [`CASES`] for each of these people: some wait for her, some are over, one has news.
    pub fn cases_of(&self, people: std::ops::Range<u64>) {
        let now = Clock::system().now();
        let mut sql = String::new();
        for person in people {
            for k in 0..CASES as u64 {
                let n = person * 1000 + k;
                let reference = Reference::new(2026, std::array::from_fn(|i| (n >> (8 * (4 - i))) as u8));
                let (status, turn, outcome) = match k {
                    0..=11 => ("in_progress", "municipality", "NULL"),
                    12..=15 => ("supplement_needed", "resident", "NULL"),
                    _ => ("closed", "nobody", "'approved'"),
                };
                let received = now.plus_days(-(k as i64) - 2);
                let seen = if k == 0 { received } else { now };
                sql += &self.case(
                    &id(CASE, n),
                    reference.as_str(),
                    &id(PARTY, person),
                    status,
                    turn,
                    outcome,
                    received,
                    seen,
                );
            }
        }
        self.tell(&self.portal_url, sql);
    }

    #[expect(clippy::too_many_arguments, reason = "a row")]
    fn case(
        &self,
        id: &str,
        reference: &str,
        party: &str,
        status: &str,
        turn: &str,
        outcome: &str,
        received: At,
        seen: At,
    ) -> String {
        let at = |at: At| self.at(&at.micros().to_string());
        let (received, updated, seen, no) = (at(received), at(received.plus_days(1)), at(seen), self.no());
        format!(
            "INSERT INTO cases (id, municipality, reference, party_id, submission_id, service, title, target, case_type, \
             appeal_regime, sensitivity, protected, status, next_move, unit, diary_number, outcome, email, channel, language, \
             received_at, updated_at, seen_at) VALUES ('{id}', '{MUNICIPALITY}', '{reference}', '{party}', '{id}', \
             'forskoleplats', 'Plats i förskola', 'castor', 'BUN-FORSKOLA', 'fl', 'normal', {no}, '{status}', '{turn}', \
             'Förskola', 'BUN 2026/00417', {outcome}, 'anna.akesson@example.se', 'portal', 'sv', {received}, {updated}, \
             {seen});\
             INSERT INTO case_events (municipality, case_id, kind, at, recorded_at, event_key, visible, data) \
             VALUES ('{MUNICIPALITY}', '{id}', 'received', {received}, {updated}, 'received', {}, '{{}}');",
            if no == "0" { "1" } else { "true" },
        )
    }

    /// Other people's cases until there are `total`, each with its first event, and a tenth as many drafts.
    pub fn crowd(&self, total: u64) {
        let now = Clock::system().now().micros();
        let (no, yes) = if self.engine == Engine::Sqlite { ("0", "1") } else { ("false", "true") };
        let at = self.at(&format!("{now} - i * 1000000"));
        let case = self.numbered(CROWD);
        let series = |to: u64| self.series(to);
        self.tell(
            &self.portal_url,
            format!(
                "INSERT INTO cases (id, municipality, reference, party_id, submission_id, service, title, target, \
                 case_type, appeal_regime, sensitivity, protected, status, next_move, unit, email, channel, language, \
                 received_at, updated_at, seen_at) {} SELECT {case}, '{MUNICIPALITY}', 'R' || i, 'party ' || (i / 5), \
                 'submission ' || i, 'forskoleplats', 'Plats i förskola', 'castor', 'BUN-FORSKOLA', 'fl', 'normal', {no}, \
                 'in_progress', 'municipality', 'Förskola', 'somebody@example.se', 'portal', 'sv', {at}, {at}, {at} FROM n;\
                 INSERT INTO case_events (municipality, case_id, kind, at, recorded_at, event_key, visible, data) {} \
                 SELECT '{MUNICIPALITY}', {case}, 'received', {at}, {at}, 'received', {yes}, '{{}}' FROM n;\
                 INSERT INTO drafts (id, municipality, service, definition_version, title, browser_hash, stage, answers, \
                 prefill_sealed, step, created_at, updated_at, delete_at) {} SELECT {}, '{MUNICIPALITY}', 'forskoleplats', \
                 'v', 'Plats i förskola', 'browser ' || i, 'draft', '{{}}', {}, 'barnet', {at}, {at}, {at} FROM n",
                series(total),
                series(total),
                series(total / 10),
                self.numbered(CROWD),
                self.bytes(&[]),
            ),
        );
    }

    /// Errands at the desk: in ten units, every fourth still open, as many years of them are.
    pub fn errands(&self, total: u64) {
        let now = Clock::system().now().micros();
        let no = self.no();
        let at = self.at(&format!("{now} - ({total} - i) * 1000000"));
        let reference = Reference::new(2026, [1; 5]);
        let units = "CASE i % 10 WHEN 0 THEN 'FORSKOLA' WHEN 1 THEN 'SKOLA' ELSE 'U' || (i % 10) END";
        self.tell(
            &self.desk_url,
            format!(
                "INSERT INTO errands (id, municipality, case_id, delivery_id, reference, diary_number, diary_key, case_type, \
                 unit, title, applicant, protected, sensitive, status, attention, received_at, registered_at, updated_at, \
                 closed_at, version, sequence) {} SELECT {}, '{MUNICIPALITY}', 'case ' || i, 'delivery ' || i, \
                 '{reference}', 'BUN 2026/' || i, 'bun2026' || i, 'BUN-FORSKOLA', {units}, 'Plats i förskola', \
                 'Anna Åkesson', {no}, {no}, 'in_progress', CASE WHEN i % 40 < 4 THEN 'new' END, {at}, {at}, {at}, \
                 CASE WHEN i % 40 < 10 THEN NULL ELSE {at} END, 1, 1 FROM n",
                self.series(total),
                self.numbered(ERRAND),
            ),
        );
    }

    /// The numbers from 1 as a table `n` with the column `i`.
    fn series(&self, to: u64) -> String {
        format!("WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {to})")
    }

    /// As [`id`], from the column `i`.
    fn numbered(&self, kind: u16) -> String {
        let number = match self.engine {
            Engine::Sqlite => "substr('000000000000' || i, -12)",
            Engine::Postgres => "lpad(i::text, 12, '0')",
        };
        format!("'01900000-0000-7000-8{kind:03}-' || {number}")
    }
}
