//! The only door to Tera. One environment for each language, so that `t(key="…")` needs no language argument and works
//! inside components. Templates and texts are in the binary; a demo or test run from the sources reads them from there.

use super::template_faults::{TEXTS, template_faults};
use crate::texts::{Arg, Texts, Voice};
use crate::toml_text::Fault;
use crate::vocabulary::Lang;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use tera::{Context, Kwargs, State, Tera};

#[derive(rust_embed::RustEmbed)]
#[folder = "templates"]
#[exclude = "texts/*"]
struct Embedded;

/// A template could not be read or rendered.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TemplateFault(String);

/// Templates and texts.
pub struct Renderer {
    by_language: BTreeMap<Lang, Tera>,
    texts: Arc<Texts>,
}

impl Renderer {
    /// Reads every template and text that we have; all faults at once.
    pub fn new() -> Result<Self, Vec<Fault>> {
        Self::with_texts(Texts::new(Texts::files()).map_err(|_| Self::faults())?)
    }

    /// As [`new`](Self::new), in these languages.
    pub fn with_texts(texts: Texts) -> Result<Self, Vec<Fault>> {
        Self::of(texts).map_err(|why| {
            let mut faults = Self::faults();
            if faults.is_empty() {
                faults.push(Fault::of("templates", why, ""));
            }
            faults
        })
    }

    /// Everything that is wrong with the templates and texts that we have, also what would show only on a page.
    pub fn faults() -> Vec<Fault> {
        template_faults(&embedded_templates())
    }

    fn of(texts: Texts) -> Result<Self, String> {
        let (texts, files) = (Arc::new(texts), templates());
        let templates: Vec<(&str, &str)> = files
            .iter()
            .filter(|(path, _)| path.ends_with(".html") || path.ends_with(".txt"))
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        let environment = |lang: Lang| -> Result<Tera, String> {
            let mut tera = Tera::default();
            let texts = texts.clone();
            tera.register_function("t", move |kwargs: Kwargs, _: &State| -> tera::TeraResult<String> {
                let key = kwargs.must_get::<String>("key")?;
                let args: Vec<(String, Arg)> = kwargs
                    .iter()
                    .map(|(name, value)| (name.to_string(), value))
                    .filter(|(name, _)| name != "key")
                    .map(|(name, value)| {
                        let arg = match value.as_f64().or(value.as_i64().map(|n| n as f64)) {
                            Some(n) if value.is_number() => Arg::Number(n),
                            _ => Arg::Text(value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
                        };
                        (name, arg)
                    })
                    .collect();
                Ok(texts.get(lang, &key, args.iter().map(|(name, arg)| (name.as_str(), arg.clone()))))
            });
            tera.add_raw_templates(templates.iter().copied()).map_err(|e| with_causes(&e))?;
            Ok(tera)
        };
        let spoken = texts.languages().iter().map(|language| language.lang);
        let by_language = spoken.map(|lang| Ok((lang, environment(lang)?))).collect::<Result<_, String>>()?;
        Ok(Self { by_language, texts })
    }

    /// Every language.
    pub fn texts(&self) -> &Arc<Texts> {
        &self.texts
    }

    /// Every language, for the switch in the layouts: `[{tag, name}]`.
    pub fn languages(&self) -> Vec<Value> {
        let languages = self.texts.languages().iter();
        languages.map(|language| json!({ "tag": language.lang.tag(), "name": language.name })).collect()
    }

    /// Texts in Rust code, in this language; in Swedish where we do not speak it.
    pub fn voice(&self, lang: Lang) -> Voice {
        self.texts.voice(lang)
    }

    /// Renders a template with a context of any serde map.
    pub fn render(&self, lang: Lang, template: &str, context: &impl Serialize) -> Result<String, TemplateFault> {
        let context = Context::from_serialize(context).map_err(|e| TemplateFault(with_causes(&e)))?;
        self.render_context(lang, template, &context)
    }

    pub(super) fn render_context(
        &self,
        lang: Lang,
        template: &str,
        context: &Context,
    ) -> Result<String, TemplateFault> {
        let tera = self.by_language.get(&lang).or_else(|| self.by_language.get(&Lang::SWEDISH));
        let tera = tera.ok_or_else(|| TemplateFault("there is no language".to_owned()))?;
        tera.render(template, context).map_err(|e| TemplateFault(format!("{template}: {}", with_causes(&e))))
    }
}

/// Every template and file of texts, by its path below `templates/`, in order.
pub fn embedded_templates() -> Vec<(String, String)> {
    let mut files = templates();
    files.extend(Texts::files().into_iter().map(|(path, text)| (format!("{TEXTS}{path}"), text)));
    files.sort();
    files
}

fn templates() -> Vec<(String, String)> {
    Embedded::iter()
        .filter_map(|path| {
            let text = String::from_utf8(Embedded::get(&path)?.data.into_owned()).ok()?;
            Some((path.to_string(), text))
        })
        .collect()
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text.push_str(": ");
        text.push_str(&next.to_string());
        cause = next.source();
    }
    text
}
