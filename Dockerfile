# syntax=docker/dockerfile:1
# The program and its configuration, nothing else: no shell, no package manager. Everything that changes is in volumes.

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
# The registry and what is compiled stay between builds; only the program leaves.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --locked --profile dist --bin kommunportal \
    && cp target/dist/kommunportal /kommunportal \
    && mkdir -p /empty/portal /empty/desk /empty/simulators

FROM gcr.io/distroless/cc-debian12:nonroot
WORKDIR /app
COPY --from=build /kommunportal /app/kommunportal
COPY --from=build /src/config /app/config
# New volumes take their owner from here.
COPY --from=build --chown=10001:10001 /empty /var/lib/kommunportal
USER 10001:10001
EXPOSE 8080 8081 8086 8087
ENTRYPOINT ["/app/kommunportal"]
CMD ["--help"]
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 \
    CMD ["/app/kommunportal", "health", "http://127.0.0.1:8087/health/ready"]
