//! What keys mean: the one table of actions, and which chords are bound to them.
//!
//! Owns [`Action`]: help, footer hints, the README's table and `[keys]` of the
//! configuration all come from [`ACTIONS`]. Promises that no chord means two things
//! where one has focus. Must never know what an action does.

use std::collections::BTreeMap;

use super::chord::Chord;

/// Where an action can be meant.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Context {
    /// Whatever has focus. A chord that types a character does not reach these while
    /// a text has focus.
    Everywhere,
    /// A text has focus: a field of the form, or the search line.
    Text,
    /// The history, the preview or the help has focus.
    Browse,
}

impl Context {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 3] = [Self::Everywhere, Self::Text, Self::Browse];

    /// Its heading in the help.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Everywhere",
            Self::Text => "In a text",
            Self::Browse => "In the history and the preview",
        }
    }
}

macro_rules! actions {
    ($($(#[doc = $what:literal])+ $action:ident $name:literal $context:ident;)*) => {
        /// What the user means by a key.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
        pub enum Action { $($(#[doc = $what])+ $action,)* }

        /// Every action: its name under `[keys]`, where it is meant, and what it does.
        pub const ACTIONS: &[(Action, &str, Context, &str)] =
            &[$((Action::$action, $name, Context::$context, concat!($($what),+).trim_ascii()),)*];
    };
}

actions! {
    /// Generate from the form
    Generate "generate" Everywhere;
    /// Next field or pane
    Next "next" Everywhere;
    /// Previous field or pane
    Previous "previous" Everywhere;
    /// Pick models for the form
    Models "models" Everywhere;
    /// Pick sizes for the form
    Sizes "sizes" Everywhere;
    /// Pick a picture of this machine as the base image
    PickImage "pick_image" Everywhere;
    /// The queue: every job under way or waiting
    Queue "queue" Everywhere;
    /// Pick a preset for the form
    Presets "presets" Everywhere;
    /// Keep the form, or what is selected of the prompt, as a preset
    KeepPreset "keep_preset" Everywhere;
    /// Look for a prompt among all that were sent
    Prompts "prompts" Everywhere;
    /// The prompt that was sent before
    OlderPrompt "older_prompt" Everywhere;
    /// The prompt that was sent after; at last what was being written
    NewerPrompt "newer_prompt" Everywhere;
    /// Fill the form from the file of a picture
    OpenFile "open_file" Everywhere;
    /// Go to the prompt
    FocusForm "form" Everywhere;
    /// Go to the history
    FocusHistory "history" Everywhere;
    /// Go to the preview
    FocusPreview "preview" Everywhere;
    /// Go to a place on the screen by its letters
    Jump "jump" Everywhere;
    /// Every action by its name
    Palette "palette" Everywhere;
    /// Help for what has focus
    Help "help" Everywhere;
    /// What is in effect, and why: terminal, keys, history
    Doctor "doctor" Everywhere;
    /// The pane with the keys over the whole screen, and back
    ZoomPane "zoom_pane" Everywhere;
    /// Another layout of the panes
    Layout "layout" Everywhere;
    /// Leave the mouse to the terminal, which selects text with it, or take it back
    Mouse "mouse" Everywhere;
    /// Leave any passing state; go back
    Leave "leave" Everywhere;
    /// Draw the screen anew
    Redraw "redraw" Everywhere;
    /// Suspend; `fg` in the shell comes back
    Suspend "suspend" Everywhere;
    /// Quit; jobs under way are finished in the background
    Quit "quit" Everywhere;

    /// New line; the next field where there is only one
    NewLine "new_line" Text;
    /// The prompt in your editor: $VISUAL, $EDITOR or vi
    Editor "editor" Text;
    /// Turn the size on its side
    Swap "swap" Text;
    /// One character to the left
    Left "left" Text;
    /// One character to the right
    Right "right" Text;
    /// One line up (previous field at the top)
    LineUp "line_up" Text;
    /// One line down (next field at the bottom)
    LineDown "line_down" Text;
    /// One word to the left
    WordLeft "word_left" Text;
    /// One word to the right
    WordRight "word_right" Text;
    /// Start of the line
    LineStart "line_start" Text;
    /// End of the line
    LineEnd "line_end" Text;
    /// Start of the text
    TextStart "text_start" Text;
    /// End of the text
    TextEnd "text_end" Text;
    /// Select one character to the left
    SelectLeft "select_left" Text;
    /// Select one character to the right
    SelectRight "select_right" Text;
    /// Select one line up
    SelectUp "select_up" Text;
    /// Select one line down
    SelectDown "select_down" Text;
    /// Select one word to the left
    SelectWordLeft "select_word_left" Text;
    /// Select one word to the right
    SelectWordRight "select_word_right" Text;
    /// Select to the start of the line
    SelectLineStart "select_line_start" Text;
    /// Select to the end of the line
    SelectLineEnd "select_line_end" Text;
    /// Select everything
    SelectAll "select_all" Text;
    /// Begin to select with the cursor, or end it
    Select "select" Text;
    /// Keep what is selected, to be put back
    KeepText "keep_text" Text;
    /// Delete the character before
    DeleteBack "delete_back" Text;
    /// Delete the character under the cursor
    DeleteForward "delete_forward" Text;
    /// Delete the word before
    DeleteWordBack "delete_word_back" Text;
    /// Delete the word after
    DeleteWordForward "delete_word_forward" Text;
    /// Delete to the start of the line
    DeleteToStart "delete_to_start" Text;
    /// Delete to the end of the line
    DeleteToEnd "delete_to_end" Text;
    /// Put back what was deleted last
    Yank "yank" Text;
    /// Undo the last edit
    Undo "undo" Text;
    /// Redo the edit undone last
    Redo "redo" Text;

    /// Next generation
    Down "down" Browse;
    /// Previous generation
    Up "up" Browse;
    /// Newest generation
    Top "top" Browse;
    /// Oldest generation
    Bottom "bottom" Browse;
    /// Half a page down
    PageDown "page_down" Browse;
    /// Half a page up
    PageUp "page_up" Browse;
    /// Search the history as you type
    Search "search" Browse;
    /// Put the whole request into the form
    UseAll "use_all" Browse;
    /// Put only its prompt into the form
    UsePrompt "use_prompt" Browse;
    /// Put all but its prompt and base image into the form
    UseSettings "use_settings" Browse;
    /// Run the same request again
    RunAgain "run_again" Browse;
    /// Send again what failed or was interrupted
    SendAgain "send_again" Browse;
    /// Give up what was interrupted
    GiveUp "give_up" Browse;
    /// Iterate: this image becomes the base image
    Iterate "iterate" Browse;
    /// What it came from and what came of it, as a tree
    Lineage "lineage" Browse;
    /// Compare two: marked, or with what it came from; then the next way to
    Compare "compare" Browse;
    /// The next day down; in a lineage, what else came of the same one
    NextDay "next_day" Browse;
    /// The day above; in a lineage, what else came of the same one
    PreviousDay "previous_day" Browse;
    /// Show only what was asked for together with it
    Batch "batch" Browse;
    /// Cancel while it waits
    Cancel "cancel" Browse;
    /// Move a waiting job one place ahead in the queue
    QueueUp "queue_up" Browse;
    /// Move a waiting job one place back in the queue
    QueueDown "queue_down" Browse;
    /// Make a waiting job the next one
    RunNext "run_next" Browse;
    /// Pause the whole queue, or let it go on
    PauseQueue "pause_queue" Browse;
    /// Pause what waits for the same provider, or let it go on
    PauseProvider "pause_provider" Browse;
    /// The one on the left; along an enlarged picture
    MoveLeft "move_left" Browse;
    /// The one on the right; along an enlarged picture
    MoveRight "move_right" Browse;
    /// Next image of the generation
    NextImage "next_image" Browse;
    /// Previous image of the generation
    PreviousImage "previous_image" Browse;
    /// Show or hide the details
    Details "details" Browse;
    /// Everything that is known of it, to scroll
    AllDetails "all_details" Browse;
    /// The preview over the whole screen, and back
    FullScreen "full_screen" Browse;
    /// Show one picture after another over the whole screen
    Slideshow "slideshow" Browse;
    /// The history as a gallery, and back
    Gallery "gallery" Browse;
    /// Enlarge the picture
    ZoomIn "zoom_in" Browse;
    /// Make it smaller again
    ZoomOut "zoom_out" Browse;
    /// See the whole picture
    Fit "fit" Browse;
    /// Copy it: prompt, path, scp, curl, command or JSON
    CopyMenu "copy" Browse;
    /// Download it through the terminal
    Download "download" Browse;
    /// Open it in a program of its own
    Open "open" Browse;
    /// Export a copy with the request in it
    Export "export" Browse;
    /// Mark it, and go on; what follows is meant for all that is marked
    Mark "mark" Browse;
    /// Make it a favourite, or no longer
    Favourite "favourite" Browse;
    /// Take its rating away
    Unrate "unrate" Browse;
    /// Rate it ★
    RateOne "rate_one" Browse;
    /// Rate it ★★
    RateTwo "rate_two" Browse;
    /// Rate it ★★★
    RateThree "rate_three" Browse;
    /// Rate it ★★★★
    RateFour "rate_four" Browse;
    /// Rate it ★★★★★
    RateFive "rate_five" Browse;
    /// Tag it
    Tag "tag" Browse;
    /// Put it into the trash, or take it out again
    Trash "trash" Browse;
    /// Take back what was done to generations last
    TakeBack "take_back" Browse;
    /// Do again what was taken back
    DoAgain "do_again" Browse;
    /// Save this search under a name
    SaveSearch "save_search" Browse;
    /// Pick a saved search
    Searches "searches" Browse;
    /// Empty the trash; asks first
    EmptyTrash "empty_trash" Browse;
}

impl Action {
    fn row(self) -> &'static (Self, &'static str, Context, &'static str) {
        &ACTIONS[self as usize]
    }

    /// Its name under `[keys]`.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// Where it is meant.
    pub fn context(self) -> Context {
        self.row().2
    }

    /// What it does, in a few words.
    pub fn what(self) -> &'static str {
        self.row().3
    }

    /// The action called `name` under `[keys]`.
    pub fn named(name: &str) -> Option<Self> {
        ACTIONS.iter().find(|row| row.1 == name).map(|row| row.0)
    }
}

/// Which chords mean which action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keymap {
    chords: BTreeMap<Action, Vec<Chord>>,
}

/// Why `[keys]` is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    /// One chord for two actions that can be meant at the same time.
    #[error("{chord} is bound to both `{first}` and `{second}`")]
    Twice {
        /// The chord.
        chord: Chord,
        /// The action that had it.
        first: &'static str,
        /// The action that wants it too.
        second: &'static str,
    },
    /// A character that could no longer be typed.
    #[error("`{action}` is meant in a text, where {chord} types a character")]
    Types {
        /// The chord.
        chord: Chord,
        /// The action that wants it.
        action: &'static str,
    },
}

impl KeymapError {
    /// The actions at fault.
    pub fn actions(&self) -> Vec<&'static str> {
        match self {
            Self::Twice { first, second, .. } => vec![second, first],
            Self::Types { action, .. } => vec![action],
        }
    }
}

impl Keymap {
    /// Binds `chords` to each action.
    ///
    /// # Errors
    /// When a chord means two things that can be meant at the same time, or would take
    /// a character away from typing.
    pub fn new(chords: BTreeMap<Action, Vec<Chord>>) -> Result<Self, KeymapError> {
        let mut taken: BTreeMap<Chord, Vec<Action>> = BTreeMap::new();
        for (&action, bound) in &chords {
            for &chord in bound {
                if action.context() == Context::Text && chord.types().is_some() {
                    return Err(KeymapError::Types { chord, action: action.name() });
                }
                let held = taken.entry(chord).or_default();
                let rival =
                    held.iter().find(|other| **other != action && meet(action, **other, chord));
                if let Some(other) = rival {
                    return Err(KeymapError::Twice {
                        chord,
                        first: other.name(),
                        second: action.name(),
                    });
                }
                held.push(action);
            }
        }
        Ok(Self { chords })
    }

    /// What `chord` means while `context` has focus.
    pub fn action(&self, context: Context, chord: Chord) -> Option<Action> {
        let typing = context == Context::Text && chord.types().is_some();
        self.chords
            .iter()
            .filter(|(_, chords)| chords.contains(&chord))
            .map(|(&action, _)| action)
            .filter(|action| {
                action.context() == context || (action.context() == Context::Everywhere && !typing)
            })
            // Where both could be meant, the nearer one is.
            .max_by_key(|action| action.context() == context)
    }

    /// The chords bound to `action`, in the order of the configuration.
    pub fn chords(&self, action: Action) -> &[Chord] {
        self.chords.get(&action).map_or(&[], Vec::as_slice)
    }

    /// The chord to show for `action` while `context` has focus: the first that works
    /// there.
    pub fn hint(&self, context: Context, action: Action) -> Option<Chord> {
        self.chords(action)
            .iter()
            .copied()
            .find(|chord| self.action(context, *chord) == Some(action))
    }
}

/// Whether two actions on one chord could both be meant at the same time.
fn meet(one: Action, other: Action, chord: Chord) -> bool {
    match (one.context(), other.context()) {
        (a, b) if a == b => true,
        (Context::Everywhere, b) | (b, Context::Everywhere) => {
            !(b == Context::Text && chord.types().is_some())
        }
        _ => false,
    }
}
