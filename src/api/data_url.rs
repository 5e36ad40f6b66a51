//! Pictures that travel inside an answer as text.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Takes base64 as it is found in the wild: padded or not, trailing bits or not.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// What follows `data:` in `text`; `None` when it is no such URL.
pub(super) fn strip_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_at_checked("data:".len())?;
    scheme.eq_ignore_ascii_case("data:").then_some(rest)
}

/// The bytes of a data URL, given without its `data:` (RFC 2397): any parameters, base64
/// or percent-encoded text. `None` when it has no comma, no bytes, or is no valid base64.
pub(super) fn decode(rest: &str) -> Option<Vec<u8>> {
    let (parameters, data) = rest.split_once(',')?;
    let data = percent_encoding::percent_decode_str(data);
    let in_base64 = parameters.split(';').any(|word| word.trim().eq_ignore_ascii_case("base64"));
    let bytes = if in_base64 { base64(data)? } else { data.collect() };
    (!bytes.is_empty()).then_some(bytes)
}

/// The bytes behind base64 of either alphabet, with any white space in it. `None` when
/// it is none, or empty.
pub(super) fn base64(text: impl IntoIterator<Item = u8>) -> Option<Vec<u8>> {
    let standard: Vec<u8> = text
        .into_iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        })
        .collect();
    LENIENT.decode(standard).ok().filter(|bytes| !bytes.is_empty())
}
