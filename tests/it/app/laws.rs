//! What holds for any events in any order.

use pentimento::app::editor::{Editor, Motion, columns};
use pentimento::app::opinions::{How, News};
use pentimento::app::{Effect, Event, Target, update};
use pentimento::config::keymap::ACTIONS;
use pentimento::domain::{Change, Generation, Job, Progress, Timestamp};
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::fixture::{Studio, generation, some_of_everything};

/// One thing that may happen.
#[derive(Clone, Debug)]
enum Happening {
    Keys(String),
    Paste(String),
    Wait(i64),
    Answer,
    Queue(u64),
    Progress(usize),
    End(usize),
    Trash(usize),
    Restore(usize),
    Resize(u16, u16),
    Click(u16, u16),
}

fn happening() -> impl Strategy<Value = Happening> {
    let bound = ACTIONS.iter().flat_map(|(action, ..)| {
        let settings = pentimento::config::Settings::default();
        let keys = settings.keys.chords(*action).to_vec();
        keys.into_iter().map(|chord| format!("<{}>", written(chord)))
    });
    let bound: Vec<String> = bound.collect();
    prop_oneof![
        8 => proptest::sample::select(bound).prop_map(Happening::Keys),
        3 => "[a-zé漢👩‍👩‍👧🇩🇪\u{301} ]{1,6}".prop_map(Happening::Paste),
        1 => "/?(home/)?[a-z' ]{1,3}(\\.png)?".prop_map(Happening::Paste),
        2 => "[a-z ]{1,4}".prop_map(Happening::Keys),
        1 => (0_i64..2_000).prop_map(Happening::Wait),
        3 => Just(Happening::Answer),
        1 => (10_u64..1_000).prop_map(Happening::Queue),
        1 => (0_usize..8).prop_map(Happening::Progress),
        1 => (0_usize..8).prop_map(Happening::End),
        1 => (0_usize..8).prop_map(Happening::Trash),
        1 => (0_usize..8).prop_map(Happening::Restore),
        1 => (0_u16..140, 0_u16..50).prop_map(|(w, h)| Happening::Resize(w, h)),
        1 => (0_u16..140, 0_u16..50).prop_map(|(x, y)| Happening::Click(x, y)),
    ]
}

/// The news that a change was done to the row in this place, and to the next one.
fn changed(all: &mut [Generation], place: usize, change: Change) -> Event {
    let rows = all.iter_mut().skip(place).take(2).map(|row| {
        row.opinion = row.opinion.after(&change);
        row.clone()
    });
    let generations = rows.collect();
    let how = if place.is_multiple_of(2) { How::Done } else { How::TakenBack };
    Event::Opinion(News::Changed { how, change, generations, protected: 0, under_way: 0 })
}

/// A chord as the configuration writes it.
fn written(chord: pentimento::config::chord::Chord) -> String {
    let shown = chord.to_string();
    for (arrow, name) in [("↑", "up"), ("↓", "down"), ("←", "left"), ("→", "right")] {
        if let Some(modifiers) = shown.strip_suffix(arrow) {
            return format!("{modifiers}{name}");
        }
    }
    // `>` would end the notation.
    if shown.ends_with('>') { "F1".to_owned() } else { shown }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_happens_breaks_the_studio(
        happenings in proptest::collection::vec(happening(), 1..60)
    ) {
        let mut all = some_of_everything();
        // Some are of other days.
        for (row, days) in all.iter_mut().zip([0, 0, 1, 1, 30, 31]) {
            row.created = row.created.plus_seconds(-86_400.0 * f64::from(days));
        }
        let mut studio = Studio::with(all.clone());
        for happening in happenings {
            match happening {
                Happening::Keys(keys) => drop(studio.keys(&keys)),
                Happening::Paste(text) => drop(studio.happen(Event::Paste(text))),
                Happening::Wait(time) => drop(studio.wait(time)),
                Happening::Answer => studio.answer(&all),
                Happening::Queue(n) => {
                    let new = generation(n, "new", Job::Queued);
                    if all.iter().all(|row| row.id != new.id) {
                        all.insert(0, new.clone());
                        studio.happen(Event::Queued(vec![new]));
                    }
                }
                Happening::Progress(place) => {
                    if let Some(row) = all.get(place) {
                        let job = Job::Running { since: row.created, attempt: 1 };
                        studio.happen(Event::Progress(Progress { id: row.id, job, sent: None }));
                    }
                }
                Happening::End(place) => {
                    if let Some(row) = all.get_mut(place) {
                        row.job = Job::Done;
                        row.finished = Some(row.created);
                        studio.happen(Event::Changed(Box::new(row.clone())));
                    }
                }
                Happening::Trash(place) => {
                    let change = Change::Trash(Timestamp::default());
                    studio.happen(changed(&mut all, place, change));
                }
                Happening::Restore(place) => {
                    studio.happen(changed(&mut all, place, Change::Restore));
                }
                Happening::Resize(columns, lines) => {
                    studio.terminal.backend_mut().resize(columns, lines);
                }
                Happening::Click(x, y) => {
                    let at = ratatui::layout::Position::new(x, y);
                    if let Some((target, within)) = studio.scene.target(at) {
                        studio.happen(Event::Click(target, within));
                    }
                }
            }
            studio.draw();
            let history = &studio.state.history;
            prop_assert!(
                history.rows().is_empty() || history.selected_index() < history.rows().len()
            );
            prop_assert!(history.top() <= history.selected_index());
            let is_row = |target: &Target| matches!(target, Target::Row(_));
            let mut shown = studio.scene.targets.iter().map(|(_, target)| target);
            if let Some(selected) = history.selected()
                && shown.clone().any(is_row)
            {
                let selected = Target::Row(selected.id);
                prop_assert!(shown.any(|target| *target == selected), "it is out of sight");
            }
            prop_assert!(studio.state.jobs.all().iter().all(|job| job.job.is_under_way()));
            let ids: std::collections::BTreeSet<_> =
                history.rows().iter().map(|row| row.id).collect();
            prop_assert_eq!(ids.len(), history.rows().len());
            let area = ratatui::layout::Rect::from((
                ratatui::layout::Position::ORIGIN,
                studio.terminal.size().expect("a test backend"),
            ));
            for (_, image) in &studio.scene.images {
                prop_assert_eq!(image.intersection(area), *image);
            }
            if let Some(cursor) = studio.scene.cursor {
                prop_assert!(area.contains(cursor));
            }
        }
    }

    #[test]
    fn one_press_is_at_most_one_request(
        presses in proptest::collection::vec((0_i64..700, any::<bool>()), 1..40)
    ) {
        let mut studio = Studio::with(vec![]);
        studio.keys("a fox");
        let mut sent = Vec::new();
        for (pause, pasted) in presses {
            studio.wait(pause);
            if pasted {
                studio.happen(Event::Paste("x".to_owned()));
            }
            let settings = studio.settings.clone();
            let key = super::fixture::chords("<F5>")[0];
            let effects = update(&settings, &mut studio.state, Event::Key(key));
            let now = studio.state.now;
            let requests =
                effects.iter().filter(|effect| matches!(effect, Effect::Generate(..))).count();
            prop_assert!(requests <= 1);
            prop_assert!(!(pasted && requests > 0));
            sent.extend((0..requests).map(|_| now));
        }
        prop_assert!(sent.windows(2).all(|pair| apart(pair[0], pair[1]) >= 500));
    }

    #[test]
    fn the_editor_agrees_with_a_plain_string(
        edits in proptest::collection::vec(edit(), 1..60)
    ) {
        let mut editor = Editor::default();
        let mut texts = vec![String::new()];
        for edit in edits {
            let before = (editor.text().to_owned(), editor.cursor(), editor.selection());
            match &edit {
                Edit::Insert(text) => {
                    editor.insert(text);
                    let mut plain = before.0.clone();
                    plain.replace_range(before.2.unwrap_or(before.1..before.1), text);
                    prop_assert_eq!(editor.text(), &plain);
                }
                Edit::Delete(motion) => {
                    editor.delete(*motion);
                    prop_assert!(editor.text().len() <= before.0.len());
                    if let Some(selected) = before.2 {
                        let mut plain = before.0.clone();
                        let kept = plain[selected.clone()].to_owned();
                        plain.replace_range(selected, "");
                        prop_assert_eq!(editor.text(), &plain);
                        let mut other = editor.clone();
                        other.yank();
                        prop_assert_eq!(other.text().len(), plain.len() + kept.len());
                    }
                }
                Edit::Select(motion) => {
                    editor.select(*motion);
                    prop_assert_eq!(editor.text(), before.0.as_str());
                    let mut plain = editor.clone();
                    plain.unselect();
                    prop_assert_eq!(plain.cursor(), editor.cursor());
                }
                Edit::Go(motion) => {
                    editor.go(*motion);
                    prop_assert_eq!(editor.text(), before.0.as_str());
                }
                Edit::Lines(lines, width) => {
                    editor.go_lines(*lines, *width);
                    prop_assert_eq!(editor.text(), before.0.as_str());
                }
            }
            let cursor = editor.cursor();
            let stands_between = cursor == editor.text().len()
                || editor.text().grapheme_indices(true).any(|(at, _)| at == cursor);
            prop_assert!(stands_between, "{:?} at {}", editor.text(), cursor);
            if editor.text() != texts.last().map_or("", String::as_str) {
                texts.push(editor.text().to_owned());
            }
            for width in [1, 7, 40] {
                wraps_well(&editor, width)?;
            }
        }
        while editor.undo() {}
        prop_assert_eq!(editor.text(), "");
        while editor.redo() {}
        prop_assert_eq!(editor.text(), texts.last().map_or("", String::as_str));
    }
}

/// A word of exactly the width behind a space, then a grapheme two columns wide: the line
/// has to be broken twice for it.
#[test]
fn a_word_moved_to_the_next_line_is_broken_there_where_it_must_be() -> Result<(), TestCaseError> {
    let mut editor = Editor::default();
    editor.insert(" abcdef漢");
    wraps_well(&editor, 7)
}

fn apart(earlier: Timestamp, later: Timestamp) -> i64 {
    later.millis() - earlier.millis()
}

#[derive(Clone, Debug)]
enum Edit {
    Insert(String),
    Delete(Motion),
    Go(Motion),
    Select(Motion),
    Lines(isize, usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let motion = || {
        proptest::sample::select(vec![
            Motion::Left,
            Motion::Right,
            Motion::WordLeft,
            Motion::WordRight,
            Motion::LineStart,
            Motion::LineEnd,
            Motion::TextStart,
            Motion::TextEnd,
        ])
    };
    prop_oneof![
        4 => "\\PC{1,8}".prop_map(Edit::Insert),
        1 => Just(Edit::Insert("\n".to_owned())),
        1 => Just(Edit::Insert("\u{301}".to_owned())),
        1 => Just(Edit::Insert("🇩🇪👩‍👩‍👧".to_owned())),
        3 => motion().prop_map(Edit::Delete),
        4 => motion().prop_map(Edit::Go),
        3 => motion().prop_map(Edit::Select),
        2 => (-3_isize..4, 1_usize..30).prop_map(|(lines, width)| Edit::Lines(lines, width)),
    ]
}

/// Every byte stands on one line (line ends aside), and no line is wider than the box
/// but for one grapheme that is, or spaces that hang over.
fn wraps_well(editor: &Editor, width: usize) -> Result<(), TestCaseError> {
    let lines = editor.wrap(width);
    prop_assert!(!lines.is_empty());
    let mut joined = String::new();
    for (place, line) in lines.iter().enumerate() {
        let text = &editor.text()[line.start..line.end];
        if place > 0 && lines[place - 1].end != line.start {
            joined.push('\n');
        }
        joined.push_str(text);
        let shown = text.trim_end_matches([' ', '\t']);
        prop_assert!(
            columns(shown) <= width || shown.graphemes(true).count() == 1,
            "{text:?} is wider than {width}"
        );
    }
    prop_assert_eq!(joined, editor.text());
    Ok(())
}
