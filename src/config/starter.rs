//! A file to begin one's own configuration with.
//!
//! Promises that the file as it is changes nothing, and that each of its lines does what it
//! says as soon as its sign is taken away. Must never write it.

use super::EXAMPLE;

/// What stands above it.
const INTRODUCTION: &str = "\
# Pentimento: your settings.
#
# Every setting there is, with its default. A line counts when the # right before it is taken
# away; what stays commented out keeps its default, in later versions too.
# `pentimento config check` says whether the file is right.
";

/// The example with every setting commented out. The headings of its tables stay, so that a
/// setting lands in its table.
pub fn starter() -> String {
    let (_, settings) = EXAMPLE.split_once("\n\n").unwrap_or(("", EXAMPLE));
    let mut file = INTRODUCTION.to_owned();
    for line in std::iter::once("").chain(settings.lines()) {
        let is_setting = !line.is_empty() && !line.starts_with(['#', '[']);
        file.push_str(if is_setting { "#" } else { "" });
        file.push_str(line);
        file.push('\n');
    }
    file
}
