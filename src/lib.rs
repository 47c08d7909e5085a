//! askline answers questions about what happened in a video, from rows of events in Postgres.
//!
//! A prompt is **read** once into a typed `Reading`; a table **routes** on that reading; a **strategy** attempts it
//! and either answers or passes with a reason; the answer is **said** in the asker's language; every step leaves a
//! line in the trace.

pub mod answer;
pub mod assemble;
pub mod cli;
pub mod config;
pub mod engine;
pub mod http;
pub mod question;
pub mod reply;
pub mod router;
pub mod sql;
pub mod store;
pub mod strategy;
pub mod telemetry;
