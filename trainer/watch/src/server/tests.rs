//! Who may talk to the page's server, and what it does with what it is sent.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use tungstenite::client::IntoClientRequest;
use tungstenite::handshake::client::Request;
use tungstenite::{Error, Message, WebSocket, client};

use super::*;

/// A server in a thread, which ends with the process.
struct Running {
    address: SocketAddr,
    token: String,
    messages: PageMessages,
    controls: Receiver<PageControl>,
}

static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn log(text: &str) {
    LOG.lock().unwrap().push(text.to_owned());
}

fn is_logged(part: &str) -> bool {
    (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        LOG.lock().unwrap().iter().any(|line| line.contains(part))
    })
}

fn running() -> Running {
    let server = PageServer::bind("127.0.0.1:0".parse().unwrap()).unwrap().with_most_state(16);
    let (address, token, messages) =
        (server.address, server.token.clone(), PageMessages::new(b"greeting".to_vec()));
    let (sender, controls) = channel();
    let served = messages.clone();
    std::thread::spawn(move || server.run(served, sender, log));
    Running { address, token, messages, controls }
}

impl Running {
    /// The status line and headers, and the body, of what is answered to a request by a name.
    fn get(&self, path: &str, host: &str) -> (String, String) {
        let mut stream = TcpStream::connect(self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_lowercase(), body.to_owned())
    }

    fn status(&self, path: &str, host: &str) -> u16 {
        self.get(path, host).0.split(' ').nth(1).unwrap().parse().unwrap()
    }

    fn host(&self) -> String {
        self.address.to_string()
    }

    fn request(&self, token: &str, origin: Option<&str>) -> Request {
        let mut request = format!("ws://{}/{token}/socket", self.address).into_client_request().unwrap();
        if let Some(origin) = origin {
            request.headers_mut().insert("Origin", origin.parse().unwrap());
        }
        request
    }

    fn open(&self, request: Request) -> Result<WebSocket<TcpStream>, u16> {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        match client(request, stream) {
            Ok((socket, _)) => Ok(socket),
            Err(tungstenite::HandshakeError::Failure(Error::Http(response))) => Err(response.status().as_u16()),
            Err(other) => panic!("{other}"),
        }
    }

    fn page(&self) -> WebSocket<TcpStream> {
        let mut socket = self.open(self.request(&self.token, Some(&format!("http://{}", self.address)))).unwrap();
        assert_eq!(socket.read().unwrap(), Message::binary("greeting"));
        socket
    }
}

#[test]
fn the_page_is_served_to_whoever_knows_the_token() {
    let server = running();
    let (head, body) = server.get(&format!("/{}/", server.token), &server.host());
    assert!(head.starts_with("http/1.1 200") && head.contains("content-type: text/html"), "{head}");
    assert!(head.contains("content-security-policy: default-src 'none'"), "{head}");
    assert!(body.contains("watch.js"));
    assert_eq!(server.status(&format!("/{}/raster.js", server.token), &server.host()), 200);
    for path in [format!("/{}/other.js", server.token), format!("/{}/..%2fCargo.toml", server.token)] {
        assert_eq!(server.status(&path, &server.host()), 404, "{path}");
    }
}

#[test]
fn nothing_is_served_without_the_token() {
    let server = running();
    let wrong = "0".repeat(32);
    for path in ["/", "/index.html", "/watch.js", &format!("/{wrong}/"), &format!("/{wrong}/socket")] {
        assert_eq!(server.status(path, &server.host()), 404, "{path}");
    }
    let request = server.request(&wrong, Some(&format!("http://{}", server.address)));
    assert_eq!(server.open(request).err(), Some(404));
    assert!(is_logged("without the token"));
    assert_ne!(server.token, running().token);
}

#[test]
fn a_name_that_leads_here_by_somebody_elses_hand_is_refused() {
    let server = running();
    let path = format!("/{}/", server.token);
    for host in [format!("evil.example:{}", server.address.port()), "evil.example".into(), String::new()] {
        assert_eq!(server.status(&path, &host), 403, "{host}");
    }
    for host in ["localhost", "[::1]"] {
        assert_eq!(server.status(&path, &format!("{host}:{}", server.address.port())), 200, "{host}");
    }
    assert!(is_logged("not local"));
}

#[test]
fn a_socket_is_for_the_servers_own_page_alone() {
    let server = running();
    for origin in [None, Some("http://evil.example"), Some("null"), Some("http://127.0.0.1:1")] {
        assert_eq!(server.open(server.request(&server.token, origin)).err(), Some(403), "{origin:?}");
    }
    assert!(is_logged("another page"));
}

#[test]
fn controls_are_passed_on_and_malformed_ones_answered() {
    let server = running();
    let mut page = server.page();
    page.send(Message::text(r#"{"control":"pause"}"#)).unwrap();
    assert_eq!(server.controls.recv_timeout(Duration::from_secs(10)), Ok(PageControl::Pause));
    for wrong in [Message::text("{"), Message::text(r#"{"control":"erase"}"#), Message::binary(vec![0; 17])] {
        page.send(wrong).unwrap();
        let Message::Text(answer) = page.read().unwrap() else { panic!("no text") };
        assert!(answer.contains("refused"), "{answer}");
    }
    assert!(is_logged("not a control") && is_logged("a state file of 17 bytes"));
    page.send(Message::binary(vec![3; 16])).unwrap();
    let load = PageControl::Load { state: vec![3; 16] };
    assert_eq!(server.controls.recv_timeout(Duration::from_secs(10)), Ok(load));
    page.send(Message::text(r#"{"control":"run"}"#)).unwrap();
    assert_eq!(server.controls.recv_timeout(Duration::from_secs(10)), Ok(PageControl::Run));
}

#[test]
fn a_huge_message_ends_the_connection_and_nothing_else() {
    let server = running();
    let (mut page, mut other) = (server.page(), server.page());
    let _ = page.send(Message::text("x".repeat(MOST + 1)));
    assert!(page.read().is_err() || page.read().is_err());
    assert!(is_logged("too big") || is_logged("too long") || is_logged("Space limit"), "{:?}", LOG.lock());
    server.messages.send(b"frame".to_vec());
    assert_eq!(other.read().unwrap(), Message::binary("frame"));
}

#[test]
fn a_page_that_is_opened_later_gets_the_last_message() {
    let server = running();
    [vec![1], vec![2]].into_iter().for_each(|message| server.messages.send(message));
    assert_eq!(server.page().read().unwrap(), Message::binary(vec![2]));
}

#[test]
fn all_pages_see_the_same_and_a_slow_one_learns_what_it_missed() {
    let server = running();
    let (mut one, mut other) = (server.page(), server.page());
    server.messages.send(vec![1]);
    assert_eq!(one.read().unwrap(), Message::binary(vec![1]));
    assert_eq!(other.read().unwrap(), Message::binary(vec![1]));
    // More than fits what the system keeps for a connection that nobody reads.
    (0..4 * WAITING).for_each(|_| server.messages.send(vec![2; 1 << 20]));
    let missed = (0..4 * WAITING).find_map(|_| match one.read().unwrap() {
        Message::Text(note) => Some(note),
        _ => None,
    });
    assert!(missed.unwrap().contains("missed"));
}
