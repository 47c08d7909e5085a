//! A stand-in for Bedrock's wire, scripted by YAML: the same paths, headers, error shapes, usage figures, event streams and
//! signature checks, for tests and for users without AWS. It is a test double: its replies are the script's, never a
//! model's, and every answer says so in its headers.

mod base;
mod bucket;
mod catalog;
mod document;
mod embedding;
mod filter;
mod frame;
mod ledger;
mod operation;
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
    base::Bases,
    bucket::{Answered, Buckets},
    ledger::Chosen,
    operation::Route,
    reply::Said,
    request::Asked,
    script::{Refusal, Reply, Rule, What},
    signature::Signed,
};
pub use self::{
    ledger::{Ledger, Recorded},
    operation::Operation,
    script::{Script, ScriptError},
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
    bases: Bases,
    buckets: Buckets,
}

pub async fn bind(script: Script, host: &str, port: u16) -> io::Result<Bound> {
    let listener = tokio::net::TcpListener::bind((host, port)).await?;
    let ledger = Arc::new(Ledger::new(&script));
    let bases = Bases::new(&script.knowledge_bases);
    let buckets = Buckets::new(&script.buckets);
    Ok(Bound { listener, sim: Arc::new(Sim { script, ledger, bases, buckets }) })
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
        match request.original_uri().path() {
            "/__sim/requests" => return self.told(request.method()),
            "/__sim/documents" => return transport::body(&self.bases.told().to_string(), 200, "", None, None),
            _ => {}
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
        let place = self.buckets.place(uri.path());
        let object = || place.as_ref().and_then(|place| operation::of_object(method, place));
        let route = operation::route(method, uri.path()).or_else(object);
        let of_object = route.as_ref().is_some_and(|route| route.operation.is_object());
        let (path, query) = (uri.path(), uri.query().unwrap_or(""));
        let signed = Signed { method, path, query, header: &header, body, of_object };
        let mut recorded = Recorded::new(&signed, route.as_ref());
        match signature::check(&self.script, &signed).and_then(|()| self.read(route, signed.query, body)) {
            Ok(asked) => Ok((asked, recorded)),
            Err(refusal) => {
                recorded.outcome.clone_from(&refusal.code);
                let nth = self.ledger.enter(recorded);
                let id = transport::request_id(nth);
                Err(if of_object { transport::object(&refusal.into(), &id) } else { transport::refused(&refusal, &id) })
            }
        }
    }

    fn read(&self, route: Option<Route>, query: &str, body: &[u8]) -> Result<Asked, Refusal> {
        let Some(route) = route else {
            let mut unknown = Refusal::new("UnknownOperationException", "the stand-in has no such operation");
            unknown.status = Some(404);
            return Err(unknown);
        };
        let known = !route.operation.of_model() || self.script.models.is_empty();
        if !known && !self.script.models.contains(&route.name) {
            return Err(Refusal::new("ValidationException", "The provided model identifier is invalid."));
        }
        request::read(route, query, body)
    }

    /// What models say needs a rule, and is told so; all else has an answer of its own.
    fn without_rule(&self, asked: &Asked, mut recorded: Recorded) -> Response {
        let made = self.by_itself(asked, None).unwrap_or_else(|| {
            let why = "askline bedrock-sim: no rule of the script fits this request";
            Made::Refused(Refusal::new("ValidationException", why))
        });
        recorded.outcome = match &made {
            Made::Refused(refusal) if refusal.message.contains("no rule of the script") => "no rule".to_owned(),
            Made::Refused(refusal) => refusal.code.clone(),
            Made::Object(Answered { status, .. }) if *status >= 400 => format!("raw {status}"),
            _ => "reply".to_owned(),
        };
        recorded.usage = made.usage();
        let id = transport::request_id(self.ledger.enter(recorded));
        match made {
            Made::Whole(body, usage) => transport::body(&body.to_string(), asked.operation.status(), &id, usage, None),
            Made::Refused(refusal) => transport::refused(&refusal, &id),
            Made::Object(answered) => transport::object(&answered, &id),
            Made::Raw(status) => transport::body("", status, &id, None, None),
            Made::Events(events, _) => transport::events(events, "", script::Pace::default(), None, &id),
        }
    }

    /// The answer of operations that no model words, with what a rule says for them.
    fn by_itself(&self, asked: &Asked, rule: Option<&Rule>) -> Option<Made> {
        let reply = rule.and_then(|rule| rule.reply.as_ref());
        if asked.operation.is_object() {
            return Some(Made::Object(self.buckets.answer(asked)));
        }
        let answered = match asked.operation {
            Operation::InvokeModel if asked.is_embedding() => {
                let usage = self.ledger.bill(asked, "", rule.map(|rule| &rule.usage), &self.script);
                let vector = reply.and_then(|reply| reply.embedding.as_deref());
                return Some(Made::Whole(embedding::reply(asked, vector, usage), Some(usage)));
            }
            Operation::Converse
            | Operation::ConverseStream
            | Operation::InvokeModel
            | Operation::InvokeModelWithResponseStream
            | Operation::RetrieveAndGenerate
            | Operation::RetrieveAndGenerateStream => return None,
            Operation::Retrieve => match reply.and_then(|reply| reply.results.as_deref()) {
                Some(results) => Ok(reply::passages(asked, results)),
                None if self.script.knowledge_bases.is_empty() => return None,
                None => self.bases.answer(asked, &self.buckets),
            },
            Operation::IngestKnowledgeBaseDocuments
            | Operation::GetKnowledgeBaseDocuments
            | Operation::ListKnowledgeBaseDocuments
            | Operation::DeleteKnowledgeBaseDocuments
            | Operation::StartIngestionJob
            | Operation::GetIngestionJob
            | Operation::GetKnowledgeBase
            | Operation::ListDataSources
            | Operation::GetDataSource => self.bases.answer(asked, &self.buckets),
            _ => {
                // A rule for everything is not meant to intervene.
                let meant = rule.is_some_and(|rule| rule.when.operation == Some(Operation::ApplyGuardrail));
                let text = reply.filter(|_| meant).and_then(|reply| reply.text.as_deref());
                let scores = reply.and_then(|reply| reply.scores.as_deref());
                catalog::answer(&self.script, asked, text, scores)
            }
        };
        Some(match answered {
            Ok(body) => Made::Whole(body, None),
            Err(refusal) => Made::Refused(refusal),
        })
    }

    /// What an answer from a knowledge base rests on.
    fn passages(&self, asked: &Asked, reply: &Reply) -> Result<Vec<Json>, Refusal> {
        if let Some(results) = &reply.results {
            return Ok(results.clone());
        }
        let search = "/retrieveAndGenerateConfiguration/knowledgeBaseConfiguration/retrievalConfiguration\
                      /vectorSearchConfiguration";
        let search = asked.body.pointer(search).unwrap_or(&Json::Null);
        let most = search["numberOfResults"].as_u64().and_then(|most| usize::try_from(most).ok()).unwrap_or(5);
        let mut found = self.bases.found(&asked.model, &asked.text, search)?;
        found.truncate(most);
        Ok(found)
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
        recorded.usage = made.usage();
        let id = transport::request_id(self.ledger.enter(recorded));
        tokio::time::sleep(Duration::from_millis(chosen.wait_ms)).await;
        let fault = rule.fault.as_ref();
        let faulty = fault.map(|fault| (fault, rule.stream));
        match (made, &rule.raw) {
            (Made::Refused(refusal), _) if asked.operation.is_object() => transport::object(&refusal.into(), &id),
            (Made::Refused(refusal), _) => transport::refused(&refusal, &id),
            (Made::Object(answered), _) => transport::object(&answered, &id),
            (Made::Raw(status), Some(raw)) => {
                let mut response = transport::body(&raw.body, status, &id, None, faulty);
                transport::content_type(&mut response, &raw.content_type);
                response
            }
            (Made::Raw(status), None) => transport::body("", status, &id, None, None),
            (Made::Whole(body, usage), _) => {
                let counted = usage.filter(|_| asked.operation == Operation::InvokeModel);
                transport::body(&body.to_string(), asked.operation.status(), &id, counted, faulty)
            }
            (Made::Events(events, _), _) => {
                let mut response = transport::events(events, asked.operation.event(), rule.stream, fault, &id);
                if asked.operation == Operation::RetrieveAndGenerateStream {
                    transport::session(&mut response, &reply::session(asked));
                }
                response
            }
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

/// What is going to be answered, and what it costs.
enum Made {
    Refused(Refusal),
    /// Of S3.
    Object(Answered),
    Raw(u16),
    Whole(Json, Option<Usage>),
    Events(Vec<Vec<u8>>, Option<Usage>),
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
        if let Some(made) = sim.by_itself(asked, Some(rule)) {
            return made;
        }
        let Some(reply) = &rule.reply else {
            return Self::Raw(500);
        };
        let said = match Said::new(rule, reply, asked, chosen.nth) {
            Ok(said) => said,
            Err(why) => return Self::Refused(Refusal::new("InternalServerException", &why)),
        };
        let bill = || sim.ledger.bill(asked, &said.output(), Some(&rule.usage), &sim.script);
        let piece = rule.stream.piece;
        match asked.operation {
            Operation::Converse => {
                let usage = bill();
                Self::Whole(said.converse(usage, chosen.wait_ms), Some(usage))
            }
            Operation::ConverseStream => {
                let usage = bill();
                Self::Events(said.converse_stream(usage, chosen.wait_ms, piece), Some(usage))
            }
            Operation::InvokeModel => {
                let usage = bill();
                Self::Whole(said.messages(&asked.model, usage), Some(usage))
            }
            Operation::InvokeModelWithResponseStream => {
                let usage = bill();
                Self::Events(said.messages_stream(&asked.model, usage, piece), Some(usage))
            }
            operation => match sim.passages(asked, reply) {
                Err(refusal) => Self::Refused(refusal),
                Ok(passages) if operation == Operation::RetrieveAndGenerateStream => {
                    Self::Events(said.generated_stream(&passages, piece), None)
                }
                Ok(passages) => Self::Whole(said.generated(asked, &passages), None),
            },
        }
    }

    fn usage(&self) -> Option<Usage> {
        match self {
            Self::Whole(_, usage) | Self::Events(_, usage) => *usage,
            Self::Refused(_) | Self::Raw(_) | Self::Object(_) => None,
        }
    }
}
