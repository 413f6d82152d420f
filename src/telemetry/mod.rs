//! Logs, metrics and traces. One line for each request, dotted names, units in names, no bodies, no personal data: JSON in
//! production, words in a terminal otherwise.

mod traces;

pub use traces::{Traces, TracesFault, continue_trace};

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::io::IsTerminal;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

/// Begins logging to stderr, and sending `traces` if there are any. `KOMMUNPORTAL_LOG` chooses what (default: `info` for us,
/// `warn` for everybody else).
pub fn start_logging(json: bool, traces: Option<&Traces>) {
    let filter =
        EnvFilter::try_from_env("KOMMUNPORTAL_LOG").unwrap_or_else(|_| EnvFilter::new("warn,kommunportal=info"));
    // Colours only where a person reads: in a file they hide words from every search.
    let logs = fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let logs = if json { logs.json().flatten_event(true).boxed() } else { logs.with_target(false).compact().boxed() };
    let all = tracing_subscriber::registry().with(filter).with(logs).with(traces.map(Traces::layer));
    // A second start (tests) keeps the first.
    drop(all.try_init());
}

/// Begins counting; renders what was counted.
pub fn start_metrics() -> PrometheusHandle {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    drop(metrics::set_global_recorder(recorder));
    handle
}
