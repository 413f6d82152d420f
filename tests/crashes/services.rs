//! What residents send in, page by page.

use super::application::{self, start_day};
use super::browser::Browser;
use super::resident::Resident;

/// One of the services.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Service {
    /// Without log-in, two pages.
    Opinion,
    /// Without log-in, with a photo.
    Fault,
    /// Logged in as Anna.
    Preschool,
}

/// A grey pixel.
fn photo() -> Vec<u8> {
    use base64::Engine as _;
    let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";
    base64::engine::general_purpose::STANDARD.decode(png).unwrap()
}

const ON: &str = "Fortsätt";

/// From the first page to the review. `mark` is what can be read there again.
pub async fn fill_in(r: &mut Resident, portal: &str, service: Service, mail: &str, mark: &str) {
    match service {
        Service::Opinion => {
            r.open(&format!("{portal}/e-tjanster/synpunkt/fyll-i")).await;
            r.press(ON, |b| b.form_with(ON).choose("typ", "Beröm").fill("text", mark)).await;
            r.press(ON, |b| b.form_with(ON).fill("E-postadress", mail)).await;
        }
        Service::Fault => {
            r.open(&format!("{portal}/e-tjanster/felanmalan/fyll-i")).await;
            r.press(ON, |b| {
                let form = b.form_with(ON).choose("fara", "Nej").choose("kategori", "Lekplats eller park");
                form.fill("beskrivning", mark)
            })
            .await;
            r.press(ON, |b| {
                let form = b.form_with(ON).fill("plats", "Kyrkparken");
                if b.text().contains("gunga.png") { form } else { form.attach("foto", "gunga.png", &photo()) }
            })
            .await;
            r.press(ON, |b| b.form_with(ON).fill("E-postadress", mail)).await;
        }
        Service::Preschool => preschool(r, portal, mail, mark).await,
    }
    assert!(r.browser.path().ends_with("/granska"), "{}: {}", r.browser.path(), r.browser.text());
    r.browser.see(mark);
}

async fn preschool(r: &mut Resident, portal: &str, mail: &str, mark: &str) {
    r.open(&format!("{portal}{}/fyll-i", application::SERVICE)).await;
    r.press(ON, |b| b.form_with(ON)).await;
    r.press(ON, |b| b.form_with(ON).choose("barn", "Saga")).await;
    let (year, month, day) = start_day();
    r.press(ON, |b| {
        let form = b.form_with(ON).date("startdatum", year, month, day);
        form.choose("forskola_1", "Garvarens förskola").choose("syskon", "Ja")
    })
    .await;
    let chosen = |b: &Browser| {
        let form = b.form_with(ON).choose("sysselsattning", "arbete").choose("hansyn", "Ja");
        if form.has("timmar") { form.fill("timmar", "35").choose("obekvam_tid", "Nej") } else { form }
    };
    r.press("Uppdatera frågorna", chosen).await;
    r.press(ON, |b| chosen(b).fill("hansyn_beskrivning", mark)).await;
    r.press(ON, |b| b.form_with(ON).choose("kontakt_kanal", "På Mina sidor").fill("E-postadress", mail)).await;
}

/// From the review to the reference.
pub async fn send_in(r: &mut Resident) -> String {
    r.press("Skicka in", |b| b.form("/skicka-in")).await;
    let reference = r.browser.find("strong.reference");
    reference.unwrap_or_else(|| panic!("no reference on {}:\n{}", r.browser.path(), r.browser.text()))
}
