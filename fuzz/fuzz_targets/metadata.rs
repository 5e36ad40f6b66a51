//! Whatever a picture says of how it was made is read without a panic and within its bounds; what
//! is written into it is read back exactly, and what is taken out is gone.
//!
//! The first byte chooses between a picture and the text beside one, the rest is that.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pentimento::domain::{GenerationId, ImageFormat, Request, Timestamp};
use pentimento::metadata::{Origin, Told, embed, read, read_beside, strip};

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    if first % 8 == 0 {
        if let Some(told) = read_beside(&String::from_utf8_lossy(rest)) {
            judge(&told);
        }
        return;
    }
    if let Some(told) = read(rest) {
        judge(&told);
    }
    let origin = origin();
    if let Ok(written) = embed(rest, &origin, (64, 64)) {
        assert_eq!(ImageFormat::sniff(&written), ImageFormat::sniff(rest), "it is what it was");
        let told = read(&written).expect("what was written is there");
        assert_eq!(told.origin.as_ref(), Some(&origin));
    }
    if let Ok(bare) = strip(rest) {
        assert!(read(&bare).is_none(), "nothing is left of it");
    }
});

fn judge(told: &Told) {
    assert!(told.prompt.len() <= 4 << 20, "{}", told.prompt.len());
    for side in [told.width, told.height].into_iter().flatten() {
        assert!(side > 0);
    }
}

fn origin() -> Origin {
    Origin {
        id: GenerationId::from_parts(0, [0; 10]),
        index: 0,
        created: Timestamp::from_millis(0),
        request: Request::new("a fox, \"quiet\"", "demo:painter".parse().expect("a model")),
        template: Some("a {fox|owl}".to_owned()),
    }
}
