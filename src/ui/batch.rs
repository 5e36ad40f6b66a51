//! The requests that wait to be sent: how many, which, and what they cost.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::paint::{self, style};
use super::split::{self, Part};
use super::window::{fitting, keys, window};
use crate::app::batch::Choice;
use crate::app::{Overlay, State};
use crate::config::Settings;
use crate::config::keymap::{Action, Context};
use crate::config::theme::Role;
use crate::domain::{ModelId, Plan, shown_size};

/// Rows of prompts that are shown where there is room.
const ROWS: u16 = 16;

/// Draws the window; gives the place it covers.
pub(super) fn overlay(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    settings: &Settings,
) -> Option<Rect> {
    let Some(Overlay::Batch(choice)) = state.overlay else { return None };
    let plan = state.form.plan(settings).ok()?;
    let head = head(&plan, settings, choice);
    let rows = u16::try_from(plan.template.count()).unwrap_or(u16::MAX).min(ROWS);
    let lines = head.len() as u16 + rows + 3;
    let count = plan.chosen(choice.draw());
    let title = format!("Send {count} request{}?", if count == 1 { "" } else { "s" });
    let (covered, inner) = window(frame, area, settings, &title, lines);
    let [top, list, _, hints] = split::rows(
        inner,
        [Part::Length(head.len() as u16), Part::Share(1), Part::Length(1), Part::Length(1)],
    );
    for ((line, role), row) in head.iter().zip(top.rows()) {
        paint::text(frame, row, &paint::cut(line, row.width), style(settings, *role));
    }
    let prompts = plan.prompts(choice.draw(), choice.top, list.height.into());
    for ((place, prompt), row) in prompts.iter().enumerate().zip(list.rows()) {
        let line = format!("{:>3}  {}", choice.top + place + 1, prompt.replace('\n', " "));
        paint::text(frame, row, &paint::cut(&line, row.width), style(settings, Role::Text));
    }
    paint::text(frame, hints, &meant(settings, hints.width), style(settings, Role::Dim));
    Some(covered)
}

/// What stands above the prompts.
fn head(plan: &Plan, settings: &Settings, choice: Choice) -> Vec<(String, Role)> {
    let mut lines = Vec::new();
    let count = plan.chosen(choice.draw());
    let prompts = plan.template.count();
    let drawn = match choice.at_random {
        Some(drawn) if u128::from(drawn) < prompts => {
            format!("{drawn} of {prompts} prompts at random, seed {}", choice.seed)
        }
        _ if prompts == 1 => "1 prompt".to_owned(),
        _ => format!("{prompts} prompts"),
    };
    let mut sum = vec![drawn];
    for (number, what) in [(plan.models.len(), "models"), (plan.sizes.len(), "sizes")] {
        if number > 1 {
            sum.push(format!("{number} {what}"));
        }
    }
    let most = settings.prompt.most;
    let is_too_many = count > u128::from(most);
    let mut line = sum.join(" × ");
    if !is_too_many {
        let price = settings.models.estimate_plan(plan, choice.draw());
        line = format!("{line} · {price}");
    }
    lines.push((line, Role::Accent));
    if is_too_many {
        let line = format!("{count} requests are more than {most}: type how many to draw.");
        lines.push((line, Role::Warning));
    }
    if plan.models.len() > 1 {
        let names: Vec<&str> = plan.models.iter().map(ModelId::as_str).collect();
        lines.push((names.join(", "), Role::Dim));
    }
    if plan.sizes.len() > 1 {
        let sizes: Vec<String> =
            plan.sizes.iter().map(|&(width, height)| shown_size(width, height)).collect();
        lines.push((sizes.join(", "), Role::Dim));
    }
    lines
}

/// The keys, as many of them as fit in `width` columns.
fn meant(settings: &Settings, width: u16) -> String {
    let offered = [(Action::UseAll, "sends"), (Action::Leave, "back")];
    let bound = keys(settings, Context::Browse, width, &offered);
    fitting(width, [bound, "0–9 so many at random".to_owned(), "r others".to_owned()])
}
