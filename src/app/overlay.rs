//! What lies over the panes and takes the keys.
//!
//! Owns the closed list of overlays. Promises that there is one at a time, by its type.
//! Must never know what a key does in one.

use super::batch::Choice;
use crate::config::keymap::Context;
use crate::domain::Weight;

/// What lies over the panes and takes the keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Overlay {
    /// The keys of what has focus.
    Help {
        /// First visible line.
        scroll: u16,
        /// What had focus, and is explained.
        context: Context,
    },
    /// What is in effect, and why: [`super::State::doctor`] has it.
    Doctor {
        /// First visible line.
        scroll: u16,
    },
    /// Everything that is known of what is selected.
    Details {
        /// First visible line.
        scroll: u16,
    },
    /// The searches with a name, and which one is selected.
    Searches(usize),
    /// Whether the trash, which holds this, is to be emptied.
    Emptying(Weight),
    /// Whether something may cost what it costs: [`super::State::spending`] has the question.
    Asking,
    /// What can be copied of what is meant, and which is selected.
    Copying(usize),
    /// A list that the form is filled from: [`super::State::picker`] has it.
    Picking,
    /// The files of this machine: [`super::base::Base::files`] has them.
    Files,
    /// How a file gets here that lies where the user is: [`super::State::base`] has it.
    Elsewhere,
    /// Every action by its name: [`super::State::reach`] has what is typed.
    Palette,
    /// The letters of places, and the first one where it was typed.
    Jumping(Option<char>),
    /// Every job under way or waiting: [`super::State::queue`] knows which is selected.
    Queue,
    /// The requests that wait to be sent, and which of them.
    Batch(Choice),
}
