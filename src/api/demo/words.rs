//! Reading a prompt: which of its words the painter knows, and what they ask for.
//!
//! Owns the grammar (a colour or a number belongs to the noun after it, `no` and
//! `without` turn a wish around) and, in `lexicon`, the one list of words. Promises to
//! read any text in time linear in its length. Must never choose what was not said.

mod lexicon;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::colour::Rgb;

/// What one word or phrase asks for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Meaning {
    /// A colour, `0xRRGGBB`.
    Colour(u32),
    /// So many of the next subject.
    Count(u8),
    /// Turns the next word around.
    Not,
    /// Words that stand between a colour and its noun without parting them.
    Filler,
    /// The sky itself, as something a colour can belong to.
    Sky,
    /// A place.
    Place(Place),
    /// A time of day.
    Time(Time),
    /// Weather.
    Weather(Weather),
    /// A season.
    Season(Season),
    /// A way of painting.
    Style(Style),
    /// A quality of the light.
    Mood(Mood),
    /// Something of the sky or the land.
    Feature(Feature),
    /// Something to place in the scene, by the name of its figure.
    Subject(&'static str),
}

impl Meaning {
    /// Whether it says what a picture is about, rather than how it looks.
    const fn is_about(self) -> bool {
        matches!(self, Self::Place(_) | Self::Feature(_) | Self::Subject(_) | Self::Count(_))
    }
}

/// Where it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    Mountains,
    Hills,
    Meadow,
    Forest,
    Sea,
    Lake,
    River,
    Desert,
    City,
    Snowfield,
    Interior,
    Space,
    Underwater,
    Abstract,
}

/// The time of day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Time {
    Dawn,
    Morning,
    Noon,
    Golden,
    Sunset,
    Dusk,
    Blue,
    Night,
}

/// The weather; several may come together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Weather {
    Clear,
    Cloudy,
    Fog,
    Rain,
    Storm,
    Snow,
    Wind,
}

/// The time of year.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

/// The way of painting.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Style {
    Watercolour,
    Oil,
    Ink,
    Pixel,
    Poster,
    Woodcut,
    Noir,
    Pastel,
    Cyberpunk,
    Pointillist,
    Photo,
}

/// A quality of the light.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mood {
    Golden,
    Moonlit,
    Candlelit,
    Neon,
    Soft,
    Dramatic,
    Dark,
    Bright,
    Vivid,
    Muted,
}

/// Something of the sky or the land.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Feature {
    Sun,
    Moon,
    Stars,
    Clouds,
    Rainbow,
    Aurora,
    Lightning,
    Volcano,
    Waves,
    Flowers,
    Fireflies,
    Planet,
    Lights,
}

/// A subject as it was asked for.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Wanted {
    /// The name of its figure.
    pub(crate) figure: &'static str,
    /// The colour that was said of it.
    pub(crate) colour: Option<Rgb>,
    /// How many, 1 to 12.
    pub(crate) count: u8,
}

/// Everything a prompt was understood to ask for, in the order of its words.
#[derive(Clone, Default, Debug)]
pub(crate) struct Reading {
    /// What is to be there, apart from colours, numbers and subjects.
    pub(crate) wishes: Vec<Meaning>,
    /// What is to be seen, at most [`MOST_SUBJECTS`] kinds.
    pub(crate) subjects: Vec<Wanted>,
    /// Colours that belong to nothing else.
    pub(crate) palette: Vec<Rgb>,
    /// The colour said of the sky.
    pub(crate) sky: Option<Rgb>,
    /// The colour said of the land or the water.
    pub(crate) ground: Option<Rgb>,
    /// What is not to be there.
    pub(crate) unwanted: Vec<Meaning>,
    /// The words that were understood, as the list spells them.
    pub(crate) understood: Vec<&'static str>,
    /// The words that say what it is about, not how it looks: pictures of one theme are
    /// composed alike, so that a changed hour or style changes nothing else.
    pub(crate) theme: String,
}

/// Kinds of subjects in one picture.
const MOST_SUBJECTS: usize = 5;

/// Words of the longest phrase in the list.
const LONGEST_PHRASE: usize = 3;

static LEXICON: LazyLock<HashMap<&'static str, (&'static str, Meaning)>> = LazyLock::new(|| {
    let split = |(words, meaning): (&'static str, Meaning)| {
        words.split(", ").map(move |word| (word, (word, meaning)))
    };
    lexicon::entries().flat_map(split).collect()
});

/// Reads a prompt and what it should not show.
pub(crate) fn read(prompt: &str, negative: &str) -> Reading {
    let mut reading = Reading::default();
    let (mut colour, mut count, mut not) = (None, None, false);
    for Word { text, known } in words(prompt) {
        let about = known.as_ref().is_none_or(|known| known.meaning.is_about());
        if about {
            reading.theme.push_str(&text);
            reading.theme.push(' ');
        }
        let Some(Known { word, meaning, plural }) = known else { continue };
        if meaning != Meaning::Filler && meaning != Meaning::Not {
            reading.note(word);
        }
        if not && !matches!(meaning, Meaning::Filler | Meaning::Colour(_) | Meaning::Count(_)) {
            reading.unwanted.push(meaning);
            not = false;
            continue;
        }
        match meaning {
            Meaning::Filler => {}
            Meaning::Not => not = true,
            Meaning::Count(number) => count = Some(number),
            Meaning::Colour(code) => reading.palette.extend(colour.replace(Rgb::hex(code))),
            Meaning::Subject(figure) => {
                let count = count.take().unwrap_or(if plural { 3 } else { 1 });
                reading.want(Wanted { figure, colour: colour.take(), count });
            }
            Meaning::Sky => reading.sky = colour.take().or(reading.sky),
            meaning => {
                if matches!(meaning, Meaning::Place(_) | Meaning::Feature(Feature::Waves)) {
                    reading.ground = colour.take().or(reading.ground);
                } else {
                    reading.palette.extend(colour.take());
                }
                reading.wish(meaning);
            }
        }
    }
    reading.palette.extend(colour);
    reading.unwanted.extend(words(negative).filter_map(|word| Some(word.known?.meaning)));
    reading.palette.retain(|colour| {
        let said = |m: &Meaning| matches!(m, Meaning::Colour(code) if Rgb::hex(*code) == *colour);
        !reading.unwanted.iter().any(said)
    });
    reading.palette.truncate(3);
    reading
}

impl Reading {
    /// Whether it was said that this is not to be there.
    pub(crate) fn refuses(&self, meaning: Meaning) -> bool {
        self.unwanted.contains(&meaning)
    }

    fn note(&mut self, word: &'static str) {
        if !self.understood.contains(&word) {
            self.understood.push(word);
        }
    }

    fn wish(&mut self, meaning: Meaning) {
        if !self.wishes.contains(&meaning) {
            self.wishes.push(meaning);
        }
    }

    fn want(&mut self, wanted: Wanted) {
        if let Some(known) = self.subjects.iter_mut().find(|known| known.figure == wanted.figure) {
            known.colour = known.colour.or(wanted.colour);
        } else if self.subjects.len() < MOST_SUBJECTS {
            self.subjects.push(wanted);
        }
    }
}

/// A word or phrase of a text, with its entry where the list has one.
struct Word {
    text: String,
    known: Option<Known>,
}

/// An entry of the list, and whether it was met in the plural.
struct Known {
    word: &'static str,
    meaning: Meaning,
    plural: bool,
}

/// The words of `text`, in lower case; phrases of the list are one word, the longest first.
fn words(text: &str) -> impl Iterator<Item = Word> {
    let lower = text.to_lowercase();
    let words: Vec<String> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let mut at = 0;
    std::iter::from_fn(move || {
        let most = LONGEST_PHRASE.min(words.len() - at);
        let found = (1..=most).rev().find_map(|count| {
            let text = words[at..at + count].join(" ");
            look_up(&text).map(|known| (count, Word { text, known: Some(known) }))
        });
        let (count, word) = match found {
            Some(found) => found,
            None => (1, Word { text: words.get(at)?.clone(), known: None }),
        };
        at += count;
        Some(word)
    })
}

/// The entry for a phrase, or for its singular.
fn look_up(phrase: &str) -> Option<Known> {
    let entry = |phrase: &str, plural: bool| {
        LEXICON.get(phrase).map(|(word, meaning)| Known { word, meaning: *meaning, plural })
    };
    entry(phrase, false).or_else(|| {
        [("ies", "y"), ("ves", "f"), ("es", ""), ("s", "")].iter().find_map(|(ending, singular)| {
            let stem = phrase.strip_suffix(ending).filter(|stem| stem.len() > 1)?;
            entry(&format!("{stem}{singular}"), true)
        })
    })
}
