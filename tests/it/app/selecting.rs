//! Selecting in a text.

use insta::assert_snapshot;
use pentimento::app::Focus;
use pentimento::app::form::Field;

use super::fixture::Studio;

#[test]
fn what_is_selected_is_replaced_by_what_is_typed_and_comes_back_with_one_undo() {
    let mut studio = Studio::with(vec![]);
    studio.keys("a red fox<ctrl+shift+left>owl");
    assert_eq!(studio.field(Field::Prompt), "a red owl");
    studio.keys("<ctrl+_>");
    assert_eq!(studio.field(Field::Prompt), "a red fox");
}

#[test]
fn what_is_selected_is_deleted_by_one_key_and_put_back_elsewhere() {
    let mut studio = Studio::with(vec![]);
    studio.keys("red fox<shift+home><backspace>");
    assert_eq!(studio.field(Field::Prompt), "");
    studio.keys("a <ctrl+y>");
    assert_eq!(studio.field(Field::Prompt), "a red fox");
    studio.keys("<alt+a><alt+w><end> and <ctrl+y>");
    assert_eq!(studio.field(Field::Prompt), "a red fox and a red fox");
}

#[test]
fn a_plain_motion_ends_a_selection_but_not_one_that_was_begun_by_its_key() {
    let mut studio = Studio::with(vec![]);
    studio.keys("a red fox<shift+left><left>x");
    assert_eq!(studio.field(Field::Prompt), "a red fxox");
    studio.keys("<ctrl+u><ctrl+k>a red fox<home><ctrl+space><alt+f><alt+f>the");
    assert_eq!(studio.field(Field::Prompt), "the fox");
}

#[test]
fn lines_are_selected_by_the_rows_they_are_wrapped_in_and_esc_selects_nothing() {
    let mut studio = Studio::with(vec![]);
    studio.keys("one<enter>two<enter>three<shift+up><shift+up>");
    let selected = studio.state.form.editor(Field::Prompt).selected().map(str::to_owned);
    assert_eq!(selected.as_deref(), Some("\ntwo\nthree"));
    studio.keys("<esc>");
    assert_eq!(studio.state.form.editor(Field::Prompt).selection(), None);
    assert_eq!(studio.state.focus, Focus::Form(Field::Prompt), "esc did one thing");
    studio.keys("<alt+a><delete>");
    assert_eq!(studio.field(Field::Prompt), "");
}

#[test]
fn a_selection_can_be_seen() {
    let mut studio = Studio::sized(vec![], 80, 24);
    studio.keys("a red fox in the snow, at night, under the moon<shift+home><shift+up>");
    let buffer = studio.terminal.backend().buffer();
    let width = usize::from(buffer.area.width);
    let style = |cell: &ratatui::buffer::Cell| {
        if cell.bg == ratatui::style::Color::Reset { '·' } else { '█' }
    };
    let rows =
        buffer.content.chunks(width).map(|row| row.iter().take(34).map(style).collect::<String>());
    assert_snapshot!(rows.take(10).collect::<Vec<_>>().join("\n"));
}
