//! Strict minijinja: what a template may name is known, and anything else is an error before it is ever used.

use minijinja::{Environment, UndefinedBehavior, value::Serde};
use serde::Serialize;
use serde_json::Value as Json;

/// The templates of one file, by the name of their field.
#[derive(Debug)]
pub(super) struct Templates(Environment<'static>);

impl Templates {
    /// Checks each: its syntax, that it names known variables only, and that it renders with the samples, of which every
    /// one has the same variables: a full one and an empty one, so that both sides of a condition are seen.
    pub(super) fn new(file: &str, fields: &[(&'static str, &str, &[Json])], problems: &mut Vec<String>) -> Self {
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        env.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        for (name, text, samples) in fields {
            if let Err(error) = env.add_template_owned(*name, (*text).to_owned()) {
                problems.push(format!("{file}: {name}: {}", told(&error)));
                continue;
            }
            let Ok(template) = env.get_template(name) else { continue };
            let known = samples.first().and_then(Json::as_object).into_iter().flatten();
            let known: Vec<&str> = known.map(|(key, _)| key.as_str()).collect();
            let used = template.undeclared_variables(false);
            let mut unknown: Vec<String> = used.into_iter().filter(|used| !known.contains(&used.as_str())).collect();
            unknown.sort();
            for used in &unknown {
                problems.push(format!("{file}: {name}: there is no variable `{used}`; known are {}", known.join(", ")));
            }
            let failed =
                samples.iter().filter(|_| unknown.is_empty()).find_map(|sample| template.render(Serde(sample)).err());
            if let Some(error) = failed {
                problems.push(format!("{file}: {name}: {}", told(&error)));
            }
        }
        Self(env)
    }

    /// What was checked renders; should it not, the reason is what is said.
    pub(super) fn render(&self, name: &str, with: impl Serialize) -> Result<String, String> {
        let rendered = self.0.get_template(name).and_then(|template| template.render(Serde(with)));
        rendered.map(|text| text.trim().to_owned()).map_err(|error| format!("{name}: {}", told(&error)))
    }
}

fn told(error: &minijinja::Error) -> String {
    let line = error.line().map_or_else(String::new, |line| format!("line {line}: "));
    let detail = error.detail().map_or_else(String::new, |detail| format!(": {detail}"));
    format!("{line}{}{detail}", error.kind())
}
