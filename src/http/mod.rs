//! The HTTP server: the route tree, what surrounds every request, and a graceful stop.

mod answer;
mod connection;
mod error;
mod health;
mod prompt;
mod request_id;
mod search;
mod usage;

use std::{future::Future, io, net::SocketAddr, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt;
use poem::{
    Endpoint, Request, Response, Route, Server,
    endpoint::make,
    http::{HeaderName, Method},
};
use tokio::sync::watch;

pub use answer::Body;
pub use search::SearchBody;
pub use usage::UsageBody;

use self::{
    connection::{Door, Peers},
    error::Problem,
    request_id::RequestId,
};
use crate::{
    engine::Engine,
    store::{Ledger, Reader},
};

#[derive(Debug, Clone)]
pub struct Settings {
    pub host: String,
    pub port: u16,
    /// From the last byte of the head to the answer; the body's arrival counts.
    pub request_timeout: Duration,
}

/// Who is to pay, where nobody says who asks.
const ANONYMOUS: &str = "anonymous";

/// How long requests in flight may still take once the server is told to stop.
const DRAIN: Duration = Duration::from_secs(10);
/// How long the last answer may take to go out. Connections that never asked anything are not waited for.
const FLUSH: Duration = Duration::from_secs(1);
/// How long a connection may lie idle.
const IDLE: Duration = Duration::from_secs(75);

/// A server that has its port and does not yet answer.
pub struct Bound {
    listener: tokio::net::TcpListener,
    request_timeout: Duration,
}

pub async fn bind(settings: &Settings) -> io::Result<Bound> {
    let listener = tokio::net::TcpListener::bind((settings.host.as_str(), settings.port)).await?;
    Ok(Bound { listener, request_timeout: settings.request_timeout })
}

impl Bound {
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until `stop` is there, then lets requests in flight end.
    pub async fn serve(
        self,
        engine: Arc<Engine>,
        reader: Reader,
        ledger: Ledger,
        stop: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let (door, peers) = Door::new(self.listener);
        let flights = Flights::default();
        let app = surround(routes(engine, reader, ledger), peers, flights.clone(), self.request_timeout);
        let (told, mut stopping) = watch::channel(());
        let stop = async move {
            stop.await;
            drop(told);
        };
        let server = Server::new_with_acceptor(door).idle_timeout(IDLE);
        tokio::select! {
            served = server.run_with_graceful_shutdown(app, stop, Some(DRAIN)) => served,
            () = async {
                while stopping.changed().await.is_ok() {}
                flights.none().await;
                tokio::time::sleep(FLUSH).await;
            } => Ok(()),
        }
    }
}

/// The requests that are being answered.
#[derive(Clone)]
struct Flights(watch::Sender<usize>);

struct Flight(watch::Sender<usize>);

impl Default for Flights {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Flights {
    fn begin(&self) -> Flight {
        self.0.send_modify(|flights| *flights += 1);
        Flight(self.0.clone())
    }

    async fn none(&self) {
        // An error would mean that nobody counts any more.
        let _ = self.0.subscribe().wait_for(|flights| *flights == 0).await;
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.0.send_modify(|flights| *flights -= 1);
    }
}

fn routes(engine: Arc<Engine>, reader: Reader, ledger: Ledger) -> Route {
    let mut route = Route::new();
    // Both with and without the trailing slash.
    for end in ["", "/"] {
        let (engine, searching, reader, ledger) = (engine.clone(), engine.clone(), reader.clone(), ledger.clone());
        let search = make(move |request| search::search(searching.clone(), request));
        let prompt = make(move |request| prompt::prompt(engine.clone(), request));
        let usage = make(move |request| usage::usage(ledger.clone(), request));
        let ready = make(move |_| health::ready(reader.clone()));
        let health = make(|_| async { health::health() });
        route = route
            .at(format!("/api/prompt{end}"), only(&[Method::POST], "POST", prompt))
            .at(format!("/api/search{end}"), only(&[Method::POST], "POST", search))
            .at(format!("/api/usage{end}"), only(&[Method::GET], "GET", usage))
            .at(format!("/api/health{end}"), only(&[Method::GET, Method::HEAD], "GET, HEAD", health))
            .at(format!("/api/ready{end}"), only(&[Method::GET, Method::HEAD], "GET, HEAD", ready));
    }
    route
}

/// Some methods; any other is told which.
fn only<E>(methods: &'static [Method], allow: &'static str, endpoint: E) -> impl Endpoint<Output = Response>
where
    E: Endpoint<Output = Response> + 'static,
{
    let endpoint = Arc::new(endpoint);
    make(move |request: Request| {
        let endpoint = endpoint.clone();
        async move {
            if methods.contains(request.method()) {
                endpoint.call(request).await
            } else {
                Err(Problem::MethodNotAllowed { allow }.into())
            }
        }
    })
}

/// What every request has: an id, a time limit, an end when its client hangs up, and a problem body for whatever goes
/// wrong, panics included. A handler that is ended is dropped, and with it what it was doing.
fn surround(app: Route, peers: Peers, flights: Flights, limit: Duration) -> impl Endpoint<Output = Response> {
    let app = Arc::new(app);
    make(move |mut request: Request| {
        let (app, peers, flight) = (app.clone(), peers.clone(), flights.begin());
        async move {
            let _flight = flight;
            let id = RequestId::give(&mut request);
            let gone = peers.gone(&request);
            let call = tokio::time::timeout(limit, AssertUnwindSafe(app.call(request)).catch_unwind());
            let called = tokio::select! {
                called = call => called,
                () = gone => return told(Problem::HungUp, &id),
            };
            let mut response = match called {
                Ok(Ok(Ok(response))) => response,
                Ok(Ok(Err(error))) => told(Problem::from_poem(error), &id),
                Ok(Err(_panic)) => told(Problem::Internal, &id),
                Err(_elapsed) => told(Problem::TimedOut(limit.as_millis()), &id),
            };
            if let Some(id) = id.header() {
                response.headers_mut().insert(HeaderName::from_static(request_id::HEADER), id);
            }
            response
        }
    })
}

fn told(problem: Problem, id: &RequestId) -> Response {
    tracing::info!(request_id = id.0, code = problem.code(), "problem");
    problem.into_response(&id.0)
}
