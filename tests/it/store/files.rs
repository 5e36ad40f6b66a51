//! Pictures, answers and receipts.

use std::fs;

use pentimento::domain::{Cost, Failure, FailureKind, Image, ImageFormat, Job, Query, Text, Usage};
use pentimento::store::{Outcome, Rebuilt, Start, Store};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::{asked, at, empty, prompts, worker};
use crate::unlimited::Unlimited as _;

/// The first bytes of a PNG of 640 by 480 pixels.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x02\0\0\0";

fn name(image: &Image) -> &str {
    image.path.file_name().unwrap().to_str().unwrap()
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

#[test]
fn a_picture_is_kept_byte_for_byte_under_a_name_one_can_read() {
    let (dir, store) = empty();
    let generation = asked(1, "A Red Fox, in the “deep” Müller snow/../../etc\0 of a night");
    let image = store.keep(&generation, 2, PNG).unwrap();
    assert_eq!(fs::read(&image.path).unwrap(), PNG);
    assert_eq!(image.sha256, hash(PNG));
    assert_eq!((image.width, image.height, image.format), (640, 480, ImageFormat::Png));
    assert_eq!((image.bytes, image.id.index), (PNG.len() as u64, 2));
    let (date, short) = (generation.created.to_file_name(), generation.id.short());
    assert_eq!(
        name(&image),
        format!("{date}-{short}-2-a-red-fox-in-the-deep-mller-snow-etc-of.png")
    );
    let (year, month) = (&date[..4], &date[5..7]);
    assert_eq!(image.path.parent().unwrap(), dir.path().join("images").join(year).join(month));
    assert!(store.verify(&image).unwrap());
    fs::write(&image.path, b"other").unwrap();
    assert!(!store.verify(&image).unwrap());
    fs::remove_file(&image.path).unwrap();
    assert!(!store.verify(&image).unwrap());
}

#[test]
fn a_picture_never_takes_the_place_of_another() {
    let (_dir, store) = empty();
    let generation = asked(1, "狐");
    let one = store.keep(&generation, 0, b"one").unwrap();
    let two = store.keep(&generation, 0, b"two").unwrap();
    let again = store.keep(&generation, 0, b"one").unwrap();
    assert_eq!(fs::read(&one.path).unwrap(), b"one");
    assert_eq!(fs::read(&two.path).unwrap(), b"two");
    assert_eq!(again.path, one.path, "the same bytes are kept once");
    let kept = one.path.parent().unwrap().read_dir().unwrap().count();
    assert_eq!(kept, 2, "and nothing else lies there");
    assert!(name(&two).ends_with("-0-2.bin"), "{}", name(&two));
}

#[test]
fn a_picture_may_come_in_pieces_or_not_at_all() {
    let (_dir, store) = empty();
    let generation = asked(1, "a fox");
    let mut sink = store.image_sink(&generation, 0).unwrap();
    for chunk in PNG.chunks(5) {
        sink.write(chunk).unwrap();
    }
    assert_eq!(sink.bytes(), PNG.len() as u64);
    let image = sink.finish().unwrap();
    assert_eq!(image, store.keep(&generation, 0, PNG).unwrap());

    let mut cut = store.image_sink(&generation, 1).unwrap();
    cut.write(b"half a pict").unwrap();
    drop(cut);
    assert_eq!(image.path.parent().unwrap().read_dir().unwrap().count(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn whatever_claims_to_be_a_picture_is_kept(
        head in prop::sample::select(vec![
            PNG.to_vec(), b"\xFF\xD8\xFF".to_vec(), b"GIF89a".to_vec(),
            b"RIFF\0\0\0\0WEBPVP8 ".to_vec(), b"RIFF\0\0\0\0WEBPVP8X".to_vec(), Vec::new(),
        ]),
        rest in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        let (_dir, store) = empty();
        let bytes = [head, rest].concat();
        let image = store.keep(&asked(1, "a fox"), 0, &bytes).unwrap();
        prop_assert_eq!(fs::read(&image.path).unwrap(), bytes);
    }
}

#[test]
fn an_answer_is_sealed_whole_and_found_again() {
    let (dir, store) = empty();
    let (one, two) = (asked(1, "a fox").id, asked(2, "a hare").id);
    let mut file = store.reserve(one, 1, 1 << 20).unwrap();
    store.reserve(one, 1, 0).unwrap_err();
    file.write(b"{\"data\"").unwrap();
    file.write(b":[]}").unwrap();
    let answer = file.seal().unwrap();
    drop(file);
    assert_eq!((answer.bytes, answer.sha256.as_str()), (11, hash(b"{\"data\":[]}").as_str()));
    assert_eq!(store.read_answer(one, 1).unwrap().unwrap(), b"{\"data\":[]}");
    assert_eq!(store.promote(one, 1).unwrap(), Some(answer));

    // A crash: the writer is gone, what came stays, and may be promoted.
    let mut file = store.reserve(two, 3, 100).unwrap();
    file.write(b"{}").unwrap();
    drop(file);
    fs::write(dir.path().join("inbox/somebody's notes"), "").unwrap();
    let found = |store: &Store| -> Vec<_> {
        let waiting = store.waiting_answers().unwrap();
        waiting.iter().map(|w| (w.id, w.attempt, w.sealed, w.bytes)).collect()
    };
    let store = Store::open(dir.path()).unwrap();
    assert_eq!(found(&store), [(one, 1, true, 11), (two, 3, false, 2)]);
    assert_eq!(store.read_answer(two, 3).unwrap().unwrap(), b"{}");
    assert_eq!(store.promote(two, 3).unwrap().unwrap().sha256, hash(b"{}"));
    assert_eq!(found(&store), [(one, 1, true, 11), (two, 3, true, 2)]);
    assert_eq!(store.promote(two, 4).unwrap(), None);
    assert_eq!(store.read_answer(two, 4).unwrap(), None);

    store.reserve(two, 5, 10).unwrap().discard().unwrap();
    assert_eq!(found(&store).len(), 2);
}

#[test]
fn an_answer_is_removed_only_when_every_picture_of_it_is_kept_and_sound() {
    let (_dir, mut store) = empty();
    let generation = asked(1, "a fox");
    let id = generation.id;
    store.enqueue(std::slice::from_ref(&generation)).unwrap();
    store.take_up(id, &worker(1), at(1)).unwrap();
    store.connected(id, 1, at(1)).unwrap();
    store.reserve(id, 1, 10).unwrap().seal().unwrap();
    store.expect_images(id, 1, &[None]).unwrap();
    let left = |store: &Store| store.waiting_answers().unwrap().len();

    assert_eq!(store.clear_inbox(at(99)).unwrap(), 0, "it is under way");
    let image = store.keep(&generation, 0, PNG).unwrap();
    let done = Outcome { job: Job::Done, usage: None, cost: None, words: None };
    store.finish(id, 1, &done, at(10)).unwrap();
    assert_eq!(store.clear_inbox(at(99)).unwrap(), 0, "its picture is not noted");
    store.image_kept(&image).unwrap();
    assert_eq!(store.clear_inbox(at(10)).unwrap(), 0, "it is too young");
    fs::write(&image.path, "damaged").unwrap();
    assert_eq!(store.clear_inbox(at(11)).unwrap(), 0, "its picture is damaged");
    fs::write(&image.path, PNG).unwrap();
    assert_eq!(left(&store), 1);
    assert_eq!(store.clear_inbox(at(11)).unwrap(), 1);
    assert_eq!(left(&store), 0);
}

#[test]
fn the_history_comes_back_from_its_receipts() {
    let (dir, store) = empty();
    let mut expected = Vec::new();
    for n in 0..5 {
        let mut generation = asked(n, &format!("fox {n}"));
        generation.images = vec![
            store.keep(&generation, 0, PNG).unwrap(),
            store.keep(&generation, 1, &n.to_be_bytes()).unwrap(),
        ];
        generation.finished = Some(at(n + 20));
        generation.job = Job::Done;
        generation.cost = Cost::from_usd(0.04);
        generation.usage = Some(Usage { total_tokens: Some(7), ..Usage::default() });
        generation.words = Some(Text::new("Here you are."));
        generation.request_id = Some(Text::new("req_1"));
        generation.parent = expected.last().map(|last: &pentimento::domain::Generation| last.id);
        expected.push(generation);
    }
    let mut failed = asked(7, "no picture");
    let failure = Failure::before_sending(FailureKind::Moderation, "Refused.", "Ask for less.");
    (failed.job, failed.finished) = (Job::Failed { failure }, Some(at(30)));
    let under_way = asked(8, "was under way");
    // Written in any order, and more than once.
    for generation in expected.iter().rev().chain([&failed, &under_way, &expected[2]]) {
        store.write_receipt(generation).unwrap();
    }
    let broken = expected[0].images[0].path.with_file_name("notes.json");
    fs::write(&broken, "{").unwrap();
    drop(store);

    Store::set_aside(dir.path(), at(99)).unwrap().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let rebuilt = Rebuilt { added: 7, unreadable: vec![broken], ..Rebuilt::default() };
    assert_eq!(store.rebuild().unwrap(), rebuilt);
    for generation in expected.iter().chain([&failed]) {
        assert_eq!(store.get(generation.id).unwrap().as_ref(), Some(generation));
    }
    assert!(matches!(store.get(under_way.id).unwrap().unwrap().job, Job::Interrupted { .. }));
    assert_eq!(store.rebuild().unwrap().known, 7);
    assert_eq!(store.count(&Query::default(), 99).unwrap(), 7);
    assert_eq!(prompts(&store, "fox", Start::Newest, 2), ["fox 4", "fox 3"]);
}
