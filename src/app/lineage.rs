//! The lineage: a walk along what came from what, with the preview following.
//!
//! Owns the tree that is walked, where one stands in it, and how each generation in sight
//! differs from the one it came from. Promises that one always stands on a relative, and that
//! no more generations are read than are near. Must never read the history itself.

mod tree;

use std::collections::{BTreeSet, HashMap};

use super::history::From;
use super::{Effect, Focus, State};
use crate::config::keymap::Action;
use crate::domain::{self, Difference, Generation, GenerationId, Relative};
pub use tree::{Line, Tree};

/// So many lines above and below those in sight are read, too.
const MARGIN: usize = 20;
/// Differences that are held beyond those in sight.
const MOST_DIFFERENCES: usize = 400;

/// The most relatives that are looked for: the nearest ones.
pub const MOST: usize = 10_000;

/// A lineage that is walked along.
#[derive(Clone, Debug, PartialEq)]
pub struct Lineage {
    tree: Tree,
    selected: GenerationId,
    /// The first line in sight.
    top: usize,
    /// Whether the tree is on its way.
    is_loading: bool,
    /// What is to be selected as soon as it is there.
    goal: Option<GenerationId>,
    differences: HashMap<GenerationId, Difference>,
}

impl Lineage {
    fn of(generation: &Generation) -> Self {
        let Generation { id, parent, batch, .. } = *generation;
        let alone = Relative { id, parent, batch, is_gone: false };
        let known = domain::Lineage { of: id, relatives: vec![alone], is_cut: false };
        Self {
            tree: Tree::new(&known),
            selected: id,
            top: 0,
            is_loading: true,
            goal: None,
            differences: HashMap::new(),
        }
    }

    /// The tree.
    pub const fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Where one stands.
    pub const fn selected(&self) -> GenerationId {
        self.selected
    }

    /// The line of that.
    pub fn selected_line(&self) -> usize {
        self.tree.line_of(self.selected).unwrap_or(0)
    }

    /// The first line in sight.
    pub const fn top(&self) -> usize {
        self.top
    }

    /// Whether the whole of it is still being read.
    pub const fn is_loading(&self) -> bool {
        self.is_loading
    }

    /// How `id` differs from what it came from, once both are known.
    pub fn difference(&self, id: GenerationId) -> Option<&Difference> {
        self.differences.get(&id)
    }

    /// Who stands for a line: the selected one, or else the first of it.
    pub fn face(&self, line: &Line) -> Option<&Relative> {
        let is_selected = |relative: &&Relative| relative.id == self.selected;
        self.tree.members(line).find(is_selected).or_else(|| self.tree.members(line).next())
    }

    /// Who stands for the lines below and above.
    pub(super) fn beside(&self) -> Vec<GenerationId> {
        let line = self.selected_line();
        let beside = [line.checked_add(1), line.checked_sub(1)].into_iter().flatten();
        let lines = beside.filter_map(|line| self.tree.lines().get(line));
        lines.filter_map(|line| self.tree.members(line).next()).map(|it| it.id).collect()
    }

    /// Where `action` leads; `None` where it is no walk or leads nowhere.
    pub(super) fn way(&self, action: Action, page: u16) -> Option<GenerationId> {
        let id = self.selected;
        let half = usize::from(page / 2).max(1);
        let line = self.selected_line();
        let last = self.tree.lines().len().saturating_sub(1);
        let to = match action {
            Action::MoveLeft => return self.tree.parent(id),
            Action::MoveRight => return self.tree.child(id),
            Action::NextDay => return self.tree.sibling(id, 1),
            Action::PreviousDay => return self.tree.sibling(id, -1),
            Action::Down => line + 1,
            Action::Up => line.checked_sub(1)?,
            Action::PageDown => (line + half).min(last),
            Action::PageUp => line.saturating_sub(half),
            Action::Top => 0,
            Action::Bottom => last,
            _ => return None,
        };
        if to == line {
            return None;
        }
        let line = self.tree.lines().get(to)?;
        self.tree.members(line).next().map(|relative| relative.id)
    }

    /// Takes in the tree.
    fn take(&mut self, lineage: &domain::Lineage) {
        self.tree = Tree::new(lineage);
        self.is_loading = false;
        let wanted = [self.goal.take(), Some(self.selected), Some(lineage.of)];
        let mut wanted = wanted.into_iter().flatten();
        if let Some(id) = wanted.find(|id| self.tree.relative(*id).is_some()) {
            self.selected = id;
        }
    }

    /// Keeps what is selected in sight.
    fn follow(&mut self, rows: usize) {
        let (line, rows) = (self.selected_line(), rows.max(1));
        let last = self.tree.lines().len().saturating_sub(rows);
        self.top = self.top.clamp((line + 1).saturating_sub(rows), line).min(last);
    }

    /// Whoever is near enough to be read.
    fn near(&self, rows: usize) -> BTreeSet<GenerationId> {
        let lines = self.tree.lines();
        let (first, end) = (self.top.saturating_sub(MARGIN), self.top + rows + MARGIN);
        let lines = &lines[first.min(lines.len())..end.min(lines.len())];
        let beside = [-1, 1].map(|by| self.tree.sibling(self.selected, by)).into_iter().flatten();
        let selected = beside.chain([self.selected]).filter_map(|id| self.tree.relative(id));
        let faces = lines.iter().filter_map(|line| self.face(line)).chain(selected);
        let known = |relative: &&Relative| !relative.is_gone;
        let parent = |relative: &Relative| self.tree.relative(relative.parent?);
        faces
            .flat_map(|relative| [Some(relative), parent(relative)])
            .flatten()
            .filter(known)
            .map(|relative| relative.id)
            .collect()
    }
}

/// Opens the lineage of what is selected.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    let Some(generation) = state.selected().cloned() else { return Vec::new() };
    state.lineage = Some(Lineage::of(&generation));
    state.preview.full_screen = false;
    state.focus = Focus::History;
    let ask = Effect::Lineage(generation.id);
    state.known.take(generation);
    vec![ask]
}

/// Does what a key means in a lineage; `None` where it means what it does elsewhere.
pub(super) fn act(state: &mut State, action: Action) -> Option<Vec<Effect>> {
    let lineage = state.lineage.as_ref()?;
    match action {
        Action::UseAll => {
            let id = lineage.selected;
            state.lineage = None;
            state.focus = Focus::History;
            return Some(state.go_to(id));
        }
        Action::Lineage | Action::Gallery => {
            state.lineage = None;
            if action == Action::Lineage {
                return Some(Vec::new());
            }
        }
        _ => {
            let way = lineage.way(action, state.extents.lineage_rows);
            return way.map(|id| go(state, id));
        }
    }
    None
}

/// Goes one line on, where there is one.
pub(super) fn go_on(state: &mut State) -> Vec<Effect> {
    act(state, Action::Down).unwrap_or_default()
}

/// Goes to a relative.
pub(super) fn go(state: &mut State, id: GenerationId) -> Vec<Effect> {
    let Some(lineage) = &mut state.lineage else { return Vec::new() };
    lineage.selected = id;
    lineage.goal = None;
    // Where only the nearest were looked for, others are nearest now.
    let tree = &lineage.tree;
    let is_edge = tree.child(id).is_none() || tree.parent(id).is_none();
    if tree.is_cut() && is_edge && !lineage.is_loading {
        return state.ask_for_lineage().into_iter().collect();
    }
    Vec::new()
}

/// Takes in a lineage that was asked for.
pub(super) fn hear(state: &mut State, found: &domain::Lineage) {
    if let Some(lineage) = &mut state.lineage {
        lineage.take(found);
    }
}

/// These wait for their turn: what came of the lineage that is walked along belongs to it, and
/// what came of where one stands is gone to.
pub(super) fn hear_of_queued(state: &mut State, queued: &[Generation]) -> Option<Effect> {
    let lineage = state.lineage.as_mut()?;
    let parent = |generation: &&Generation| {
        generation.parent.is_some_and(|parent| lineage.tree.relative(parent).is_some())
    };
    let first = queued.iter().find(parent)?;
    if first.parent == Some(lineage.selected) {
        lineage.goal = Some(first.id);
    }
    state.known.take(first.clone());
    state.ask_for_lineage()
}

impl State {
    /// Goes to a generation in the history; a search that may hide it ends.
    pub(super) fn go_to(&mut self, id: GenerationId) -> Vec<Effect> {
        if self.history.rows().iter().any(|row| row.id == id) {
            self.history.select(id);
            return Vec::new();
        }
        let mut effects = Vec::new();
        if !self.history.query().is_empty() {
            self.history.search.set("");
            self.history.total = None;
            effects.push(Effect::Count(String::new()));
        }
        effects.extend(self.history.want(From::At(id)).map(Effect::Load));
        effects
    }

    /// Asks for the lineage around where one stands in it, if one does.
    pub(super) fn ask_for_lineage(&mut self) -> Option<Effect> {
        let lineage = self.lineage.as_mut()?;
        lineage.is_loading = true;
        Some(Effect::Lineage(lineage.selected))
    }

    /// Keeps the lineage in sight: reads who is near, and compares who is known.
    pub(super) fn follow_lineage(&mut self) -> Option<Effect> {
        if !matches!(self.focus, Focus::History | Focus::Preview) {
            self.lineage = None;
        }
        let rows = self.extents.lineage_rows.into();
        let lineage = self.lineage.as_mut()?;
        lineage.follow(rows);
        let near = lineage.near(rows);
        if lineage.differences.len() > MOST_DIFFERENCES + near.len() {
            lineage.differences.retain(|id, _| near.contains(id));
        }
        for id in &near {
            let parent = lineage.tree.parent(*id).and_then(|parent| self.known.get(parent));
            if let (Some(parent), Some(child)) = (parent, self.known.get(*id))
                && !lineage.differences.contains_key(id)
            {
                lineage.differences.insert(*id, Difference::between(parent, child));
            }
        }
        self.known.want(&near)
    }
}
