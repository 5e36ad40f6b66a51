//! What the file of a picture says of how it was made, read and written.
//!
//! Owns the conventions by which programs keep a request inside a picture, foreign ones and
//! this program's own, and the three kinds of files they are kept in. Promises that reading
//! hostile bytes ends soon and in bounded memory, that pixels are neither decoded nor
//! changed, and that what [`embed`] writes [`read`] gives back exactly. Must never touch a
//! file: bytes come in, values or bytes go out.

mod a1111;
mod comfy;
mod jpeg;
mod own;
mod png;
mod programs;
mod tags;
mod webp;

use serde_json::{Map, Value};

use crate::domain::{ImageFormat, LIMITS};

pub use own::Origin;

/// The largest file that is looked into, in bytes.
pub const LARGEST: u64 = 256 << 20;
/// The longest text in a file that is looked at, in bytes, unpacked.
const LONGEST: usize = 2 << 20;
/// The most texts in one file that are looked at.
const MOST: usize = 64;

/// Which program has written a request into a picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Program {
    /// This one.
    Pentimento,
    /// AUTOMATIC1111, or one of the many that write as it does.
    Automatic1111,
    /// InvokeAI.
    InvokeAi,
    /// ComfyUI.
    ComfyUi,
    /// SwarmUI.
    SwarmUi,
    /// Fooocus.
    Fooocus,
}

impl Program {
    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pentimento => "Pentimento",
            Self::Automatic1111 => "AUTOMATIC1111 or one like it",
            Self::InvokeAi => "InvokeAI",
            Self::ComfyUi => "ComfyUI",
            Self::SwarmUi => "SwarmUI",
            Self::Fooocus => "Fooocus",
        }
    }

    /// Its name as one word, in that of a model.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pentimento => "pentimento",
            Self::Automatic1111 => "a1111",
            Self::InvokeAi => "invokeai",
            Self::ComfyUi => "comfyui",
            Self::SwarmUi => "swarmui",
            Self::Fooocus => "fooocus",
        }
    }
}

/// What a picture says of how it was made. What it does not say is `None` or empty.
#[derive(Clone, PartialEq, Debug)]
pub struct Told {
    /// Who wrote it.
    pub program: Program,
    /// What was to be drawn.
    pub prompt: String,
    /// What was not.
    pub negative: Option<String>,
    /// Pixels across.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// Steps of refinement.
    pub steps: Option<u32>,
    /// The model, as that program calls it.
    pub model: Option<String>,
    /// Everything else: seed, sampler, what the program says of itself.
    pub settings: Map<String, Value>,
    /// The request itself and where it was made, where this program wrote it.
    pub origin: Option<Origin>,
}

impl Told {
    fn by(program: Program) -> Self {
        Self {
            program,
            prompt: String::new(),
            negative: None,
            width: None,
            height: None,
            steps: None,
            model: None,
            settings: Map::new(),
            origin: None,
        }
    }

    /// Takes a number as the size of a side; one that no request can have is a setting.
    fn side(&mut self, name: &str, value: &Value) {
        let side = count(value, LIMITS.side);
        match (name, side) {
            ("width", Some(_)) => self.width = side,
            ("height", Some(_)) => self.height = side,
            _ => self.keep(name, value),
        }
    }

    /// Takes a number of steps, likewise.
    fn steps(&mut self, value: &Value) {
        match count(value, LIMITS.steps) {
            Some(steps) => self.steps = Some(steps),
            None => self.keep("steps", value),
        }
    }

    /// Keeps a setting, unless it says nothing.
    fn keep(&mut self, name: &str, value: &Value) {
        let says_nothing = match value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(all) => all.is_empty(),
            Value::Object(all) => all.is_empty(),
            _ => false,
        };
        if !says_nothing && self.settings.len() < MOST {
            self.settings.insert(name.to_owned(), value.clone());
        }
    }
}

/// A whole number from 1 to `most`, also where it is written as text.
fn count(value: &Value, most: u32) -> Option<u32> {
    let number = match value {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.as_u64().or_else(|| {
            let float = number.as_f64()?;
            (float.fract() == 0.0 && float >= 0.0).then_some(float as u64)
        }),
        _ => None,
    };
    number.filter(|number| (1..=u64::from(most)).contains(number)).map(|number| number as u32)
}

/// A text in a file, and under which word it stands there: those of the chunks of a PNG, for
/// the other formats too.
struct Note {
    keyword: String,
    text: String,
}

/// What the picture in `bytes` says of how it was made; `None` where it says nothing that is
/// understood, or is no picture.
pub fn read(bytes: &[u8]) -> Option<Told> {
    let notes = match ImageFormat::sniff(bytes) {
        ImageFormat::Png => self::png::notes(bytes),
        ImageFormat::Jpeg => jpeg::notes(bytes),
        ImageFormat::Webp => webp::notes(bytes),
        ImageFormat::Gif | ImageFormat::Bin => return None,
    };
    recognise(&notes)
}

/// What a text file beside a picture says of it, as AUTOMATIC1111 writes one; `None` where it
/// is some other text.
pub fn read_beside(text: &str) -> Option<Told> {
    a1111::has_settings(text).then(|| a1111::read(text))
}

fn recognise(notes: &[Note]) -> Option<Told> {
    let named = |keyword: &str| {
        let note = notes.iter().find(|note| note.keyword.eq_ignore_ascii_case(keyword));
        note.map(|note| note.text.as_str())
    };
    let parameters = named(PARAMETERS);
    let as_json = parameters.and_then(programs::object);
    None.or_else(|| own::read(named(own::KEYWORD)?))
        .or_else(|| programs::invoke(&programs::object(named("invokeai_metadata")?)?))
        .or_else(|| programs::old_invoke(&programs::object(named("sd-metadata")?)?))
        .or_else(|| programs::swarm(as_json.as_ref()?))
        .or_else(|| programs::fooocus(as_json.as_ref()?))
        .or_else(|| Some(parameters?).filter(|text| !text.trim().is_empty()).map(a1111::read))
        .or_else(|| comfy::read(named("prompt")?))
}

/// The word under which most programs keep what they were asked.
const PARAMETERS: &str = "parameters";

/// Why a picture cannot be given a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is of a kind that has no place for one.
    #[error("such a file has no place")]
    Format,
    /// The request has so many bytes, and such a file takes so many.
    #[error("it has {0} bytes, and such a file takes {1}")]
    TooLong(usize, usize),
    /// The file is damaged.
    #[error("the file is damaged")]
    Damaged,
}

/// The picture in `bytes`, with a request written into it: so that this program reads it back
/// as it was, and others as much as they understand. What another program has written of its
/// own request stays.
///
/// # Errors
/// When it has no place for that, or is damaged.
pub fn embed(bytes: &[u8], origin: &Origin, size: (u32, u32)) -> Result<Vec<u8>, Refusal> {
    let origin = &origin.clone().abroad();
    // Another program's own words say more than ours would of it.
    let parameters = match read(bytes) {
        Some(told) if told.program != Program::Pentimento => None,
        _ => Some(a1111::write(&origin.request, size)),
    };
    let note = Written { own: own::write(origin), parameters };
    match ImageFormat::sniff(bytes) {
        ImageFormat::Png => self::png::embed(bytes, &note),
        ImageFormat::Jpeg => jpeg::embed(bytes, &note),
        ImageFormat::Webp => webp::embed(bytes, &note),
        ImageFormat::Gif | ImageFormat::Bin => Err(Refusal::Format),
    }
}

/// What is written into a picture.
struct Written {
    /// For this program: JSON in ASCII.
    own: String,
    /// For others.
    parameters: Option<String>,
}

/// The picture in `bytes`, without anything that is not needed to see it as it is: its
/// colours and how it is turned stay.
///
/// # Errors
/// When it is damaged, or of another kind than PNG, JPEG and WebP.
pub fn strip(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    match ImageFormat::sniff(bytes) {
        ImageFormat::Png => self::png::strip(bytes),
        ImageFormat::Jpeg => jpeg::strip(bytes),
        ImageFormat::Webp => webp::strip(bytes),
        ImageFormat::Gif | ImageFormat::Bin => Err(Refusal::Format),
    }
}
