//! A stand-in for Bedrock's wire, scripted by YAML: the same paths, headers, error shapes, usage figures, event streams and
//! signature checks, for tests and for users without AWS. It is a test double: its replies are the script's, never a
//! model's, and every answer says so in its headers.

mod frame;
mod ledger;
mod reply;
mod request;
mod script;
mod signature;
mod tokens;
mod transport;

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use poem::{
    Request, Response, Server,
    endpoint::make,
    http::{Method, StatusCode},
    listener::TcpAcceptor,
};
use serde_json::{Value as Json, json};

use self::{
    ledger::Chosen,
    reply::Said,
    request::Asked,
    script::{Refusal, Rule, What},
    signature::Signed,
};
pub use self::{
    ledger::{Ledger, Recorded},
    script::{Operation, Script, ScriptError},
};
use crate::model::Usage;

/// A stand-in that has its port and does not yet answer.
pub struct Bound {
    listener: tokio::net::TcpListener,
    sim: Arc<Sim>,
}

struct Sim {
    script: Script,
    ledger: Arc<Ledger>,
}

pub async fn bind(script: Script, host: &str, port: u16) -> io::Result<Bound> {
    let listener = tokio::net::TcpListener::bind((host, port)).await?;
    let ledger = Arc::new(Ledger::new(&script));
    Ok(Bound { listener, sim: Arc::new(Sim { script, ledger }) })
}

impl Bound {
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// What was asked, and what it would have cost.
    pub fn ledger(&self) -> Arc<Ledger> {
        self.sim.ledger.clone()
    }

    /// Answers until `stop` is there. Requests in flight are not waited for: some are made to hang.
    pub async fn serve(self, stop: impl Future<Output = ()>) -> io::Result<()> {
        let sim = self.sim;
        let app = make(move |request| {
            let sim = sim.clone();
            async move { Ok::<_, poem::Error>(sim.answer(request).await) }
        });
        let server = Server::new_with_acceptor(TcpAcceptor::from_tokio(self.listener)?);
        server.run_with_graceful_shutdown(app, stop, Some(Duration::ZERO)).await
    }
}

/// Largest body that is read, as the service has it.
const LARGEST_BODY: usize = 25 * 1024 * 1024;
/// For as long as this a request hangs whose client does not hang up.
const HANG: Duration = Duration::from_secs(3600);

impl Sim {
    async fn answer(&self, mut request: Request) -> Response {
        if request.original_uri().path() == "/__sim/requests" {
            return self.told(request.method());
        }
        let Ok(body) = request.take_body().into_bytes_limit(LARGEST_BODY).await else {
            return transport::refused(&Refusal::new("ValidationException", "Request body is too large"), "");
        };
        let (asked, recorded) = match self.admit(&request, &body) {
            Ok(admitted) => admitted,
            Err(refused) => return refused,
        };
        match self.ledger.choose(&self.script.rules, &asked) {
            Some(chosen) => self.by_rule(&asked, &chosen, recorded).await,
            None => self.without_rule(&asked, recorded),
        }
    }

    /// The request, if the service would take it, and what is to be recorded of it.
    #[expect(clippy::result_large_err, reason = "the answer is sent at once")]
    fn admit(&self, request: &Request, body: &[u8]) -> Result<(Asked, Recorded), Response> {
        let (method, uri) = (request.method().as_str(), request.original_uri());
        let header = |name: &str| request.header(name).map(str::to_owned);
        let signed = Signed { method, path: uri.path(), query: uri.query().unwrap_or(""), header: &header, body };
        let route = request::route(method, uri.path());
        let mut recorded = Recorded::new(&signed, route.as_ref());
        match signature::check(&self.script, &signed).and_then(|()| self.read(route, body)) {
            Ok(asked) => Ok((asked, recorded)),
            Err(refusal) => {
                recorded.outcome.clone_from(&refusal.code);
                let nth = self.ledger.enter(recorded);
                Err(transport::refused(&refusal, &transport::request_id(nth)))
            }
        }
    }

    fn read(&self, route: Option<(Operation, String)>, body: &[u8]) -> Result<Asked, Refusal> {
        let Some((operation, model)) = route else {
            let mut unknown = Refusal::new("UnknownOperationException", "the stand-in has no such operation");
            unknown.status = Some(404);
            return Err(unknown);
        };
        let known = operation == Operation::Retrieve || self.script.models.is_empty();
        if !known && !self.script.models.contains(&model) {
            return Err(Refusal::new("ValidationException", "The provided model identifier is invalid."));
        }
        request::read(operation, model, body)
    }

    /// Embeddings need no rule; all else does, and is told so.
    fn without_rule(&self, asked: &Asked, mut recorded: Recorded) -> Response {
        if asked.operation == Operation::InvokeModel && asked.body.get("inputText").is_some() {
            let usage = self.ledger.bill(asked, "", None, &self.script);
            recorded.paid("reply", usage);
            let id = transport::request_id(self.ledger.enter(recorded));
            return transport::body(&reply::embedding(asked, None, usage).to_string(), 200, &id, Some(usage), None);
        }
        let refusal =
            Refusal::new("ValidationException", "askline bedrock-sim: no rule of the script fits this request");
        recorded.outcome = "no rule".to_owned();
        transport::refused(&refusal, &transport::request_id(self.ledger.enter(recorded)))
    }

    async fn by_rule(&self, asked: &Asked, chosen: &Chosen<'_>, mut recorded: Recorded) -> Response {
        let rule = chosen.rule;
        if let Some(fault) = &rule.fault
            && fault.what == What::Hang
        {
            recorded.outcome = "hang".to_owned();
            self.ledger.enter(recorded);
            tokio::time::sleep(HANG).await;
            return StatusCode::GATEWAY_TIMEOUT.into();
        }
        let made = Made::new(self, asked, chosen);
        recorded.outcome = match (&made, &rule.fault) {
            (Made::Refused(refusal), _) => refusal.code.clone(),
            (Made::Raw(status), _) => format!("raw {status}"),
            (_, Some(fault)) => format!("{:?}", fault.what).to_lowercase(),
            (_, None) => "reply".to_owned(),
        };
        if let Some(usage) = made.usage() {
            recorded.usage = Some(usage);
        }
        let id = transport::request_id(self.ledger.enter(recorded));
        tokio::time::sleep(Duration::from_millis(chosen.wait_ms)).await;
        match (made, &rule.raw) {
            (Made::Refused(refusal), _) => transport::refused(&refusal, &id),
            (Made::Raw(status), Some(raw)) => {
                let mut response = transport::body(&raw.body, status, &id, None, rule.fault.as_ref());
                transport::content_type(&mut response, &raw.content_type);
                response
            }
            (Made::Raw(status), None) => transport::body("", status, &id, None, None),
            (Made::Whole(body, usage), _) => {
                let counted = (asked.operation == Operation::InvokeModel).then_some(usage);
                transport::body(&body.to_string(), 200, &id, counted, rule.fault.as_ref())
            }
            (Made::Events(events, _), _) => transport::events(events, rule.stream, rule.fault.as_ref(), &id),
        }
    }

    fn told(&self, method: &Method) -> Response {
        if *method == Method::DELETE {
            self.ledger.clear();
        }
        let body = json!({"about": transport::ABOUT, "paid": self.ledger.paid(), "requests": self.ledger.requests()});
        transport::body(&body.to_string(), 200, "", None, None)
    }
}

/// What is going to be answered.
enum Made {
    Refused(Refusal),
    Raw(u16),
    Whole(Json, Usage),
    Events(Vec<Vec<u8>>, Usage),
}

impl Made {
    fn new(sim: &Sim, asked: &Asked, chosen: &Chosen<'_>) -> Self {
        let rule: &Rule = chosen.rule;
        if let Some(refusal) = &rule.error {
            return Self::Refused(refusal.clone());
        }
        if let Some(raw) = &rule.raw {
            return Self::Raw(raw.status);
        }
        let Some(reply) = &rule.reply else {
            return Self::Raw(500);
        };
        let said = match Said::new(rule, reply, asked, chosen.nth) {
            Ok(said) => said,
            Err(why) => return Self::Refused(Refusal::new("InternalServerException", &why)),
        };
        let usage = sim.ledger.bill(asked, &said.output(), Some(&rule.usage), &sim.script);
        let piece = rule.stream.piece;
        match asked.operation {
            Operation::Converse => Self::Whole(said.converse(usage, chosen.wait_ms), usage),
            Operation::ConverseStream => Self::Events(said.converse_stream(usage, chosen.wait_ms, piece), usage),
            Operation::InvokeModel if asked.body.get("inputText").is_some() => {
                Self::Whole(reply::embedding(asked, reply.embedding.as_deref(), usage), usage)
            }
            Operation::InvokeModel => Self::Whole(said.messages(&asked.model, usage), usage),
            Operation::InvokeModelWithResponseStream => {
                Self::Events(said.messages_stream(&asked.model, usage, piece), usage)
            }
            Operation::Retrieve => {
                Self::Whole(reply::passages(asked, reply.results.as_deref().unwrap_or_default()), Usage::default())
            }
        }
    }

    fn usage(&self) -> Option<Usage> {
        match self {
            Self::Whole(_, usage) | Self::Events(_, usage) => Some(*usage),
            Self::Refused(_) | Self::Raw(_) => None,
        }
    }
}
