//! Opening PostgreSQL's socket, with or without TLS.

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncPgConnection;
use std::sync::OnceLock;
use tokio::task::JoinHandle;

static ROOTS: OnceLock<rustls::RootCertStore> = OnceLock::new();

/// From now on every PostgreSQL connection is made with TLS, and the server's certificate is checked against `roots`.
pub fn trust_roots(roots: rustls::RootCertStore) {
    let _ = ROOTS.set(roots);
}

fn refused(e: tokio_postgres::Error) -> ConnectionError {
    // The library's text never holds the password of the URL.
    let cause = std::error::Error::source(&e).map(ToString::to_string).unwrap_or_default();
    ConnectionError::BadConnection(format!("{e} {cause}"))
}

pub(super) async fn connect(url: &str) -> ConnectionResult<(AsyncPgConnection, JoinHandle<()>)> {
    let (client, socket) = match ROOTS.get() {
        None => {
            let (client, conn) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.map_err(refused)?;
            (client, tokio::spawn(async { drop(conn.await) }))
        }
        Some(roots) => {
            let config = rustls::ClientConfig::builder().with_root_certificates(roots.clone()).with_no_client_auth();
            let tls = tokio_postgres_rustls::MakeRustlsConnect::new(config);
            let (client, conn) = tokio_postgres::connect(url, tls).await.map_err(refused)?;
            (client, tokio::spawn(async { drop(conn.await) }))
        }
    };
    Ok((AsyncPgConnection::try_from(client).await?, socket))
}
