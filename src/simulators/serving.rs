//! Listening: several addresses with one port, and the handle that stops what was started.

use super::StartError;
use actix_web::dev::ServerHandle;
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use tokio::task::JoinHandle;

/// A simulator's open sockets. Dropping it leaves the simulator running; [`stop`](Self::stop) ends it.
pub struct Running {
    addresses: Vec<SocketAddr>,
    server: Option<ServerHandle>,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    pub(super) fn new(addresses: Vec<SocketAddr>, server: Option<ServerHandle>, tasks: Vec<JoinHandle<()>>) -> Self {
        Self { addresses, server, tasks }
    }

    /// Where it listens, with the ports that it really got.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// The port: the same on every address.
    pub fn port(&self) -> u16 {
        self.addresses.first().map_or(0, SocketAddr::port)
    }

    /// Closes the sockets without waiting for calls in flight (a fault may be holding one open for long).
    pub async fn stop(&self) {
        for task in &self.tasks {
            task.abort();
        }
        if let Some(server) = &self.server {
            server.stop(false).await;
        }
    }
}

/// Opens every address of the list. Port 0 asks the system for a port, which the other addresses then share. An address
/// family that the machine lacks (IPv6 in many containers) is left out as long as one address works.
pub(super) fn listen(addresses: &[SocketAddr]) -> Result<Vec<TcpListener>, StartError> {
    let mut attempts_left = 20;
    loop {
        match listen_once(addresses) {
            // The port that the first address was given may be taken on the second: ask for another.
            Err(StartError::Listen { address, source })
                if source.kind() == ErrorKind::AddrInUse && attempts_left > 0 && !addresses.contains(&address) =>
            {
                attempts_left -= 1;
            }
            answer => return answer,
        }
    }
}

fn listen_once(addresses: &[SocketAddr]) -> Result<Vec<TcpListener>, StartError> {
    let mut listeners: Vec<TcpListener> = Vec::new();
    let mut given = None;
    let mut missing = None;
    for wanted in addresses {
        let mut address = *wanted;
        if let (0, Some(port)) = (address.port(), given) {
            address.set_port(port);
        }
        let opened = TcpListener::bind(address).and_then(|listener| {
            listener.set_nonblocking(true)?;
            given = Some(listener.local_addr()?.port());
            Ok(listener)
        });
        match opened {
            Ok(listener) => listeners.push(listener),
            Err(source) if matches!(source.kind(), ErrorKind::AddrNotAvailable | ErrorKind::Unsupported) => {
                missing = Some(StartError::Listen { address, source });
            }
            Err(source) => return Err(StartError::Listen { address, source }),
        }
    }
    if listeners.is_empty() { Err(missing.unwrap_or(StartError::NoAddress)) } else { Ok(listeners) }
}

/// The addresses that were really opened.
pub(super) fn local_addresses(listeners: &[TcpListener]) -> Vec<SocketAddr> {
    listeners.iter().filter_map(|l| l.local_addr().ok()).collect()
}

/// Starts an actix server over open listeners; `$app` is evaluated once for its one worker.
macro_rules! serve {
    ($listeners:expr, $app:expr) => {{
        let listeners = $listeners;
        let addresses = $crate::simulators::serving::local_addresses(&listeners);
        let mut server = actix_web::HttpServer::new($app)
            .workers(1)
            .disable_signals()
            .shutdown_timeout(1)
            .client_request_timeout(std::time::Duration::from_secs(15));
        for listener in listeners {
            let address = listener.local_addr().unwrap_or_else(|_| ([0, 0, 0, 0], 0).into());
            server =
                server.listen(listener).map_err(|source| $crate::simulators::StartError::Listen { address, source })?;
        }
        let server = server.run();
        let handle = server.handle();
        let task = tokio::spawn(async move {
            let _ = server.await;
        });
        (addresses, handle, task)
    }};
}
pub(super) use serve;

/// The address seen from a browser on this machine.
pub(super) fn local_url(addresses: &[SocketAddr]) -> String {
    format!("http://localhost:{}", addresses.first().map_or(0, SocketAddr::port))
}
