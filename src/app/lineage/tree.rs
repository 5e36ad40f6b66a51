//! A lineage as lines of a tree.
//!
//! Owns the order of the lines and how far each is indented. What came of a generation goes on
//! straight below it where most came of that, and branches off where less did, so that a long
//! row of small changes stays a straight line, and a lineage of n is at most log2(n) branches
//! deep. Pictures of one batch of which nothing came are one line. Promises that every relative
//! is on one line. Must never know what the generations are.
//!
//! ```text
//! ● a fox
//! ├─● [−fox] [+hare]
//! │ ● [+ at night]
//! ├─● ×4
//! ● [+, snow]
//! ```

use std::collections::HashMap;

use crate::domain::{GenerationId, Lineage, Relative};

/// A lineage, in lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    nodes: Vec<Node>,
    lines: Vec<Line>,
    places: HashMap<GenerationId, usize>,
    is_cut: bool,
}

/// A relative in its place.
#[derive(Clone, Debug, PartialEq)]
struct Node {
    relative: Relative,
    parent: Option<usize>,
    /// In the order in which they were asked for.
    children: Vec<usize>,
    /// How many hang on it, itself included.
    weight: usize,
    line: usize,
}

/// A line of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whose it is: one, or several of which nothing came.
    members: Vec<usize>,
    /// How many branches lie on the way to it.
    pub level: usize,
    /// Whether a branch begins with it.
    pub is_branch: bool,
}

/// Why several share a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fold {
    /// They were asked for together.
    Batch(GenerationId),
    /// They were deleted for good.
    Gone,
}

impl Tree {
    pub(super) fn new(lineage: &Lineage) -> Self {
        let mut tree = Self { is_cut: lineage.is_cut, ..Self::default() };
        for relative in &lineage.relatives {
            let place = tree.nodes.len();
            let parent = relative.parent.and_then(|id| tree.places.get(&id).copied());
            let node =
                Node { relative: *relative, parent, children: Vec::new(), weight: 1, line: 0 };
            tree.nodes.push(node);
            tree.places.insert(relative.id, place);
            if let Some(parent) = parent {
                tree.nodes[parent].children.push(place);
            }
        }
        // Each comes after its parent.
        for place in (1..tree.nodes.len()).rev() {
            if let Some(parent) = tree.nodes[place].parent {
                tree.nodes[parent].weight += tree.nodes[place].weight;
            }
        }
        tree.arrange();
        tree
    }

    fn arrange(&mut self) {
        let roots = (0..self.nodes.len()).filter(|place| self.nodes[*place].parent.is_none());
        let whole = |place| Line { members: vec![place], level: 0, is_branch: false };
        let mut waiting: Vec<Line> = roots.map(whole).rev().collect();
        while let Some(line) = waiting.pop() {
            for member in &line.members {
                self.nodes[*member].line = self.lines.len();
            }
            // Of one that has any, nobody else is on the line.
            let below = self.below(line.members[0], line.level);
            waiting.extend(below.into_iter().rev());
            self.lines.push(line);
        }
    }

    /// What came of `place`, line by line: the branches, and then what goes straight on.
    fn below(&self, place: usize, level: usize) -> Vec<Line> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for &child in &self.nodes[place].children {
            let kind = self.folded(child);
            let same = |group: &&mut Vec<usize>| kind.is_some() && self.folded(group[0]) == kind;
            match groups.iter_mut().find(same) {
                Some(group) => group.push(child),
                None => groups.push(vec![child]),
            }
        }
        let weight = |group: &Vec<usize>| self.nodes[group[0]].weight;
        let Some(main) = (0..groups.len()).max_by_key(|nth| weight(&groups[*nth])) else {
            return Vec::new();
        };
        let main = groups.remove(main);
        let branch = |members| Line { members, level: level + 1, is_branch: true };
        let mut lines: Vec<Line> = groups.into_iter().map(branch).collect();
        lines.push(Line { members: main, level, is_branch: false });
        lines
    }

    /// With what others a relative of which nothing came shares its line.
    fn folded(&self, place: usize) -> Option<Fold> {
        let node = &self.nodes[place];
        if !node.children.is_empty() {
            return None;
        }
        match node.relative {
            Relative { is_gone: true, .. } => Some(Fold::Gone),
            Relative { batch: Some(batch), .. } => Some(Fold::Batch(batch)),
            _ => None,
        }
    }

    /// The lines, from the top.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// How many relatives there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Whether there are more, farther away.
    pub const fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Whose `line` is.
    pub fn members(&self, line: &Line) -> impl Iterator<Item = &Relative> {
        line.members.iter().map(|place| &self.nodes[*place].relative)
    }

    /// The relative called `id`.
    pub fn relative(&self, id: GenerationId) -> Option<&Relative> {
        self.node(id).map(|node| &node.relative)
    }

    /// The line of `id`.
    pub fn line_of(&self, id: GenerationId) -> Option<usize> {
        self.node(id).map(|node| node.line)
    }

    /// What `id` came from.
    pub fn parent(&self, id: GenerationId) -> Option<GenerationId> {
        self.node(id)?.parent.map(|parent| self.nodes[parent].relative.id)
    }

    /// What came of `id` and goes straight on.
    pub fn child(&self, id: GenerationId) -> Option<GenerationId> {
        let place = *self.places.get(&id)?;
        let main = self.below(place, 0).pop()?;
        Some(self.nodes[main.members[0]].relative.id)
    }

    /// What else came of its parent, `by` places on from `id` in the order of asking.
    pub fn sibling(&self, id: GenerationId, by: isize) -> Option<GenerationId> {
        let all = &self.nodes[self.node(id)?.parent?].children;
        let here = all.iter().position(|place| self.nodes[*place].relative.id == id)?;
        let there = all.get(here.checked_add_signed(by)?)?;
        Some(self.nodes[*there].relative.id)
    }

    fn node(&self, id: GenerationId) -> Option<&Node> {
        self.places.get(&id).map(|place| &self.nodes[*place])
    }
}
