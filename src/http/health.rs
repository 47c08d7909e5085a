//! `GET /api/health/`: the process runs. `GET /api/ready/`: the database is reached and its tables are in place.

use poem::Response;
use serde_json::json;

use super::error::Problem;
use crate::{engine::Failure, store::Reader};

pub(super) fn health() -> Response {
    respond(&json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}))
}

pub(super) async fn ready(reader: Reader) -> poem::Result<Response> {
    reader.ready().await.map_err(|error| Problem::NotReady(Failure::of(&error)))?;
    Ok(respond(&json!({"status": "ready"})))
}

fn respond(body: &serde_json::Value) -> Response {
    Response::builder().content_type("application/json").body(body.to_string())
}
