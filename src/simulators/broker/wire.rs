//! The broker as a bad web server: what each of its endpoints can answer instead of what it should.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_ENCODING, LOCATION};
use actix_web::web::Bytes;
use futures_util::stream;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;

/// Which endpoint answers badly, and how. On the wire `<endpoint>_<how>`; the token endpoint's name is left out except
/// before a status, and `down` is another name for 503.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Wire {
    pub(super) endpoint: Endpoint,
    trouble: Trouble,
}

/// The endpoints that a client calls itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    Token,
    Discovery,
    Jwks,
    UserInfo,
    Pushed,
}

const ENDPOINTS: &[(&str, Endpoint)] = &[
    ("token", Endpoint::Token),
    ("discovery", Endpoint::Discovery),
    ("jwks", Endpoint::Jwks),
    ("userinfo", Endpoint::UserInfo),
    ("par", Endpoint::Pushed),
];

impl Endpoint {
    /// Its name in faults and in the log.
    pub(super) fn name(self) -> &'static str {
        ENDPOINTS.iter().find(|(_, endpoint)| *endpoint == self).map_or("", |(name, _)| name)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    Status(u16),
    Timeout,
    HugeBody,
    SlowBody,
    EndlessBody,
    GzipBomb,
    ConnectionReset,
    NotJson,
    WrongContentType,
    InvalidUtf8,
    DeepJson,
    RedirectInternal,
}

const TROUBLES: &[(&str, Trouble)] = &[
    ("500", Trouble::Status(500)),
    ("503", Trouble::Status(503)),
    ("429", Trouble::Status(429)),
    ("down", Trouble::Status(503)),
    ("timeout", Trouble::Timeout),
    ("huge_body", Trouble::HugeBody),
    ("slow_body", Trouble::SlowBody),
    ("endless_body", Trouble::EndlessBody),
    ("gzip_bomb", Trouble::GzipBomb),
    ("connection_reset", Trouble::ConnectionReset),
    ("not_json", Trouble::NotJson),
    ("wrong_content_type", Trouble::WrongContentType),
    ("invalid_utf8", Trouble::InvalidUtf8),
    ("deep_json", Trouble::DeepJson),
    ("redirect_internal", Trouble::RedirectInternal),
];

impl TryFrom<String> for Wire {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        let trouble = |how: &str| TROUBLES.iter().find(|(known, _)| *known == how).map(|(_, trouble)| *trouble);
        if let Some(trouble) = trouble(&name).filter(|t| !matches!(t, Trouble::Status(_) | Trouble::Timeout)) {
            return Ok(Self { endpoint: Endpoint::Token, trouble });
        }
        let (endpoint, how) = name.split_once('_').ok_or("no such fault")?;
        let endpoint = ENDPOINTS.iter().find(|(known, _)| *known == endpoint).ok_or("no such endpoint")?.1;
        Ok(Self { endpoint, trouble: trouble(how).ok_or("no such fault")? })
    }
}

impl From<Wire> for String {
    fn from(wire: Wire) -> Self {
        let how = TROUBLES.iter().find(|(_, t)| *t == wire.trouble).map_or("", |(name, _)| name);
        format!("{}_{how}", wire.endpoint.name())
    }
}

impl Wire {
    /// The bad answer.
    pub(super) async fn answer(self) -> HttpResponse {
        let json = || {
            let mut answer = HttpResponse::Ok();
            answer.content_type("application/json");
            answer
        };
        match self.trouble {
            Trouble::Status(status) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                HttpResponse::build(status).body("<h1>Stängt för underhåll</h1>")
            }
            Trouble::Timeout => {
                tokio::time::sleep(Duration::from_secs(120)).await;
                HttpResponse::GatewayTimeout().finish()
            }
            // A thousand times 64 KiB: whoever reads to the end has no limit.
            Trouble::HugeBody => json().streaming(stream::iter((0..1000).map(|_| spaces()))),
            Trouble::EndlessBody => json().streaming(stream::repeat_with(spaces)),
            Trouble::SlowBody => {
                let drops = stream::unfold(0u32, |sent| async move {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    (sent < 300).then(|| (Ok::<_, std::io::Error>(Bytes::from_static(b" ")), sent + 1))
                });
                json().streaming(drops)
            }
            Trouble::GzipBomb => json().insert_header((CONTENT_ENCODING, "gzip")).body(gzip_bomb()),
            Trouble::ConnectionReset => {
                let parts =
                    [Ok(Bytes::from_static(b"{")), Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))];
                json().streaming(stream::iter(parts))
            }
            Trouble::NotJson => HttpResponse::Ok().content_type("text/html").body("<h1>Hej</h1>"),
            Trouble::WrongContentType => HttpResponse::Ok().content_type("image/png").body(json!({}).to_string()),
            Trouble::InvalidUtf8 => json().body(&b"{\"access_token\":\"\xff\xfe\xc3\x28\"}"[..]),
            Trouble::DeepJson => json().body(format!("{{\"a\":{}{}}}", "[".repeat(50_000), "]".repeat(50_000))),
            Trouble::RedirectInternal => {
                HttpResponse::Found().insert_header((LOCATION, "http://127.0.0.1:1/latest/meta-data")).finish()
            }
        }
    }
}

fn spaces() -> Result<Bytes, std::io::Error> {
    static SPACES: [u8; 64 * 1024] = [b' '; 64 * 1024];
    Ok(Bytes::from_static(&SPACES))
}

/// 64 MiB of spaces in 420 kB: one block of Deflate (RFC 1951) with the fixed codes, in which a space is followed by
/// "258 more of the same" again and again. What a client that unpacks without a limit drowns in.
fn gzip_bomb() -> Vec<u8> {
    const TIMES: usize = 64 * 1024 * 1024 / 258;
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let (mut pending, mut length) = (0u32, 0u32);
    // Lowest bit first; the codes below are written as they are sent.
    let mut put = |bits: u32, count: u32| {
        pending |= bits << length;
        length += count;
        while length >= 8 {
            bytes.push((pending & 0xff) as u8);
            pending >>= 8;
            length -= 8;
        }
    };
    // Last block, fixed codes; then a literal space (0x30 + 32, eight bits from the highest).
    put(0b011, 3);
    put(0b0000_1010, 8);
    for _ in 0..TIMES {
        // Length 285 is 1100 0101 from the highest bit, distance 0 is five zeros.
        put(0b1010_0011, 8);
        put(0, 5);
    }
    put(0, 16);
    bytes
}
