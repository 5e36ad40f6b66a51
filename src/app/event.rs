//! What happens to the studio, and what it wants done: the two closed vocabularies between
//! it and everything outside.
//!
//! Promises that each is a plain value. Must never hold a channel or a handle.

use std::collections::BTreeSet;

use super::away::{self, Errand};
use super::base::{Known, Why};
use super::batch::Batch;
use super::files;
use super::form::{Draft, Field};
use super::history::{Page, Room, Wanted};
use super::opinions::{News, Wish};
use super::presets::{self, Preset};
use super::queue;
use super::recall::Asked;
use super::spending::{Question, Totals};
use super::told::Told;
use crate::config::chord::Chord;
use crate::domain::{
    Failure, Finding, Generation, GenerationId, Lineage, ModelId, Progress, Record, Timestamp,
};

/// Sizes of the last frame that motions depend on, in cells.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Extents {
    /// Columns and rows of the screen.
    pub screen: (u16, u16),
    /// Columns and rows of each field's text, by [`Field`].
    pub fields: [(u16, u16); 8],
    /// The room for the rows of the history, or of the gallery.
    pub history: Room,
    /// Lines of the lineage that fit.
    pub lineage_rows: u16,
    /// Whether the gallery is a matrix.
    pub matrix: bool,
    /// Rows of the list of the picker.
    pub picker_rows: u16,
    /// Lines of what scrolls over the panes, help, doctor or details, and how many of them fit.
    pub help: (u16, u16),
}

/// What a place on the screen is, for the mouse.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// A field of the form.
    Field(Field),
    /// A row of the history.
    Row(GenerationId),
    /// A line of the lineage.
    Relative(GenerationId),
    /// The history beside its rows.
    History,
    /// The preview.
    Preview,
}

/// What happened.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// It is now so late. Comes before each input, with the time when it was read, and
    /// while something moves.
    Tick(Timestamp),
    /// A key was pressed.
    Key(Chord),
    /// Text was pasted.
    Paste(String),
    /// The prompt was written so in the user's editor.
    Edited(String),
    /// The mouse was pressed on something, so many columns and rows into it.
    Click(Target, (u16, u16)),
    /// The mouse wheel turned over something, by so many lines.
    Wheel(Target, isize),
    /// The sizes of the screen have changed.
    Resized(Extents),
    /// These are the places on the screen that have letters, in the order of those.
    Labelled(Vec<Target>),
    /// The history is open at last, and this is the draft in it.
    Restored(Draft),
    /// These prompts were found, the last one first.
    Prompts(Asked, Vec<String>),
    /// These are all presets there are.
    Presets(Vec<Preset>),
    /// The file of a picture has told this.
    Told(Box<Told>),
    /// The name of a file that is typed so goes on.
    Completed {
        /// What was typed.
        typed: String,
        /// As far as it can only go on so.
        whole: String,
        /// How it can go on from there.
        offered: Vec<String>,
    },
    /// These models were asked last, the last one first, and these providers can be reached.
    Models {
        /// The models.
        used: Vec<ModelId>,
        /// The providers.
        reached: BTreeSet<String>,
    },
    /// These wildcards stand for this.
    Wildcards(Vec<(String, Result<Vec<String>, String>)>),
    /// This is known of a base image that was looked at, and why it was.
    Base(String, Why, Box<Known>),
    /// What was found out about files.
    Files(files::News),
    /// These are in the journal now.
    Queued(Vec<Generation>),
    /// News of a job from the worker.
    Progress(Progress),
    /// A generation is now so in the history.
    Changed(Box<Generation>),
    /// A page of the history was loaded.
    Page(Page),
    /// These were read, as far as they are there.
    Read(Vec<Generation>),
    /// What is known of this one beside what it is.
    Record(GenerationId, Record),
    /// A lineage was found.
    Lineage(Lineage),
    /// Another process has written to the history.
    Elsewhere,
    /// What was ordered costs so much that the user must say it is meant.
    Asked(Box<Question>),
    /// So much was spent.
    Spent(Totals),
    /// This is in effect, and why.
    Examined(Vec<Finding>),
    /// What became of an errand.
    Away(away::News),
    /// What became of a wish about opinions.
    Opinion(News),
    /// What became of a wish about the queue.
    Queue(queue::News),
    /// So many rows match the search.
    Counted(String, u64),
    /// The configuration was read again, and of it these settings count from the next start
    /// on; or it is wrong, and the one before still counts.
    Configured(Result<Vec<&'static str>, Failure>),
    /// Something outside of any job failed, or a request was refused.
    Failed(Failure),
}

/// What must be done outside.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// Put these requests into the journal and have them made.
    Generate(Box<Batch>),
    /// Find prompts that were sent before.
    FindPrompts(Asked),
    /// Do this with the presets.
    Presets(presets::Wish),
    /// Find out which models were asked last, and which can be reached.
    FindModels,
    /// Read these wildcards.
    ReadWildcards(BTreeSet<String>),
    /// Look into this file of a picture.
    Look(String),
    /// Find out how the name of a picture's file goes on.
    Complete(String),
    /// Find out what this path is good for as a base image.
    LookAt(String, Why),
    /// Find out about files.
    Files(files::Wish),
    /// Put this line on the clipboard of the user.
    Copy(String),
    /// Send this generation once more, as another attempt: the user has decided to.
    Resend(Box<Generation>),
    /// Do this, whose price the user was told and wants.
    Consented(Box<Effect>),
    /// Sum up what was spent: another day has begun.
    SumUp,
    /// Give this generation up, whose outcome is unknown.
    GiveUp(GenerationId),
    /// Tell that these have ended, if the user looks elsewhere.
    Announce(Vec<queue::Ended>),
    /// Change the queue, or find out about it.
    Queue(queue::Wish),
    /// Take this job back if nothing was sent yet.
    Cancel(GenerationId),
    /// Load a page of the history.
    Load(Wanted),
    /// Read these, wherever they stand.
    Read(Vec<GenerationId>),
    /// Read what is known of this one beside what it is.
    ReadRecord(GenerationId),
    /// Find the lineage of this one.
    Lineage(GenerationId),
    /// Change what the user thinks of generations, or find out about it.
    Opinion(Wish),
    /// Take something away, or open it outside.
    Away(Errand),
    /// Find out what is in effect, and why.
    Examine,
    /// Give up the download that is under way.
    StopDownload,
    /// Count what the search finds.
    Count(String),
    /// Keep the draft.
    SaveDraft(Draft),
    /// Open this prompt in the user's editor.
    EditPrompt(String),
    /// Draw everything anew.
    Redraw,
    /// Give the terminal back until the shell continues the program.
    Suspend,
    /// Leave.
    Quit,
}

impl Effect {
    /// Whether another program has the terminal next.
    pub const fn is_farewell(&self) -> bool {
        matches!(self, Self::EditPrompt(_) | Self::Suspend | Self::Quit)
    }
}
