//! What each key asks for.

use pentimento::app::form::Field;
use pentimento::app::{Effect, Event, Focus};
use pentimento::domain::{BaseImage, Failure, FailureKind, Job, Progress, Request};

use super::fixture::{Studio, alone, chords, demo, generation, image, some_of_everything};

fn asked(effects: &[Effect]) -> Vec<&Request> {
    let batches = effects.iter().filter_map(|effect| match effect {
        Effect::Generate(batch) => Some(&batch.requests),
        _ => None,
    });
    batches.flatten().collect()
}

#[test]
fn typing_and_one_key_ask_for_a_picture() {
    for key in ["<F5>", "<ctrl+j>", "<alt+enter>", "<ctrl+enter>"] {
        let mut studio = Studio::with(vec![]);
        let effects = studio.keys(&format!("a fox{key}")).taken();
        assert_eq!(effects, [alone(Request::new("a fox", demo()), None)]);
    }
}

#[test]
fn every_field_reaches_the_request() {
    let mut studio = Studio::with(vec![]);
    studio.keys(
        "a fox<tab>640x<tab>3<tab>12<tab>/tmp/a.png<tab>people<tab>seed=7<enter>quality=high",
    );
    let effects = studio.keys("<F5>").taken();
    let request = asked(&effects)[0];
    assert_eq!((request.width, request.height), (Some(640), None));
    assert_eq!((request.n, request.steps), (Some(3), Some(12)));
    assert_eq!(request.image, Some(BaseImage::File("/tmp/a.png".into())));
    assert_eq!(request.negative_prompt.as_deref(), Some("people"));
    let extra = serde_json::to_string(&request.extra).unwrap();
    assert_eq!(extra, r#"{"seed":7,"quality":"high"}"#);
}

#[test]
fn a_field_that_is_not_right_is_named_and_nothing_is_lost() {
    let cases = [
        ("", Field::Prompt, "the prompt is empty"),
        ("x<shift+tab><ctrl+u>fox", Field::Model, "provider:name"),
        ("x<shift+tab><ctrl+u>demo:paintr ", Field::Prompt, ""),
        ("x<tab>big", Field::Size, "not a size"),
        ("x<tab>0x4", Field::Size, "outside 1 to 16384"),
        ("x<tab>-4x4", Field::Size, "not a size"),
        ("x<tab>99999999999x4", Field::Size, "outside"),
        ("x<tab><tab>0", Field::Count, "whole number from 1"),
        ("x<tab><tab>many", Field::Count, "whole number from 1"),
        ("x<tab><tab><tab>-1", Field::Steps, "whole number from 1"),
        ("x<tab><tab><tab><tab><tab><tab>nonsense", Field::Extra, "KEY=JSON"),
        ("x<tab><tab><tab><tab><tab><tab>model=3", Field::Extra, "field of its own"),
    ];
    for (keys, field, what) in cases {
        let mut studio = Studio::with(vec![]);
        let effects = studio.keys(keys).keys("<F5>").taken();
        if what.is_empty() {
            assert_eq!(asked(&effects).len(), 1, "{keys}");
            continue;
        }
        assert!(asked(&effects).is_empty(), "{keys}");
        assert_eq!(studio.state.focus, Focus::Form(field), "{keys}");
        assert!(studio.notice().contains(what), "{keys}: {}", studio.notice());
        assert!(studio.screen().contains("Not sent"), "{keys}");
    }
}

#[test]
fn a_second_press_at_once_does_not_send_twice() {
    let mut studio = Studio::with(vec![]);
    let effects = studio.keys("a fox<F5><F5>").taken();
    assert_eq!(asked(&effects).len(), 1);
    assert!(studio.notice().contains("Not sent twice"), "{}", studio.notice());
    let effects = studio.wait(600).keys("<F5>").taken();
    assert_eq!(asked(&effects).len(), 1);
}

#[test]
fn a_job_that_ends_does_not_hide_that_a_press_was_held_back() {
    let mut studio = Studio::with(vec![generation(1, "a fox", Job::Queued)]);
    studio.keys("a fox<F5><F5>");
    studio.happen(Event::Changed(Box::new(generation(1, "a fox", Job::Done))));
    assert!(studio.notice().contains("Not sent twice"), "{}", studio.notice());
    studio.keys("<left>");
    assert_eq!(studio.notice(), "");
}

#[test]
fn a_press_after_a_refusal_is_not_a_second_one() {
    let mut studio = Studio::with(vec![]);
    assert_eq!(asked(&studio.keys("a fox<F5>").taken()).len(), 1);
    let what = "Not sent: LANGBASE_API_KEY is not set.";
    let refusal = Failure::before_sending(FailureKind::MissingKey, what, "");
    studio.happen(Event::Failed(refusal));
    assert_eq!(studio.notice().trim(), what);
    assert_eq!(asked(&studio.keys("<F5>").taken()).len(), 1);
}

#[test]
fn nothing_is_sent_right_after_a_paste() {
    let mut studio = Studio::with(vec![]);
    studio.happen(Event::Paste("a fox\r\nin the snow\n".to_owned()));
    let effects = studio.keys("<F5>").taken();
    assert!(asked(&effects).is_empty());
    assert_eq!(studio.field(Field::Prompt), "a fox\nin the snow\n");
    let effects = studio.wait(400).keys("<F5>").taken();
    assert_eq!(asked(&effects).len(), 1);
}

#[test]
fn a_paste_into_a_field_of_one_line_stays_on_it() {
    let mut studio = Studio::with(vec![]);
    studio.keys("<tab>").happen(Event::Paste("640x\n480\n".to_owned()));
    assert_eq!(studio.field(Field::Size), "640x 480");
}

#[test]
fn quitting_is_never_a_letter_of_a_prompt() {
    let mut studio = Studio::with(vec![]);
    assert_eq!(studio.keys("quite? /").taken(), []);
    assert_eq!(studio.field(Field::Prompt), "quite? /");
    assert_eq!(studio.keys("<F3>q").taken(), [Effect::Quit]);
}

#[test]
fn what_is_asked_for_stands_on_top_and_is_followed_to_its_end() {
    let mut studio = Studio::with(vec![generation(1, "old", Job::Done)]);
    let new = generation(9, "a fox", Job::Queued);
    studio.happen(Event::Queued(vec![new.clone()]));
    assert_eq!(studio.state.selected().map(|row| row.id), Some(new.id));
    let running = Job::Running { since: new.created, attempt: 1 };
    studio.happen(Event::Progress(Progress { id: new.id, job: running.clone(), sent: None }));
    assert_eq!(studio.state.selected().map(|row| row.job.clone()), Some(running.clone()));
    assert!(studio.state.moves());
    let done = generation(9, "a fox", Job::Done);
    studio.happen(Event::Changed(Box::new(done)));
    assert!(!studio.state.moves());
    assert_eq!(studio.notice(), "1 picture in 3.2 s.");
    // Late news of a settled job is dropped.
    studio.happen(Event::Progress(Progress { id: new.id, job: running, sent: None }));
    assert_eq!(studio.state.selected().map(|row| row.job.clone()), Some(Job::Done));
}

#[test]
fn a_generation_comes_back_into_the_form_whole() {
    let mut made = generation(3, "a bay at night", Job::Done);
    made.request.height = Some(640);
    made.request.n = Some(2);
    made.request.negative_prompt = Some("people".to_owned());
    made.request.extra.insert("seed".to_owned(), 7.into());
    let mut studio = Studio::with(vec![made.clone()]);
    studio.keys("something else<F3><enter>");
    assert_eq!(studio.state.focus, Focus::Form(Field::Prompt));
    let effects = studio.keys("<F5>").taken();
    assert_eq!(effects, [alone(made.request, Some(made.id))]);
    // And what stood in the form is one undo away.
    studio.keys("<ctrl+_>");
    assert_eq!(studio.field(Field::Prompt), "something else");
}

#[test]
fn iterating_makes_the_shown_image_the_base_image() {
    let mut made = generation(3, "a bay", Job::Done);
    made.images.push(image(made.id, 1));
    let mut studio = Studio::with(vec![made.clone()]);
    studio.keys("<F3>]e");
    assert_eq!(studio.field(Field::BaseImage), made.images[1].path.to_str().unwrap());
    assert_eq!(studio.state.form.parent, Some(made.id));
}

#[test]
fn running_again_takes_one_key_and_keeps_the_form() {
    let made = generation(3, "a bay", Job::Done);
    let mut studio = Studio::with(vec![made.clone()]);
    let effects = studio.keys("my draft<F3>r").taken();
    assert_eq!(effects, [alone(made.request, Some(made.id))]);
    assert_eq!(studio.field(Field::Prompt), "my draft");
}

#[test]
fn what_was_interrupted_is_sent_again_as_itself() {
    let rows = some_of_everything();
    let mut studio = Studio::with(rows.clone());
    assert_eq!(studio.keys("<F3>Gr").taken(), [Effect::Resend(Box::new(rows[5].clone()))]);
}

#[test]
fn only_what_waits_can_be_cancelled_and_the_others_say_why() {
    let rows = some_of_everything();
    let mut studio = Studio::with(rows.clone());
    assert_eq!(studio.keys("<F3>x").taken(), []);
    assert!(studio.notice().contains("already sent"), "{}", studio.notice());
    assert_eq!(studio.keys("jx").taken(), [Effect::Cancel(rows[1].id)]);
    assert_eq!(studio.keys("jx").taken(), []);
    assert!(studio.notice().contains("already ended"));
}

#[test]
fn searching_asks_with_every_letter_and_escape_brings_all_back() {
    let rows = some_of_everything();
    let mut studio = Studio::with(rows.clone());
    studio.keys("<F3>/fox");
    let queries: Vec<_> = studio
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Load(wanted) => Some(wanted.query.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(queries, ["f", "fo", "fox"]);
    studio.answer(&rows);
    assert_eq!(studio.state.history.rows().len(), 1);
    assert!(studio.screen().contains("History · 1 found"));
    studio.keys("<esc>");
    studio.answer(&rows);
    assert_eq!(studio.state.history.rows().len(), rows.len());
}

#[test]
fn an_answer_to_a_question_no_longer_asked_is_dropped() {
    let rows = some_of_everything();
    let mut studio = Studio::with(rows.clone());
    studio.keys("<F3>/f");
    let late = std::mem::take(&mut studio.effects);
    studio.keys("ox");
    studio.answer(&rows);
    studio.effects = late;
    studio.answer(&rows);
    assert_eq!(studio.state.history.rows().len(), 1);
}

#[test]
fn what_changes_while_a_page_is_on_its_way_is_asked_for_after_it() {
    let mut rows = vec![generation(1, "a fox", Job::Queued)];
    let mut studio = Studio::with(rows.clone());
    studio.happen(Event::Elsewhere);
    let older = rows.clone();
    rows[0] = generation(1, "a fox", Job::Done);
    studio.happen(Event::Elsewhere);
    studio.answer(&older);
    assert_eq!(studio.state.selected().map(|row| row.job.clone()), Some(Job::Queued));
    studio.answer(&rows);
    assert_eq!(studio.state.selected().map(|row| row.job.clone()), Some(Job::Done));
    assert!(!studio.taken().iter().any(|effect| matches!(effect, Effect::Load(_))));
}

#[test]
fn a_long_history_is_walked_without_holding_all_of_it() {
    let rows: Vec<_> =
        (0..5_000).rev().map(|n| generation(n, &format!("number {n}"), Job::Done)).collect();
    let mut studio = Studio::with(rows.clone());
    studio.keys("<F3>");
    for _ in 0..450 {
        studio.keys("j");
        studio.answer(&rows);
        assert!(studio.state.history.rows().len() <= pentimento::app::history::MOST_ROWS);
    }
    assert_eq!(studio.state.selected().unwrap().id, rows[450].id);
    for _ in 0..450 {
        studio.keys("k");
        studio.answer(&rows);
    }
    assert_eq!(studio.state.selected().unwrap().id, rows[0].id);
    studio.keys("G");
    studio.answer(&rows);
    assert_eq!(studio.state.selected().unwrap().id, rows[4_999].id);
    studio.keys("g");
    studio.answer(&rows);
    assert_eq!(studio.state.selected().unwrap().id, rows[0].id);
}

#[test]
fn every_bound_action_that_does_nothing_here_says_why_or_moves() {
    let mut studio = Studio::with(vec![]);
    for key in ["<enter>", "p", "r", "e", "x", "]"] {
        studio.keys("<F3>").keys(key);
        assert!(studio.notice().contains("no generation yet"), "{key}");
    }
}

/// Types these faster than any hand can.
fn pour(studio: &mut Studio, keys: &str) {
    for chord in chords(keys) {
        studio.wait(1).happen(Event::Key(chord));
    }
}

#[test]
fn what_no_hand_can_type_is_a_paste_and_sends_nothing() {
    let mut studio = Studio::with(vec![]);
    pour(&mut studio, "a fox<ctrl+j>in the snow<ctrl+j><ctrl+j>");
    assert_eq!(studio.taken(), []);
    assert_eq!(studio.field(Field::Prompt), "a fox\nin the snow\n\n");
    for key in ["<F5>", "<alt+enter>", "<ctrl+enter>"] {
        pour(&mut studio, &format!("a{key}"));
        assert_eq!(studio.taken(), [], "{key}");
        assert!(studio.notice().contains("Press again"), "{}", studio.notice());
    }
    // A hand that comes later sends.
    assert_eq!(asked(&studio.wait(300).keys("<ctrl+j>").taken()).len(), 1);
}

#[test]
fn one_line_and_its_feed_send_nothing_either() {
    let mut studio = Studio::with(vec![]);
    studio.keys("a fox").wait(1_000);
    pour(&mut studio, "s<ctrl+j>");
    assert_eq!((studio.taken(), studio.field(Field::Prompt)), (vec![], "a foxs\n"));
    studio.keys("<tab>").wait(1_000);
    pour(&mut studio, "64x64<ctrl+j>");
    assert_eq!((studio.taken(), studio.field(Field::Size)), (vec![], "64x64"));
}

#[test]
fn a_pause_is_counted_down_and_outlasts_a_look_at_the_journal() {
    let waiting = generation(9, "a fox", Job::Queued);
    let mut studio = Studio::with(vec![waiting.clone()]);
    let failure = Failure::before_sending(FailureKind::RateLimit, "Too many.", "");
    let until = studio.state.now.plus_seconds(17.0);
    let job = Job::Paused { until, failure };
    studio.happen(Event::Progress(Progress { id: waiting.id, job, sent: None }));
    for left in [17, 16, 15] {
        studio.draw();
        let words = format!("demo asks to wait, {left} s");
        assert!(studio.screen().contains(&words), "{}", studio.screen());
        studio.happen(Event::Changed(Box::new(waiting.clone()))).wait(1_000);
    }
    assert!(studio.state.moves());
    assert_eq!(studio.keys("<F3>x").taken(), [Effect::Cancel(waiting.id)]);
    studio.wait(20_000).draw();
    assert!(studio.screen().contains("waiting for its turn"));
}

#[test]
fn what_nobody_knows_can_be_given_up_and_nothing_else_can() {
    let rows = some_of_everything();
    let mut studio = Studio::with(rows.clone());
    assert_eq!(studio.keys("<F3>GX").taken(), [Effect::GiveUp(rows[5].id)]);
    assert_eq!(studio.keys("R").taken(), [Effect::Resend(Box::new(rows[5].clone()))]);
    assert_eq!(studio.keys("kX").taken(), []);
    assert!(studio.notice().contains("given up"), "{}", studio.notice());
    assert_eq!(studio.keys("R").taken(), []);
    assert!(studio.notice().contains("not failed"), "{}", studio.notice());
    let failed = Effect::Resend(Box::new(rows[3].clone()));
    assert_eq!(studio.wait(600).keys("kR").taken(), [failed]);
}

/// What is looked at first.
fn view(studio: &Studio) -> pentimento::domain::View {
    studio.scene.images[0].0
}

#[test]
fn a_picture_is_looked_at_more_closely_step_by_step_and_moved() {
    let mut studio = Studio::with(some_of_everything());
    studio.keys("<F3>jjz").draw();
    assert!(view(&studio).is_whole());
    studio.keys("+=").draw();
    assert_eq!((view(&studio).zoom(), view(&studio).centre()), (200, (500, 500)));
    let selected = studio.state.selected().unwrap().id;
    studio.keys("<right><right>j").draw();
    assert_eq!(view(&studio).centre(), (750, 625), "it ends where the picture does");
    assert_eq!(studio.state.selected().unwrap().id, selected, "and walks nowhere");
    // The next image of the same generation is looked at as closely.
    studio.keys("]").draw();
    assert_eq!((view(&studio).image().index, view(&studio).zoom()), (1, 200));
    studio.keys("-").draw();
    assert_eq!(view(&studio).zoom(), 150);
    // Esc goes back a step at a time.
    studio.keys("<esc>").draw();
    assert!(view(&studio).is_whole() && studio.state.preview.full_screen);
    studio.keys("<esc>").draw();
    assert!(!studio.state.preview.full_screen);
    // Another generation is seen whole.
    studio.keys("z++<F3>jj").draw();
    assert!(view(&studio).is_whole());
}

#[test]
fn nothing_is_enlarged_beyond_the_nearest() {
    let mut studio = Studio::with(some_of_everything());
    studio.keys("<F3>jjz").keys(&"+".repeat(40)).draw();
    assert_eq!(view(&studio).zoom(), pentimento::domain::View::NEAREST);
    studio.keys(&"-".repeat(40)).draw();
    assert!(view(&studio).is_whole());
    studio.keys("+++Z").draw();
    assert!(view(&studio).is_whole());
}

#[test]
fn the_gallery_is_walked_in_two_directions_and_left_again() {
    let rows: Vec<_> = (1..60).map(|n| generation(n, "one of many", Job::Done)).collect();
    let mut studio = Studio::with(rows);
    studio.keys("<F3>v").draw();
    let columns = usize::from(studio.state.extents.history.columns);
    assert!(studio.state.shows_gallery() && columns > 2);
    let place = |studio: &Studio| studio.state.history.selected_index();
    for (keys, expected) in
        [("j", columns), ("<right>", columns + 1), ("k", 1), ("<left>", 0), ("<left>", 0)]
    {
        studio.keys(keys).draw();
        assert_eq!(place(&studio), expected, "{keys}");
    }
    studio.keys("jjjj").draw();
    let (top, selected) = (studio.state.history.top(), place(&studio));
    let page = columns * usize::from(studio.state.extents.history.lines());
    assert!((top..top + page).contains(&selected) && top % columns == 0, "{top} {selected}");
    // One alone, and back to all of them.
    studio.keys("z").draw();
    assert!(!studio.state.shows_gallery());
    studio.keys("z").draw();
    assert!(studio.state.shows_gallery());
    studio.keys("<esc>").draw();
    assert!(!studio.state.shows_gallery());
    assert_eq!(place(&studio), selected);
    studio.keys("v<enter>").draw();
    assert!(!studio.state.shows_gallery(), "the form is in sight");
}
