//! A server in this process, and a client that says exactly what a test wants said.

#![allow(dead_code, unreachable_pub, reason = "each file of tests uses its own part")]

use std::{net::SocketAddr, sync::Arc, time::Duration};

use askline::{
    engine::Engine,
    http,
    question::Lexicon,
    router::Router,
    store::{Limits, Store},
};
use serde_json::Value as Json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
    task::JoinHandle,
};

pub fn engine(store: &Store, limits: Limits) -> Engine {
    Engine::new(store.reader.clone(), Lexicon::builtin().unwrap(), Router::new("offline").unwrap(), limits)
}

pub struct Server {
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Server {
    pub async fn start(store: &Store) -> Self {
        Self::start_with(store, Limits::default(), Duration::from_secs(30)).await
    }

    pub async fn start_with(store: &Store, limits: Limits, request_timeout: Duration) -> Self {
        let settings = http::Settings { host: "127.0.0.1".to_owned(), port: 0, request_timeout };
        let bound = http::bind(&settings).await.unwrap();
        let address = bound.address().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let engine = Arc::new(engine(store, limits));
        let reader = store.reader.clone();
        let serving = tokio::spawn(bound.serve(engine, reader, store.ledger.clone(), async move {
            let _ = stopped.await;
        }));
        Self { address, stop: Some(stop), serving }
    }

    pub fn tell_to_stop(&mut self) {
        let _ = self.stop.take().map(|stop| stop.send(()));
    }

    pub async fn stopped(self) {
        self.serving.await.unwrap().unwrap();
    }

    /// A JSON body to /api/prompt/.
    pub async fn prompt(&self, body: &Json) -> Got {
        self.send("POST", "/api/prompt/", &[("content-type", "application/json")], body.to_string().as_bytes()).await
    }

    pub async fn get(&self, path: &str) -> Got {
        self.send("GET", path, &[], b"").await
    }

    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Got {
        Got::read(self.begin(method, path, headers, body).await).await
    }

    /// Sends a request and does not wait for its answer.
    pub async fn begin(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n").into_bytes();
        for (name, value) in headers {
            request.extend(format!("{name}: {value}\r\n").as_bytes());
        }
        if !headers.iter().any(|(name, _)| *name == "content-length") {
            request.extend(format!("content-length: {}\r\n", body.len()).as_bytes());
        }
        request.extend(b"\r\n");
        request.extend(body);
        stream.write_all(&request).await.unwrap();
        stream
    }
}

#[derive(Debug)]
pub struct Got {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Got {
    pub async fn read(mut stream: TcpStream) -> Self {
        let mut bytes = Vec::new();
        // A server that refuses a body may close before all of it was sent; what it said was read before.
        let _ = stream.read_to_end(&mut bytes).await;
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("not an answer: {text:?}"));
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        Self { status, headers, body: body.to_owned() }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}
