//! A format is told from the first bytes alone, and never where there are too few.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pentimento::domain::ImageFormat;

fuzz_target!(|data: &[u8]| {
    let format = ImageFormat::sniff(data);
    assert_eq!(format, ImageFormat::sniff(&data[..data.len().min(16)]), "16 bytes tell");
    if data.len() < 3 {
        assert_eq!(format, ImageFormat::Bin);
    }
    // What a browser or a shell would run is no picture.
    for opening in [&b"<"[..], b"#!", b"MZ", b"\x7fELF", b"%PDF", b"PK"] {
        if data.starts_with(opening) {
            assert_eq!(format, ImageFormat::Bin);
        }
    }
});
