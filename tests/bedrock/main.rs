//! The client of Bedrock against the stand-in, on a real socket: what is sent, what is read, and every way it fails.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, which clippy does not see as tests")]

mod check;
mod embed;
#[path = "../embedders/mod.rs"]
mod embedders;
mod errors;
mod every;
mod faults;
mod interop;
mod replies;
mod search;
mod stand_in;
mod wire;
mod words;

use std::time::Duration;

/// Long enough for anything that does not hang.
const LIMIT: Duration = Duration::from_secs(20);
