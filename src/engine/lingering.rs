//! Whether the system ends a worker when its user logs out.
//!
//! Owns the reading of what systemd's login manager is told. Must never start a process
//! to ask it: what is not written down is named as unknown.

use std::fs;
use std::path::{Path, PathBuf};

/// Where the login manager looks, each before the next; within the directories the last
/// name that says it counts (`logind.conf(5)`).
const FILES: [&str; 4] = [
    "/etc/systemd/logind.conf",
    "/run/systemd/logind.conf",
    "/usr/local/lib/systemd/logind.conf",
    "/usr/lib/systemd/logind.conf",
];

/// What becomes of a process whose user logs out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Lingering {
    /// There is no systemd that could end it.
    NoManager,
    /// This user's processes stay: `loginctl enable-linger` was used.
    Enabled,
    /// Nobody's are ended.
    Stays,
    /// They are ended.
    Ends,
    /// The maker of the system decided, and wrote it nowhere.
    Unknown,
}

/// What the system does with processes of `user`.
pub(super) fn policy(user: Option<&str>) -> Lingering {
    if !Path::new("/run/systemd/system").exists() {
        return Lingering::NoManager;
    }
    if user.is_some_and(|user| Path::new("/var/lib/systemd/linger").join(user).exists()) {
        return Lingering::Enabled;
    }
    let mut said =
        FILES.iter().find_map(|file| fs::read_to_string(file).ok()).as_deref().and_then(kills);
    for file in additions() {
        let text = fs::read_to_string(file).unwrap_or_default();
        said = kills(&text).or(said);
    }
    match said {
        Some(true) => Lingering::Ends,
        Some(false) => Lingering::Stays,
        None => Lingering::Unknown,
    }
}

/// The files beside the main one, in the order in which they are read: by their names,
/// wherever they are.
fn additions() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = FILES
        .iter()
        .rev()
        .filter_map(|file| fs::read_dir(format!("{file}.d")).ok())
        .flat_map(|dir| dir.flatten().map(|entry| entry.path()))
        .filter(|file| file.extension().is_some_and(|ending| ending == "conf"))
        .collect();
    files.sort_by(|a, b| a.file_name().cmp(&b.file_name()));
    files
}

/// What one file says of `KillUserProcesses`.
fn kills(text: &str) -> Option<bool> {
    let said = text.lines().filter_map(|line| line.trim().strip_prefix("KillUserProcesses"));
    let said = said.filter_map(|rest| rest.trim_start().strip_prefix('=')).next_back()?;
    match said.trim().to_ascii_lowercase().as_str() {
        "1" | "yes" | "true" | "on" | "y" | "t" => Some(true),
        "0" | "no" | "false" | "off" | "n" | "f" => Some(false),
        _ => None,
    }
}
