//! The queue: what its pane shows, and what its keys ask for.

use insta::assert_snapshot;
use pentimento::app::queue::{News, Wish, bar, rows, selected_place};
use pentimento::app::{Effect, Event, Target};
use pentimento::domain::{
    Bar, Failure, FailureKind, Generation, Job, Move, Pause, Pauses, Timestamp,
};

use super::fixture::{NOON, Studio, demo, generation};

/// Four jobs and one that failed, of which the history shows the last two.
fn line() -> Vec<Generation> {
    let since = Timestamp::from_millis(NOON - 12_000);
    let mut drawing = generation(1, "a lighthouse", Job::Running { since, attempt: 1 });
    drawing.sent = Some(since);
    let failure = Failure::before_sending(FailureKind::RateLimit, "Slow down.", "");
    let until = Timestamp::from_millis(NOON + 30_000);
    vec![
        generation(2, "a fox", Job::Fetching { done: 1, of: 2 }),
        drawing,
        generation(5, "an owl", Job::Queued),
        generation(3, "a hare in the snow, at night, under a very wide sky", Job::Queued),
        generation(4, "a bear", Job::Paused { until, failure }),
    ]
}

fn news(pauses: &[Pause]) -> Event {
    let failure = Failure::before_sending(FailureKind::Key, "The key was not accepted.", "");
    Event::Queue(News::Line {
        jobs: line(),
        waiting: 7,
        stuck: vec![generation(6, "a whale", Job::Failed { failure })],
        pauses: pauses.iter().cloned().collect(),
    })
}

/// A studio with an open pane.
fn studio(columns: u16, lines: u16) -> Studio {
    let rows = vec![generation(5, "an owl", Job::Queued), generation(4, "a bear", Job::Queued)];
    let mut studio = Studio::sized(rows, columns, lines);
    studio.happen(news(&[]));
    studio.happen(Event::Queue(News::Usual(vec![(demo(), Some(20.4))])));
    studio.keys("<F3><F9>").taken();
    studio
}

fn wishes(studio: &mut Studio) -> Vec<Wish> {
    let wish = |effect| match effect {
        Effect::Queue(wish) => Some(wish),
        _ => None,
    };
    studio.taken().into_iter().filter_map(wish).collect()
}

#[test]
fn the_pane_at_three_sizes() {
    for (columns, lines) in [(40, 12), (80, 24), (120, 40)] {
        let mut studio = studio(columns, lines);
        studio.happen(Event::Tick(Timestamp::from_millis(NOON))).draw();
        assert_snapshot!(format!("queue-{columns}x{lines}"), studio.screen());
    }
    let mut studio = studio(80, 24);
    studio.happen(news(&[Pause::All])).happen(Event::Tick(Timestamp::from_millis(NOON))).draw();
    assert_snapshot!("queue-paused-80x24", studio.screen());
    let mut empty = Studio::sized(vec![], 80, 24);
    assert_snapshot!("queue-empty-80x24", empty.keys("<F9>").screen());
}

#[test]
fn keys_in_the_pane_ask_for_what_they_say() {
    let mut studio = studio(120, 40);
    let id = line()[2].id;
    assert_eq!(studio.keys("J").notice(), "");
    assert_eq!(wishes(&mut studio), [Wish::Move(id, Move::Down)]);
    studio.keys("AK");
    assert_eq!(studio.notice(), "It is the next one already.");
    assert_eq!(wishes(&mut studio), []);
    studio.keys("j").keys("A");
    assert_eq!(wishes(&mut studio), [Wish::Move(line()[3].id, Move::First)]);
    studio.keys("W").keys("w");
    let pause = Pause::Provider("demo".to_owned());
    assert_eq!(wishes(&mut studio), [Wish::Pause(Pause::All), Wish::Pause(pause.clone())]);
    studio.happen(news(&[Pause::All, pause.clone()])).draw();
    assert!(studio.notice().starts_with("The queue is paused"), "{}", studio.notice());
    studio.keys("Ww");
    assert_eq!(wishes(&mut studio), [Wish::Resume(Pause::All), Wish::Resume(pause)]);
    studio.keys("x");
    assert_eq!(studio.taken(), [Effect::Cancel(line()[3].id)]);
    // What has failed stands at the end, and is sent again as itself.
    studio.keys("GR");
    let [Effect::Resend(again)] = &studio.taken()[..] else { panic!("one is sent again") };
    assert_eq!(again.request.prompt, "a whale");
    studio.keys("K");
    assert_eq!(studio.notice(), "It does not wait for its turn, so it cannot be moved.");
    studio.keys("<esc>");
    assert!(studio.state.overlay.is_none());
}

#[test]
fn what_is_moved_stays_selected_and_the_order_is_the_journals() {
    let mut studio = studio(120, 40);
    studio.keys("J").taken();
    let Event::Queue(News::Line { mut jobs, waiting, stuck, pauses }) = news(&[]) else {
        unreachable!("it is news of the line")
    };
    jobs.swap(2, 3);
    studio.happen(Event::Queue(News::Line { jobs, waiting, stuck, pauses })).draw();
    let screen = studio.screen();
    assert!(screen.find("a hare") < screen.find("an owl"), "{screen}");
    studio.keys("x");
    assert_eq!(studio.taken(), [Effect::Cancel(line()[2].id)], "the owl is still selected");
}

#[test]
fn enter_goes_to_it_in_the_history_loaded_or_not() {
    let mut studio = studio(120, 40);
    studio.keys("<enter>");
    assert_eq!(studio.state.selected().map(|row| row.id), Some(line()[2].id));
    assert!(studio.state.overlay.is_none());
    // One that is not loaded, while something else is searched for.
    studio.keys("/zebra<enter>").answer(&[]);
    studio.keys("<F9>g<enter>");
    let all = line();
    studio.answer(&all);
    assert_eq!(studio.state.selected().map(|row| row.id), Some(all[0].id));
    assert_eq!(studio.state.history.query(), "");
}

#[test]
fn the_same_keys_mean_the_selected_job_outside_of_the_pane() {
    let mut studio = studio(120, 40);
    studio.keys("<esc>").keys("j").keys("A");
    assert_eq!(wishes(&mut studio), [Wish::Move(line()[4].id, Move::First)]);
    let mut studio = Studio::with(vec![generation(1, "a fox", Job::Done)]);
    studio.keys("<F3>A");
    assert_eq!(studio.notice(), "It does not wait for its turn, so it cannot be moved.");
}

#[test]
fn a_queue_that_is_paused_stands_still() {
    let mut studio = Studio::with(vec![generation(1, "a fox", Job::Queued)]);
    assert!(studio.state.moves());
    let line = |pauses| News::Line {
        jobs: vec![generation(1, "a fox", Job::Queued)],
        waiting: 1,
        stuck: vec![],
        pauses,
    };
    studio.happen(Event::Queue(line(Pauses::from_iter([Pause::All])))).draw();
    assert!(!studio.state.moves(), "nothing is waited for, so nothing wakes");
    assert!(studio.screen().contains("‖ 1 waiting · paused"), "{}", studio.screen());
    assert_eq!(bar(&studio.state), Some(Bar::Paused(0)));
    studio.happen(Event::Queue(line(Pauses::default())));
    assert!(studio.state.moves());
    assert_eq!(studio.notice(), "The queue goes on.");
}

#[test]
fn how_far_it_is_follows_from_how_long_it_usually_takes() {
    let since = Timestamp::from_millis(NOON);
    let job = |n, job| generation(n, "a fox", job);
    let drawing = Job::Running { since, attempt: 1 };
    let mut studio = Studio::with(vec![job(1, drawing.clone()), job(2, Job::Queued)]);
    assert_eq!(bar(&studio.state), Some(Bar::Unknown));
    studio.happen(Event::Queue(News::Usual(vec![(demo(), Some(20.0))])));
    studio.wait(10_000);
    assert_eq!(bar(&studio.state), Some(Bar::Percent(25)));
    studio.wait(1_000_000);
    assert_eq!(bar(&studio.state), Some(Bar::Percent(47)), "it is nearly done for ever");
    studio.happen(Event::Changed(Box::new(job(1, Job::Done))));
    assert_eq!(bar(&studio.state), Some(Bar::Percent(50)));
    studio.happen(Event::Changed(Box::new(job(2, Job::Done))));
    assert_eq!(bar(&studio.state), None);
}

#[test]
fn the_preview_says_how_long_it_takes_and_usually_takes() {
    let mut studio = Studio::with(vec![line().remove(1)]);
    studio.happen(Event::Tick(Timestamp::from_millis(NOON))).draw();
    assert!(studio.screen().contains("drawing, 12 s "), "{}", studio.screen());
    studio.happen(Event::Queue(News::Usual(vec![(demo(), Some(20.4))]))).draw();
    assert!(studio.screen().contains("drawing, 12 s of usually 20 s"), "{}", studio.screen());
    assert!(studio.screen().contains("1 under way, 12 s of usually 20 s"), "{}", studio.screen());
}

#[test]
fn the_wheel_goes_through_the_pane_as_keys_do() {
    let mut studio = studio(120, 40);
    let selected = |studio: &Studio| {
        let rows = rows(&studio.state);
        selected_place(&studio.state, &rows)
    };
    let before = selected(&studio);
    studio.happen(Event::Wheel(Target::History, 1)).draw();
    assert_eq!(selected(&studio), before + 1);
    studio.happen(Event::Wheel(Target::History, -1)).draw();
    assert_eq!(selected(&studio), before);
}

#[test]
fn what_a_model_usually_takes_stands_until_something_newer_is_known() {
    let mut studio = studio(120, 40);
    let generation = Generation { job: Job::Done, ..line().remove(0) };
    studio.happen(Event::Changed(Box::new(generation)));
    assert_eq!(studio.state.queue.usual(&demo()), Some(20.4));
}
