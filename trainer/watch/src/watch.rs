//! The page of one network: a server in a thread of its own, and the life of the network in the caller's.

use std::net::SocketAddr;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::{Body, BodyError, BodyName, with_body};
use metaplastic_shared::freeze::Freeze;
use metaplastic_task::Task;
use serde_json::{Value, json};

use crate::frame::encode;
use crate::life::{Course, Watcher};
use crate::server::{PageMessages, PageServer, ServerError};
use crate::view::View;
use crate::visitor::Visitor;

/// Steps a second at which a life begins: slow enough to be seen.
const SPEED: f64 = 60.0;
/// The time that a last message has to reach the pages.
const LAST_MESSAGE: Duration = Duration::from_millis(500);

/// Why a network is not watched any more.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WatchError {
    /// The page cannot be served.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The network's body is not available, or failed.
    #[error(transparent)]
    Body(#[from] BodyError),
}

/// A network that is watched.
#[derive(Clone, Copy)]
pub struct WatchedNetwork<'a> {
    /// What the page calls its file.
    pub file: &'a str,
    /// What runs it.
    pub body: &'a BodyName,
    /// Its artifact.
    pub artifact: &'a ArtifactFile,
    /// What its episodes are drawn from.
    pub task: &'a dyn Task,
    /// The seed of the first life's unseen episodes.
    pub seed: u64,
}

/// A page that has its address.
pub struct WatchPage {
    server: PageServer,
}

impl WatchPage {
    /// Takes an address for the page; of port 0, any that is free.
    ///
    /// # Errors
    /// If the address cannot be used.
    pub fn bind(address: SocketAddr) -> Result<Self, ServerError> {
        Ok(Self { server: PageServer::bind(address)? })
    }

    /// The page's address, with its token.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Serves the page and runs the network in unseen episodes, until the process ends or the body fails. `log` gets a line
    /// for each refused request.
    ///
    /// # Errors
    /// If the body is not available or fails.
    pub fn run(self, watched: WatchedNetwork<'_>, log: fn(&str)) -> Result<(), WatchError> {
        let WatchedNetwork { body, artifact, task, seed, .. } = watched;
        let view = View::new(artifact);
        let messages = PageMessages::new(encode(greeting(watched, &view), &[]));
        let (sender, controls) = channel();
        let mut watcher = Watcher {
            task,
            view,
            visitor: Visitor::new(controls, seed, Freeze::Nothing, Some(SPEED)),
            messages: messages.clone(),
            is_slow: *body != BodyName::Host,
            course: Course::default(),
        };
        let server = self.server;
        thread::spawn(move || {
            if let Err(error) = server.run(messages, sender, log) {
                log(&error.to_string());
            }
        });
        let result = with_body(body, artifact, |body: &mut dyn Body| watcher.run(body));
        if result.is_err() {
            // The process may end behind this call: pages are told first.
            thread::sleep(LAST_MESSAGE);
        }
        Ok(result?)
    }
}

/// What a page is told of a network when it opens.
fn greeting(watched: WatchedNetwork<'_>, view: &View) -> Value {
    let WatchedNetwork { file, body, artifact, task, .. } = watched;
    let decoded = artifact.artifact();
    let network = decoded.manifest().network.clone();
    let populations = network.populations.iter();
    let populations: Vec<_> = populations
        .map(|population| json!({ "name": population.name.as_str(), "size": population.size }))
        .collect();
    let measure = task.measures().first();
    json!({
        "kind": "greeting",
        "file": file,
        "task": task.name(),
        "body": body.to_string(),
        "populations": populations,
        "view": view.described(),
        "score": measure.map_or("accuracy", |measure| measure.name),
        "chance": if measure.is_none() { Some(task.chance()) } else { None },
    })
}
