.PHONY: demo test check advisories fmt

# Everything on this machine, with invented people: http://localhost:8080
demo:
	cargo run --release -- demo

# Installs what is missing, then formatting, lints, licences and every test on both databases.
test:
	scripts/test

# Settings, municipalities, e-services, templates and texts: every fault with its file and line.
check:
	cargo run --release -- check

# Known weaknesses in dependencies. Fetches the list of advisories, so it needs the internet.
advisories:
	cargo deny check advisories

fmt:
	cargo fmt
