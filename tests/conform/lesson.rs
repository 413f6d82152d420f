//! docs/integration.md, followed to the letter: every block that says it is run is run, in order, by bash.

use super::application::{ANNA, fill_in, send_in};
use super::databases::Folder;
use super::demo::{Demo, reload_until};
use std::process::Command;

const PAGE: &str = "docs/integration.md";

/// The blocks of the page that are run, as one script.
fn script(page: &str) -> String {
    let blocks: Vec<&str> =
        page.split("```bash run\n").skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect();
    assert!(blocks.len() >= 9, "{} blocks of {PAGE} are run", blocks.len());
    // What fails is shown with its line.
    format!("set -euo pipefail\ntrap 'echo \"failed: $BASH_COMMAND\" >&2' ERR\n{}\n", blocks.join("\n"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hour_of_the_page_is_walked_as_it_stands() {
    let page = std::fs::read_to_string(format!("{}/{PAGE}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let demo = Demo::start().await;
    let mut anna = demo.citizen(ANNA).await;
    fill_in(&demo, &mut anna).await;
    let reference = send_in(&mut anna).await;
    let mut handler = demo.handler("kaso01@2120009911").await;
    reload_until(&mut handler, &demo.desk("/inkorg"), "BUN 20").await;
    let errand = handler.attribute("a[href^='/arenden/']", "href").expect("a link to the errand");
    let folder = Folder::new();
    let output = Command::new("bash")
        .args(["-c", &script(&page)])
        .current_dir(folder.path())
        .env("PORTAL", demo.at(0))
        .env("DESK", demo.desk("/integration"))
        .env("DEMO", demo.data())
        .env("EXTERNAL", errand.trim_start_matches("/arenden/"))
        .output()
        .expect("bash is missing");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{}", demo.log());
    // What the back office told by hand is on Mina sidor.
    anna.open(&demo.portal(&format!("/mina-sidor/arenden/{reference}"))).await;
    anna.see("Vi har fått in protokollet.");
    anna.see("Ansökan beviljas.");
    anna.do_not_see("Något nytt");
}

#[test]
fn every_check_and_every_problem_is_explained_on_the_page() {
    let page = std::fs::read_to_string(format!("{}/{PAGE}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    for n in 1..=26 {
        assert!(page.contains(&format!("<a id=\"c{n:02}\"></a>C{n:02}")), "C{n:02} has no place");
    }
    let source = std::fs::read_to_string(format!("{}/src/contract/problem.rs", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let codes: Vec<&str> = source
        .split("(\"")
        .skip(1)
        .filter_map(|rest| rest.split_once("\", "))
        .filter(|(_, after)| after.starts_with(|c: char| c.is_ascii_digit()))
        .map(|(code, _)| code)
        .collect();
    assert!(codes.len() > 20, "{codes:?}");
    for code in codes {
        assert!(page.contains(&format!("`{code}`")), "{code} is not explained");
    }
    for name in kommunportal::contract::EventData::NAMES {
        assert!(page.contains(&format!("`{name}`")), "{name} is not explained");
    }
}
