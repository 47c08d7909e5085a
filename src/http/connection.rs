//! Connections that notice when the client hangs up.
//!
//! hyper ends a connection whose client has gone, but poem (3.1.12) then polls it once more, and so goes on with the
//! request to its end. Here the end of the stream is seen on its way to hyper, and [`Peers`] tells the handler.

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use poem::{
    Addr, Request,
    http::uri::Scheme,
    listener::Acceptor,
    web::{LocalAddr, RemoteAddr},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Takes connections and remembers them in `peers` while they last.
pub(super) struct Door {
    listener: TcpListener,
    peers: Peers,
}

/// The connections there are, by the address of the other end.
#[derive(Clone, Default)]
pub(super) struct Peers(Arc<Mutex<HashMap<SocketAddr, watch::Receiver<()>>>>);

pub(super) struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    peers: Peers,
    gone: watch::Receiver<()>,
    /// Dropped at the end of the stream: that is the message.
    there: Option<watch::Sender<()>>,
}

/// Out of file descriptors, most likely: trying at once again would only burn the processor.
const PAUSE_AFTER_REFUSAL: Duration = Duration::from_millis(50);

impl Door {
    pub(super) fn new(listener: TcpListener) -> (Self, Peers) {
        let peers = Peers::default();
        (Self { listener, peers: peers.clone() }, peers)
    }
}

impl Peers {
    /// Ends when the client of this request has hung up.
    pub(super) fn gone(&self, request: &Request) -> impl Future<Output = ()> + use<> {
        let peer = match &**request.remote_addr() {
            Addr::SocketAddr(peer) => self.lock().get(peer).cloned(),
            _ => None,
        };
        async move {
            match peer {
                Some(mut peer) => while peer.changed().await.is_ok() {},
                None => std::future::pending().await,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SocketAddr, watch::Receiver<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Acceptor for Door {
    type Io = Connection;

    fn local_addr(&self) -> Vec<LocalAddr> {
        self.listener.local_addr().map(|addr| LocalAddr(addr.into())).into_iter().collect()
    }

    async fn accept(&mut self) -> io::Result<(Connection, LocalAddr, RemoteAddr, Scheme)> {
        let (stream, peer) = loop {
            match self.listener.accept().await {
                Ok(accepted) => break accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection was not taken");
                    tokio::time::sleep(PAUSE_AFTER_REFUSAL).await;
                }
            }
        };
        stream.set_nodelay(true)?;
        let local = stream.local_addr()?;
        let (there, gone) = watch::channel(());
        self.peers.lock().insert(peer, gone.clone());
        let connection = Connection { stream, peer, peers: self.peers.clone(), gone, there: Some(there) };
        Ok((connection, LocalAddr(local.into()), RemoteAddr(peer.into()), Scheme::HTTP))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut peers = self.peers.lock();
        // The same port may have come back before this one was tidied up.
        if peers.get(&self.peer).is_some_and(|known| known.same_channel(&self.gone)) {
            peers.remove(&self.peer);
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let room = buf.remaining() > 0;
        let read = ready!(Pin::new(&mut self.stream).poll_read(cx, buf));
        if read.is_err() || (room && buf.filled().len() == before) {
            self.there = None;
        }
        Poll::Ready(read)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
