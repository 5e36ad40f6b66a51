//! What the picture will show: every choice made, as plain data.
//!
//! Owns the step from a [`Reading`] (what was said) to a [`Scene`] (what is painted),
//! filling what was left open by the seed. Promises never to choose what was refused.
//! Must never touch a pixel.

use super::colour::Rgb;
use super::noise::{Dice, seed_of};
use super::subjects::{Figure, Stand, figure};
use super::words::{Feature, Meaning, Mood, Place, Reading, Season, Style, Time, Weather};

/// A subject of the scene.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// How it looks.
    pub(crate) figure: &'static Figure,
    /// Its main colour, where one was said.
    pub(crate) colour: Option<Rgb>,
    /// How many.
    pub(crate) count: u8,
}

/// The whole plan of a picture.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    /// What every choice left open is drawn from.
    pub(crate) seed: u64,
    /// Where it is.
    pub(crate) place: Place,
    /// The time of day.
    pub(crate) time: Time,
    /// The season.
    pub(crate) season: Season,
    /// How it is painted; `None` is the painter's own way.
    pub(crate) style: Option<Style>,
    /// What there is in it.
    pub(crate) subjects: Vec<Subject>,
    /// Colours for the whole picture.
    pub(crate) palette: Vec<Rgb>,
    /// The colour of the sky, where one was said.
    pub(crate) sky: Option<Rgb>,
    /// The colour of land or water, where one was said.
    pub(crate) ground: Option<Rgb>,
    /// How much of the sky is clouded, 0 to 1.
    pub(crate) clouds: f32,
    /// Steps of refinement, from 1.
    pub(crate) steps: u32,
    wishes: Vec<Meaning>,
    unwanted: Vec<Meaning>,
}

impl Scene {
    /// The scene for what was read; `index` and `salt` tell pictures of one prompt apart.
    pub(crate) fn compose(reading: &Reading, salt: &str, index: u32, steps: u32) -> Self {
        let seed = seed_of(&[reading.theme.as_bytes(), salt.as_bytes(), &index.to_le_bytes()]);
        let mut dice = Dice::new(seed, "scene");
        let wishes: Vec<Meaning> =
            reading.wishes.iter().copied().filter(|wish| !reading.refuses(*wish)).collect();
        let mut subjects: Vec<Subject> = reading
            .subjects
            .iter()
            .filter(|wanted| !reading.refuses(Meaning::Subject(wanted.figure)))
            .map(|wanted| Subject {
                figure: figure(wanted.figure),
                colour: wanted.colour,
                count: wanted.count.clamp(1, 12),
            })
            .collect();
        let place = place(&wishes, &subjects, &mut dice);
        if place == Place::Interior && subjects.is_empty() {
            subjects.extend(still_life(reading, &mut dice));
        }
        let mut scene = Self {
            seed,
            place,
            time: Time::Noon,
            season: Season::Summer,
            style: wishes.iter().find_map(|wish| match wish {
                Meaning::Style(style) => Some(*style),
                _ => None,
            }),
            subjects,
            palette: reading.palette.clone(),
            sky: reading.sky,
            ground: reading.ground,
            clouds: 0.0,
            steps,
            wishes,
            unwanted: reading.unwanted.clone(),
        };
        if matches!(place, Place::Abstract | Place::Space) {
            scene.palette.extend(scene.ground.take());
        }
        scene.season = scene.said_season().unwrap_or(Season::Summer);
        scene.time = scene.said_time().unwrap_or_else(|| scene.likely_time(&mut dice));
        scene.clouds = scene.cover(&mut dice);
        scene
    }

    /// Whether this was asked for and not refused.
    pub(crate) fn has(&self, meaning: Meaning) -> bool {
        self.wishes.contains(&meaning)
    }

    /// Whether that weather was asked for.
    pub(crate) fn weather(&self, weather: Weather) -> bool {
        self.has(Meaning::Weather(weather))
    }

    /// Whether that quality of light was asked for.
    pub(crate) fn mood(&self, mood: Mood) -> bool {
        self.has(Meaning::Mood(mood))
    }

    /// Whether that feature was asked for.
    pub(crate) fn feature(&self, feature: Feature) -> bool {
        self.has(Meaning::Feature(feature))
    }

    /// Whether this may be added unasked.
    pub(crate) fn allows(&self, meaning: Meaning) -> bool {
        !self.unwanted.contains(&meaning)
    }

    /// Whether there is water to float on.
    pub(crate) fn has_water(&self) -> bool {
        matches!(self.place, Place::Sea | Place::Lake | Place::River | Place::City)
    }

    /// Whether snow lies on the ground.
    pub(crate) fn snowy(&self) -> bool {
        let cold = self.season == Season::Winter
            || self.weather(Weather::Snow)
            || self.place == Place::Snowfield;
        cold && self.allows(Meaning::Weather(Weather::Snow))
    }

    /// A stream of chance for one purpose.
    pub(crate) fn dice(&self, purpose: &str) -> Dice {
        Dice::new(self.seed, purpose)
    }

    /// Octaves of detail the steps pay for, around `usual`.
    pub(crate) fn octaves(&self, usual: u32) -> u32 {
        match self.steps {
            0..=2 => usual.saturating_sub(2).max(1),
            3..=8 => usual.saturating_sub(1).max(1),
            9..=30 => usual,
            _ => usual + 1,
        }
    }

    /// Whether any word was about light: an hour, a mood, weather or a colour.
    pub(crate) fn names_light(&self) -> bool {
        let light = |wish: &Meaning| {
            matches!(wish, Meaning::Mood(_) | Meaning::Weather(_) | Meaning::Season(_))
        };
        self.said_time().is_some() || !self.palette.is_empty() || self.wishes.iter().any(light)
    }

    fn said_season(&self) -> Option<Season> {
        self.wishes.iter().find_map(|wish| match wish {
            Meaning::Season(season) => Some(*season),
            _ => None,
        })
    }

    fn said_time(&self) -> Option<Time> {
        let said = self.wishes.iter().find_map(|wish| match wish {
            Meaning::Time(time) => Some(*time),
            _ => None,
        });
        let moods = [
            (Meaning::Feature(Feature::Moon), Time::Night),
            (Meaning::Feature(Feature::Stars), Time::Night),
            (Meaning::Feature(Feature::Aurora), Time::Night),
            (Meaning::Feature(Feature::Fireflies), Time::Dusk),
            (Meaning::Mood(Mood::Moonlit), Time::Night),
            (Meaning::Mood(Mood::Candlelit), Time::Night),
            (Meaning::Mood(Mood::Neon), Time::Night),
            (Meaning::Style(Style::Cyberpunk), Time::Night),
            (Meaning::Mood(Mood::Golden), Time::Golden),
            (Meaning::Feature(Feature::Rainbow), Time::Morning),
            (Meaning::Mood(Mood::Bright), Time::Noon),
            (Meaning::Mood(Mood::Dark), Time::Dusk),
        ];
        said.or_else(|| moods.iter().find(|(wish, _)| self.has(*wish)).map(|(_, time)| *time))
    }

    fn likely_time(&self, dice: &mut Dice) -> Time {
        let hours: &[Time] = if self.weather(Weather::Storm) {
            &[Time::Dusk, Time::Blue, Time::Morning]
        } else if self.weather(Weather::Rain) {
            &[Time::Dusk, Time::Morning, Time::Blue]
        } else if self.place == Place::City {
            &[Time::Dusk, Time::Blue, Time::Sunset, Time::Night]
        } else if self.snowy() {
            &[Time::Morning, Time::Dawn, Time::Golden, Time::Noon]
        } else {
            &[
                Time::Golden,
                Time::Morning,
                Time::Sunset,
                Time::Noon,
                Time::Dawn,
                Time::Golden,
                Time::Morning,
                Time::Dusk,
            ]
        };
        let open: Vec<Time> =
            hours.iter().copied().filter(|time| self.allows(Meaning::Time(*time))).collect();
        if open.is_empty() { Time::Noon } else { *dice.pick(&open) }
    }

    fn cover(&self, dice: &mut Dice) -> f32 {
        let usual = dice.range(0.30, 0.55);
        if !self.allows(Meaning::Feature(Feature::Clouds)) || self.weather(Weather::Clear) {
            0.0
        } else if self.weather(Weather::Storm) {
            0.95
        } else if self.weather(Weather::Rain) || self.weather(Weather::Cloudy) {
            0.82
        } else if self.feature(Feature::Clouds) {
            0.66
        } else if self.feature(Feature::Stars) || self.feature(Feature::Aurora) {
            usual * 0.4
        } else {
            usual
        }
    }
}

/// Something for an empty table.
fn still_life(reading: &Reading, dice: &mut Dice) -> Option<Subject> {
    let candles = reading.wishes.contains(&Meaning::Mood(Mood::Candlelit));
    let names: &[&str] = if candles { &["candle"] } else { &["vase", "fruit bowl", "teapot"] };
    let name = dice.pick(names);
    let refused = reading.refuses(Meaning::Subject(name));
    (!refused).then(|| Subject { figure: figure(name), colour: None, count: 1 })
}

/// The place that was said, or where the subjects are at home.
fn place(wishes: &[Meaning], subjects: &[Subject], dice: &mut Dice) -> Place {
    let said: Vec<Place> = wishes
        .iter()
        .filter_map(|wish| match wish {
            Meaning::Place(place) => Some(*place),
            _ => None,
        })
        .collect();
    // “A window on the sea” is a sea, “mountains and a lake” a lake.
    let water = [Place::Sea, Place::Lake, Place::River];
    if let Some(place) = said.iter().find(|place| water.contains(place)).or(said.first()) {
        return *place;
    }
    let feature = wishes.iter().find_map(|wish| match wish {
        Meaning::Feature(Feature::Waves) => Some(Place::Sea),
        Meaning::Feature(Feature::Planet) => Some(Place::Space),
        Meaning::Feature(Feature::Flowers) => Some(Place::Meadow),
        Meaning::Feature(Feature::Aurora) => Some(Place::Lake),
        Meaning::Feature(Feature::Volcano) => Some(Place::Mountains),
        Meaning::Feature(Feature::Lights) => Some(Place::City),
        _ => None,
    });
    // What swims decides before what stands, and a table keeps what lies on it.
    let order = [Stand::Table, Stand::Water, Stand::Ground, Stand::Sky];
    let host = order
        .iter()
        .find_map(|stand| subjects.iter().find(|subject| subject.figure.stand == *stand));
    match (host, feature) {
        (Some(host), None) => return *dice.pick(host.figure.home),
        (Some(host), _) if host.figure.stand == Stand::Table => {
            return *dice.pick(host.figure.home);
        }
        (_, Some(place)) => return place,
        (None, None) => {}
    }
    let mood = wishes.iter().find_map(|wish| match wish {
        Meaning::Mood(Mood::Neon) | Meaning::Style(Style::Cyberpunk) => Some(Place::City),
        Meaning::Mood(Mood::Candlelit) => Some(Place::Interior),
        _ => None,
    });
    if let Some(place) = mood {
        return place;
    }
    let weather = wishes.iter().any(|wish| {
        matches!(
            wish,
            Meaning::Weather(_) | Meaning::Season(_) | Meaning::Time(_) | Meaning::Feature(_)
        )
    });
    if weather {
        *dice.pick(&[Place::Hills, Place::Lake, Place::Mountains, Place::Meadow, Place::Sea])
    } else {
        Place::Abstract
    }
}
