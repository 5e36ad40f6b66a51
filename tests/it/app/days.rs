//! The history by days.

use insta::assert_snapshot;
use pentimento::app::{Effect, Target};
use pentimento::domain::{Generation, Job};
use proptest::prelude::*;

use super::fixture::{Studio, generation};
use super::screens::screen_of;

/// So many done generations a day, of today first, at noon.
fn days(counts: &[u64]) -> Vec<Generation> {
    let mut rows: Vec<Generation> = Vec::new();
    for (day, count) in (0..).zip(counts) {
        for _ in 0..*count {
            let n = 900 - rows.len() as u64;
            let mut made = generation(n, &format!("number {n}"), Job::Done);
            made.created = made.created.plus_seconds(-86_400.0 * f64::from(day));
            made.finished = Some(made.created.plus_seconds(3.25));
            rows.push(made);
        }
    }
    rows
}

/// The screen without the name of a day that depends on the zone.
fn shown(studio: &mut Studio) -> String {
    let now = studio.state.now;
    let mut text = screen_of(studio);
    for row in studio.state.history.rows() {
        let name = row.created.to_day_name(now);
        if name.contains(' ') {
            let width = name.chars().count();
            text = text.replace(&name, &format!("{:<width$}", "Www 00 Mmmmmmmm 2026"));
        }
    }
    text
}

#[test]
fn days_have_headings_in_the_list_and_in_the_gallery() {
    for (columns, lines) in [(40, 12), (80, 24), (120, 40)] {
        for (what, keys) in [("list", "<F3>"), ("gallery", "<F3>v")] {
            let mut studio = Studio::sized(days(&[2, 3, 1, 4]), columns, lines);
            studio.keys(keys);
            assert_snapshot!(format!("days-{what}-{columns}x{lines}"), shown(&mut studio));
        }
    }
}

#[test]
fn a_day_is_gone_to_at_once_where_it_is_loaded() {
    for keys in ["<F3>", "<F3>v"] {
        let mut studio = Studio::with(days(&[2, 3, 1, 4]));
        studio.keys(keys).taken();
        for (keys, place) in [("}", 2), ("}", 5), ("}", 6), ("{", 5), ("}{", 5), ("{{", 0)] {
            studio.keys(keys);
            assert_eq!(studio.state.history.selected_index(), place, "{keys}");
        }
        assert_eq!(studio.taken(), []);
    }
}

/// They stand where they came in, with headings of their own days.
#[test]
fn what_was_imported_is_left_and_come_to_like_any_other_day() {
    let mut rows = days(&[2, 3]);
    let made = days(&[0, 0, 0, 1, 0, 2]);
    rows.splice(0..0, made);
    for row in &mut rows[..3] {
        row.request.model = "imported:comfyui/flux".parse().expect("a model");
    }
    let mut studio = Studio::with(rows);
    studio.keys("<F3>").taken();
    for (keys, place) in [("}", 1), ("}", 3), ("}", 5), ("{", 3), ("{", 1), ("{", 0)] {
        studio.keys(keys);
        assert_eq!(studio.state.history.selected_index(), place, "{keys}");
    }
    assert_eq!(studio.keys("}}}}").notice(), "Nothing below is of another day.");
    assert_eq!(studio.taken(), []);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whatever the order of the days, each heading is one stop, on the way down and up.
    #[test]
    fn every_heading_is_come_to_and_nothing_else(of in proptest::collection::vec(0_u32..3, 1..16)) {
        let mut rows = days(&[of.len() as u64]);
        for (row, day) in rows.iter_mut().zip(&of) {
            row.created = row.created.plus_seconds(-86_400.0 * f64::from(*day));
        }
        let mut stops: Vec<usize> = (1..of.len()).filter(|at| of[*at] != of[at - 1]).collect();
        let mut studio = Studio::with(rows);
        studio.keys("<F3>");
        for stop in &stops {
            prop_assert_eq!(studio.keys("}").state.history.selected_index(), *stop);
        }
        prop_assert_eq!(studio.keys("}").notice(), "Nothing below is of another day.");
        stops.insert(0, 0);
        stops.pop();
        for stop in stops.iter().rev() {
            prop_assert_eq!(studio.keys("{").state.history.selected_index(), *stop);
        }
        prop_assert_eq!(studio.keys("{").notice(), "This is the newest one.");
    }
}

#[test]
fn a_day_that_is_not_loaded_is_asked_for() {
    let rows = days(&[700, 5]);
    let mut studio = Studio::with(rows.clone());
    studio.keys("<F3>").taken();
    studio.keys("}");
    let asked = studio.taken();
    assert!(matches!(&*asked, [Effect::Load(_)]), "{asked:?}");
}

#[test]
fn lines_of_the_gallery_are_gone_along_though_days_end_in_the_middle_of_them() {
    let mut studio = Studio::with(days(&[2, 7, 3]));
    studio.keys("<F3>v<right>");
    let mut places = vec![studio.state.history.selected_index()];
    for _ in 0..3 {
        studio.keys("j");
        places.push(studio.state.history.selected_index());
    }
    // Of the second day, six stand on one line, and one on the next.
    assert_eq!((studio.state.extents.history.columns, &*places), (6, &[1, 3, 8, 9][..]));
}

#[test]
fn a_click_beside_a_heading_means_the_row_that_is_seen_there() {
    let mut studio = Studio::with(days(&[2, 3, 1, 4]));
    studio.keys("<F3>");
    let screen = studio.screen();
    let rows: Vec<(u16, String)> = studio
        .scene
        .targets
        .iter()
        .filter_map(|(area, target)| match target {
            Target::Row(id) => {
                let row = studio.state.history.rows().iter().find(|row| row.id == *id)?;
                Some((area.y, row.request.prompt.clone()))
            }
            _ => None,
        })
        .collect();
    assert!(rows.len() > 4, "{screen}");
    for (y, prompt) in rows {
        let line = screen.lines().nth(y.into()).unwrap_or("");
        assert!(line.contains(&prompt), "line {y} has no {prompt:?}:\n{screen}");
    }
}
