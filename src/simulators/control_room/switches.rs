//! The switches: what is broken now, and breaking and mending it.

use super::Levers;
use crate::simulators::control::{Lever, Position};
use serde::Serialize;

/// So long waits each answer when everything is slow.
const SLOW_MS: u64 = 1500;

/// One switch as the page shows it; the texts `room-switch-<name>…` say what it does.
#[derive(Debug, Serialize)]
pub(super) struct Switch {
    pub(super) name: &'static str,
    /// Something is broken.
    pub(super) on: bool,
}

impl Levers {
    fn of(&self, name: &str) -> Option<&Lever> {
        match name {
            "navet" => self.navet.as_ref(),
            "mail" => self.mail.as_ref(),
            "desk" => self.desk.as_ref(),
            _ => None,
        }
    }

    fn all(&self) -> impl Iterator<Item = &Lever> {
        [&self.navet, &self.mail, &self.desk, &self.broker].into_iter().flatten()
    }

    /// Those that there is something behind, in the order of the page.
    pub(super) fn switches(&self) -> Vec<Switch> {
        let down = |name| self.of(name).map(|lever| Switch { name, on: lever.position().is_down });
        let slow = self.all().any(|lever| lever.position().delay_ms > 0);
        let mut switches: Vec<Switch> = ["navet", "mail", "desk"].into_iter().filter_map(down).collect();
        if self.all().next().is_some() {
            switches.push(Switch { name: "slow", on: slow });
        }
        switches
    }

    /// Breaks or mends; false when there is no such switch.
    pub(super) fn turn(&self, name: &str, on: bool) -> bool {
        if name == "slow" {
            let delay_ms = if on { SLOW_MS } else { 0 };
            self.all().for_each(|lever| lever.put(Position { delay_ms, ..lever.position() }));
            return true;
        }
        let Some(lever) = self.of(name) else { return false };
        lever.put(Position { is_down: on, ..lever.position() });
        true
    }

    /// Mends everything.
    pub(super) fn mend(&self) {
        self.all().for_each(|lever| lever.put(Position::default()));
    }
}
