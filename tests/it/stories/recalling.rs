//! What was made fills the form again: all of it, its prompt, its settings.

use super::{draw, studio};

#[test]
fn all_of_it_its_prompt_alone_or_all_but_that_is_put_into_the_form() {
    let mut studio = studio();
    draw(&mut studio, "a fox");
    let other = "<F2><alt+a>an owl<tab><alt+a>128x128<F2>";
    studio.keys(other).shows("an owl").shows("128x128");
    studio.keys("<F3>p").until("the prompt alone", |screen| {
        screen.matches("a fox").count() > 2 && screen.contains("128x128")
    });
    studio.keys(other).shows("an owl").keys("<F3>P").until("the settings alone", |screen| {
        screen.contains("an owl") && screen.contains("Size 64x64")
    });
    studio.keys(other).shows("128x128").keys("<F3><enter>").until("all of it", |screen| {
        screen.matches("a fox").count() > 2 && screen.contains("Size 64x64")
    });
    studio.quit();
}
