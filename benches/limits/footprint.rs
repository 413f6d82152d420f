//! How big it is and how soon it is there: start, binary, first page.

use super::http;
use super::postgres::Server;
use super::report::{Limit, Table, median};
use super::site::{Engine, Site};
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

pub async fn measure(table: &mut Table, engine: Engine, server: Option<&Server>) {
    let site = Site::new(engine, server, "footprint");
    let mut times = Vec::new();
    for _ in 0..5 {
        times.push(start(&site).await);
    }
    table.add(
        "Cold start to ready",
        Limit::AtMost(300.0),
        median(&times),
        "ms",
        "",
        "from the start of `serve portal` to the first 200 of /health/ready, asked every 2 ms, median of 5; the binary is \
         in the page cache, the database is migrated",
    );
    let binary = Path::new(env!("CARGO_BIN_EXE_kommunportal"));
    let size = binary.metadata().unwrap().len() as f64 / 1e6;
    table.add("Binary", Limit::AtMost(60.0), size, "MB", "", "size of the file that this run built");
    let portal = site.portal_alone().await;
    let (bytes, parts) = first_page(site.all.base).await;
    drop(portal);
    table.add(
        "First page, compressed",
        Limit::AtMost(30.0),
        bytes as f64 / 1000.0,
        "kB",
        &parts,
        "bodies of `/` and of every style sheet, script and picture that it names, as sent to a browser that takes \
         `gzip, deflate, br`; no fonts are loaded",
    );
}

async fn start(site: &Site) -> f64 {
    let begun = Instant::now();
    let mut process = site.all.launch("portal-start", &["serve", "portal"], &[]);
    let ops = site.all.base + 7;
    let request = http::get(ops, "/health/ready", "");
    loop {
        if TcpStream::connect(("127.0.0.1", ops)).await.is_ok()
            && http::Connection::open(ops).await.ask(&request).await.status == 200
        {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "the portal is not ready:\n{}", site.all.log());
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let took = begun.elapsed().as_secs_f64() * 1000.0;
    process.kill();
    took
}

/// Compressed bytes of the front page with what it loads, and of what they are made up.
async fn first_page(port: u16) -> (usize, String) {
    let mut connection = http::Connection::open(port).await;
    let html = connection.ask(&http::get(port, "/", "")).await;
    assert_eq!(html.status, 200);
    let plain = format!("GET / HTTP/1.1\r\nhost: localhost:{port}\r\n\r\n");
    let text = String::from_utf8(connection.ask(plain.as_bytes()).await.body).unwrap();
    let named = text.split("<link ").skip(1).chain(text.split("<script ").skip(1)).chain(text.split("<img ").skip(1));
    let addresses = named.filter_map(|tag| {
        let tag = tag.split('>').next()?;
        let value = tag.split_once("href=\"").or_else(|| tag.split_once("src=\""))?.1;
        value.split('"').next()
    });
    let mut total = html.body.len();
    let mut parts = vec![format!("page {}", html.body.len())];
    for address in addresses {
        let answer = connection.ask(&http::get(port, address, "")).await;
        assert_eq!(answer.status, 200, "{address}");
        total += answer.body.len();
        let name = address.split('?').next().and_then(|a| a.rsplit('/').next()).unwrap_or(address);
        parts.push(format!("{name} {}", answer.body.len()));
    }
    (total, parts.join(", "))
}
