//! How a decision is appealed, in words that go out with it (förvaltningslagen 33 § and 43–45 §§; kommunallagen 13 kap.).

use crate::desk::errands::AppealRegime;
use crate::municipalities::Municipality;
use crate::texts::{Arg, Texts};
use crate::vocabulary::Lang;

/// Weeks to appeal in: from taking part of the decision (förvaltningslagen 44 §), or from the notice on the municipal
/// notice board (kommunallagen 13 kap. 5 §).
pub const WEEKS: u32 = 3;

/// What the words depend on.
pub struct Appealable<'a> {
    /// Of the case type.
    pub regime: AppealRegime,
    /// Whose decision.
    pub municipality: &'a Municipality,
    /// The nämnd, which an appeal is sent to.
    pub board: &'a str,
    /// To be stated in the appeal.
    pub diary_number: &'a str,
}

/// The instructions that a decision form is prefilled with; none where there is nothing to appeal. Always in Swedish: they
/// are part of the decision.
pub fn instructions(texts: &Texts, about: &Appealable<'_>) -> Option<String> {
    let key = match about.regime {
        AppealRegime::Administrative => "desk-appeal-fl",
        AppealRegime::Legality => "desk-appeal-kl",
        AppealRegime::None => return None,
    };
    let m = about.municipality;
    let args: [(&str, Arg); 6] = [
        ("court", m.law.administrative_court.as_str().into()),
        ("board", about.board.into()),
        ("authority", m.full_name.as_str().into()),
        ("address", m.contact.address.as_str().into()),
        ("email", m.contact.email.as_str().into()),
        ("number", about.diary_number.into()),
    ];
    Some(texts.get(Lang::SWEDISH, key, args))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::municipalities::Municipalities;
    use crate::settings::ConfigTree;
    use crate::web::Renderer;

    fn text(regime: AppealRegime) -> Option<String> {
        let all = Municipalities::load(&ConfigTree::embedded(), true).unwrap();
        let municipality = all.find_by_code("1257").unwrap();
        let about = Appealable { regime, municipality, board: "Socialnämnden", diary_number: "SN 2026/00007" };
        instructions(Renderer::new().unwrap().texts(), &about)
    }

    #[test]
    fn an_administrative_decision_is_appealed_within_three_weeks_to_the_court_by_way_of_the_board() {
        let text = text(AppealRegime::Administrative).unwrap();
        for part in ["Förvaltningsrätten i Malmö", "Socialnämnden", "tre veckor", "tog del av", "SN 2026/00007"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(text.contains("kommunen@orkelljunga.example"));
    }

    #[test]
    fn a_decision_under_the_local_government_act_is_tried_for_legality_from_the_notice_on_the_board() {
        let text = text(AppealRegime::Legality).unwrap();
        for part in ["laglighetsprövning", "Förvaltningsrätten i Malmö", "anslagstavla", "medlem", "tre veckor"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn where_nothing_can_be_appealed_nothing_is_said_of_it() {
        assert_eq!(text(AppealRegime::None), None);
    }
}
