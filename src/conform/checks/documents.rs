//! Large files over a line that breaks.

use super::{Outcome, failed, must};
use crate::conform::kit::Kit;

const SIZE: usize = 25 << 20;

pub async fn c11(kit: &Kit) -> Outcome {
    let mut delivery = kit.submission();
    let document = kit.attach(&mut delivery, "attachment", SIZE);
    kit.stage.write(|l| l.files.get_mut(&document).map(|f| f.cuts = 1));
    kit.register(delivery).await?;
    // It is large, and lines are slow.
    let patience = kit.config().patience * 2;
    let fetches = kit.stage.until(patience, |l| l.files.get(&document).filter(|f| f.is_out).map(|f| f.fetches.clone()));
    let fetches = fetches.await.ok_or_else(|| {
        let sent: u64 =
            kit.stage.read(|l| l.files.get(&document).map_or(0, |f| f.fetches.iter().map(|f| f.sent).sum()));
        failed(
            "the whole document, after a transfer that broke off half-way",
            format!("{sent} of {SIZE} bytes, and no more"),
        )
    })?;
    let resumed = fetches.iter().skip(1).find(|f| f.status == 206 && f.from > 0);
    let resumed = resumed.ok_or_else(|| {
        failed(
            "Range: bytes=N- after the break, where N bytes had come",
            "the whole document from its first byte again",
        )
    })?;
    let sent: u64 = fetches.iter().map(|f| f.sent).sum();
    let size = u64::try_from(SIZE).unwrap_or_default();
    must(sent < size + size / 4, format!("about {size} bytes in all"), format!("{sent} bytes"))?;
    Ok(Some(format!("{} requests, {sent} bytes; went on from byte {}", fetches.len(), resumed.from)))
}
