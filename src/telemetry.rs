//! The log: to read on a terminal, JSON otherwise, always on stderr. No secrets, no prompts, no bodies.

use std::{
    io::{self, IsTerminal},
    str::FromStr,
};

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

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
    let registry = tracing_subscriber::registry().with(capped(&settings.filter));
    let lines = fmt::layer().with_writer(io::stderr);
    // Somebody else's log is as good: only tests start it twice.
    let _ = if text {
        registry.with(lines.compact().with_ansi(terminal)).try_init()
    } else {
        registry.with(lines.json().flatten_event(true)).try_init()
    };
}

/// What other crates log below `info` holds keys and bodies, so nothing turns it on.
fn capped(filter: &str) -> EnvFilter {
    const OTHERS: [&str; 9] = [
        "aws_config",
        "aws_credential_types",
        "aws_runtime",
        "aws_sigv4",
        "aws_smithy_http_client",
        "aws_smithy_runtime",
        "aws_smithy_runtime_api",
        "hyper_util",
        "sqlx",
    ];
    let caps = OTHERS.iter().filter_map(|name| format!("{name}=info").parse().ok());
    caps.fold(EnvFilter::new(filter), EnvFilter::add_directive)
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
