//! Any answer whatever is read without a panic, and what is shown of it is safe.
//!
//! The first byte chooses the status, the rest is the body.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pentimento::api::{Delivered, Head, langbase};
use pentimento::domain::{Charged, Text};

const STATUS: [u16; 8] = [200, 200, 200, 400, 401, 429, 500, 302];

fuzz_target!(|data: &[u8]| {
    let Some((first, body)) = data.split_first() else { return };
    let status = STATUS[usize::from(*first) % STATUS.len()];
    let reading = langbase::read(&Head::noted(status, None, None), body);
    let pictures = reading.answer.images.len();
    for image in &reading.answer.images {
        match image {
            Delivered::Link(link) => assert!(link.len() <= body.len()),
            Delivered::Inline(bytes) => assert!(bytes.len() <= body.len()),
        }
    }
    for text in [&reading.answer.words, &reading.answer.id].into_iter().flatten() {
        assert_clean(text);
    }
    if let Some(failure) = &reading.failure {
        assert_clean(&failure.what);
        assert_clean(&failure.hint);
        assert!(!failure.what.is_blank());
    }
    // Whatever came under a good status may have been paid for.
    let free = |failure: &pentimento::domain::Failure| failure.charged == Charged::No;
    assert!(status != 200 || !reading.failure.as_ref().is_some_and(free));
    assert!(status != 200 || pictures > 0 || reading.failure.is_some());
});

fn assert_clean(text: &Text) {
    assert_eq!(&Text::new(text.as_str()), text);
    assert!(!text.as_str().chars().any(char::is_control));
}
