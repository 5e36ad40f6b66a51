//! The form pane: its fields, with what the model makes of them.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::Scene;
use super::base;
use super::paint::{self, span, style};
use super::split::{self, Part};
use crate::app::editor::columns;
use crate::app::form::Field;
use crate::app::{Focus, State, Target};
use crate::config::Settings;
use crate::config::theme::Role;
use crate::domain::ModelId;

/// Columns that labels take where they stand before their field.
const LABEL: u16 = 11;
/// Lines of the form from which on one says what is known of the base image.
pub(super) const ROOM_FOR_BASE: u16 = 10;

pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
    scene: &mut Scene,
) {
    let focused = matches!(state.focus, Focus::Form(_));
    let title = title(state, settings);
    let inner = paint::pane(frame, area, settings, &title, focused);
    let roomy = inner.height >= 9;
    let known = base::note(state).filter(|_| inner.height >= ROOM_FOR_BASE);
    let [model, note, label, prompt, numbers, image, about, negative, extra] = split::rows(
        inner,
        [
            Part::Length(1),
            Part::Length(u16::from(roomy)),
            Part::Length(u16::from(roomy)),
            Part::Share(1),
            Part::Length(1),
            Part::Length(1),
            Part::Length(u16::from(known.is_some())),
            Part::Length(1),
            Part::Length(if inner.height >= 14 { 2 } else { 1 }),
        ],
    );
    let mut pen = Pen { frame, state, settings, scene };
    pen.labelled(Field::Model, model, LABEL);
    pen.note(note);
    pen.label(Field::Prompt, label);
    pen.mistake(label);
    pen.field(Field::Prompt, prompt);
    let [size, count, steps] =
        split::columns(numbers, [Part::Share(1), Part::Length(5), Part::Length(10)]);
    pen.labelled(Field::Size, size, 5);
    pen.labelled(Field::Count, count, 2);
    pen.labelled(Field::Steps, steps, 6);
    pen.labelled(Field::BaseImage, image, LABEL);
    if let Some((known, role)) = known {
        pen.under(about, &known, role);
    }
    pen.labelled(Field::Negative, negative, LABEL);
    pen.labelled(Field::Extra, extra, LABEL);
}

/// What is sent by one key, and what it costs.
fn title(state: &State, settings: &Settings) -> String {
    let Some((count, price)) = state.form.estimate(settings) else { return "Form".to_owned() };
    let several = if count > 1 { format!(" · {count} requests") } else { String::new() };
    let price = price.map_or_else(String::new, |price| format!(" · {price}"));
    format!("Form{several}{price}")
}

struct Pen<'a, 'f> {
    frame: &'a mut Frame<'f>,
    state: &'a State,
    settings: &'a Settings,
    scene: &'a mut Scene,
}

impl Pen<'_, '_> {
    fn labelled(&mut self, field: Field, area: Rect, label: u16) {
        let [label, text] = split::columns(area, [Part::Length(label), Part::Share(1)]);
        self.label(field, label);
        self.field(field, text);
    }

    fn label(&mut self, field: Field, area: Rect) {
        let focused = self.state.focus == Focus::Form(field);
        let role = if focused { Role::Accent } else { Role::Label };
        paint::text(self.frame, area, field.label(), style(self.settings, role));
    }

    /// What is known of the model, in one line.
    fn note(&mut self, area: Rect) {
        // The last of several is the one being written.
        let text = self.state.form.text(Field::Model).trim();
        let text = text.rsplit(',').next().unwrap_or(text).trim();
        if let Some(ignored) = base::ignored(self.state, self.settings) {
            return self.under(area, &ignored, Role::Warning);
        }
        let note = match text.parse::<ModelId>() {
            Err(error) => error.to_string(),
            Ok(model) if model.is_demo() => "painted here, not by a model".to_owned(),
            Ok(model) => self.settings.models.note(&model),
        };
        self.under(area, &note, Role::Dim);
    }

    /// What is to be said of a field, under it where that fits, else as far to the left as it
    /// takes.
    fn under(&mut self, area: Rect, note: &str, role: Role) {
        let indent = LABEL.min(area.width.saturating_sub(columns(note) as u16));
        let area = Rect { x: area.x + indent, width: area.width - indent, ..area };
        let note = paint::cut(note, area.width);
        paint::text(self.frame, area, &note, style(self.settings, role));
    }

    /// What is wrong with the prompt, beside its label.
    fn mistake(&mut self, area: Rect) {
        if let Err(mistake) = &self.state.form.reading.template {
            let indent = LABEL.min(area.width);
            let area = Rect { x: area.x + indent, width: area.width - indent, ..area };
            let what = format!("character {}: {}", mistake.at + 1, mistake.what);
            let what = paint::cut(&what, area.width);
            paint::text(self.frame, area, &what, style(self.settings, Role::Warning));
        }
    }

    fn field(&mut self, field: Field, area: Rect) {
        if area.is_empty() {
            return;
        }
        let editor = self.state.form.editor(field);
        let focused = self.state.focus == Focus::Form(field);
        // One column is kept free for the cursor behind the last character.
        let width = area.width.saturating_sub(1).max(1);
        self.scene.extents.fields[field as usize] = (width, area.height);
        self.scene.targets.push((area, Target::Field(field)));
        if editor.text().is_empty() {
            let placeholder = style(self.settings, Role::Placeholder);
            paint::line(self.frame, area, vec![span(field.placeholder(), placeholder)]);
        }
        let lines = editor.wrap(width.into());
        let top = if focused || field.is_multiline() { editor.scroll() } else { 0 };
        for (line, row) in lines.iter().skip(top).zip(area.rows()) {
            let shown = &editor.text()[line.start..line.end];
            let plain = style(self.settings, Role::Text);
            let within = editor.selection().filter(|_| focused).and_then(|it| {
                let (start, end) = (it.start.max(line.start), it.end.min(line.end));
                (start < end).then(|| start - line.start..end - line.start)
            });
            let other = style(self.settings, Role::Selection);
            paint::line(self.frame, row, paint::spans(shown, within.as_slice(), plain, other));
        }
        if focused {
            let (row, column) = editor.position(width.into());
            let row = row.saturating_sub(top).min(usize::from(area.height) - 1);
            let column = column.min(usize::from(area.width) - 1);
            self.scene.cursor = Some(Position::new(area.x + column as u16, area.y + row as u16));
        }
    }
}
