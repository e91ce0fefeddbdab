//! The page of one network: a server in a thread of its own, and the life of the network in the caller's.

use std::net::SocketAddr;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_host::body::{Body, BodyError, with_counting_body};
use metaplastic_shared::freeze::Freeze;

use crate::frame::encode;
use crate::greeting::greeting;
use crate::life::{BodyEnd, Watcher};
use crate::server::{PageMessages, PageServer, ServerError};
use crate::view::View;
use crate::visitor::Visitor;
use crate::watched::WatchedNetwork;

/// Steps a second at which a life begins: slow enough to be seen.
const SPEED: f64 = 60.0;
/// More than a state file has besides its weights, bytes.
const RECORD_HEADER: usize = 4096;
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
        let view = View::new(watched.artifact);
        let messages = PageMessages::new(encode(greeting(watched, &view), &[]));
        let (sender, controls) = channel();
        let mut visitor = Visitor::new(controls, watched.seed, Freeze::Nothing, Some(SPEED));
        visitor.keeps_weights = watched.forgets();
        if let Some(life) = watched.replay.life() {
            (visitor.seed, visitor.freeze, visitor.keeps_weights) = (life.seed, life.freeze, life.keeps_weights);
        }
        let mut watcher = Watcher::new(watched, view, visitor, messages.clone());
        let server = self.server.with_most_state(most_state(watched.artifact));
        thread::spawn(move || {
            if let Err(error) = server.run(messages, sender, log) {
                log(&error.to_string());
            }
        });
        let result = run_bodies(watched, &mut watcher);
        if result.is_err() {
            // The process may end behind this call: pages are told first.
            thread::sleep(LAST_MESSAGE);
        }
        Ok(result?)
    }
}

/// The largest state file of a network: its record's header beside all plastic weights.
fn most_state(artifact: &ArtifactFile) -> usize {
    let network = artifact.artifact().manifest().network;
    let plastic = network.projections.iter().filter(|projection| projection.plasticity.is_some());
    let synapses = plastic.map(|projection| network.shape(projection)).map(|(pre, post)| pre * post).sum::<usize>();
    2 * synapses + RECORD_HEADER
}

/// Runs the network on one body after another: each lesion needs one of its own.
fn run_bodies(watched: WatchedNetwork<'_>, watcher: &mut Watcher<'_>) -> Result<(), BodyError> {
    loop {
        let lesioned = watcher.lesioned();
        let artifact = lesioned.as_ref().unwrap_or(watched.artifact);
        match with_counting_body(watched.body, artifact, |body: &mut dyn Body| watcher.run(body))? {
            BodyEnd::Closed => return Ok(()),
            BodyEnd::Lesioned => {}
        }
    }
}
