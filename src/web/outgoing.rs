//! Calls to other systems: no redirects, time limits, and names under `localhost` always lead to this machine.

use crate::settings::Reach;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// `localhost` and every name under it is loopback (RFC 6761 6.3), whatever the machine's resolver thinks.
pub struct Loopback;

impl Resolve for Loopback {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str().trim_end_matches('.').to_ascii_lowercase();
            if host == "localhost" || host.ends_with(".localhost") {
                let both = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
                return Ok(Box::new(both.into_iter().map(|ip| SocketAddr::new(ip, 0))) as Addrs);
            }
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}

/// Resolves as [`Loopback`] and leaves out every address that may not be called. The address that was looked at is the one
/// that is connected to, so a name cannot lead elsewhere a moment later. Addresses written as such pass by every resolver:
/// whoever takes them from somewhere looks at them first.
pub struct Within(pub Reach);

impl Resolve for Within {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0.clone();
        Box::pin(async move {
            let found = Loopback.resolve(name).await?;
            let within: Vec<SocketAddr> = found.filter(|address| reach.allows(address.ip())).collect();
            if within.is_empty() {
                return Err(Box::new(OutOfReach) as Box<dyn std::error::Error + Send + Sync>);
            }
            Ok(Box::new(within.into_iter()) as Addrs)
        })
    }
}

/// A name leads only to addresses that may not be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name leads to an address that may not be called")]
pub struct OutOfReach;

/// A client with a limit for the whole call.
pub fn http_client(whole: Duration) -> Result<reqwest::Client, reqwest::Error> {
    // The first to name a provider wins; it is the same one everywhere in this program.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(2))
        .timeout(whole)
        .dns_resolver(Arc::new(Loopback))
        .user_agent(concat!("kommunportal/", env!("CARGO_PKG_VERSION")))
        .build()
}
