//! What the kernel tells about a process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Milliseconds of processor time of every thread that lives.
pub fn cpu(pid: u32) -> f64 {
    let folder = format!("/proc/{pid}/task");
    let threads = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{folder}: {e}"));
    let nanos: u64 = threads
        .filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok())
        .filter_map(|text| text.split_whitespace().next()?.parse::<u64>().ok())
        .sum();
    assert!(nanos > 0, "the kernel tells nothing of process {pid}");
    nanos as f64 / 1e6
}

/// KiB of memory that is the process's own (RssAnon).
fn memory(pid: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text.lines().find(|l| l.starts_with("RssAnon:"));
    line.and_then(|l| l.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}

/// Looks at a process's memory while it works.
pub struct Watch {
    most: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    pub fn begin(pid: u32) -> Self {
        let (most, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let (into, end) = (most.clone(), stop.clone());
        let thread = std::thread::spawn(move || {
            while !end.load(Ordering::Relaxed) {
                into.fetch_max(memory(pid), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        Watch { most, stop, thread: Some(thread) }
    }

    /// The most that was seen, in MiB.
    pub fn end(mut self) -> f64 {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
        self.most.load(Ordering::Relaxed) as f64 / 1024.0
    }
}
