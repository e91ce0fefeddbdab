//! The server of the page: its files and one WebSocket, for whoever knows the address.
//!
//! The address has a token of 128 random bits; without it every path is unknown. A socket is opened for pages of this address
//! alone, by the `Origin` that browsers send, and on a local address only under a local name, so that no other page can reach it
//! by a name of its own. It knows nothing of networks: it passes controls on, and messages to all pages that are open.

use std::net::{IpAddr, SocketAddr};
use std::sync::mpsc::Sender;
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::control::PageControl;
use crate::page;

/// The largest text of a page, bytes.
const MOST: usize = 1 << 16;
/// Messages that wait for a slow page; it is told how many it missed.
const WAITING: usize = 64;
/// Nothing from elsewhere, and nothing that is not a file of the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Why the page cannot be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The address cannot be used.
    #[error("{address}: {why}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the operating system reports.
        why: std::io::Error,
    },
    /// The operating system gives no random numbers, threads or sockets.
    #[error("the page cannot be served: {0}")]
    System(#[from] std::io::Error),
}

/// What the server passes on.
#[derive(Clone)]
pub(crate) struct PageMessages {
    to_pages: broadcast::Sender<Message>,
    /// What a page gets first.
    greeting: Bytes,
    /// Then the last message: a page may be opened where nothing goes on.
    last: Arc<RwLock<Option<Bytes>>>,
}

impl PageMessages {
    pub(crate) fn new(greeting: Vec<u8>) -> Self {
        Self { to_pages: broadcast::Sender::new(WAITING), greeting: greeting.into(), last: Arc::default() }
    }

    /// Sends a message to all pages that are open.
    pub(crate) fn send(&self, message: Vec<u8>) {
        let message = Bytes::from(message);
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = Some(message.clone());
        self.pass_on(Message::Binary(message));
    }

    /// Sends a message to the pages that are open now.
    pub(crate) fn send_once(&self, message: Vec<u8>) {
        self.pass_on(Message::Binary(message.into()));
    }

    /// Tells all pages why what one of them asked for cannot be.
    pub(crate) fn refuse(&self, reason: &str) {
        self.pass_on(text(&serde_json::json!({ "refused": reason })));
    }

    fn pass_on(&self, message: Message) {
        // Without a page nobody receives it, which is no error.
        let _ = self.to_pages.send(message);
    }

    /// What is sent from now on.
    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Message> {
        self.to_pages.subscribe()
    }

    /// What a page that opens gets first.
    fn first(&self) -> Vec<Message> {
        let last = self.last.read().unwrap_or_else(PoisonError::into_inner).clone();
        [Some(self.greeting.clone()), last].into_iter().flatten().map(Message::Binary).collect()
    }
}

/// A server that has its address, and serves from [`run`](Self::run) on.
pub(crate) struct PageServer {
    socket_port: std::net::TcpListener,
    address: SocketAddr,
    token: String,
    /// The largest state file that is taken, bytes.
    most_state: usize,
}

/// What every connection has.
#[derive(Clone)]
struct Served {
    token: Arc<str>,
    /// Whether only local names may be asked for.
    is_local: bool,
    messages: PageMessages,
    controls: Sender<PageControl>,
    log: fn(&str),
    /// The largest state file, bytes.
    most_state: usize,
}

impl PageServer {
    /// Takes an address; of port 0, any that is free.
    ///
    /// # Errors
    /// If it cannot be used.
    pub(crate) fn bind(address: SocketAddr) -> Result<Self, ServerError> {
        let socket_port = std::net::TcpListener::bind(address).map_err(|why| ServerError::Bind { address, why })?;
        socket_port.set_nonblocking(true)?;
        let address = socket_port.local_addr()?;
        Ok(Self { socket_port, address, token: token()?, most_state: 0 })
    }

    /// The same with the size of the largest state file that it takes, bytes.
    pub(crate) fn with_most_state(self, most_state: usize) -> Self {
        Self { most_state, ..self }
    }

    /// The address of the page, for a browser.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/{}/", self.address, self.token)
    }

    /// Serves until the process ends.
    ///
    /// # Errors
    /// If the operating system refuses.
    pub(crate) fn run(
        self,
        messages: PageMessages,
        controls: Sender<PageControl>,
        log: fn(&str),
    ) -> Result<(), ServerError> {
        let is_local = self.address.ip().is_loopback();
        let (token, most_state) = (self.token.into(), self.most_state);
        let served = Served { token, is_local, messages, controls, log, most_state };
        let routes = Router::new()
            .route("/{token}/", get(|| async { file("index.html") }))
            .route("/{token}/socket", get(socket))
            .route("/{token}/{name}", get(|Path((_, name)): Path<(String, String)>| async move { file(&name) }))
            .layer(from_fn_with_state(served.clone(), guard))
            .with_state(served);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        runtime.block_on(async {
            let socket_port = TcpListener::from_std(self.socket_port)?;
            axum::serve(socket_port, routes).await
        })?;
        Ok(())
    }
}

/// 128 random bits.
fn token() -> Result<String, ServerError> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(bits.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Refuses what does not know the token, or comes by another name than the server's.
async fn guard(served: State<Served>, request: Request, next: Next) -> Response {
    let State(served) = served;
    let token = request.uri().path().split('/').nth(1).unwrap_or_default();
    let refusal = if token != &*served.token {
        Some((StatusCode::NOT_FOUND, "a request without the token of the address"))
    } else if served.is_local && !is_local(request.headers()) {
        Some((StatusCode::FORBIDDEN, "a request by a name that is not local"))
    } else {
        None
    };
    let mut response = match refusal {
        Some((status, reason)) => {
            (served.log)(&format!("{reason} was refused"));
            status.into_response()
        }
        None => next.run(request).await,
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, axum::http::HeaderValue::from_static(value));
    }
    response
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::HOST)?.to_str().ok()
}

/// Whether the server was asked for by a local name or address.
fn is_local(headers: &HeaderMap) -> bool {
    let Some((name, _)) = host(headers).and_then(|host| host.rsplit_once(':')) else { return false };
    let address: Option<IpAddr> = name.trim_matches(['[', ']']).parse().ok();
    name == "localhost" || address.is_some_and(|address| address.is_loopback())
}

/// Whether a page of this very address asks.
fn is_own_page(headers: &HeaderMap) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let own = host(headers).map(|host| format!("http://{host}"));
    origin.is_some() && origin == own.as_deref()
}

fn file(name: &str) -> Response {
    match page::file(name) {
        Some((kind, contents)) => ([(header::CONTENT_TYPE, kind)], contents).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn socket(served: State<Served>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    let State(served) = served;
    if !is_own_page(&headers) {
        (served.log)("a socket for another page was refused");
        return StatusCode::FORBIDDEN.into_response();
    }
    let most = MOST.max(served.most_state);
    let upgrade = upgrade.max_message_size(most).max_frame_size(most);
    upgrade.on_upgrade(|socket| talk(served, socket))
}

/// Talks to a page until either ends it.
async fn talk(served: Served, mut socket: WebSocket) {
    let mut messages = served.messages.subscribe();
    let mut next = served.messages.first();
    loop {
        for message in next.drain(..) {
            if socket.send(message).await.is_err() {
                return;
            }
        }
        next.extend(tokio::select! {
            message = messages.recv() => match message {
                Ok(message) => Some(message),
                Err(RecvError::Lagged(count)) => Some(text(&serde_json::json!({ "missed": count }))),
                Err(RecvError::Closed) => return,
            },
            received = socket.recv() => match received {
                Some(Ok(Message::Text(control))) => answer(&served, &control),
                Some(Ok(Message::Binary(state))) => load(&served, &state),
                Some(Ok(Message::Close(_))) | None => return,
                Some(Ok(_)) => None,
                Some(Err(error)) => {
                    (served.log)(&format!("the connection to a page has ended: {error}"));
                    return;
                }
            },
        });
    }
}

/// Passes a control on; the answer to one that is refused.
fn answer(served: &Served, text: &str) -> Option<Message> {
    if text.len() > MOST {
        return Some(refused(served, &format!("{} bytes of text, at most {MOST} are read", text.len())));
    }
    match PageControl::parse(text) {
        Ok(control) => pass_on(served, control),
        Err(error) => Some(refused(served, &error.to_string())),
    }
}

/// Passes a state file on, which is a message that is no text.
fn load(served: &Served, state: &[u8]) -> Option<Message> {
    if state.len() > served.most_state {
        let most = served.most_state;
        return Some(refused(served, &format!("a state file of {} bytes, at most {most} are read", state.len())));
    }
    pass_on(served, PageControl::Load { state: state.to_vec() })
}

fn pass_on(served: &Served, control: PageControl) -> Option<Message> {
    served.controls.send(control).is_err().then_some(Message::Close(None))
}

fn refused(served: &Served, reason: &str) -> Message {
    (served.log)(&format!("the page's message was refused: {reason}"));
    text(&serde_json::json!({ "refused": reason }))
}

fn text(value: &serde_json::Value) -> Message {
    Message::Text(value.to_string().into())
}

#[cfg(test)]
mod tests;
