//! Which rungs a question climbs, in which order: a table from the name of a strategy to its ladder. No IO.

use std::collections::BTreeMap;

use crate::strategy::Rung;

/// The strategies the binary carries.
const BUILTIN: [(&str, &str); 1] = [("offline", include_str!("../strategies/offline.yaml"))];

#[derive(Debug)]
pub struct Router {
    ladders: BTreeMap<String, Vec<Rung>>,
    default: String,
}

impl Router {
    /// The built-in strategies, and every rung alone under its own name. `default` serves who names none.
    pub fn new(default: &str) -> Result<Self, RouterError> {
        let mut ladders: BTreeMap<_, _> = Rung::ALL.iter().map(|rung| (rung.name().to_owned(), vec![*rung])).collect();
        for (name, text) in BUILTIN {
            ladders.insert(name.to_owned(), parse(&format!("strategies/{name}.yaml"), text)?);
        }
        let router = Self { ladders, default: default.to_owned() };
        router.ladder(None)?;
        Ok(router)
    }

    /// The rungs of the named strategy, or of the default.
    pub fn ladder(&self, name: Option<&str>) -> Result<&[Rung], UnknownStrategy> {
        let name = name.unwrap_or(&self.default);
        self.ladders
            .get(name)
            .map(Vec::as_slice)
            .ok_or_else(|| UnknownStrategy { name: name.to_owned(), known: self.ladders.keys().cloned().collect() })
    }
}

#[derive(Debug, thiserror::Error)]
pub enum RouterError {
    #[error("{0}")]
    File(String),
    #[error(transparent)]
    Default(#[from] UnknownStrategy),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no strategy `{name}`; known are: {}", known.join(", "))]
pub struct UnknownStrategy {
    pub name: String,
    pub known: Vec<String>,
}

/// A strategy file.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Ladder {
    version: u32,
    rungs: Vec<Rung>,
}

fn parse(path: &str, text: &str) -> Result<Vec<Rung>, RouterError> {
    let ladder: Ladder = serde_yaml::from_str(text).map_err(|error| {
        let (line, column) = error.location().map_or((1, 1), |at| (at.line(), at.column()));
        RouterError::File(format!("{path}:{line}:{column}: {error}"))
    })?;
    match ladder {
        Ladder { version: 1, rungs } if !rungs.is_empty() => Ok(rungs),
        Ladder { version: 1, .. } => Err(RouterError::File(format!("{path}:1: `rungs` is empty"))),
        Ladder { version, .. } => Err(RouterError::File(format!("{path}:1: version {version} is unknown; this is 1"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strategy_is_a_file_or_a_rung() {
        let router = Router::new("offline").unwrap();
        for name in [None, Some("offline"), Some("rules")] {
            assert_eq!(router.ladder(name).unwrap(), [Rung::Rules]);
        }
        let unknown = router.ladder(Some("magic")).unwrap_err();
        assert_eq!(unknown.to_string(), "there is no strategy `magic`; known are: offline, rules");
        assert!(matches!(Router::new("magic"), Err(RouterError::Default(_))));
    }

    #[test]
    fn a_faulty_file_is_named_with_its_line() {
        for (text, expected) in [
            ("version: 1\nrungs: [rules]\nrugns: []\n", "s.yaml:3:1: unknown field `rugns`"),
            ("version: 1\nrungs: [rule]\n", "s.yaml:2:"),
            ("version: 2\nrungs: [rules]\n", "version 2 is unknown"),
            ("version: 1\nrungs: []\n", "`rungs` is empty"),
            ("version: 1\n", "missing field `rungs`"),
        ] {
            let said = parse("s.yaml", text).unwrap_err().to_string();
            assert!(said.contains(expected), "{said}");
        }
    }
}
