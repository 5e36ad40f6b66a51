//! Everything that is known of a generation.

use insta::assert_snapshot;
use pentimento::app::{Effect, Event, Overlay};
use pentimento::domain::{
    Answer, Attempt, Failure, FailureKind, Generation, Head, MissingImage, Received, Record,
    WorkerId,
};

use super::fixture::{Studio, some_of_everything};
use super::screens::screen_of;

fn record(of: &Generation) -> Record {
    let worker =
        WorkerId { host: "here".to_owned(), boot_id: "b".to_owned(), pid: 1, start_time: 1 };
    let failure = Failure::before_sending(FailureKind::Internal, "The line dropped.", "Again.");
    let first = Attempt {
        number: 1,
        worker,
        claimed: of.created,
        connected: None,
        head: None,
        received: None,
        ended: Some(of.created),
        failure: Some(failure.clone()),
    };
    let head = Head {
        status: 200,
        request_id: Some("req_4711".into()),
        length: Some(9),
        service: Some("https://api.langbase.com".to_owned()),
    };
    let answer = Answer { bytes: 9, sha256: "a".repeat(64) };
    let second = Attempt {
        number: 2,
        connected: Some(of.created),
        head: Some(head),
        received: Some(Received { at: of.created, answer }),
        failure: None,
        ..first.clone()
    };
    let link = Some("https://pictures.example.com/2.png".to_owned());
    let missing = MissingImage { index: 2, link, failure: Some(failure) };
    Record { attempts: vec![first, second], missing: vec![missing] }
}

/// The details of the row that `keys` select.
fn details(keys: &str, columns: u16, lines: u16) -> Studio {
    let mut studio = Studio::sized(some_of_everything(), columns, lines);
    studio.keys("<F3>").keys(keys).taken();
    studio.keys("I");
    let selected = studio.state.selected().expect("something is selected").clone();
    assert_eq!(studio.taken(), [Effect::ReadRecord(selected.id)]);
    studio.happen(Event::Record(selected.id, record(&selected))).draw();
    studio
}

/// The screen, whatever the zone of the machine.
fn shown(studio: &mut Studio) -> String {
    let mut text = screen_of(studio);
    for row in some_of_everything() {
        for time in [Some(row.created), row.finished].into_iter().flatten() {
            text = text.replace(&time.to_second(), "0000-00-00 00:00:00");
        }
    }
    text
}

#[test]
fn everything_that_is_known_stands_in_a_window_that_scrolls() {
    for (columns, lines) in [(40, 12), (80, 24), (120, 40), (120, 60)] {
        let mut studio = details("jj", columns, lines);
        assert_snapshot!(format!("details-{columns}x{lines}"), shown(&mut studio));
    }
    let mut studio = details("jj", 80, 24);
    assert_snapshot!("details-end-80x24", shown(studio.keys("G")));
    assert_eq!(studio.keys("j").notice(), "The details end here.");
    assert_eq!(studio.keys("r").notice(), "The details are open. Esc closes them.");
    assert_eq!(studio.keys("I").state.overlay, None);
}

#[test]
fn what_failed_says_why_and_whether_it_was_charged() {
    for (keys, says) in [
        ("jjj", ["failed", "OpenAI refused the prompt", "Change the words", "attempt"]),
        ("G", ["interrupted", "OpenAI refused the prompt", "Change the words", "attempt"]),
        ("j", ["queued", "a quiet street", "unknown", "attempt"]),
    ] {
        let studio = details(keys, 120, 60);
        for part in says {
            assert!(studio.screen().contains(part), "{part}\n{}", studio.screen());
        }
    }
}

#[test]
fn what_changes_while_the_window_is_open_is_read_again() {
    let mut studio = details("jj", 120, 60);
    let changed = studio.state.selected().expect("something is selected").clone();
    let id = changed.id;
    studio.happen(Event::Changed(Box::new(changed)));
    assert_eq!(studio.taken(), [Effect::ReadRecord(id)]);
    assert!(matches!(studio.state.overlay, Some(Overlay::Details { .. })));
}
