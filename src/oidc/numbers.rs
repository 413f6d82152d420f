//! Where a broker puts a person's number, and reading it. A text that only looks like a number is an error: whoever
//! delivers it does not know what it delivers.

use super::LoginFault;
use crate::settings::{NumberClaim, NumberFormat, NumberKind};
use crate::vocabulary::{At, Personnummer, PersonnummerKind};
use serde_json::{Map, Value};

impl NumberClaim {
    pub(super) fn new(claim: impl Into<String>, kind: NumberKind) -> Self {
        Self { claim: claim.into(), kind, format: NumberFormat::D12, guard: None }
    }

    /// The number in this claim, if there is one.
    pub(super) fn read(&self, claims: &Map<String, Value>, now: At) -> Result<Option<Personnummer>, LoginFault> {
        let Some(value) = find(claims, &self.claim) else { return Ok(None) };
        let guarded = self.guard.as_ref();
        if guarded.is_some_and(|g| find(claims, &g.claim).and_then(Value::as_str) != Some(g.equals.as_str())) {
            return Ok(None);
        }
        let text = value.as_str().ok_or(LoginFault::NumberInvalid)?;
        let number = self.format.read(text, now).ok_or(LoginFault::NumberInvalid)?;
        if !self.kind.admits(number.kind()) {
            return Err(LoginFault::NumberInWrongClaim);
        }
        if number.birth_date().is_some_and(|born| born > now.day()) {
            return Err(LoginFault::NumberInvalid);
        }
        Ok(Some(number))
    }

    /// What to ask for when only this person may answer; `None` when her number does not belong in this claim.
    pub(super) fn written(&self, number: &Personnummer) -> Option<String> {
        self.kind.admits(number.kind()).then(|| self.format.write(number))
    }
}

impl NumberKind {
    fn admits(self, kind: PersonnummerKind) -> bool {
        match self {
            NumberKind::Pnr => kind == PersonnummerKind::Personnummer,
            NumberKind::Samnr => kind == PersonnummerKind::Samordningsnummer,
            NumberKind::ByValue => true,
        }
    }
}

impl NumberFormat {
    fn read(self, text: &str, now: At) -> Option<Personnummer> {
        let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
        match self {
            NumberFormat::D12 => Personnummer::from_canonical(text).ok(),
            NumberFormat::D12dash => {
                let (date, rest) = text.split_once('-').filter(|(date, rest)| digits(date, 8) && digits(rest, 4))?;
                Personnummer::from_canonical(&format!("{date}{rest}")).ok()
            }
            NumberFormat::D10 => {
                let signed =
                    || text.split_once(['-', '+']).is_some_and(|(date, rest)| digits(date, 6) && digits(rest, 4));
                (digits(text, 10) || signed()).then(|| Personnummer::parse(text, now).ok())?
            }
        }
    }

    fn write(self, number: &Personnummer) -> String {
        let twelve = number.expose();
        let (date, rest) = twelve.split_at_checked(8).unwrap_or((twelve, ""));
        match self {
            NumberFormat::D12 => twelve.to_owned(),
            NumberFormat::D12dash => format!("{date}-{rest}"),
            NumberFormat::D10 => twelve.get(2..).unwrap_or_default().to_owned(),
        }
    }
}

/// Exactly one number among the claims, and where it stood.
pub(super) fn number<'a>(
    places: &'a [NumberClaim],
    claims: &Map<String, Value>,
    now: At,
) -> Result<(Personnummer, &'a NumberClaim), LoginFault> {
    let mut found = None;
    for place in places {
        // Two numbers are two persons, also when one of them is nonsense.
        match (place.read(claims, now), &found) {
            (Ok(None), _) => {}
            (Ok(Some(_)) | Err(_), Some(_)) => return Err(LoginFault::NumberAmbiguous),
            (Ok(Some(number)), None) => found = Some(Ok((number, place))),
            (Err(fault), None) => found = Some(Err(fault)),
        }
    }
    found.unwrap_or(Err(LoginFault::NumberMissing))
}

/// A claim by name, or by pointer when the name begins with `/`; `null` is as good as absent.
pub(super) fn find<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let value = match name.strip_prefix('/') {
        None => claims.get(name),
        Some(pointer) => {
            let mut steps = pointer.split('/').map(|step| step.replace("~1", "/").replace("~0", "~"));
            let first = claims.get(&steps.next()?)?;
            steps.try_fold(first, |value, step| value.get(&step))
        }
    };
    value.filter(|value| !value.is_null())
}
