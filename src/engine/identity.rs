//! Who a worker is, and whether a worker of that name still lives.

use std::fs;

use crate::store::WorkerId;

/// This process.
pub(super) fn own() -> WorkerId {
    let pid = std::process::id();
    WorkerId { host: host(), boot_id: boot_id(), pid, start_time: start_time(pid).unwrap_or(0) }
}

/// Whether `worker` is certainly gone: of another run of this machine, or no process of
/// its start time. A worker of another machine may live, for all we can see.
pub fn is_gone(worker: &WorkerId) -> bool {
    worker.host == host()
        && (worker.boot_id != boot_id() || start_time(worker.pid) != Some(worker.start_time))
}

/// Whether `worker` certainly lives: one of this machine, as far as it can be seen. Of one
/// of another machine nobody here knows.
pub(super) fn lives_here(worker: &WorkerId) -> bool {
    worker.host == host() && !is_gone(worker)
}

fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

fn boot_id() -> String {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    id.trim().to_owned()
}

/// When a process started, in ticks since boot: field 22 of `/proc/PID/stat`
/// (proc(5)). A process that has ended and is not yet reaped counts as gone.
fn start_time(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name of the program may hold spaces and brackets; the fields behind it do not.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    if state == "Z" || state == "X" {
        return None;
    }
    fields.nth(18)?.parse().ok()
}
