//! Bytes as a broken or hostile sender makes them: real examples, spoiled. Used by tests beside the code and in
//! `tests/hostile_bytes`.
//!
//! A run is small unless `FUZZ_CASES` says how many cases each property shall see. Proptest prints what failed, shrunk,
//! and keeps its seed in a file that is checked in.

use proptest::prelude::*;
use proptest::sample::Index;

/// How many cases each property sees: `FUZZ_CASES`, else `usual`.
pub fn cases(usual: u32) -> ProptestConfig {
    let cases = std::env::var("FUZZ_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(usual);
    ProptestConfig { cases, max_shrink_iters: 2_000, ..ProptestConfig::default() }
}

/// As [`cases`], for a property that is run by hand within a test of `file`, so that what fails is kept all the same.
pub fn cases_in(file: &'static str, usual: u32) -> ProptestConfig {
    ProptestConfig { source_file: Some(file), ..cases(usual) }
}

/// What real senders get wrong and hostile ones try: odd encodings, ends of numbers, what means something to a parser.
const PIECES: &[&[u8]] = &[
    b"\xff",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\0",
    b"\r\n",
    b"\r",
    b"\n",
    b"\xef\xbb\xbf",
    "\u{202e}".as_bytes(),
    "a\u{308}".as_bytes(),
    "１９".as_bytes(),
    b"-1",
    b"0",
    b"00",
    b"99999999999999999999999999",
    b"-9223372036854775808",
    b"18446744073709551616",
    b"1e999",
    b"0x7fffffff",
    b"NaN",
    b"null",
    b"true",
    b"{}",
    b"[]",
    b"\"\"",
    b"\"\"\"",
    b"'",
    b"\\u0000",
    b"\\ud800",
    b"&amp;",
    b"&#0;",
    b"&#x110000;",
    b"&a;",
    b"<!DOCTYPE a [<!ENTITY a \"&a;&a;\">]>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"<?xml?>",
    b"/>",
    b"</",
    b"%00",
    b"%",
    b"&",
    b"=",
    b";",
    b"+",
    b".",
    b"..",
    b"--",
    b"\r\n--",
    b"Content-Disposition: form-data; name=\"\"; filename=\"\"\r\n\r\n",
    b"[[",
    b"]]",
    b"answers.",
    b" && ",
    b"197905142381",
    b"2120000142",
    b"2026-02-30",
    b"9999-12-31T23:59:60Z",
];

/// What opens something, for nesting.
const OPENERS: &[&[u8]] =
    &[b"<a>", b"<a xmlns=\"b\">", b"[", b"{\"a\":", b"(", b"{", b"!", b"-", b"[[", b"a.", b"((", b"%5B"];

/// One change.
#[derive(Clone, Debug)]
pub enum Spoil {
    Flip(Index, u8),
    Cut(Index),
    Take(Index, Index),
    Double(Index, Index),
    Repeat(Index, Index, usize),
    Insert(Index, &'static [u8]),
    Any(Index, Vec<u8>),
    Nest(Index, &'static [u8], usize),
    Splice(Index, usize, Index),
}

/// No example grows beyond this.
const LARGEST: usize = 200_000;

fn spoil() -> impl Strategy<Value = Spoil> {
    let at = || any::<Index>();
    prop_oneof![
        4 => (at(), 0u8..8).prop_map(|(a, bit)| Spoil::Flip(a, bit)),
        2 => at().prop_map(Spoil::Cut),
        2 => (at(), at()).prop_map(|(a, b)| Spoil::Take(a, b)),
        2 => (at(), at()).prop_map(|(a, b)| Spoil::Double(a, b)),
        1 => (at(), at(), 2usize..400).prop_map(|(a, b, n)| Spoil::Repeat(a, b, n)),
        6 => (at(), prop::sample::select(PIECES)).prop_map(|(a, piece)| Spoil::Insert(a, piece)),
        1 => (at(), prop::collection::vec(any::<u8>(), 0..12)).prop_map(|(a, bytes)| Spoil::Any(a, bytes)),
        1 => (at(), prop::sample::select(OPENERS), 1usize..3_000).prop_map(|(a, o, n)| Spoil::Nest(a, o, n)),
        2 => (at(), any::<usize>(), at()).prop_map(|(a, other, b)| Spoil::Splice(a, other, b)),
    ]
}

/// One of the examples with nought to five changes.
pub fn spoiled(examples: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let all = examples.clone();
    (prop::sample::select(examples), prop::collection::vec(spoil(), 0..6))
        .prop_map(move |(example, changes)| changes.iter().fold(example, |bytes, change| apply(bytes, change, &all)))
}

/// As [`spoiled`], of texts.
pub fn spoiled_text(examples: &[&str]) -> impl Strategy<Value = String> {
    spoiled(examples.iter().map(|e| e.as_bytes().to_vec()).collect())
        .prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn apply(mut bytes: Vec<u8>, change: &Spoil, all: &[Vec<u8>]) -> Vec<u8> {
    let place = |index: &Index, len: usize| index.index(len + 1);
    let range = |a: &Index, b: &Index, len: usize| {
        let (a, b) = (place(a, len), place(b, len));
        a.min(b)..a.max(b)
    };
    let len = bytes.len();
    match change {
        Spoil::Flip(at, bit) => {
            if len > 0 {
                bytes[at.index(len)] ^= 1 << bit;
            }
        }
        Spoil::Cut(at) => bytes.truncate(place(at, len)),
        Spoil::Take(a, b) => {
            bytes.drain(range(a, b, len));
        }
        Spoil::Double(a, b) => {
            let range = range(a, b, len);
            let (end, piece) = (range.end, bytes[range].to_vec());
            bytes.splice(end..end, piece);
        }
        Spoil::Repeat(a, b, times) => {
            let range = range(a, b, len);
            let (end, piece) = (range.end, bytes[range].to_vec());
            let most = LARGEST / piece.len().max(1);
            bytes.splice(end..end, piece.repeat((*times).min(most)));
        }
        Spoil::Insert(at, piece) => {
            let at = place(at, len);
            bytes.splice(at..at, piece.iter().copied());
        }
        Spoil::Any(at, piece) => {
            let at = place(at, len);
            bytes.splice(at..at, piece.iter().copied());
        }
        Spoil::Nest(at, opener, times) => {
            let at = place(at, len);
            bytes.splice(at..at, opener.repeat(*times));
        }
        Spoil::Splice(at, other, from) => {
            let other = &all[other % all.len()];
            bytes.truncate(place(at, len));
            bytes.extend_from_slice(&other[place(from, other.len())..]);
        }
    }
    bytes.truncate(LARGEST);
    bytes
}
