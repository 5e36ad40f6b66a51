//! The history on disk: opening it, what it withstands, and (below) its parts.

#![expect(clippy::unwrap_used, reason = "a fixture that fails fails its test")]

mod charges;
mod days;
mod files;
mod journal;
mod lineage;
mod lines;
mod opinions;
mod queries;
mod queue;
mod search;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::thread;

use crate::unlimited::Unlimited as _;
use pentimento::domain::{
    Failure, FailureKind, Generation, GenerationId, Query, Request, Timestamp,
};
use pentimento::store::{Start, Store, StoreError, WorkerId, file_system};
use tempfile::TempDir;

/// An empty history in a directory of its own.
fn empty() -> (TempDir, Store) {
    let dir = TempDir::new().unwrap();
    let store = Store::open(dir.path()).unwrap();
    (dir, store)
}

/// The moment `n` seconds after one in November 2026.
fn at(n: u32) -> Timestamp {
    Timestamp::from_millis(1_795_000_000_000 + i64::from(n) * 1000)
}

/// Generation number `n`, in the queue.
fn asked(n: u32, prompt: &str) -> Generation {
    let mut entropy = [0; 10];
    entropy[6..].copy_from_slice(&n.to_be_bytes());
    let id = GenerationId::from_parts(at(n).millis() as u64, entropy);
    Generation::queued(id, Request::new(prompt, "demo:painter".parse().unwrap()), at(n))
}

/// What this text searches for, without any searches under a name.
fn query(text: &str) -> Query {
    Query::parse(text, at(0), &[])
}

/// A process of that number.
fn worker(pid: u32) -> WorkerId {
    WorkerId { host: "here".to_owned(), boot_id: "b00t".to_owned(), pid, start_time: 7 }
}

/// The prompts on a page, or what is said instead of one.
fn prompts(store: &Store, filter: &str, start: Start, limit: u32) -> Vec<String> {
    let page = store.page(&query(filter), start, limit).unwrap();
    let shown = page.into_iter().map(|entry| match entry.generation {
        Ok(generation) => generation.request.prompt,
        Err(failure) => format!("({})", failure.what),
    });
    shown.collect()
}

/// The database below, for damage that the store itself would never do.
fn raw(dir: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(dir.join("history.db")).unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn only_its_owner_can_read_the_history() {
    let above = TempDir::new().unwrap();
    let dir = above.path().join("deep/pentimento");
    let mut store = Store::open(&dir).unwrap();
    let generation = asked(1, "a fox");
    store.enqueue(std::slice::from_ref(&generation)).unwrap();
    let image = store.keep(&generation, 0, b"bytes").unwrap();
    let receipt = store.write_receipt(&generation).unwrap();
    store.reserve(generation.id, 1, 10).unwrap();

    let mut open = vec![above.path().join("deep"), dir.clone()];
    let mut files = Vec::new();
    while let Some(next) = open.pop() {
        assert_eq!(mode(&next), 0o700, "{}", next.display());
        for entry in next.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    assert!(files.contains(&image.path) && files.contains(&receipt));
    assert!(files.len() >= 5, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn what_was_asked_is_there_after_opening_again() {
    let (dir, mut store) = empty();
    let mut generation = asked(1, "a “fox”\nin the snow");
    generation.request.n = Some(3);
    generation.request.negative_prompt = Some("blurry".to_owned());
    generation.request.extra.insert("seed".to_owned(), 42.into());
    generation.parent = Some(asked(0, "").id);
    store.enqueue(std::slice::from_ref(&generation)).unwrap();
    drop(store);

    let store = Store::open(dir.path()).unwrap();
    assert_eq!(store.get(generation.id).unwrap(), Some(generation));
    assert_eq!(store.get(asked(2, "").id).unwrap(), None);
    store.check().unwrap();
}

#[test]
fn the_draft_is_kept_and_others_see_that_something_changed() {
    let (dir, mut one) = empty();
    let other = Store::open(dir.path()).unwrap();
    assert_eq!(other.draft().unwrap(), None);
    let before = other.changes().unwrap();
    one.save_draft("a f").unwrap();
    one.save_draft("a fox").unwrap();
    assert_ne!(other.changes().unwrap(), before);
    assert_eq!(other.draft().unwrap().as_deref(), Some("a fox"));
}

#[test]
fn many_may_open_a_new_history_at_once() {
    let dir = TempDir::new().unwrap();
    thread::scope(|scope| {
        for n in 0..8 {
            let dir = dir.path();
            scope.spawn(move || Store::open(dir).unwrap().enqueue(&[asked(n, "a fox")]).unwrap());
        }
    });
    let store = Store::open(dir.path()).unwrap();
    assert_eq!(store.count(&Query::default(), 100).unwrap(), 8);
}

#[test]
fn a_file_in_the_place_of_the_directory_is_named() {
    let above = TempDir::new().unwrap();
    let file = above.path().join("pentimento");
    fs::write(&file, "").unwrap();
    for dir in [file.clone(), file.join("below")] {
        let error = Store::open(&dir).unwrap_err();
        assert!(matches!(error, StoreError::NotADirectory(_)), "{error:?}");
        let failure = Failure::from(error);
        assert!(failure.what.as_str().contains(&*file.to_string_lossy()), "{}", failure.what);
    }
}

#[test]
fn a_directory_that_may_not_be_written_is_a_message() {
    // The superuser may write everywhere but where the kernel itself says no.
    let dir = TempDir::new().unwrap();
    fs::set_permissions(dir.path(), Permissions::from_mode(0o500)).unwrap();
    let dirs = [dir.path().join("pentimento"), PathBuf::from("/sys/kernel/pentimento")];
    let refused = dirs.iter().filter_map(|dir| Store::open(dir).err()).next_back().unwrap();
    assert!(matches!(refused, StoreError::Denied(_)), "{refused:?}");
    let failure = Failure::from(refused);
    assert_eq!(failure.kind, FailureKind::Storage);
    assert!(failure.hint.as_str().contains("--dir"), "{}", failure.hint);
}

#[test]
fn a_damaged_database_is_named_set_aside_and_never_written() {
    let (dir, store) = empty();
    drop(store);
    let database = dir.path().join("history.db");
    let damage = b"this is no database, but somebody's shopping list: milk, eggs, bread".repeat(99);
    fs::write(&database, &damage).unwrap();

    let error = Store::open(dir.path()).unwrap_err();
    assert!(matches!(&error, StoreError::Damaged(path) if *path == database), "{error:?}");
    let failure = Failure::from(error);
    assert!(failure.hint.as_str().contains("doctor --rebuild"), "{}", failure.hint);
    assert_eq!(fs::read(&database).unwrap(), damage);

    let aside = Store::set_aside(dir.path(), at(5)).unwrap().unwrap();
    assert_eq!(fs::read(aside).unwrap(), damage);
    Store::open(dir.path()).unwrap().check().unwrap();
}

#[test]
fn a_newer_database_is_read_where_its_maker_says_that_is_right() {
    let (dir, mut store) = empty();
    store.enqueue(&[asked(1, "a fox")]).unwrap();
    drop(store);
    raw(dir.path()).pragma_update(None, "user_version", 999).unwrap();

    let mut store = Store::open(dir.path()).unwrap();
    assert!(store.is_read_only());
    assert_eq!(prompts(&store, "fox", Start::Newest, 9), ["a fox"]);
    let refused = store.enqueue(&[asked(2, "a hare")]).unwrap_err();
    assert!(matches!(refused, StoreError::ReadOnly(_)), "{refused:?}");
    drop(store);

    raw(dir.path())
        .execute("UPDATE meta SET value = '999' WHERE key = 'oldest_reader'", [])
        .unwrap();
    let refused = Store::open(dir.path()).unwrap_err();
    assert!(matches!(refused, StoreError::Newer(_)), "{refused:?}");
    assert_eq!(Failure::from(refused).hint.as_str(), "Update this program.");
}

#[test]
fn an_older_database_is_copied_before_it_is_changed() {
    let dir = TempDir::new().unwrap();
    let old = raw(dir.path());
    old.execute_batch(include_str!("../../src/store/migrations/001-history.sql")).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    let request = r#"{"prompt": "a fox", "model": "demo:painter"}"#;
    old.execute(
        "INSERT INTO generations (id, request, state, created) VALUES (?1, ?2, 'queued', 7)",
        [asked(1, "").id.to_string(), request.to_owned()],
    )
    .unwrap();
    drop(old);

    let store = Store::open(dir.path()).unwrap();
    assert_eq!(prompts(&store, "fox", Start::Newest, 9), ["a fox"]);
    let about = store.about().unwrap();
    assert_eq!((about.schema, about.oldest_reader), (about.own_schema, 1));
    let copy = rusqlite::Connection::open(dir.path().join("history.db.version-1")).unwrap();
    let version: i64 = copy.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    let kept: u32 = copy.query_row("SELECT count(*) FROM generations", [], |r| r.get(0)).unwrap();
    assert_eq!((version, kept), (1, 1));
    assert_eq!(mode(&dir.path().join("history.db.version-1")), 0o600);
}

#[test]
fn an_owners_choice_of_journal_stays() {
    let (dir, store) = empty();
    drop(store);
    let journal = |dir: &Path| -> String {
        raw(dir).pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap()
    };
    raw(dir.path()).pragma_update(None, "journal_mode", "DELETE").unwrap();
    Store::open(dir.path()).unwrap().enqueue(&[asked(1, "a fox")]).unwrap();
    assert_ne!(journal(dir.path()), "wal");
}

#[test]
fn a_row_that_cannot_be_read_does_not_hide_the_others() {
    let (dir, mut store) = empty();
    let all: Vec<_> = (0..6).map(|n| asked(n, &format!("fox {n}"))).collect();
    store.enqueue(&all).unwrap();
    store.image_kept(&store.keep(&all[4], 0, b"bytes").unwrap()).unwrap();
    let raw = raw(dir.path());
    let spoil = |n: usize, set: &str| {
        let id = all[n].id.to_string();
        raw.execute(&format!("UPDATE generations SET {set} WHERE id = ?1"), [id]).unwrap();
    };
    spoil(0, "state = 'dreaming'");
    spoil(1, "words = CAST(x'FFFE' AS TEXT)");
    spoil(2, "request = '{\"prompt\": \"no model\"}'");
    spoil(3, "state = 'failed', failure = '{'");
    raw.execute("UPDATE images SET path = 'images/../../../etc/passwd'", []).unwrap();

    let shown = prompts(&store, "", Start::Newest, 9);
    assert_eq!(shown[0], "fox 5");
    assert_eq!(shown.len(), 6);
    for line in &shown[1..] {
        assert!(line.starts_with("(An entry of the history cannot be read"), "{line}");
    }
    let refused = store.get(all[0].id).unwrap_err();
    assert!(matches!(refused, StoreError::Row(_)), "{refused:?}");
    let under_way = store.under_way().unwrap();
    assert_eq!(under_way.iter().filter(|found| found.is_ok()).count(), 1);
    assert_eq!(under_way.len(), 6);
}

#[test]
fn the_type_of_a_file_system_is_read_from_its_deepest_and_last_mount() {
    let mounts = b"\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n\
30 22 0:25 / /home rw,relatime shared:5 master:2 - nfs4 server:/home rw\n\
31 30 8:2 / /home/my\\040disk rw - xfs /dev/sdb rw\n\
32 22 0:30 / /mnt rw - ext4 /dev/sdc rw\n\
33 22 0:31 / /mnt rw - fuse.sshfs there: rw\n\
broken line\n\
34 22 0:32 / /odd\\q rw - 9p x rw\n";
    let on = |path: &str| file_system(mounts, Path::new(path));
    assert_eq!(on("/etc"), Some("ext4"));
    assert_eq!(on("/home/ada/.config"), Some("nfs4"));
    assert_eq!(on("/homes"), Some("ext4"));
    assert_eq!(on("/home/my disk/x"), Some("xfs"));
    assert_eq!(on("/mnt/x"), Some("fuse.sshfs"));
    assert_eq!(on("/odd\\q/x"), Some("9p"));
    assert_eq!(file_system(b"", Path::new("/")), None);
}

#[test]
fn a_part_of_an_id_names_its_generation() {
    use pentimento::store::Found;

    let (_dir, mut store) = empty();
    let all = [asked(1, "a fox"), asked(2, "a hare")];
    store.enqueue(&all).unwrap();
    let whole = all[0].id.to_string();
    assert_eq!(store.find(&whole).unwrap(), Found::One(all[0].id));
    assert_eq!(store.find(&whole.to_uppercase()).unwrap(), Found::One(all[0].id));
    assert_eq!(store.find(&format!(" #{}", all[1].id.short())).unwrap(), Found::One(all[1].id));
    assert_eq!(store.find(&whole[..4]).unwrap(), Found::Ambiguous);
    for nothing in ["", "%", "fff", "a fox", "' OR 1=1"] {
        assert_eq!(store.find(nothing).unwrap(), Found::None, "{nothing}");
    }
}

#[test]
fn a_page_begins_where_it_is_told() {
    let (_dir, mut store) = empty();
    let all: Vec<_> = (0..9).map(|n| asked(n, &n.to_string())).collect();
    store.enqueue(&all).unwrap();
    let four = store.position(all[4].id).unwrap().unwrap();
    assert_eq!(prompts(&store, "", Start::Newest, 3), ["8", "7", "6"]);
    assert_eq!(prompts(&store, "", Start::OlderThan(four), 2), ["3", "2"]);
    assert_eq!(prompts(&store, "", Start::NewerThan(four), 2), ["6", "5"]);
    assert_eq!(prompts(&store, "", Start::Oldest, 2), ["1", "0"]);
    assert_eq!(prompts(&store, "painter", Start::OlderThan(four), 2), ["3", "2"]);
    assert_eq!(prompts(&store, "painter", Start::NewerThan(four), 2), ["6", "5"]);
    assert_eq!(prompts(&store, "painter", Start::Oldest, 2), ["1", "0"]);
    assert_eq!(store.count(&Query::default(), 5).unwrap(), 5);
    assert_eq!(store.count(&query("painter"), 99).unwrap(), 9);
}
