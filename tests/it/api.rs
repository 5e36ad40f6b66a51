//! The network: what is sent, how answers are read, how pictures are fetched.

mod catalogue;
mod fetching;
mod reading;
mod refusing;
mod sending;

use pentimento::api::Head;
use pentimento::domain::GenerationId;

/// The smallest whole PNG: one pixel.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

fn id() -> GenerationId {
    GenerationId::from_parts(1_790_000_000_000, [7; 10])
}

fn head(status: u16) -> Head {
    Head { status, host: "api.langbase.com".into(), ..Head::default() }
}
