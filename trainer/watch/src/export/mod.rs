//! A page to send: one file in which the same network runs in the visitor's browser, as WebAssembly, in recorded episodes of its
//! task, without a server.
//!
//! It consists of the page that is served, with another source of its messages, the module of the runtime, the artifact and the
//! episodes. It knows nothing of what builds the module.

mod bundle;
mod recorded_episodes;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use metaplastic_host::body::{AnalogExponents, BodyError};
use serde_json::{Value, json};

use crate::greeting::greeting;
use crate::view::View;
use crate::watched::WatchedNetwork;
use bundle::bundle;
use recorded_episodes::RecordedEpisodes;

/// The page of a network, with `module`, the WebAssembly of `metaplastic_host::firmware::build_for_browser`.
///
/// # Errors
/// If the network does not run in this process.
pub fn export(watched: WatchedNetwork<'_>, module: &[u8]) -> Result<String, BodyError> {
    let episodes = RecordedEpisodes::record(watched)?;
    let view = View::new(watched.artifact);
    let data = json!({
        "greeting": exported_greeting(watched, &view, &episodes),
        "seed": watched.seed,
        "keeps_weights": watched.forgets(),
        "analog_exponents": AnalogExponents::of(&watched.artifact.artifact()).exponents(),
        "sections": view.sections(),
        "episodes": episodes.described,
        "is_world": episodes.is_world,
        "module": BASE64_STANDARD.encode(module),
        "artifact": BASE64_STANDARD.encode(watched.artifact.bytes()),
        "inputs": BASE64_STANDARD.encode(&episodes.compressed),
    });
    Ok(bundle(&data.to_string()))
}

/// The greeting of a page without a program.
fn exported_greeting(watched: WatchedNetwork<'_>, view: &View, episodes: &RecordedEpisodes) -> Value {
    let mut greeting = greeting(watched, view);
    greeting["source"] = json!("file");
    greeting["body"] = json!("browser");
    greeting["episodes"] = json!(episodes.described.len());
    greeting["can"] = json!({ "lesion": false, "save": false });
    if episodes.is_world {
        // A recorded world is what it was; machines show their chances.
        greeting["label_neurons"] = json!([]);
        let has_machines = |panel: &Value| panel["kind"] == "machines";
        if !greeting["scene"]["panels"].as_array().is_some_and(|panels| panels.iter().any(has_machines)) {
            greeting["changeable"] = json!([]);
        }
    }
    greeting
}
