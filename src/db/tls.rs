//! Opening PostgreSQL's socket: with TLS and the server's certificate checked against its name, unless the server is this
//! machine or the address says otherwise.

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncPgConnection;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::ConfigVerifierExt;
use tokio::task::JoinHandle;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Config, NoTls};

fn refused(e: tokio_postgres::Error) -> ConnectionError {
    // The library's text never holds the password of the URL.
    let cause = std::error::Error::source(&e).map(ToString::to_string).unwrap_or_default();
    ConnectionError::BadConnection(format!("{e} {cause}"))
}

fn wrong(what: impl std::fmt::Display) -> ConnectionError {
    ConnectionError::InvalidConnectionUrl(what.to_string())
}

/// An address with what it says about TLS, which we read ourselves: the library knows neither `verify-full` nor files.
#[derive(Debug)]
struct Address {
    config: Config,
    is_secure: bool,
    /// `sslrootcert`: whom to trust instead of the machine's own authorities.
    authorities: Option<String>,
}

fn read(url: &str) -> ConnectionResult<Address> {
    let (start, query) = url.split_once('?').unwrap_or((url, ""));
    let (mut mode, mut authorities, mut rest) = (None, None, Vec::new());
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("sslmode", value)) => mode = Some(value),
            Some(("sslrootcert", value)) => {
                let path = url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, path)| path.into_owned());
                authorities = path.or_else(|| Some(value.to_owned()));
            }
            _ => rest.push(pair),
        }
    }
    let mut config: Config = format!("{start}?{}", rest.join("&")).parse().map_err(refused)?;
    let is_secure = match mode {
        Some("disable") => false,
        // libpq checks less for the first two; checking more is never wrong.
        Some("require" | "verify-ca" | "verify-full") => true,
        None => !config.get_hosts().iter().all(is_this_machine),
        Some(other) => {
            return Err(wrong(format!(
                "sslmode={other} is not known. Hint: verify-full, or disable within one machine"
            )));
        }
    };
    config.ssl_mode(if is_secure { SslMode::Require } else { SslMode::Disable });
    Ok(Address { config, is_secure, authorities })
}

fn is_this_machine(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

fn tls(authorities: Option<&str>) -> ConnectionResult<ClientConfig> {
    let Some(path) = authorities else {
        return ClientConfig::with_platform_verifier().map_err(wrong);
    };
    let failed = |e: &dyn std::fmt::Display| wrong(format!("sslrootcert: {path}: {e}"));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|e| failed(&e))? {
        roots.add(certificate.map_err(|e| failed(&e))?).map_err(|e| failed(&e))?;
    }
    if roots.is_empty() {
        return Err(failed(&"no certificate in it"));
    }
    Ok(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth())
}

pub(super) async fn connect(url: &str) -> ConnectionResult<(AsyncPgConnection, JoinHandle<()>)> {
    let address = read(url)?;
    let (client, socket) = if address.is_secure {
        let tls = tokio_postgres_rustls::MakeRustlsConnect::new(tls(address.authorities.as_deref())?);
        let (client, conn) = address.config.connect(tls).await.map_err(refused)?;
        (client, tokio::spawn(async { drop(conn.await) }))
    } else {
        let (client, conn) = address.config.connect(NoTls).await.map_err(refused)?;
        (client, tokio::spawn(async { drop(conn.await) }))
    };
    Ok((AsyncPgConnection::try_from(client).await?, socket))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_elsewhere_is_spoken_to_with_tls_unless_the_address_says_otherwise() {
        let is_secure = |url: &str| read(url).unwrap().is_secure;
        assert!(is_secure("postgres://u:p@db.example/x"));
        assert!(is_secure("postgres://u:p@db.example/x?connect_timeout=2"));
        assert!(is_secure("postgres://u:p@10.0.0.1,127.0.0.1/x"), "one of several is elsewhere");
        assert!(is_secure("postgres://u:p@localhost/x?sslmode=verify-full"));
        for url in
            ["postgres://u@localhost/x", "postgres://u@127.0.0.1:5433/x", "postgres://u@db.example/x?sslmode=disable"]
        {
            assert!(!is_secure(url), "{url}");
        }
    }

    #[test]
    fn what_is_not_about_tls_is_left_as_it_is() {
        let address =
            read("postgres://u@db/x?connect_timeout=2&sslrootcert=/etc/a%20b.pem&options=-c%20lock_timeout%3D3000")
                .unwrap();
        assert_eq!(address.config.get_options(), Some("-c lock_timeout=3000"));
        assert_eq!(address.authorities.as_deref(), Some("/etc/a b.pem"));
        for mode in ["prefer", "allow", "on"] {
            let said = read(&format!("postgres://u:hemligt@db/x?sslmode={mode}")).unwrap_err().to_string();
            assert!(said.contains("verify-full") && !said.contains("hemligt"), "{said}");
        }
    }
}
