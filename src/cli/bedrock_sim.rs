//! `askline bedrock-sim`: the stand-in for Bedrock's wire, until it is told to stop.

use std::{path::PathBuf, pin::pin};

use anyhow::Context;

use super::{End, output, serve::stop_signal};
use crate::sim::{self, Script};

pub(super) const ABOUT: &str = "\
Stand in for Bedrock's wire, from a script: a test double, no model

The same paths, headers, error shapes, usage figures, event streams and signature checks as bedrock-runtime (Converse,
ConverseStream, InvokeModel, InvokeModelWithResponseStream) and Retrieve. What it replies, how slowly and how it fails
stands in a YAML file. Its replies are the script's and never a model's; every answer says so in the header
x-askline-sim. Tokens are counted as characters / 4 where the script does not say. It does not look at the age of a
signature. GET /__sim/requests shows what was asked and what it would have cost, DELETE forgets it.";

pub(super) const SCRIPT: &str = "\
A script:
  version: 1
  credentials: {access_key_id: AKIDEXAMPLE, secret_access_key: secret}   # without: signatures are not checked
  rules:                          # the first that fits a request has it
    - when: {text: '(?i)quota', nth: [1, 2]}
      error: {code: ThrottlingException, message: 'Too many requests'}
    - when: {operation: converse, tool: emit_sql}
      reply: {tool: {name: emit_sql, input: {sql: 'SELECT 1'}}}
    - reply: {text: 'You said: {{ text }}'}
      wait_ms: [5, 40]
      stream: {piece: 8, pause_ms: 20}
      fault: {what: cut, after: 3}  # or hang, stall, end, bad_crc, bad_json, exception, unknown_event";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What it replies to what, and how it fails
    #[arg(long, value_name = "FILE")]
    script: PathBuf,
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 8089)]
    port: u16,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
}

pub(super) async fn run(args: &Args) -> anyhow::Result<End> {
    let stop = pin!(stop_signal()?);
    let Args { script, port, host } = args;
    let bound = sim::bind(Script::load(script)?, host, *port)
        .await
        .with_context(|| format!("cannot listen on {host}:{port}"))?;
    let url = format!("http://{}", bound.address()?);
    output::line(&format!(
        "bedrock-sim, a test double whose replies come from {} and from no model, answers at {url}\n\n  \
         export AWS_ENDPOINT_URL={url}\n",
        script.display()
    ))?;
    bound.serve(stop).await?;
    Ok(End::Done)
}
