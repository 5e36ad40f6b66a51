//! What kind of file system a directory lies on: SQLite's write-ahead log needs
//! memory shared between processes, which network file systems only pretend to have.
//!
//! Owns the reading of `/proc/self/mountinfo`. Promises that whatever it does not know
//! counts as remote. Must never guess from a path.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

/// File systems of this machine's own disks and memory.
const LOCAL: [&str; 18] = [
    "apfs", "bcachefs", "btrfs", "erofs", "exfat", "ext2", "ext3", "ext4", "f2fs", "jfs", "ntfs3",
    "overlay", "ramfs", "reiserfs", "tmpfs", "vfat", "xfs", "zfs",
];

/// Whether `dir` is known to lie on a disk of this machine.
pub(super) fn is_local(dir: &Path) -> bool {
    kind(dir).is_some_and(|kind| LOCAL.contains(&kind.as_str()))
}

/// The type of the file system that `dir` lies on, where the system tells.
pub(super) fn kind(dir: &Path) -> Option<String> {
    let mounts = fs::read("/proc/self/mountinfo").ok()?;
    file_system(&mounts, &dir.canonicalize().ok()?).map(str::to_owned)
}

/// The type of the file system that `path` (absolute, without symbolic links) lies on,
/// according to `mountinfo` (`proc_pid_mountinfo(5)`). The deepest mount point wins, and
/// among equals the last one, which covers the others.
pub fn file_system<'m>(mountinfo: &'m [u8], path: &Path) -> Option<&'m str> {
    mountinfo
        .split(|byte| *byte == b'\n')
        .filter_map(mount)
        .filter(|(point, _)| path.starts_with(Path::new(point)))
        .max_by_key(|(point, _)| Path::new(point).components().count())
        .map(|(_, kind)| kind)
}

/// Mount point and type in one line:
/// `36 35 98:0 /root /mount/point rw,noatime master:1 - ext4 /dev/sda rw`.
fn mount(line: &[u8]) -> Option<(OsString, &str)> {
    let mut fields = line.split(|byte| *byte == b' ');
    let point = unescaped(fields.nth(4)?);
    let kind = fields.skip_while(|field| *field != b"-").nth(1)?;
    Some((point, std::str::from_utf8(kind).ok()?))
}

/// `raw` with the kernel's `\040` (space, tab, line end, backslash) turned back.
fn unescaped(raw: &[u8]) -> OsString {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let [first, after @ ..] = rest {
        let octal = match rest {
            [b'\\', digits @ ..] if digits.len() >= 3 => std::str::from_utf8(&digits[..3])
                .ok()
                .and_then(|digits| u8::from_str_radix(digits, 8).ok()),
            _ => None,
        };
        if let Some(byte) = octal {
            bytes.push(byte);
            rest = &rest[4..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    OsString::from_vec(bytes)
}
