//! `check`: reads everything that can be wrong before a start, and tells every fault at once.

use super::Failure;
use crate::desk;
use crate::municipalities::Municipalities;
use crate::portal;
use crate::settings::{ConfigTree, Keys, Profile, load};
use crate::web::Renderer;

pub(super) fn run(tree: ConfigTree, profile: Profile) -> Result<(), Failure> {
    let mut faults = Vec::new();
    match load(&tree, profile, toml::Table::new(), std::env::vars()) {
        Ok(settings) => {
            if let Err(e) = Keys::new(&settings.keys) {
                faults.push(format!("settings: {e}"));
            }
        }
        Err(e) => faults.push(e.to_string()),
    }
    if let Err(more) = Renderer::new() {
        faults.extend(more);
    }
    match Municipalities::load(&tree, profile.is_play()) {
        Ok(municipalities) => match portal::catalogue::Catalogue::load(&tree, &municipalities) {
            Ok(catalogue) => println!(
                "{} kommuner, {} e-tjänster",
                municipalities.iter().count(),
                municipalities.iter().map(|m| catalogue.all(&m.slug, crate::vocabulary::Lang::Sv).len()).sum::<usize>()
            ),
            Err(more) => faults.extend(more),
        },
        Err(more) => faults.extend(more),
    }
    if let Err(more) = portal::cases::StatusMappings::load(&tree) {
        faults.extend(more);
    }
    if let Err(more) = desk::errands::Catalogue::load(&tree) {
        faults.extend(more);
    }
    if faults.is_empty() {
        println!("Inga fel.");
        return Ok(());
    }
    let count = faults.len();
    Err(Failure::fault(format!("{}\n{count} fel.", faults.join("\n"))))
}
