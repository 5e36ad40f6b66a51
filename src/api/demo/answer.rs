//! The painter's answer on the wire.
//!
//! Owns the JSON body that Langbase Images v1 would send for the same request, and the
//! limits a request must keep. Promises that the program's ordinary reading of answers
//! serves it. Must never paint.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _, RgbImage};
use serde_json::{Value, json};

use super::words::Reading;
use super::{DEFAULT_SIDE, Ground, SIDES};
use crate::domain::{Failure, FailureKind, Request};

/// The size the request asks for.
///
/// # Errors
/// When a side is outside [`SIDES`].
pub(super) fn size(request: &Request) -> Result<(u32, u32), Failure> {
    let side = |name: &str, side: Option<u32>| {
        let side = side.unwrap_or(DEFAULT_SIDE);
        if SIDES.contains(&side) {
            return Ok(side);
        }
        let (least, most) = (SIDES.start(), SIDES.end());
        Err(Failure::before_sending(
            FailureKind::Request,
            format!(
                "The demo painter paints {least} to {most} pixels a side; the {name} is {side}."
            ),
            format!(
                "Choose a {name} from {least} to {most}, or leave it empty for {DEFAULT_SIDE}."
            ),
        ))
    };
    Ok((side("width", request.width)?, side("height", request.height)?))
}

/// A base image as a picture.
///
/// # Errors
/// When it has fewer pixels than it says.
pub(super) fn picture_of(ground: Ground) -> Result<RgbImage, Failure> {
    RgbImage::from_raw(ground.width, ground.height, ground.rgb)
        .filter(|picture| picture.width() > 0 && picture.height() > 0)
        .ok_or_else(|| {
            Failure::before_sending(
                FailureKind::BaseImage,
                "The base image has fewer pixels than it says.",
                "Choose another picture.",
            )
        })
}

/// One picture as a data URL of a PNG.
///
/// # Errors
/// When the encoder refuses, which would be a fault of this program.
pub(super) fn data_url(picture: &RgbImage) -> Result<String, Failure> {
    let mut png = Vec::with_capacity(picture.as_raw().len() / 2);
    PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Adaptive)
        .write_image(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8)
        .map_err(|error| {
            Failure::before_sending(
                FailureKind::Internal,
                format!("The painted picture could not be written as PNG: {error}."),
                "Please report this.",
            )
        })?;
    Ok(format!("data:image/png;base64,{}", STANDARD.encode(png)))
}

/// The body for pictures given as data URLs.
pub(super) fn body(request: &Request, reading: &Reading, urls: &[String], seed: u64) -> Vec<u8> {
    let content = content(reading);
    let choice = |(index, url): (usize, &String)| {
        json!({
            "logprobs": null,
            "finish_reason": "stop",
            "native_finish_reason": "stop",
            "index": index,
            "message": {
                "role": "assistant",
                "content": content,
                "images": [{ "type": "image_url", "image_url": { "url": url }, "index": 0 }],
            },
        })
    };
    let words = |text: &str| text.split_whitespace().count();
    let tokens = words(&request.prompt) + request.negative_prompt.as_deref().map_or(0, words);
    let body: Value = json!({
        "id": format!("demo-{seed:016x}"),
        "provider": request.model.provider(),
        "model": request.model.name(),
        "object": "chat.completion",
        // The painter has no clock: the same request gives the same bytes.
        "created": 0,
        "choices": urls.iter().enumerate().map(choice).collect::<Vec<_>>(),
        "usage": {
            "prompt_tokens": tokens,
            "completion_tokens": 0,
            "total_tokens": tokens,
            "prompt_tokens_details": { "cached_tokens": 0 },
            "cost": 0,
            "completion_tokens_details": { "reasoning_tokens": 0, "image_tokens": urls.len() },
        },
    });
    body.to_string().into_bytes()
}

/// What the painter says of its picture, in one sentence.
fn content(reading: &Reading) -> String {
    if reading.understood.is_empty() {
        return "Painted on this machine by the demo painter, not by a model; it knew none of \
                these words and made an abstract picture of them."
            .to_owned();
    }
    let shown = reading.understood.iter().take(16).copied().collect::<Vec<_>>().join(", ");
    let more = if reading.understood.len() > 16 { " and more" } else { "" };
    format!(
        "Painted on this machine by the demo painter, not by a model; it understood: {shown}{more}."
    )
}
