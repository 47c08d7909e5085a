//! A stand-in in this process, a client set up for it, and a chat.

use std::sync::Arc;

use askline::{
    bedrock::{Bedrock, Capabilities, Credentials, Keys, Settings, ToolUse},
    model::{Chat, ChatModel, Completion, ModelError, Part, Piece, Role, Tool, Turn},
    sim::{self, Ledger, Script},
};
use futures_util::StreamExt;
use serde_json::{Value as Json, json};
use tokio::sync::oneshot;

use crate::LIMIT;

pub(crate) const MODEL: &str = "global.anthropic.claude-sonnet-4-5-20250929-v1:0";
pub(crate) const BASE: &str = "KBASE00001";
const KEYS: &str = "credentials: {access_key_id: AKIDEXAMPLE, secret_access_key: wJalrXUtnFEMI/K7MDENG}\n";

pub(crate) struct StandIn {
    pub(crate) url: String,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) bedrock: Arc<Bedrock>,
    _stop: oneshot::Sender<()>,
}

impl StandIn {
    /// With these rules and the keys that the client has.
    pub(crate) async fn new(rules: &str) -> Self {
        Self::with(&format!("{KEYS}rules:\n{rules}"), |_| {}).await
    }

    pub(crate) async fn with(script: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let script = Script::parse("script.yaml", &format!("version: 1\n{script}")).unwrap();
        let bound = sim::bind(script, "127.0.0.1", 0).await.unwrap();
        let url = format!("http://{}", bound.address().unwrap());
        let ledger = bound.ledger();
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(bound.serve(async move {
            let _ = stopped.await;
        }));
        let mut settings = settings(&url);
        change(&mut settings);
        Self { url, ledger, bedrock: Arc::new(Bedrock::new(settings).await), _stop: stop }
    }

    pub(crate) async fn complete(&self, chat: &Chat) -> Result<Completion, ModelError> {
        self.bedrock.complete(chat, LIMIT).await
    }

    /// The pieces of text, and how it ended.
    pub(crate) async fn stream(&self, chat: &Chat) -> (Vec<String>, Result<Completion, ModelError>) {
        gather(self.bedrock.stream(chat, LIMIT)).await
    }

    /// How each request ended.
    pub(crate) fn outcomes(&self) -> Vec<String> {
        self.ledger.requests().into_iter().map(|request| request.outcome).collect()
    }
}

pub(crate) async fn gather(mut pieces: askline::model::Pieces<'_>) -> (Vec<String>, Result<Completion, ModelError>) {
    let mut texts = Vec::new();
    let mut ended = None;
    while let Some(piece) = pieces.next().await {
        assert!(ended.is_none(), "nothing follows the end");
        match piece {
            Ok(Piece::Text(text)) => texts.push(text),
            Ok(Piece::Whole(whole)) => ended = Some(Ok(whole)),
            Err(error) => ended = Some(Err(error)),
        }
    }
    (texts, ended.expect("a stream ends with the whole or an error"))
}

pub(crate) fn settings(url: &str) -> Settings {
    let takes_all = Capabilities { sampling: true, tool: ToolUse::Forced, cache: true };
    Settings {
        region: Some("ap-northeast-2".to_owned()),
        credentials: Credentials { keys: Some(keys()), bearer: None },
        endpoint: Some(url.to_owned()),
        agent_endpoint: Some(url.to_owned()),
        control_endpoint: Some(url.to_owned()),
        documents_endpoint: Some(url.to_owned()),
        objects_endpoint: Some(url.to_owned()),
        models: [(MODEL.to_owned(), takes_all)].into(),
        ..Settings::default()
    }
}

pub(crate) fn keys() -> Keys {
    Keys {
        access_key_id: "AKIDEXAMPLE".to_owned(),
        secret_access_key: "wJalrXUtnFEMI/K7MDENG".to_owned(),
        session_token: None,
    }
}

pub(crate) fn chat() -> Chat {
    Chat {
        model: MODEL.to_owned(),
        system: vec![Part::Text("You write PostgreSQL.".to_owned()), Part::CachePoint],
        turns: vec![Turn { role: Role::User, parts: vec![Part::Text("How many thefts were there?".to_owned())] }],
        tool: None,
        max_tokens: 300,
        temperature: Some(0.2),
    }
}

pub(crate) fn with_tool() -> Chat {
    Chat { tool: Some(tool()), ..chat() }
}

pub(crate) fn tool() -> Tool {
    Tool { name: "emit_sql".to_owned(), description: "Takes the statement.".to_owned(), schema: schema() }
}

/// Its properties are not in the order of the alphabet.
pub(crate) fn schema() -> Json {
    json!({
        "type": "object",
        "properties": {"why": {"type": "string"}, "sql": {"type": "string"}, "kind": {"type": "string"}},
        "required": ["why", "sql"],
    })
}
