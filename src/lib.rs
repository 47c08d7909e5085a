//! askline answers questions about what happened in a video, from rows of events in Postgres.
//!
//! A prompt is **read** once into a typed [`Reading`](question::reading::Reading); a table **routes** on that reading; a
//! **strategy** attempts it and either answers or passes with a reason; the answer is **said** in the asker's language;
//! every step leaves a line in the trace. SQL is a value that is composed from a reading and in no other way, and the
//! store runs nothing else. What is not understood in full is not answered.
//!
//! In reading order: [`question`] reads, and decides what is declined; [`answer`] is what data says; [`sql`] composes;
//! [`store`] holds the data and runs queries; [`strategy`] has the ways to answer and [`router`] their order; [`reply`]
//! finds the words; [`engine`] goes from one prompt to one reply; [`eval`] judges answers; [`http`] and [`cli`] are its
//! edges; [`index`] keeps the vectors of events; [`cost`] prices what models use; [`model`] is the seam to models, [`bedrock`] and [`local`] stand behind it, and
//! [`sim`] is a stand-in for Bedrock's wire;
//! [`config`], [`assemble`] and [`telemetry`] set it up. `ARCHITECTURE.md` is the map for who changes it.
//!
//! ```no_run
//! use askline::{engine::{Ask, Engine}, question::Lexicon, router::Router, store::{Limits, Place, Settings, Store}};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let store = Store::open(Settings::new(Place::Url("postgres://user@localhost/events".into()))).await?;
//! let engine = Engine::new(store.reader.clone(), Lexicon::builtin()?, Router::new("offline")?, Limits::default());
//! let ask = Ask {
//!     prompt: "Was anything stolen between 10 and 15 minutes?".into(),
//!     video_id: 1,
//!     lang: None,
//!     now: jiff::Timestamp::now(),
//!     strategy: None,
//!     caller: "docs".to_owned(),
//! };
//! println!("{}", engine.ask(ask).await?.words);
//! # Ok(())
//! # }
//! ```

pub mod answer;
pub mod assemble;
pub mod bedrock;
pub mod cli;
pub mod config;
pub mod cost;
pub mod engine;
pub mod eval;
pub mod fingerprint;
pub mod http;
pub mod index;
pub mod local;
pub mod model;
pub mod prompt;
pub mod question;
pub mod replay;
pub mod reply;
pub mod router;
pub mod sim;
pub mod sql;
pub mod store;
pub mod strategy;
pub mod telemetry;
