//! The rules of the domain: what is valid, and what text may do.

mod difference;
mod naming;
mod price;
mod query;
mod template;

use pentimento::domain::{
    BaseImage, Cost, GenerationId, ImageFormat, ModelId, Problem, Request, Text, Timestamp,
    parse_count, parse_extra, parse_size, printable, shown_size,
};
use proptest::prelude::*;
use serde_json::json;

fn request() -> Request {
    Request::new("a fox", "openai:gpt-image-2".parse().expect("a model"))
}

#[test]
fn nothing_can_be_asked_of_a_model_of_an_imported_picture() {
    let model = ModelId::imported("a1111", Some(" Dream Shaper\n8\u{202E} "));
    assert_eq!(model.as_str(), "imported:a1111/Dream-Shaper-8-");
    assert!(model.is_imported() && model.askable().is_none());
    assert_eq!(model.as_str().parse(), Ok(model.clone()));
    let wrong = Request::new("a fox", model.clone()).check();
    assert_eq!(wrong, Err(Problem::Imported(model)));
    assert_eq!(ModelId::imported("fooocus", None).as_str(), "imported:fooocus");
    let long = ModelId::imported("a1111", Some(&"狐".repeat(200)));
    assert_eq!(long.as_str().parse(), Ok(long));
    // One that another copy of this program had asked can be asked here, too.
    let elsewhere = ModelId::imported("pentimento", Some("openai:gpt-image-2"));
    assert_eq!(elsewhere.askable(), "openai:gpt-image-2".parse().ok());
    assert_eq!(request().model.askable(), Some(request().model));
    assert_eq!(ModelId::imported("pentimento", Some("imported:a1111/x")).askable(), None);
}

#[test]
fn a_model_is_a_provider_and_a_name() {
    for (text, provider, name) in [
        ("openai:gpt-image-2", "openai", "gpt-image-2"),
        (
            "together:black-forest-labs/FLUX.1-schnell-Free",
            "together",
            "black-forest-labs/FLUX.1-schnell-Free",
        ),
        ("openrouter:google/gemini:free", "openrouter", "google/gemini:free"),
        ("  demo:painter ", "demo", "painter"),
    ] {
        let model: ModelId = text.parse().unwrap();
        assert_eq!((model.provider(), model.name()), (provider, name));
        assert_eq!(model.as_str(), text.trim());
    }
    let long = format!("openai:{}", "x".repeat(300));
    for text in ["", "gpt-image-2", ":x", "x:", "a b:c", "a:\u{7}b", "a:\u{202E}b", &long] {
        assert!(text.parse::<ModelId>().is_err(), "{text:?}");
    }
}

#[test]
fn a_size_is_read_in_every_way_it_is_written() {
    for (text, size) in [
        ("1024x640", (Some(1024), Some(640))),
        (" 1024 X 640 ", (Some(1024), Some(640))),
        ("1024×640", (Some(1024), Some(640))),
        ("1024*640", (Some(1024), Some(640))),
        ("1024x", (Some(1024), None)),
        ("x640", (None, Some(640))),
    ] {
        assert_eq!(parse_size(text), Ok(size), "{text}");
        assert_eq!(parse_size(&shown_size(size.0, size.1)), Ok(size));
    }
    for text in ["", "x", "1024", "0x640", "-1x5", "1e3x5", "1024x640x2", "99999x1", "１x２", "axb"]
    {
        assert!(parse_size(text).is_err(), "{text}");
    }
}

#[test]
fn a_count_is_a_whole_number_in_its_range() {
    assert_eq!(parse_count("pictures", " 4 ", 64), Ok(4));
    for text in ["", "0", "-1", "65", "1.5", "four", "99999999999999999999"] {
        let error = parse_count("pictures", text, 64).unwrap_err();
        assert!(error.to_string().contains("from 1 to 64"), "{text}: {error}");
    }
}

#[test]
fn an_extra_field_is_json_or_else_a_text() {
    assert_eq!(parse_extra("seed=42"), Ok(("seed".to_owned(), json!(42))));
    assert_eq!(parse_extra(" a = {\"b\":[1]} "), Ok(("a".to_owned(), json!({ "b": [1] }))));
    assert_eq!(parse_extra("quality=high"), Ok(("quality".to_owned(), json!("high"))));
    assert_eq!(parse_extra("a=b=c"), Ok(("a".to_owned(), json!("b=c"))));
    for text in ["", "seed", "=3", "  =3"] {
        assert!(parse_extra(text).is_err(), "{text}");
    }
}

#[test]
fn a_request_that_breaks_a_rule_says_which() {
    type Breaks = fn(&mut Request);
    let broken: [(Breaks, Problem); 7] = [
        (|r| r.prompt = " \n\t".to_owned(), Problem::EmptyPrompt),
        (|r| r.prompt = "é".repeat(100_001), Problem::LongPrompt(100_001)),
        (|r| r.width = Some(0), Problem::Side("width", 0)),
        (|r| r.height = Some(20_000), Problem::Side("height", 20_000)),
        (|r| r.n = Some(0), Problem::Count("n", 0, 64)),
        (|r| r.steps = Some(1_001), Problem::Count("steps", 1_001, 1_000)),
        (
            |r| drop(r.extra.insert("prompt".to_owned(), json!("x"))),
            Problem::OwnField("prompt".to_owned()),
        ),
    ];
    assert_eq!(request().check(), Ok(()));
    for (breaks, problem) in broken {
        let mut request = request();
        breaks(&mut request);
        assert_eq!(request.check(), Err(problem));
    }
    let mut long = request();
    long.prompt = "👩‍👩‍👧 שלום \u{7} ".repeat(2_500);
    assert_eq!(long.check(), Ok(()));
}

#[test]
fn a_base_image_is_an_address_or_a_file() {
    for (text, is_url) in [
        ("https://example.org/a.png", true),
        ("HTTP://example.org/a.png", true),
        ("data:image/png;base64,AAAA", true),
        ("/tmp/a.png", false),
        ("a.png", false),
        ("file:///tmp/a.png", false),
        ("ftp://example.org/a.png", false),
        ("é", false),
    ] {
        let image = BaseImage::from(text.to_owned());
        assert_eq!(matches!(image, BaseImage::Url(_)), is_url, "{text}");
    }
    let file = BaseImage::from("file:///tmp/a.png".to_owned());
    assert_eq!(file, BaseImage::File("/tmp/a.png".into()));
}

#[test]
fn a_request_survives_being_written_down() {
    let mut whole = request();
    (whole.width, whole.n, whole.steps) = (Some(640), Some(2), Some(9));
    whole.image = Some(BaseImage::File("/tmp/ü.png".into()));
    whole.negative_prompt = Some("people".to_owned());
    whole.extra.insert("seed".to_owned(), json!(7));
    let written = serde_json::to_string(&whole).unwrap();
    assert_eq!(serde_json::from_str::<Request>(&written).unwrap(), whole);
    let bare = serde_json::to_string(&request()).unwrap();
    assert_eq!(bare, r#"{"prompt":"a fox","model":"openai:gpt-image-2"}"#);
}

#[test]
fn money_is_shown_with_the_digits_it_has() {
    for (usd, shown) in [
        (0.0, "free"),
        (0.04, "$0.04"),
        (0.0027, "$0.0027"),
        (0.1, "$0.10"),
        (12.5, "$12.50"),
        (1e-9, "$0.000001"),
        (0.067 * 3.0, "$0.201"),
    ] {
        assert_eq!(Cost::from_usd(usd).unwrap().to_string(), shown);
    }
    for usd in [-0.01, f64::NAN, f64::INFINITY, 2e6] {
        assert_eq!(Cost::from_usd(usd), None);
    }
}

#[test]
fn the_type_of_a_picture_is_in_its_bytes() {
    for (head, format) in [
        (&b"\x89PNG\r\n\x1A\n...."[..], ImageFormat::Png),
        (b"\xFF\xD8\xFF\xE0....", ImageFormat::Jpeg),
        (b"RIFF\x10\0\0\0WEBP", ImageFormat::Webp),
        (b"GIF89a......", ImageFormat::Gif),
        (b"<svg xmlns=", ImageFormat::Bin),
        (b"<!DOCTYPE html>", ImageFormat::Bin),
        (b"RIFF\x10\0\0\0WAVE", ImageFormat::Bin),
        (b"", ImageFormat::Bin),
    ] {
        assert_eq!(ImageFormat::sniff(head), format);
    }
}

#[test]
fn ids_sort_by_time_and_read_back() {
    let ids: Vec<_> =
        (0..9_u8).map(|n| GenerationId::from_parts(1_000 + u64::from(n), [n; 10])).collect();
    assert!(ids.is_sorted());
    for id in ids {
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!(id.to_string().ends_with(&id.short()));
    }
    assert!("nonsense".parse::<GenerationId>().is_err());
}

#[test]
fn a_clock_that_went_backwards_makes_no_negative_time() {
    let (early, late) = (Timestamp::from_millis(1_000), Timestamp::from_millis(3_500));
    assert!((late.seconds_since(early) - 2.5).abs() < 1e-9);
    assert!(early.seconds_since(late).abs() < 1e-9);
    assert_eq!(Timestamp::from_millis(1_795_392_311_123).to_rfc3339(), "2026-11-23T00:05:11.123Z");
    // Far outside of any calendar, and still a text.
    assert!(!Timestamp::from_millis(i64::MAX).to_minute().is_empty());
}

#[test]
fn text_from_outside_cannot_drive_a_terminal() {
    for (raw, clean) in [
        ("plain ünïcödé 漢字", "plain ünïcödé 漢字"),
        ("\u{1b}]0;title\u{7}", "]0;title"),
        ("\u{1b}[2J\u{9b}31m", "[2J31m"),
        ("a\r\nb\tc", "a  b c"),
        ("abc\u{202E}def\u{2066}", "abcdef"),
        ("x\u{E0041}\u{FEFF}\u{2028}y", "xy"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ] {
        assert_eq!(Text::new(raw).as_str(), clean, "{raw:?}");
    }
    let tower = format!("e{}", "\u{301}".repeat(500));
    assert_eq!(Text::new(&tower).as_str().chars().count(), 8);
    // What is taken out between its stones must not let it grow again.
    let tower = format!("e{}", "\u{301}\u{301}\0\u{E0041}".repeat(20));
    assert_eq!(Text::new(&tower).as_str().chars().count(), 8);
    let family = "\u{1F468}\u{200D}".repeat(40);
    assert_eq!(Text::new(&family).as_str().chars().count(), 8);
    assert_eq!(Text::capped("abcdef", 3).as_str(), "abc…");
    assert_eq!(printable("a\u{1b}b\nc"), "ab\nc");
}

proptest! {
    #[test]
    fn no_text_keeps_a_character_that_moves_things(raw in any::<String>()) {
        let clean = Text::new(&raw);
        prop_assert!(clean.as_str().chars().all(|c| !c.is_control()));
        prop_assert!(clean.as_str().chars().count() <= Text::MESSAGE + 1);
        prop_assert_eq!(Text::new(clean.as_str()), clean);
    }

    #[test]
    fn no_text_breaks_a_parser(raw in any::<String>()) {
        let _ = (parse_size(&raw), parse_count("n", &raw, 9), parse_extra(&raw));
        let _ = (raw.parse::<ModelId>(), BaseImage::from(raw.clone()));
        if let Ok(model) = raw.parse::<ModelId>() {
            prop_assert_eq!(model.as_str(), raw.trim());
        }
    }
}
