//! What is written inside pictures: samples of each convention, made by other tools
//! (`tests/metadata/samples.py`), what is written itself, and what is damaged.

#[path = "metadata/damaged.rs"]
pub(crate) mod damaged;
#[path = "metadata/layout.rs"]
pub(crate) mod layout;
#[path = "metadata/reading.rs"]
mod reading;
#[path = "metadata/writing.rs"]
mod writing;

use std::path::PathBuf;

/// The prompt in most samples.
pub(crate) const PROMPT: &str = "a red fox in snow, (detailed fur:1.2)\nsoft light, “quiet”";
/// What was not to be drawn in them.
pub(crate) const NEGATIVE: &str = "blurry, watermark\nextra legs";

/// Where the samples are.
pub(crate) fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/metadata")
}

/// The bytes of a sample.
pub(crate) fn sample(name: &str) -> Vec<u8> {
    std::fs::read(directory().join(name)).expect("there is such a sample")
}

/// The names of all samples that are pictures.
pub(crate) fn pictures() -> Vec<String> {
    let entries = directory().read_dir().expect("there are samples").flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name != "beside.txt").collect();
    names.sort();
    names
}
