//! Promise 8: the history survives its database.
//!
//! What a receipt does not hold, and a history made again does not have: the attempts
//! with their times and workers, links that were not fetched, and requests that were
//! never taken up (queued or cancelled ones, which have no picture).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pentimento::domain::{
    BaseImage, Cost, Failure, FailureKind, Generation, GenerationId, Job, Query, Request, Text,
    Timestamp, Usage,
};
use pentimento::store::{Outcome, Remark, Start, Store, WorkerId};

use super::{figures, times};
use crate::home::Home;
use crate::unlimited::Unlimited as _;

/// Numbers without a pattern, the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) % end.max(1)
    }

    fn bytes(&mut self, count: u64) -> Vec<u8> {
        (0..count).map(|_| self.below(256) as u8).collect()
    }

    fn some<T>(&mut self, value: T) -> Option<T> {
        (self.below(2) == 0).then_some(value)
    }
}

/// How a database gets lost.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Loss {
    Removed,
    Truncated,
    Flipped,
}

const WORDS: [&str; 8] = ["a fox", "Füchse", "狐", "at\nnight", "“deep”", "snow", "-", "🦊"];

fn a_request(dice: &mut Dice) -> Request {
    let count = 1 + dice.below(6);
    let words: Vec<_> = (0..count).map(|_| WORDS[dice.below(8) as usize]).collect();
    let model = ["demo:painter", "openai:gpt-image-2", "together:black-forest-labs/FLUX.2-pro"];
    let model = model[dice.below(3) as usize].parse().expect("it is a model");
    let mut request = Request::new(words.join(" "), model);
    request.width = dice.some(1024);
    request.height = dice.some(768);
    request.n = dice.some(3);
    request.steps = dice.some(28);
    request.negative_prompt = dice.some("blurry".to_owned());
    request.image = dice.some(BaseImage::Url("https://example.com/a.png".to_owned()));
    request.extra.extend(dice.some(("seed".to_owned(), 42.into())));
    request
}

/// Fills the history in `dir` as a worker does, and gives what is in it.
fn make(dir: &Path, dice: &mut Dice) -> Vec<Generation> {
    let mut store = Store::open(dir).expect("a new history opens");
    let worker =
        WorkerId { host: "here".to_owned(), boot_id: "boot".to_owned(), pid: 1, start_time: 1 };
    let mut parent = None;
    for n in 0..=dice.below(4) {
        let now = Timestamp::from_millis(1_795_000_000_000 + n as i64 * 7_654_321);
        let entropy = dice.bytes(10).try_into().expect("ten bytes");
        let id = GenerationId::from_parts(now.millis() as u64, entropy);
        let mut asked = Generation::queued(id, a_request(dice), now);
        asked.parent = parent.take();
        store.enqueue(std::slice::from_ref(&asked)).expect("it is new");
        store.take_up(id, &worker, now).expect("it is queued");
        store.connected(id, 1, now).expect("it is taken up");
        let pictures = dice.below(3);
        let links = vec![None; pictures as usize];
        for image in store.expect_images(id, 1, &links).expect("it is connected") {
            let count = dice.below(2_000);
            let bytes = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), dice.bytes(count)].concat();
            let kept = store.keep(&asked, image.index, &bytes).expect("there is room");
            store.image_kept(&kept).expect("it is expected");
        }
        let failure = Failure::before_sending(FailureKind::Moderation, "Refused.", "Ask for less.");
        let job = if pictures == 0 { Job::Failed { failure } } else { Job::Done };
        let usage = Some(Usage { total_tokens: Some(dice.below(999)), ..Usage::default() });
        let (cost, words) = (Cost::from_usd(0.04), dice.some(Text::new("Here you are.")));
        let outcome = Outcome { job, usage, cost, words };
        store.finish(id, 1, &outcome, now.plus_seconds(9.5)).expect("it is under way");
        let made = store.get(id).expect("it can be read").expect("it is there");
        store.write_receipt(&made).expect("there is room");
        parent = dice.some(id);
    }
    contents(&store).expect("every row can be read")
}

/// Everything in the history, newest first; `None` when a row cannot be read.
fn contents(store: &Store) -> Option<Vec<Generation>> {
    let page = store.page(&Query::default(), Start::Newest, 100).ok()?;
    page.into_iter().map(|entry| entry.generation.ok()).collect()
}

/// The hashes of all pictures, each checked against its file.
fn pictures(store: &Store) -> BTreeSet<String> {
    let all = contents(store).expect("every row can be read");
    let images = all.iter().flat_map(|generation| &generation.images);
    let sound = images.filter(|image| store.verify(image).expect("its file can be read"));
    sound.map(|image| image.sha256.clone()).collect()
}

fn lose(dir: &Path, loss: Loss, dice: &mut Dice) -> Vec<u8> {
    let database = dir.join("history.db");
    let mut bytes = fs::read(&database).expect("it is there");
    let all = bytes.len() as u64;
    match loss {
        Loss::Removed => {
            fs::remove_file(&database).expect("it is there");
            return Vec::new();
        }
        Loss::Truncated => bytes.truncate(dice.below(all) as usize),
        Loss::Flipped => {
            for _ in 0..=dice.below(64) {
                bytes[dice.below(all) as usize] ^= 1 << dice.below(8);
            }
        }
    }
    fs::write(&database, &bytes).expect("there is room");
    bytes
}

/// The damaged databases that were kept.
fn kept_aside(dir: &Path) -> Vec<Vec<u8>> {
    let files = fs::read_dir(dir).expect("it is there").flatten();
    let aside = files.filter(|file| file.file_name().to_string_lossy().contains(".damaged-"));
    aside.map(|file| fs::read(file.path()).expect("it is there")).collect()
}

#[test]
fn a_history_is_made_again_from_its_receipts_whatever_became_of_its_database() {
    let all = times(15, 500);
    let (mut by_itself, mut by_doctor, mut unseen, mut images) = (0, 0, 0, 0);
    for trial in 0..all {
        let mut dice = Dice(trial as u64);
        let loss = [Loss::Removed, Loss::Truncated, Loss::Flipped][trial % 3];
        let home = Home::new();
        let expected = make(home.path(), &mut dice);
        images += expected.iter().map(|generation| generation.images.len()).sum::<usize>();
        let damaged = lose(home.path(), loss, &mut dice);

        let opened = Store::open_mended(home.path(), Timestamp::from_millis(7), |_| ());
        let (store, remark) = opened.unwrap_or_else(|error| panic!("{trial}: {error:?}"));
        let mended = matches!(remark, Some(Remark::Mended { .. }));
        if mended {
            by_itself += 1;
        } else {
            assert_eq!(loss, Loss::Flipped, "{trial}: {remark:?}");
            unseen += usize::from(contents(&store).as_ref() != Some(&expected));
        }
        // SQLite does not look into the words of a row; the command does not trust any.
        drop(store);
        if !mended || trial % 2 == 0 {
            home.run(&["doctor", "--rebuild"]).done();
            by_doctor += 1;
        }
        let store = Store::open(home.path()).expect("it is new");
        assert_eq!(contents(&store).as_ref(), Some(&expected), "{trial}: {loss:?}");
        assert_eq!(pictures(&store).len(), pictures_of(&expected), "{trial}: {loss:?}");
        let is_kept = damaged.is_empty() || !mended || kept_aside(home.path()).contains(&damaged);
        assert!(is_kept, "{trial}: {loss:?}: the damaged file is not kept as it was");
    }
    figures(
        8,
        &format!(
            "{all} of {all} histories ({images} pictures) are back after their database was \
             removed, truncated or bit-flipped: {by_itself} by themselves at the next start, \
             {by_doctor} by `doctor --rebuild`; {unseen} damaged words no check could see"
        ),
    );
}

fn pictures_of(all: &[Generation]) -> usize {
    let hashes = all.iter().flat_map(|generation| &generation.images);
    hashes.map(|image| &image.sha256).collect::<BTreeSet<_>>().len()
}

/// The judge above objects when there are no receipts; even then no picture is lost.
#[test]
fn without_receipts_the_words_are_lost_and_every_picture_is_back() {
    for trial in 0..times(3, 50) {
        let home = Home::new();
        let expected = make(home.path(), &mut Dice(trial as u64 + 1_000));
        for file in home.files() {
            if file.extension().is_some_and(|ending| ending == "json") {
                fs::remove_file(file).expect("it is there");
            }
        }
        fs::remove_file(home.path().join("history.db")).expect("it is there");
        let (store, _) = Store::open_mended(home.path(), Timestamp::from_millis(7), |_| ())
            .expect("the history is made again");
        assert_ne!(contents(&store).as_ref(), Some(&expected), "{trial}");
        assert_eq!(pictures(&store).len(), pictures_of(&expected), "{trial}");
        let again = contents(&store);
        drop(store);
        let mut store = Store::open(home.path()).expect("it is new");
        assert!(store.rebuild().expect("there is room").is_empty(), "{trial}: a second time");
        assert_eq!(contents(&store), again, "{trial}");
    }
}

#[test]
fn an_answer_whose_row_is_lost_is_read_by_resume() {
    let home = Home::new();
    let mut store = Store::open(home.path()).expect("a new history opens");
    let (told, untold) = (an_id(1), an_id(2));
    for id in [told, untold] {
        let mut file = store.reserve(id, 1, 0).expect("there is room");
        file.write(crate::recovery::answer().as_bytes()).expect("there is room");
        // Dropped without a seal: it is whole all the same.
    }
    let request = a_request(&mut Dice(5));
    let asked = Generation::queued(told, request, Timestamp::from_millis(1_795_000_000_000));
    store.write_receipt(&asked).expect("there is room");
    let found = store.rebuild().expect("there is room");
    assert_eq!((found.added, found.answers), (1, 2));
    drop(store);
    home.run(&["resume"]).done();
    let store = Store::open(home.path()).expect("it is there");
    let all = contents(&store).expect("every row can be read");
    assert_eq!(all.iter().map(|it| it.images.len()).collect::<Vec<_>>(), [1, 1], "{all:?}");
    let again = store.get(told).expect("it can be read").expect("it is there");
    assert_eq!(again.request, asked.request);
}

fn an_id(n: u8) -> GenerationId {
    GenerationId::from_parts(1_795_000_000_000, [n; 10])
}
