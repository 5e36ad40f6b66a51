//! How the history and whoever works on it are: for whoever wonders.
//!
//! Promises to change nothing, and to make nothing that is not there. May take as long as
//! reading the whole database does.

use std::path::Path;

use super::identity::is_gone;
use super::lingering::{self, Lingering};
use crate::domain::{Area, Failure, Finding, Query};
use crate::store::{About, Store, StoreError};

/// Less room than this on the disk is worth a word, in bytes.
const SCARCE: u64 = 256 << 20;

/// How the history in `dir` is, whose workers are those of `user`.
pub fn examine(dir: &Path, user: Option<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    match Store::open_existing(dir) {
        Ok(None) => {
            let none = "none yet: the first request, and the studio, make it";
            findings.push(Area::History.fine("database", none));
        }
        Ok(Some(store)) => findings.extend(database(&store)),
        Err(error) => findings.push(trouble("database", error)),
    }
    findings.push(after_logout(lingering::policy(user)));
    findings
}

fn database(store: &Store) -> Vec<Finding> {
    let mut findings = vec![match store.check() {
        Ok(()) => {
            let made = store.count(&Query::default(), u32::MAX).unwrap_or(0);
            let what = if made == 1 { "generation" } else { "generations" };
            Area::History.fine("database", format!("{made} {what}, sound"))
        }
        Err(error) => trouble("database", error),
    }];
    match store.about() {
        Ok(about) => findings.extend(place(&about)),
        Err(error) => findings.push(trouble("disk", error)),
    }
    match workers(store) {
        Ok(found) => findings.extend(found),
        Err(error) => findings.push(trouble("worker", error)),
    }
    findings
}

fn trouble(what: &'static str, error: StoreError) -> Finding {
    let failure = Failure::from(error);
    Area::History.off(what, &failure.what, &failure.hint)
}

/// How the history lies on its disk.
fn place(about: &About) -> [Finding; 4] {
    let tables = format!("version {}, read by programs from {}", about.schema, about.oldest_reader);
    let tables = match about.own_schema {
        own if own < about.schema => {
            let found = format!("{tables}; this program makes {own}");
            Area::History.off("tables", found, "update this program: until then nothing is kept")
        }
        _ => Area::History.fine("tables", tables),
    };
    let free = format!("{} MiB", about.free >> 20);
    let free = match about.free {
        0..SCARCE => {
            Area::History.off("free space", free, "free some: without room nothing is sent")
        }
        _ => Area::History.fine("free space", free),
    };
    let kind = about.file_system.as_deref().unwrap_or("of a kind that the system does not tell");
    let journal = Area::History.fine("journal", &about.journal);
    [tables, journal, Area::History.fine("file system", kind), free]
}

/// Who works on what, and what waits for the user.
fn workers(store: &Store) -> Result<Vec<Finding>, StoreError> {
    let under_way: Vec<_> = store.under_way()?.into_iter().flatten().collect();
    let held = under_way.iter().filter_map(|found| found.attempt.as_ref());
    let left = held.clone().filter(|attempt| is_gone(&attempt.worker)).count();
    let (at_work, all) = (held.count() - left, under_way.len());
    let found = match (at_work, all) {
        (0, 0) => "none needed: nothing is under way".to_owned(),
        (0, all) => format!("none at work, and {all} wait"),
        (at_work, all) => format!("alive: {at_work} under way, {} wait", all - at_work - left),
    };
    let mend = "`pentimento resume`, or the studio's next start, takes it up";
    let worker = if left > 0 {
        let found = format!("gone in the middle of {left}; {found}");
        Area::History.off("worker", found, mend)
    } else if at_work == 0 && all > 0 {
        Area::History.off("worker", found, mend)
    } else {
        Area::History.fine("worker", found)
    };
    let unknown = store.unknown()?.len();
    let outcomes = if unknown == 0 {
        Area::History.fine("outcomes", "all known")
    } else {
        let mend = "`pentimento resume` lists them, to be sent again or given up";
        Area::History.off("outcomes", format!("{unknown} unknown"), mend)
    };
    Ok(vec![worker, outcomes])
}

/// What becomes of a worker whose user logs out.
fn after_logout(lingering: Lingering) -> Finding {
    let linger = "`loginctl enable-linger` keeps what was asked for running after you log out";
    let fine = |found| Area::History.fine("after logout", found);
    match lingering {
        Lingering::NoManager => fine("workers go on: nothing here ends them"),
        Lingering::Enabled => fine("workers go on: lingering is enabled for you"),
        Lingering::Stays => fine("workers go on: KillUserProcesses=no"),
        Lingering::Ends => {
            let found = "workers are ended: KillUserProcesses=yes";
            Area::History.off("after logout", found, linger)
        }
        Lingering::Unknown => fine(&format!("as the system was built: if it ends them, {linger}")),
    }
}
