//! Logs and metrics. One line for each request, dotted names, units in names, no bodies, no personal data: JSON in
//! production, words in a terminal otherwise.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

/// Begins logging to stderr. `KOMMUNPORTAL_LOG` chooses what (default: `info` for us, `warn` for everybody else).
pub fn start_logging(json: bool) {
    let filter =
        EnvFilter::try_from_env("KOMMUNPORTAL_LOG").unwrap_or_else(|_| EnvFilter::new("warn,kommunportal=info"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(BoxMakeWriter::new(std::io::stderr));
    // Colours only where a person reads: in a file they hide words from every search.
    let logs = logs.with_ansi(std::io::stderr().is_terminal());
    // A second start (tests) keeps the first.
    let started =
        if json { logs.json().flatten_event(true).try_init() } else { logs.with_target(false).compact().try_init() };
    drop(started);
}

/// Begins counting; renders what was counted.
pub fn start_metrics() -> PrometheusHandle {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    drop(metrics::set_global_recorder(recorder));
    handle
}
