//! The machine as it is.

use super::databases::Folder;
use super::report::{median, number};
use std::fs::File;
use std::io::Write;
use std::time::Instant;

fn line_of(file: &str, name: &str) -> String {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let found = text.lines().find(|l| l.starts_with(name)).and_then(|l| l.split_once(':')).map(|(_, v)| v.trim());
    found.unwrap_or("unknown").to_owned()
}

fn word(file: &str) -> String {
    std::fs::read_to_string(file).unwrap_or_default().split_whitespace().next().unwrap_or("unknown").to_owned()
}

/// Milliseconds that the disk under the temporary folder takes to keep 4 KiB through a power cut.
fn fsync() -> f64 {
    let folder = Folder::new();
    let mut file = File::create(folder.path().join("probe")).unwrap();
    let times: Vec<f64> = (0..200)
        .map(|_| {
            let begun = Instant::now();
            file.write_all(&[7; 4096]).unwrap();
            file.sync_data().unwrap();
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    median(&times)
}

/// One line in Markdown.
pub fn described() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = line_of("/proc/meminfo", "MemTotal").trim_end_matches(" kB").parse().unwrap_or(0.0) / 1048576.0;
    format!(
        "Machine: {} × {}, {} GiB memory, Linux {}, fsync {} ms in {}. Program: {}.",
        cores,
        line_of("/proc/cpuinfo", "model name"),
        number(memory),
        word("/proc/sys/kernel/osrelease"),
        number(fsync()),
        std::env::temp_dir().display(),
        if cfg!(debug_assertions) { "not optimised (its verdicts mean nothing)" } else { "release" },
    )
}

/// How busy the machine is with whatever else.
pub fn load() -> String {
    format!("Load average of the last minute: {}.", word("/proc/loadavg"))
}
