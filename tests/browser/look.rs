//! Looking at a page: on a phone (320 px, which is also 1280 px at 400 %) and on a wide screen, in light and dark. Nothing
//! reaches outside the screen, axe-core finds nothing, the console has no errors, and pictures are kept.

use super::chromium::Chromium;
use base64::Engine as _;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Width, height, scheme, and the rules to run: all of them, or those that the width and the colours change. Colours do not
/// depend on the width, so each scheme is seen once.
const LOOKS: [(u32, u32, &str, Option<&[&str]>); 2] = [
    (320, 640, "dark", None),
    (1280, 900, "light", Some(&["color-contrast", "target-size", "scrollable-region-focusable"])),
];

/// Where the pictures are kept: `target/tmp/screenshots`.
pub fn pictures() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots")
}

fn axe() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("var/tests/axe.min.js");
    std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{} ({why}): run scripts/setup-tests", path.display()))
}

impl Chromium {
    /// Looks at the page that is open, which is as it should be or a form with what is wrong in it.
    pub async fn look(&mut self, name: &str) {
        let status = self.status().await;
        assert!(matches!(status, 200 | 422), "{name} ({status}): {}", self.text().await);
        self.look_closely(name).await;
    }

    /// Looks at a page that tells of an error.
    pub async fn look_at(&mut self, name: &str, status: u16) {
        assert_eq!(self.status().await, status, "{name}: {}", self.text().await);
        self.look_closely(name).await;
    }

    async fn look_closely(&mut self, name: &str) {
        // axe-core needs timers; a page that was read without script stays as it is.
        self.let_script_run(true).await;
        self.client.execute(&format!("if (!window.axe) {{ {} }}", axe()), vec![]).await.unwrap();
        let mut faults = Vec::new();
        for (width, height, scheme, rules) in LOOKS {
            self.size(width, height).await;
            self.scheme(scheme).await;
            let seen = self.client.execute_async(include_str!("look.js"), vec![json!(rules)]).await.unwrap();
            faults.extend(told(&seen).into_iter().map(|fault| format!("{width} {scheme}: {fault}")));
            self.keep_picture(&format!("{name}-{width}-{scheme}")).await;
        }
        faults.extend(self.enlarged().await);
        self.scheme("light").await;
        self.let_script_run(self.has_script).await;
        faults.extend(self.console_faults().await);
        self.report(name, &faults).await;
    }

    /// The console has had nothing to say since the last look.
    pub async fn listen(&mut self) {
        let faults = self.console_faults().await;
        self.report("between looks", &faults).await;
    }

    async fn report(&mut self, name: &str, faults: &[String]) {
        if !faults.is_empty() {
            let address = self.client.current_url().await.unwrap();
            self.faults.push(format!("{name} ({address}):\n  {}", faults.join("\n  ")));
        }
    }

    async fn scheme(&self, scheme: &str) {
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Text twice as large, and WCAG's widest spacing of text: nothing reaches outside the screen then either.
    async fn enlarged(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let spaced = "for (const e of document.querySelectorAll('body, body *')) {
            e.style.lineHeight = on ? '1.5' : ''; e.style.letterSpacing = on ? '.12em' : '';
            e.style.wordSpacing = on ? '.16em' : ''; }";
        let doubled = "document.documentElement.style.fontSize = on ? '200%' : ''";
        for (what, width, apply) in [("spaced out", 320, spaced), ("twice as large", 1280, doubled)] {
            self.size(width, 900).await;
            let script = format!(
                "const apply = (on) => {{ {apply} }}; apply(true);
                const reaches = document.scrollingElement.scrollWidth; apply(false); return reaches;"
            );
            let reaches = self.client.execute(&script, vec![]).await.unwrap().as_u64().unwrap();
            if reaches > u64::from(width) {
                faults.push(format!("with text {what}, the page is {reaches} px wide on {width}"));
            }
        }
        self.size(1280, 900).await;
        faults
    }

    async fn keep_picture(&self, name: &str) {
        let wishes = json!({ "format": "png", "captureBeyondViewport": true, "optimizeForSpeed": true });
        let answer = self.devtools("Page.captureScreenshot", wishes).await;
        let picture = base64::engine::general_purpose::STANDARD.decode(answer["data"].as_str().unwrap()).unwrap();
        std::fs::create_dir_all(pictures()).unwrap();
        std::fs::write(pictures().join(format!("{name}.png")), picture).unwrap();
    }

    /// Errors, warnings and broken rules of the content security policy since the last look. That a page was refused, as it should
    /// be, is no error; that anything else was, is.
    async fn console_faults(&mut self) -> Vec<String> {
        let entries = self.console().await;
        let expected: Vec<String> = self
            .refused
            .drain(..)
            .map(|(address, status)| {
                format!("{address} - Failed to load resource: the server responded with a status of {status} ")
            })
            .collect();
        let message = |entry: &Value| entry["message"].as_str().unwrap_or_default().to_owned();
        entries
            .iter()
            .filter(|entry| entry["level"] != "INFO" && entry["level"] != "DEBUG")
            .filter(|entry| !expected.iter().any(|start| message(entry).starts_with(start)))
            .map(|entry| format!("console: {} {}", entry["level"], message(entry)))
            .collect()
    }
}

/// What was found, one line each.
fn told(seen: &Value) -> Vec<String> {
    assert_eq!(seen["engine"], "axe-core", "axe did not run: {seen}");
    let mut faults = Vec::new();
    if seen["width"].as_u64() > seen["screen"].as_u64() {
        let wide = serde_json::to_string_pretty(&seen["wide"]).unwrap();
        faults.push(format!("{} px wide on a screen of {}: {wide}", seen["width"], seen["screen"]));
    }
    for violation in seen["violations"].as_array().unwrap() {
        faults.push(format!("axe {}: {}", violation["rule"], violation["help"]));
        faults.extend(violation["nodes"].as_array().unwrap().iter().map(|node| format!("    {node}")));
    }
    faults
}
