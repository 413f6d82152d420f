//! A seal within a file: put there, found again, and the hash of everything around it.

use crate::settings::sha256_hex;

/// Every compact JWS begins so: `{"` in base64url.
const BEGINNING: &[u8] = b"eyJ";
/// Longer ones are not ours.
const LONGEST: usize = 32 * 1024;
/// Files with more of them are not ours.
const MOST: usize = 8;

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

/// Whatever in the bytes looks like a compact JWS, each once, at most a few.
pub fn seals_in(bytes: &[u8]) -> Vec<&str> {
    let (mut found, mut from) = (Vec::new(), 0);
    while let Some(rest) = bytes.get(from..).filter(|_| found.len() < MOST) {
        let Some(place) = rest.windows(BEGINNING.len()).position(|w| w == BEGINNING) else { break };
        let candidate = rest.get(place..).unwrap_or_default();
        let length = candidate.iter().take(LONGEST + 1).take_while(|b| is_part(**b) || **b == b'.').count();
        let text = candidate.get(..length).and_then(|found| std::str::from_utf8(found).ok()).unwrap_or_default();
        let is_whole = text.matches('.').count() == 2 && text.split('.').all(|part| !part.is_empty());
        if length <= LONGEST && is_whole && !found.contains(&text) {
            found.push(text);
        }
        from += place + length.max(1);
    }
    found
}

/// Puts `with` in every place of `what`, which is as long.
fn replaced(bytes: &[u8], what: &[u8], with: &[u8]) -> Vec<u8> {
    let mut made = bytes.to_vec();
    if what.is_empty() || what.len() != with.len() {
        return made;
    }
    let mut from = 0;
    while let Some(place) = made.get(from..).and_then(|rest| rest.windows(what.len()).position(|w| w == what)) {
        let start = from + place;
        if let Some(there) = made.get_mut(start..start + what.len()) {
            there.copy_from_slice(with);
        }
        from = start + what.len();
    }
    made
}

/// SHA-256 of a file with as many zeros where its seal stands: what the seal says of its own file.
pub fn blanked_sha256(bytes: &[u8], seal: &str) -> String {
    sha256_hex(&replaced(bytes, seal.as_bytes(), "0".repeat(seal.len()).as_bytes()))
}

/// The file with the seal where it was made with as many zeros.
pub fn put_seal(bytes: &[u8], seal: &str) -> Vec<u8> {
    replaced(bytes, "0".repeat(seal.len()).as_bytes(), seal.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_is_put_in_found_again_and_taken_out_without_a_trace() {
        let seal = "eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXI";
        let blank = format!("%PDF (0{}) eyJ. {} %%EOF", "0".repeat(seal.len() - 1), "0".repeat(seal.len()));
        let sealed = put_seal(blank.as_bytes(), seal);
        assert_eq!(seals_in(&sealed), vec![seal]);
        assert_eq!(blanked_sha256(&sealed, seal), sha256_hex(blank.as_bytes()));
        assert_eq!(sealed.len(), blank.len());
        for nothing in [&b""[..], b"eyJ", b"eyJ.eyJ.", b"eyJhbGci.a.b.c"] {
            assert!(seals_in(nothing).is_empty());
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_can_be_searched(bytes: Vec<u8>, seal in "eyJ[a-zA-Z0-9_-]{1,40}\\.[a-zA-Z0-9_-]{1,40}\\.[a-zA-Z0-9_-]{1,40}") {
            let _ = seals_in(&bytes);
            let around = [&bytes[..], b" ", seal.as_bytes(), b"\n"].concat();
            proptest::prop_assume!(!bytes.windows(3).any(|w| w == BEGINNING));
            proptest::prop_assert_eq!(seals_in(&around), vec![seal.as_str()]);
        }
    }
}
