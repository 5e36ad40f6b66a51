//! A request as a line that somebody else can send.
//!
//! Promises that it asks for the same as this program would, body and heads, and that no
//! key is in it: variables of the shell stand in their place.

use std::path::Path;

use url::Url;

use super::client::endpoint;
use super::langbase;
use crate::domain::{BaseImage, Failure, ImageFormat, Request};

/// `request` as a line of curl for the shells of POSIX, to the service at `base_url`.
/// `key` and `provider_key` name the variables that hold the keys; `quote` makes one word of
/// a shell. A base image that is a file is read when the line is run.
///
/// # Errors
/// When nothing can be sent to that address.
pub fn curl(
    request: &Request,
    base_url: &Url,
    (key, provider_key): (&str, &str),
    quote: impl Fn(&str) -> String,
) -> Result<String, Failure> {
    let url = endpoint(base_url)?;
    let head = format!(
        "curl {} -H \"Authorization: Bearer ${key}\" -H \"LB-LLM-Key: ${provider_key}\" \
         -H 'Content-Type: application/json'",
        quote(url.as_str())
    );
    let body = |image: Option<String>| langbase::body(request, image).to_string();
    let file = match &request.image {
        None => return Ok(format!("{head} -d {}", quote(&body(None)))),
        Some(BaseImage::Url(url)) => {
            return Ok(format!("{head} -d {}", quote(&body(Some(url.clone())))));
        }
        Some(BaseImage::File(file)) => file,
    };
    let media_type = format_of(file).media_type();
    // What stands for the picture until the body is cut there.
    let mut mark = "@".to_owned();
    while body(None).contains(&mark) {
        mark.push('@');
    }
    let whole = body(Some(format!("data:{media_type};base64,{mark}")));
    let (before, after) = whole.split_once(&mark).expect("the mark stands in it once");
    let path = quote(&file.display().to_string());
    Ok(format!(
        "{{ printf %s {}; base64 < {path} | tr -d '\\n'; printf %s {}; }} | {head} --data-binary @-",
        quote(before),
        quote(after)
    ))
}

/// What a file is, by its name: its bytes are not looked at before the line is run.
fn format_of(file: &Path) -> ImageFormat {
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => ImageFormat::Jpeg,
        "webp" => ImageFormat::Webp,
        "gif" => ImageFormat::Gif,
        _ => ImageFormat::Png,
    }
}
