//! What is asked of the resident before a decision, from asked to received, as both sides see it: Karin at the desk, Anna on
//! Mina sidor, with every form empty, wrong and right.

use super::whole_journey::{KARIN, sent_by_anna};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

#[tokio::test(flavor = "multi_thread")]
async fn what_karin_asks_for_is_answered_by_anna_and_seen_by_both() {
    let (demo, mut screen, case) = sent_by_anna().await;

    // Karin asks for more: first without a word, then as it should be.
    screen.log_in(&demo.desk("/inkorg"), KARIN).await;
    screen.reload_until(&demo.desk("/inkorg"), "BUN 20").await;
    screen.press("BUN 20").await;
    let errand = demo.desk(&screen.path().await);
    screen.press("Ta ärendet").await;
    screen.press("Begär komplettering").await;
    screen.fill("Det här behövs", "Intyg från arbetsgivaren").await;
    screen.press("Begär komplettering").await;
    screen.see("Skriv vad som behövs").await;
    assert_eq!(screen.value("Det här behövs").await, "Intyg från arbetsgivaren", "what she wrote is kept");
    screen.look("k1-asking-empty").await;
    screen.fill("Vad behöver vi, och varför?", "Vi behöver se hur du arbetar i höst.").await;
    screen.press("Begär komplettering").await;
    screen.see("Väntar på svar").await;
    screen.look("k2-asked").await;

    // Anna answers: with nothing, with a file that cannot be taken, and with a text and a file.
    screen.reload_until(&case, "Komplettering behövs").await;
    screen.see("Svara senast").await;
    screen.see("Om du inte svarar: Då avgör vi ärendet").await;
    screen.press("Skicka in komplettering").await;
    screen.see("Intyg från arbetsgivaren").await;
    screen.look("k3-supplement").await;
    screen.press("Skicka in").await;
    screen.look("k4-supplement-empty").await;
    let program = screen.file("intyg.exe", b"MZ\x90\x00 no certificate");
    screen.attach("Intyg från arbetsgivaren", &program).await;
    screen.fill("text", "Jag arbetar heltid från augusti.").await;
    screen.press("Skicka in").await;
    screen.see("intyg.exe är en sorts fil som vi inte kan ta emot").await;
    assert_eq!(screen.value("text").await, "Jag arbetar heltid från augusti.", "what she wrote is kept");
    screen.look("k5-supplement-wrong-kind").await;
    let certificate = screen.file("Intyg hösten.pdf", PDF);
    screen.attach("Intyg från arbetsgivaren", &certificate).await;
    screen.press("Skicka in").await;
    screen.see("Ditt svar är framme hos kommunen.").await;
    screen.see("Intyg hösten.pdf").await;
    screen.look("k6-answered").await;

    // Karin has both, and it is enough.
    screen.reload_until(&errand, "Intyg hösten.pdf").await;
    screen.see("Svar har kommit").await;
    screen.see("Jag arbetar heltid från augusti.").await;
    screen.press("Bedöm kompletteringen").await;
    screen.look("k7-received").await;
    screen.choose("state", "accepted").await;
    screen.press("Bedöm kompletteringen").await;
    screen.see("Klart").await;

    // She lets Anna comment before she decides.
    screen.press("Kommunicera före beslut").await;
    screen.fill("Vad ska den sökande ta ställning till?", "Förskolan du har valt är full till augusti.").await;
    let memo = screen.file("Tjänsteskrivelse.pdf", PDF);
    screen.attach("Handlingar att läsa", &memo).await;
    screen.press("Kommunicera före beslut").await;
    screen.see("Kommunicerat, svar senast").await;
    screen.reload_until(&case, "Läs och svara innan kommunen beslutar").await;
    screen.press("Lämna dina synpunkter").await;
    screen.see("Tjänsteskrivelse.pdf").await;
    screen.look("k8-hearing").await;
    screen.press("Skicka synpunkterna").await;
    screen.look("k9-hearing-empty").await;
    screen.fill("text", "Jag väntar gärna till augusti.").await;
    screen.press("Skicka synpunkterna").await;
    screen.see("Ditt svar är framme hos kommunen.").await;
    screen.reload_until(&errand, "Jag väntar gärna till augusti.").await;
    screen.see("Yttrande").await;
    screen.finish().await;
}
