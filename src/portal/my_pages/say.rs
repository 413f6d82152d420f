//! Texts and moments in the reader's language.

use crate::vocabulary::{At, Lang};
use crate::web::{Arg, Renderer, Visit};

/// One reader's language.
#[derive(Clone, Copy)]
pub(super) struct Say<'a> {
    renderer: &'a Renderer,
    pub lang: Lang,
}

impl<'a> Say<'a> {
    pub(super) fn to(visit: &'a Visit) -> Self {
        Self { renderer: &visit.ground.renderer, lang: visit.lang }
    }

    #[cfg(test)]
    pub(super) fn with(renderer: &'a Renderer, lang: Lang) -> Self {
        Self { renderer, lang }
    }

    /// A text without values.
    pub(super) fn text(self, key: &str) -> String {
        self.renderer.text(self.lang, key, [])
    }

    /// A text with one value.
    pub(super) fn about(self, key: &str, name: &str, value: impl Into<Arg>) -> String {
        self.renderer.text(self.lang, key, [(name, value.into())])
    }

    /// `21 november 2026 kl. 14.32`.
    pub(super) fn moment(self, at: At) -> String {
        crate::web::format::date_time(at, self.lang)
    }

    /// `21 november 2026`.
    pub(super) fn date(self, at: At) -> String {
        crate::web::format::date(at, self.lang)
    }
}
