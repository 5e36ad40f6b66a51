//! The few ways in which anything is put on the screen.
//!
//! Promises that text from outside is cleaned before it becomes cells.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Padding};

use crate::config::Settings;
use crate::config::theme::{self, Role};
use crate::domain::Text;

/// The style of a role in the theme.
pub(super) fn style(settings: &Settings, role: Role) -> Style {
    let themed = settings.theme.style(role);
    let mut style = Style::new();
    style.fg = color(themed.fg);
    style.bg = color(themed.bg);
    for (wanted, modifier) in [
        (themed.bold, Modifier::BOLD),
        (themed.dim, Modifier::DIM),
        (themed.italic, Modifier::ITALIC),
        (themed.underline, Modifier::UNDERLINED),
        (themed.reverse, Modifier::REVERSED),
    ] {
        if wanted {
            style = style.add_modifier(modifier);
        }
    }
    style
}

/// The default colour is `None`: it lets what lies below (a selected row) show.
const fn color(color: theme::Color) -> Option<Color> {
    match color {
        theme::Color::Default => None,
        theme::Color::Ansi(index) => Some(Color::Indexed(index)),
        theme::Color::Rgb(r, g, b) => Some(Color::Rgb(r, g, b)),
    }
}

/// A cleaned piece of text in a style.
pub(super) fn span(text: &str, style: Style) -> Span<'static> {
    Span::styled(Text::capped(text, Text::MESSAGE).as_str().to_owned(), style)
}

/// A piece of text in which what stands at `found` is in another style.
pub(super) fn spans(
    text: &str,
    found: &[std::ops::Range<usize>],
    plain: Style,
    other: Style,
) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    let mut done = 0;
    // What was cut off the text is not in it.
    for range in found.iter().filter(|range| text.get((*range).clone()).is_some()) {
        spans.push(span(&text[done..range.start], plain));
        spans.push(span(&text[range.clone()], other));
        done = range.end;
    }
    spans.push(span(&text[done..], plain));
    spans
}

/// One line of text, cut at the edge.
pub(super) fn text(frame: &mut Frame<'_>, area: Rect, text: &str, style: Style) {
    line(frame, area, vec![span(text, style)]);
}

/// One line of pieces, cut at the edge.
pub(super) fn line(frame: &mut Frame<'_>, area: Rect, spans: Vec<Span<'static>>) {
    let area = area.intersection(frame.area());
    if !area.is_empty() {
        frame.render_widget(Line::from(spans), area);
    }
}

/// The frame of a pane, and what is inside of it.
pub(super) fn pane(
    frame: &mut Frame<'_>,
    area: Rect,
    settings: &Settings,
    title: &str,
    focused: bool,
) -> Rect {
    let (border, heading) =
        if focused { (Role::BorderFocus, Role::Title) } else { (Role::Border, Role::Dim) };
    let block = Block::bordered()
        .border_type(if focused { BorderType::Thick } else { BorderType::Rounded })
        .border_style(style(settings, border))
        .padding(Padding::horizontal(1))
        .title(Line::from(span(&format!(" {title} "), style(settings, heading))));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    inner
}

/// The first of these words that there is room for, on the right of the upper edge of a pane
/// beside its title of so many columns.
pub(super) fn on_the_right(
    frame: &mut Frame<'_>,
    area: Rect,
    settings: &Settings,
    words: &[String],
    title: usize,
) {
    let room = usize::from(area.width).saturating_sub(title + 8);
    let fits = |words: &&String| crate::app::editor::columns(words) <= room;
    let Some(words) = words.iter().find(fits) else { return };
    let width = crate::app::editor::columns(words) as u16 + 2;
    let place = Rect { x: area.right() - width - 2, width, height: 1, ..area };
    text(frame, place, &format!(" {words} "), style(settings, Role::Dim));
}

/// `text` broken between words into lines of `width` columns, at most `most` of them;
/// the last ends in an ellipsis where there is more.
pub(super) fn wrap(text: &str, width: u16, most: usize) -> Vec<String> {
    let width = usize::from(width).max(2);
    let editor = crate::app::editor::Editor::new(text);
    let wrapped = editor.wrap(width);
    let mut lines: Vec<String> = wrapped
        .iter()
        .take(most)
        .map(|line| editor.text()[line.start..line.end].trim_end().to_owned())
        .collect();
    if wrapped.len() > most
        && let Some(last) = lines.last_mut()
    {
        *last = cut(&format!("{last} …"), width as u16);
        if !last.ends_with('…') {
            last.push('…');
        }
    }
    lines
}

/// `text` cut to `width` columns, with an ellipsis where something was cut.
pub(super) fn cut(text: &str, width: u16) -> String {
    use unicode_segmentation::UnicodeSegmentation;
    let width = usize::from(width);
    if crate::app::editor::columns(text) <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        used += crate::app::editor::columns(grapheme);
        if used >= width {
            break;
        }
        kept.push_str(grapheme);
    }
    kept.push('…');
    kept
}
