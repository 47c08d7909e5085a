//! The log: to read on a terminal, JSON otherwise, always on stderr. No secrets, no prompts, no bodies.

use std::{
    io::{self, IsTerminal},
    str::FromStr,
};

use tracing::{Level, Metadata};
use tracing_subscriber::{EnvFilter, filter::filter_fn, fmt, layer::SubscriberExt, util::SubscriberInitExt};

#[derive(Debug, Clone)]
pub struct Settings {
    pub format: Format,
    /// Directives, checked by [`filter`].
    pub filter: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Text on a terminal, JSON otherwise.
    #[default]
    Auto,
    Text,
    Json,
}

/// Starts the log of this process. A second call changes nothing.
pub fn start(settings: &Settings) {
    let terminal = io::stderr().is_terminal();
    let text = match settings.format {
        Format::Auto => terminal,
        Format::Text => true,
        Format::Json => false,
    };
    let registry = tracing_subscriber::registry().with(EnvFilter::new(&settings.filter)).with(filter_fn(is_ours));
    let lines = fmt::layer().with_writer(io::stderr);
    // Somebody else's log is as good: only tests start it twice.
    let _ = if text {
        registry.with(lines.compact().with_ansi(terminal)).try_init()
    } else {
        registry.with(lines.json().flatten_event(true)).try_init()
    };
}

/// What other crates log below `info` holds keys, bodies and statements, so that no directive turns it on.
fn is_ours(metadata: &Metadata<'_>) -> bool {
    let own = env!("CARGO_CRATE_NAME");
    *metadata.level() <= Level::INFO || metadata.target().split("::").next() == Some(own)
}

/// Directives as tracing-subscriber reads them.
pub fn filter(text: &str) -> Result<String, String> {
    match EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("a level such as info, or directives such as askline=debug,warn".to_owned()),
    }
}

impl FromStr for Format {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "auto" => Ok(Self::Auto),
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Kept {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    /// Not even the most particular directive.
    #[test]
    fn what_others_log_of_bodies_is_never_turned_on() {
        let kept = Kept::default();
        let filter = EnvFilter::new("trace,aws_smithy_runtime::client::http=trace,askline=trace");
        let lines = fmt::layer().with_writer(kept.clone()).with_ansi(false);
        let subscriber = tracing_subscriber::registry().with(filter).with(filter_fn(is_ours)).with(lines);
        tracing::subscriber::with_default(subscriber, || {
            tracing::trace!(target: "aws_smithy_runtime::client::http", "a body");
            tracing::debug!(target: "sqlx::query", "a statement");
            tracing::debug!(target: "asklinez", "a stranger");
            tracing::info!(target: "sqlx::pool", "others are told");
            tracing::trace!(target: "askline::engine", "we are told");
        });
        let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        let told: Vec<&str> = ["a body", "a statement", "a stranger", "others are told", "we are told"]
            .into_iter()
            .filter(|line| text.contains(line))
            .collect();
        assert_eq!(told, ["others are told", "we are told"]);
    }
}
