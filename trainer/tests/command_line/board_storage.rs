//! `metaplastic evaluate --save-on-board` and `--resume-from-board`: a chip that serves the sandbox's artifact at a
//! pseudo-terminal, with a storage for plastic weights or without.

use std::io::{Read as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use embedded_io::{ErrorKind, ErrorType, Read, Write};
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_runtime::{Network, NetworkStorage, WeightStorage, serve};
use metaplastic_shared::wire::Refusal;
use serde_json::Value;
use serialport::{SerialPort, TTYPort};

use crate::sandbox::{NETWORK, Sandbox};

/// The chip's end of a line; it ends when the test does.
struct Line<'l> {
    port: TTYPort,
    hung_up: &'l AtomicBool,
}

impl ErrorType for Line<'_> {
    type Error = ErrorKind;
}

impl Read for Line<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        loop {
            match self.port.read(buffer) {
                Err(_) if self.hung_up.load(Ordering::Relaxed) => return Ok(0),
                Err(error) if error.kind() == std::io::ErrorKind::TimedOut => {}
                result => return result.map_err(|_| ErrorKind::Other),
            }
        }
    }
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        self.port.write(bytes).map_err(|_| ErrorKind::Other)
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        self.port.flush().map_err(|_| ErrorKind::Other)
    }
}

/// Every save: the age, and the plastic weights of all projections one after another.
#[derive(Default)]
struct Saves(Vec<(u32, Vec<i16>)>);

fn projections(network: &Network<'_>) -> Vec<(usize, usize)> {
    let synapses = |projection| network.plastic_rows(projection).map(<[i16]>::len).sum();
    (0..network.artifact().manifest().network.projections.len()).map(|it| (it, synapses(it))).collect()
}

impl WeightStorage for Saves {
    fn save(&mut self, network: &Network<'_>) -> Result<u32, Refusal> {
        let rows = projections(network).into_iter().flat_map(|(projection, _)| network.plastic_rows(projection));
        self.0.push((network.age(), rows.flatten().copied().collect()));
        Ok(self.0.len() as u32)
    }

    fn load(&mut self, network: &mut Network<'_>) -> Result<u32, Refusal> {
        let (age, weights) = self.0.last().ok_or(Refusal::NothingSaved)?;
        network.set_age(*age);
        let mut weights = weights.iter().copied();
        for (projection, synapses) in projections(network) {
            if synapses > 0 {
                network.write_plastic(projection, 0, weights.by_ref().take(synapses));
            }
        }
        Ok(self.0.len() as u32)
    }
}

/// Hangs up when dropped, also when a test fails.
struct HangUp<'l>(&'l AtomicBool);

impl Drop for HangUp<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Runs `test` with a sandbox and the name of a body with this storage.
fn with_board(mut storage: impl WeightStorage + Send, test: impl FnOnce(&Sandbox, &str)) {
    let sandbox = Sandbox::new();
    let file = ArtifactFile::read(&sandbox.path(NETWORK)).unwrap();
    let (chip, host) = TTYPort::pair().unwrap();
    let hung_up = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let artifact = file.artifact();
            let mut memory = NetworkStorage::new(vec![0; Network::memory_words(&artifact)]);
            let mut network = Network::new(artifact, &mut memory).unwrap();
            serve(&mut network, &mut Line { port: chip, hung_up: &hung_up }, &mut (), &mut storage).unwrap();
        });
        let _hang_up = HangUp(&hung_up);
        test(&sandbox, &format!("serial:{}", host.name().unwrap()));
    });
}

fn evaluate(sandbox: &Sandbox, options: &str) -> Value {
    sandbox.succeeds(&format!("evaluate network.plastic --json --episodes 4 {options}")).json()
}

#[test]
fn what_a_board_saved_is_what_episodes_begin_with() {
    with_board(Saves::default(), |sandbox, body| {
        let on = format!("--on {body}");
        let resume = format!("{on} --resume-from-board");
        let parts = ["no plastic weights of this artifact are saved", "--save-on-board"];
        sandbox.refuses(&format!("evaluate network.plastic {resume}"), &parts);

        let born = evaluate(sandbox, &format!("{on} --save-on-board --save-state learned.state"));
        assert_eq!((&born["resumed_save"], &born["written_save"]), (&Value::Null, &Value::from(1)));
        let resumed = evaluate(sandbox, &resume);
        assert_eq!((&resumed["resumed_save"], &resumed["written_save"]), (&Value::from(1), &Value::Null));
        // The board saved what this computer did.
        let host = evaluate(sandbox, "--resume-state learned.state");
        assert_eq!(resumed["state_hash"], host["state_hash"]);
        assert_ne!(resumed["state_hash"], born["state_hash"]);

        let both = format!("evaluate network.plastic --episodes 2 {resume} --save-on-board");
        let printed = sandbox.succeeds(&both);
        for part in ["begins with save 1 on the board", "saved       on the board, save 2"] {
            assert!(printed.text().contains(part), "{part:?} is not in: {}", printed.text());
        }
    });
}

#[test]
fn a_body_without_storage_is_refused_by_name() {
    with_board((), |sandbox, body| {
        for on in ["host", "emulator:mps2-an386", body] {
            for option in ["--save-on-board", "--resume-from-board"] {
                let command = format!("evaluate network.plastic --episodes 1 --on {on} {option}");
                sandbox.refuses(&command, &[on, "has no storage for plastic weights", "--save-state FILE"]);
            }
        }
    });
    let sandbox = Sandbox::new();
    let both = "evaluate network.plastic --on serial:x --resume-from-board --resume-state y";
    sandbox.refuses(both, &["--resume-from-board", "--resume-state"]);
}
