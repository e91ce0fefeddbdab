//! `metaplastic watch FILE.plastic`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use metaplastic_files::artifact_file::ArtifactFile;
use metaplastic_files::atomic;
use metaplastic_host::body::BodyName;
use metaplastic_host::firmware::build_for_browser;
use metaplastic_task::Task;
use metaplastic_watch::{Replay, WatchPage, WatchedNetwork, export};

use super::artifact;
use super::evaluate::TaskSource;
use super::options::{SEEDS, bodies, environment};
use super::output::{note, say};
use super::replaced::{Input, check_output};
use super::values;

#[derive(Debug, Args)]
#[command(after_help = environment())]
pub(crate) struct Watch {
    /// The artifact
    #[arg(value_name = "FILE.plastic")]
    file: PathBuf,
    #[arg(long, value_name = "BODY", default_value = "host", help = bodies())]
    on: BodyName,
    /// Writes a page to send instead: one file in which the network runs in the browser, without a server
    #[arg(long, value_name = "FILE.html", conflicts_with_all = ["on", "address", "port", "replay"])]
    export: Option<PathBuf>,
    /// Seed of the unseen episodes
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = values::integer(SEEDS))]
    seed: u64,
    /// The address that the page is served from; whoever reaches it and knows the token can change the network's life
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// The port; 0 for any that is free
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,
    /// What a page saved of what was done in a life: the life is run again, and it is done at the same steps
    #[arg(long, value_name = "FILE", conflicts_with = "seed")]
    replay: Option<PathBuf>,
    #[command(flatten)]
    task: TaskSource,
}

impl Watch {
    pub(crate) fn run(self) -> Result<()> {
        let artifact = artifact::read(&self.file)?;
        let task = self.task.task(&artifact, &self.file)?;
        if let Some(output) = &self.export {
            return self.write_page(output, &artifact, &*task);
        }
        let replay = self.replay.as_deref().map(Replay::read).transpose()?.unwrap_or_default();
        let page = WatchPage::bind(SocketAddr::new(self.address, self.port))?;
        say!("{}\nopen it in a browser; Ctrl-C ends it", page.url());
        let file = self.file.display().to_string();
        let (body, seed) = (&self.on, self.seed);
        let (artifact, task, replay) = (&artifact, &*task, &replay);
        let watched = WatchedNetwork { file: &file, body, artifact, task, seed, replay };
        Ok(page.run(watched, note)?)
    }

    fn write_page(&self, output: &Path, artifact: &ArtifactFile, task: &dyn Task) -> Result<()> {
        check_output("--export", output, &[Input { name: "FILE.plastic", path: Some(&self.file) }])?;
        let name = self.file.file_name().unwrap_or_default().display().to_string();
        let (body, replay, seed) = (BodyName::Host, Replay::default(), self.seed);
        let module = build_for_browser()?;
        let watched = WatchedNetwork { file: &name, body: &body, artifact, task, seed, replay: &replay };
        let page = export(watched, &module)?;
        let named = || format!("{}: cannot be written", output.display());
        atomic::write(output, page.as_bytes()).with_context(named)?;
        say!("{}", output.display());
        let [page, module] = [page.len(), module.len() + artifact.bytes().len()].map(|bytes| bytes.div_ceil(1024));
        say!("{page} KiB, {module} of them the runtime and the artifact, before they are text");
        Ok(())
    }
}
