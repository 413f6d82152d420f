//! Traces: the spans of requests, jobs and deliveries, sent to a collector (OTLP over HTTP) when the settings name one. They
//! hold what the log holds, without its lines: routes, ids, durations; nobody's name, number or answer.

use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use std::collections::HashMap;
use std::pin::Pin;
use tokio::runtime::{Builder, Runtime};
use tracing_opentelemetry::{OpenTelemetryLayer, OpenTelemetrySpanExt};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

/// Traces cannot be sent; why.
#[derive(Debug, thiserror::Error)]
#[error("telemetry.otlp_url: {0}")]
pub struct TracesFault(String);

/// Sends finished spans every few seconds, from a thread of its own. What cannot be sent is dropped: traces never hold up
/// anybody.
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// To the collector at `url`, as the service `service`.
    pub fn start(url: &url::Url, service: &'static str, client: reqwest::Client) -> Result<Self, TracesFault> {
        let fault = |e: &dyn std::fmt::Display| TracesFault(e.to_string());
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|e| fault(&e))?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Sender { client, runtime })
            .with_endpoint(url.as_str())
            .build()
            .map_err(|e| fault(&e))?;
        let resource = Resource::builder().with_service_name(service).build();
        Ok(Self(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build()))
    }

    /// Spans only, and ours only: lines of the log stay in the log.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: tracing::Subscriber + for<'a> LookupSpan<'a>,
    {
        let tracer: SdkTracer = self.0.tracer("kommunportal");
        OpenTelemetryLayer::new(tracer)
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(|about| about.is_span() && about.target().starts_with("kommunportal")))
    }
}

/// What is not sent yet is sent now. Blocks for a moment: never dropped on an async thread.
impl Drop for Traces {
    fn drop(&mut self) {
        if let Err(e) = self.0.shutdown() {
            tracing::warn!(error = %e, "the last traces were not sent");
        }
    }
}

/// Our own client, driven by the exporter's thread, which is on no runtime.
#[derive(Debug)]
struct Sender {
    client: reqwest::Client,
    runtime: Runtime,
}

impl HttpClient for Sender {
    // As `async_trait` writes it.
    fn send_bytes<'a, 'b>(
        &'a self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        let sending = async move {
            let answer = self.client.execute(request.try_into()?).await?;
            let status = answer.status();
            let mut response = Response::new(answer.bytes().await?);
            *response.status_mut() = status;
            Ok(response)
        };
        // Blocks this thread, which does nothing else.
        Box::pin(std::future::ready(self.runtime.block_on(sending)))
    }
}

/// Makes `span` a part of the trace that the caller is in (W3C `traceparent`). For callers that the settings trust.
pub fn continue_trace(span: &tracing::Span, traceparent: &str) {
    let headers = HashMap::from([("traceparent".to_owned(), traceparent.to_owned())]);
    // When no traces are made there is nothing to continue.
    let _ = span.set_parent(TraceContextPropagator::new().extract(&headers));
}
