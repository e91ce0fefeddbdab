//! Packages of the distribution, where there is apt-get.

use std::process::{Command, Stdio};

use anyhow::{Result, ensure};

use crate::process::{is_installed, printed, run};

/// Fetches the lists of packages, then installs some.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    update(packages)?;
    install_listed(packages)
}

/// Fetches the lists of packages. The error, if that is not possible, tells the user to install `packages`.
pub(crate) fn update(packages: &[&str]) -> Result<()> {
    run(as_root(packages)?.args(["apt-get", "update", "-qq"]))
}

/// Installs packages of the lists there are.
pub(crate) fn install_listed(packages: &[&str]) -> Result<()> {
    let mut command = as_root(packages)?;
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "--no-install-recommends"]);
    run(command.arg("--allow-downgrades").args(packages).stdout(Stdio::null()))
}

/// The version of a package that is installed, if it is.
pub(crate) fn installed_version(package: &str) -> Option<String> {
    let version = printed(Command::new("dpkg-query").args(["-W", "-f", "${Version}", package]))?;
    (!version.is_empty()).then_some(version)
}

/// The version of a package that would be installed.
pub(crate) fn candidate_version(package: &str) -> Option<String> {
    candidate(&printed(Command::new("apt-cache").args(["policy", package]))?)
}

fn candidate(policy: &str) -> Option<String> {
    policy.lines().find_map(|line| line.trim().strip_prefix("Candidate:")).map(|version| version.trim().to_owned())
}

/// `env`, with sudo where this user is not root.
fn as_root(packages: &[&str]) -> Result<Command> {
    let packages = packages.join(" ");
    ensure!(is_installed("apt-get"), "please install: {packages} (done for you only where there is apt-get)");
    if printed(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0") {
        return Ok(Command::new("env"));
    }
    ensure!(is_installed("sudo"), "please run as root: apt-get install {packages}");
    let mut command = Command::new("sudo");
    command.arg("env");
    Ok(command)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_candidate_is_read() {
        let policy =
            "qemu-system-arm:\n  Installed: (none)\n  Candidate: 1:7.2+dfsg-7+deb12u16\n  Version table:\n";
        assert_eq!(super::candidate(policy).as_deref(), Some("1:7.2+dfsg-7+deb12u16"));
    }
}
