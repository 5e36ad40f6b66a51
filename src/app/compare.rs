//! Two pictures beside each other, one in place of the other, or how they differ.
//!
//! Owns which two these are and how they are shown. Promises that both are looked at through
//! the same lens, and that a flip shows the other one in the same place. Must never know pixels.

use super::lens::Lens;
use super::{Effect, Focus, State};
use crate::config::keymap::Action;
use crate::domain::{Difference, Generation, GenerationId, Image, Subject};

/// Two pictures that are compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Compare {
    /// The earlier one, and the later one.
    sides: [Side; 2],
    /// How they are shown.
    pub mode: Mode,
    /// What is seen of both.
    pub lens: Lens,
    /// Whether the pictures have all of the screen.
    pub is_bare: bool,
    difference: Option<Difference>,
}

/// A picture of a generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// Of which.
    pub of: GenerationId,
    /// Its place among the pictures of that.
    pub index: usize,
}

/// How two pictures are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Beside each other.
    Both,
    /// The one of this side, in the place of the other.
    One(usize),
    /// By how much they differ, at each point.
    Difference,
}

impl Compare {
    /// Both sides.
    pub const fn sides(&self) -> [Side; 2] {
        self.sides
    }

    /// How the requests differ, once both are known.
    pub const fn difference(&self) -> Option<&Difference> {
        self.difference.as_ref()
    }

    /// The side whose pictures are turned.
    const fn turned(&self) -> usize {
        if let Mode::One(side) = self.mode { side } else { 1 }
    }
}

impl Side {
    /// The picture, where it is at hand.
    pub fn image(self, state: &State) -> Option<&Image> {
        let images = &state.generation(self.of)?.images;
        images.get(self.index).or_else(|| images.last())
    }
}

/// What can be compared now, or why nothing can.
pub(super) fn pair(state: &State) -> Result<[Side; 2], &'static str> {
    let side = |of| Side { of, index: 0 };
    let here = |it: &Generation| Side { of: it.id, index: state.preview.index(it) };
    let marked: Vec<GenerationId> = state.opinions.marked().collect();
    match (&*marked, state.selected()) {
        ([_, _, _, ..], _) => Err("More than two are marked: two can be compared."),
        ([one, other], _) => Ok([side(*one), side(*other)]),
        ([one], Some(selected)) if *one != selected.id => {
            let mut sides = [side(*one), here(selected)];
            sides.sort_by_key(|side| side.of);
            Ok(sides)
        }
        (_, None) => Err("There is no picture to compare."),
        (_, Some(selected)) if selected.images.len() > 1 => {
            let index = state.preview.index(selected);
            let other = (index + 1) % selected.images.len();
            let sides = [index.min(other), index.max(other)];
            Ok(sides.map(|index| Side { of: selected.id, index }))
        }
        (_, Some(selected)) => match selected.parent {
            Some(parent) => Ok([side(parent), here(selected)]),
            None => Err("It came from nothing: mark another one to compare them."),
        },
    }
}

/// Opens the comparison of what can be compared.
pub(super) fn open(state: &mut State) {
    let Ok(sides) = pair(state) else { return };
    for side in sides {
        if let Some(generation) = state.generation(side.of).cloned() {
            state.known.take(generation);
        }
    }
    let (mode, lens) = (Mode::Both, Lens::default());
    state.compare = Some(Compare { sides, mode, lens, is_bare: false, difference: None });
}

/// Does what a key means while two are compared; gives whether it means that there.
pub(super) fn act(state: &mut State, action: Action) -> bool {
    let Some(mut compare) = state.compare.take() else { return false };
    match action {
        Action::Compare => {
            compare.mode = match compare.mode {
                Mode::Both => Mode::One(0),
                Mode::One(_) => Mode::Difference,
                Mode::Difference => Mode::Both,
            };
        }
        Action::Mark => compare.mode = Mode::One(1 - compare.turned()),
        Action::ZoomIn => compare.lens.look(1),
        Action::ZoomOut => compare.lens.look(-1),
        Action::Fit => compare.lens = Lens::default(),
        Action::Down => compare.lens.go(0, 1),
        Action::Up => compare.lens.go(0, -1),
        Action::MoveLeft => compare.lens.go(-1, 0),
        Action::MoveRight => compare.lens.go(1, 0),
        Action::NextImage | Action::PreviousImage => {
            let by = if action == Action::NextImage { 1 } else { -1 };
            let side = compare.turned();
            let Side { of, index } = compare.sides[side];
            let count = state.generation(of).map_or(1, |it| it.images.len()).max(1) as isize;
            compare.sides[side].index = (index as isize + by).rem_euclid(count) as usize;
        }
        Action::FullScreen => compare.is_bare = !compare.is_bare,
        _ => {}
    }
    state.compare = Some(compare);
    true
}

/// Why an action does nothing while two are compared.
pub(super) fn why_not(state: &State, compare: &Compare, action: Action) -> Option<&'static str> {
    let stays = |right, down| {
        let mut lens = compare.lens;
        lens.go(right, down);
        (lens == compare.lens).then_some(if compare.lens.is_whole() {
            "The whole pictures are seen: enlarge them to move along them."
        } else {
            "The pictures end here."
        })
    };
    match action {
        Action::Compare | Action::Mark | Action::FullScreen => None,
        Action::ZoomIn => {
            let mut lens = compare.lens;
            lens.look(1);
            (lens == compare.lens).then_some("Nearer than this one cannot look.")
        }
        Action::ZoomOut | Action::Fit => {
            compare.lens.is_whole().then_some("The whole pictures are seen already.")
        }
        Action::Down => stays(0, 1),
        Action::Up => stays(0, -1),
        Action::MoveLeft => stays(-1, 0),
        Action::MoveRight => stays(1, 0),
        Action::NextImage | Action::PreviousImage => {
            let of = compare.sides[compare.turned()].of;
            let images = state.generation(of).map_or(0, |it| it.images.len());
            (images < 2).then_some("It has no other picture.")
        }
        _ => Some("Two pictures are compared here. {leave} leaves them."),
    }
}

impl State {
    /// What is shown of the two that are compared, each with its side, and what a flip would
    /// show in place of it.
    pub fn compared(&self) -> (Vec<(Subject, usize)>, Option<Subject>) {
        let Some(compare) = &self.compare else { return (Vec::new(), None) };
        let image = |side: usize| compare.sides[side].image(self).map(|image| image.id);
        let one = |side: usize| image(side).map(|image| (Subject::Image(image), side));
        let flip = one(1 - compare.turned()).map(|(subject, _)| subject);
        let shown = match (compare.mode, image(0), image(1)) {
            (Mode::Both, ..) => [0, 1].into_iter().filter_map(one).collect(),
            (Mode::One(side), ..) => one(side).into_iter().collect(),
            (Mode::Difference, Some(one), Some(other)) => {
                vec![(Subject::Difference(one, other), 1)]
            }
            (Mode::Difference, ..) => Vec::new(),
        };
        (shown, flip)
    }

    /// Has both read that are compared, and finds how they differ.
    pub(super) fn follow_comparison(&mut self) -> Option<Effect> {
        if !matches!(self.focus, Focus::History | Focus::Preview) {
            self.compare = None;
        }
        let compare = self.compare.as_ref()?;
        let sides = compare.sides.map(|side| side.of);
        if compare.difference.is_none()
            && let [Some(one), Some(other)] = sides.map(|of| self.generation(of))
        {
            let difference = Difference::between(one, other);
            self.compare.as_mut()?.difference = Some(difference);
        }
        self.known.want(&sides.into())
    }
}
