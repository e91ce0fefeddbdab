//! `metaplastic watch`: the page is where the command says, and a port that is taken is named.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;

use crate::sandbox::{NETWORK, Sandbox};

#[test]
fn the_page_is_where_the_command_says() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&format!("watch {NETWORK}"));
    let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    // Open until the end: a command whose reader goes away ends.
    let mut printed = BufReader::new(process.stdout.take().unwrap());
    printed.read_line(&mut line).unwrap();
    let (host, path) = line.trim().strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    process.kill().unwrap();
    process.wait().unwrap();
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("<canvas"), "{page}");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let sandbox = Sandbox::new();
    sandbox.refuses(&format!("watch {NETWORK} --port {port}"), &[&format!("127.0.0.1:{port}"), "in use"]);
    sandbox.refuses(&format!("watch {NETWORK} --address nowhere"), &["--address"]);
}
