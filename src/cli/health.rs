//! `health`: what a container's health check runs, where there is neither shell nor curl.

use super::{Failure, block_on};
use crate::web::http_client;
use std::time::Duration;
use url::Url;

pub(super) fn ask(address: Url) -> Result<(), Failure> {
    block_on(async move {
        let client = http_client(Duration::from_secs(4)).map_err(Failure::fault)?;
        let answer = client.get(address).send().await.map_err(Failure::fault)?;
        let status = answer.status();
        let said = answer.text().await.unwrap_or_default();
        if status.is_success() { Ok(()) } else { Err(Failure::fault(format!("{status} {said}"))) }
    })?
}
