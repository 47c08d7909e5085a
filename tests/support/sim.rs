//! The stand-in for Bedrock on a real socket, the real client in front of it, and an engine that asks it.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use askline::{
    bedrock::{Bedrock, Capabilities, Credentials, Keys, Settings, ToolUse},
    cost::Models,
    engine::{Engine, ModelSetup},
    local::Local,
    model::ChatModel,
    prompt::{SqlPrompt, WordsPrompt},
    question::Lexicon,
    router::Router,
    sim::{self, Ledger, Script},
    sql::catalog::Catalog,
    store::{Limits, Store},
};
use tokio::sync::oneshot;

/// A model that takes everything.
pub(crate) const MODEL: &str = "anthropic.claude-haiku-5-5";

pub(crate) struct Sim {
    pub(crate) url: String,
    pub(crate) ledger: Arc<Ledger>,
    _stop: oneshot::Sender<()>,
}

impl Sim {
    /// With these rules, as the list of a script.
    pub(crate) async fn new(rules: &str) -> Self {
        Self::with(&format!("rules:\n{rules}")).await
    }

    /// With a whole script but its version and keys.
    pub(crate) async fn with(script: &str) -> Self {
        let keys = "credentials: {access_key_id: AKIDEXAMPLE, secret_access_key: wJalrXUtnFEMI/K7MDENG}\n";
        let script = Script::parse("script.yaml", &format!("version: 1\n{keys}{script}")).unwrap();
        let bound = sim::bind(script, "127.0.0.1", 0).await.unwrap();
        let url = format!("http://{}", bound.address().unwrap());
        let ledger = bound.ledger();
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(bound.serve(async move {
            let _ = stopped.await;
        }));
        Self { url, ledger, _stop: stop }
    }

    pub(crate) async fn client(&self) -> Bedrock {
        let takes = Capabilities { sampling: false, tool: ToolUse::Forced, cache: true };
        let keys = Keys {
            access_key_id: "AKIDEXAMPLE".to_owned(),
            secret_access_key: "wJalrXUtnFEMI/K7MDENG".to_owned(),
            session_token: None,
        };
        Bedrock::new(Settings {
            region: Some("ap-northeast-2".to_owned()),
            credentials: Credentials { keys: Some(keys), bearer: None },
            endpoint: Some(self.url.clone()),
            agent_endpoint: Some(self.url.clone()),
            control_endpoint: Some(self.url.clone()),
            documents_endpoint: Some(self.url.clone()),
            objects_endpoint: Some(self.url.clone()),
            models: [(MODEL.to_owned(), takes)].into(),
            ..Settings::default()
        })
        .await
    }

    /// What its knowledge bases hold, and what was put into them.
    pub(crate) async fn documents(&self) -> serde_json::Value {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let mut stream = tokio::net::TcpStream::connect(self.url.trim_start_matches("http://")).await.unwrap();
        let head = "GET /__sim/documents HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut got = String::new();
        stream.read_to_string(&mut got).await.unwrap();
        serde_json::from_str(got.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    /// How each request ended.
    pub(crate) fn outcomes(&self) -> Vec<String> {
        self.ledger.requests().into_iter().map(|request| request.outcome).collect()
    }
}

/// One for all, because reading it takes a while.
pub(crate) fn embedder() -> &'static Local {
    static EMBEDDER: OnceLock<Local> = OnceLock::new();
    EMBEDDER.get_or_init(Local::bundled)
}

/// An engine over a store whose rungs ask `chat`. `files` are strategies beside the built-in ones: name and text.
pub(crate) fn engine(store: &Store, chat: Arc<dyn ChatModel>, files: &[(&str, &str)]) -> Engine {
    let files: Vec<(String, String, String)> =
        files.iter().map(|(name, text)| ((*name).to_owned(), format!("{name}.yaml"), (*text).to_owned())).collect();
    let router = Router::with_files("offline", &files).unwrap();
    let catalog = Arc::new(Catalog::builtin().unwrap());
    let prompt = SqlPrompt::parse("text2sql.yaml", include_str!("../../prompts/text2sql.yaml"), &catalog).unwrap();
    let setup = ModelSetup {
        chat,
        default_model: MODEL.to_owned(),
        prices: Arc::new(Models::builtin().unwrap()),
        sql_prompts: BTreeMap::from([("text2sql".to_owned(), Arc::new(prompt))]),
        words_prompts: BTreeMap::from([("answer".to_owned(), Arc::new(WordsPrompt::answer().unwrap()))]),
        embedder: Arc::new(embedder().clone()),
        catalog,
    };
    let engine = Engine::new(store.reader.clone(), Lexicon::builtin().unwrap(), router, Limits::default());
    engine.with_models(setup).unwrap()
}
