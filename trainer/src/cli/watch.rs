//! `metaplastic watch FILE.plastic`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use metaplastic_host::body::BodyName;
use metaplastic_watch::{Replay, WatchPage, WatchedNetwork};

use super::artifact;
use super::evaluate::TaskSource;
use super::options::{SEEDS, bodies, environment};
use super::output::{note, say};
use super::values;

#[derive(Debug, Args)]
#[command(after_help = environment())]
pub(crate) struct Watch {
    /// The artifact
    #[arg(value_name = "FILE.plastic")]
    file: PathBuf,
    #[arg(long, value_name = "BODY", default_value = "host", help = bodies())]
    on: BodyName,
    /// Seed of the unseen episodes
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = values::integer(SEEDS))]
    seed: u64,
    /// The address that the page is served from; whoever reaches it and knows the token can change the network's life
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// The port; 0 for any that is free
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,
    /// What a page saved of what was done in a life: it is done again at the same steps; pass the life's seed too
    #[arg(long, value_name = "FILE")]
    replay: Option<PathBuf>,
    #[command(flatten)]
    task: TaskSource,
}

impl Watch {
    pub(crate) fn run(self) -> Result<()> {
        let artifact = artifact::read(&self.file)?;
        let task = self.task.task(&artifact, &self.file)?;
        let replay = self.replay.as_deref().map(Replay::read).transpose()?.unwrap_or_default();
        let page = WatchPage::bind(SocketAddr::new(self.address, self.port))?;
        say!("{}", page.url());
        say!("open it in a browser; Ctrl-C ends it");
        let file = self.file.display().to_string();
        let (body, seed) = (&self.on, self.seed);
        let (artifact, task, replay) = (&artifact, &*task, &replay);
        let watched = WatchedNetwork { file: &file, body, artifact, task, seed, replay };
        Ok(page.run(watched, note)?)
    }
}
