//! Whatever dies, nothing is lost and nothing is paid for twice.

/// The smallest whole PNG: one pixel.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// An answer with the pictures behind these addresses.
pub(crate) fn answer_with(urls: &[&str]) -> String {
    let images: Vec<_> = urls
        .iter()
        .enumerate()
        .map(|(index, url)| serde_json::json!({"type": "image_url", "index": index, "image_url": {"url": url}}))
        .collect();
    serde_json::json!({
        "id": "gen-1", "provider": "openai", "model": "gpt-image-2",
        "choices": [{"index": 0, "finish_reason": "stop",
            "message": {"role": "assistant", "content": "", "images": images}}],
        "usage": {"prompt_tokens": 4, "completion_tokens": 8, "total_tokens": 12},
    })
    .to_string()
}

/// An answer with one picture in it.
pub(crate) fn answer() -> String {
    answer_with(&[&format!("data:image/png;base64,{PNG}")])
}
