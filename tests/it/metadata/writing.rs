//! What is written into pictures, and what is taken out of them.

use pentimento::domain::{BaseImage, GenerationId, Request, Timestamp};
use pentimento::metadata::{Origin, Program, Refusal, embed, read, strip};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::layout::parse;
use super::{pictures, sample};

/// Pictures of each kind, without and with something in them.
const KINDS: [&str; 6] =
    ["nothing.png", "nothing.webp", "clear.webp", "progressive.jpg", "camera.jpg", "beside.png"];

fn origin(request: Request) -> Origin {
    let created = Timestamp::from_millis(1_795_435_620_000);
    let id = GenerationId::from_parts(1_795_435_620_000, [7; 10]);
    Origin { id, index: 1, created, request, template: Some("a {red|grey} fox".to_owned()) }
}

fn request() -> Request {
    let mut request = Request::new(
        "a red fox,\nsaid: \"quiet\" 🦊\nat 3:1",
        "openai:gpt-image-2".parse().expect("a model"),
    );
    (request.width, request.height, request.n) = (Some(1536), Some(1024), Some(2));
    (request.steps, request.negative_prompt) = (Some(28), Some("blurry, text".to_owned()));
    request.image = Some(BaseImage::Url("https://example.org/fox.png".to_owned()));
    let extra = json!({ "seed": 7, "quality": "high", "style": "a: b, \"c\"\nd", "x": [0.1] });
    request.extra.extend(extra.as_object().cloned().into_iter().flatten());
    request
}

#[test]
fn what_is_written_into_each_kind_of_picture_is_read_back_exactly() {
    let origin = origin(request());
    for name in KINDS {
        let written = embed(&sample(name), &origin, (1536, 1024)).expect(name);
        let told = read(&written).expect(name);
        assert_eq!(
            (told.program, told.origin),
            (Program::Pentimento, Some(origin.clone())),
            "{name}"
        );
        assert_eq!(told.prompt, origin.request.prompt, "{name}");
        // Another time it takes the place of the first one.
        let again = embed(&written, &origin, (1536, 1024)).expect(name);
        assert_eq!(again, written, "{name}");
    }
}

#[test]
fn automatic1111_reads_the_layout_by_its_own_rules() {
    let written = embed(&sample("nothing.png"), &origin(request()), (1536, 1024)).expect("a PNG");
    let text = parameters(&written);
    let (prompt, negative, pairs) = parse(&text);
    assert_eq!((prompt.as_str(), negative.as_str()), (request().prompt.as_str(), "blurry, text"));
    let version = format!("Pentimento {}", env!("CARGO_PKG_VERSION"));
    let expected = [
        ("Steps", "28"),
        ("Seed", "7"),
        ("quality", "high"),
        ("style", "a: b, \"c\"\nd"),
        ("Size", "1536x1024"),
        ("Model", "openai:gpt-image-2"),
        ("Provider", "openai"),
        ("Version", &version),
    ];
    let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(pairs, expected);
}

#[test]
fn a_bare_request_has_enough_pairs_to_be_read_by_automatic1111() {
    let bare = Request::new("a fox", "demo:painter".parse().expect("a model"));
    let written = embed(&sample("nothing.png"), &origin(bare), (0, 0)).expect("a PNG");
    let (prompt, negative, pairs) = parse(&parameters(&written));
    assert_eq!((prompt.as_str(), negative.as_str(), pairs.len()), ("a fox", "", 3));
}

/// The text under `parameters` in a PNG that holds one as it is.
fn parameters(png: &[u8]) -> String {
    let mark = b"parameters\0";
    let begin = png.windows(mark.len()).position(|part| part == mark).expect("it is there");
    let length = u32::from_be_bytes(png[begin - 8..begin - 4].try_into().expect("four"));
    let content = &png[begin + mark.len()..begin + length as usize];
    String::from_utf8(content.to_vec()).expect("text").trim_start_matches('\0').to_owned()
}

#[test]
fn another_programs_own_words_stay_and_the_request_stands_beside_them() {
    for name in ["a1111.png", "a1111.jpg", "a1111.webp", "comfyui.png", "fooocus.png"] {
        let mut imported = request();
        imported.model = "imported:a1111/dreamshaper_8".parse().expect("a model");
        let origin = origin(imported);
        let written = embed(&sample(name), &origin, (12, 18)).expect(name);
        assert_eq!(read(&written).and_then(|told| told.origin), Some(origin), "{name}");
        let before = read(&sample(name)).expect(name);
        // As another reader sees it, that knows nothing of ours.
        let without = without_ours(&written);
        assert_eq!(read(&without), Some(before), "{name}");
    }
}

/// A picture whose note of this program nobody finds any more.
fn without_ours(written: &[u8]) -> Vec<u8> {
    let mark = b"pentimento";
    let begin = written.windows(mark.len()).position(|part| part == mark).expect("it is there");
    let mut without = written.to_vec();
    without[begin] = b'q';
    without
}

#[test]
fn nothing_of_this_machine_leaves_with_a_picture() {
    let mut private = request();
    private.image = Some(BaseImage::File("/home/ann/secret/fox.png".into()));
    private.extra.insert("imported_from".to_owned(), json!("/home/ann/secret/old.png"));
    for name in KINDS {
        let written = embed(&sample(name), &origin(private.clone()), (1, 1)).expect(name);
        assert!(!String::from_utf8_lossy(&written).contains("secret"), "{name}");
        let back = read(&written).and_then(|told| told.origin).expect(name);
        assert_eq!(back, origin(private.clone()).abroad(), "{name}");
    }
    private.image = Some(BaseImage::Url(format!("data:image/png;base64,{}", "A".repeat(99_999))));
    assert!(embed(&sample("progressive.jpg"), &origin(private), (1, 1)).is_ok());
}

#[test]
fn a_request_too_long_for_a_jpeg_is_refused_and_fits_into_the_others() {
    let long = Request::new("fox ".repeat(20_000), "demo:painter".parse().expect("a model"));
    let origin = origin(long);
    let refused = embed(&sample("progressive.jpg"), &origin, (1, 1)).expect_err("too long");
    assert!(matches!(refused, Refusal::TooLong(_, 65_527)), "{refused}");
    for name in ["nothing.png", "nothing.webp"] {
        let written = embed(&sample(name), &origin, (1, 1)).expect(name);
        assert_eq!(read(&written).and_then(|told| told.origin).as_ref(), Some(&origin), "{name}");
    }
    assert_eq!(embed(b"GIF89a", &origin, (1, 1)), Err(Refusal::Format));
    assert_eq!(embed(&sample("nothing.png")[..60], &origin, (1, 1)), Err(Refusal::Damaged));
}

#[test]
fn what_is_stripped_says_nothing_and_shows_the_same_pixels() {
    for name in pictures() {
        let before = sample(&name);
        let after = strip(&before).expect(&name);
        assert_eq!(read(&after), None, "{name}");
        let text = String::from_utf8_lossy(&after);
        for word in ["fox", "Nokia", "garden", "by hand", "Steps", "workflow"] {
            assert!(!text.contains(word), "{name}: {word}");
        }
        let pixels = |bytes: &[u8]| image::load_from_memory(bytes).expect(&name).to_rgba8();
        assert_eq!(pixels(&after), pixels(&before), "{name}");
        assert_eq!(strip(&after).as_ref(), Ok(&after), "{name}");
    }
}

#[test]
fn a_photograph_that_is_turned_stays_so_without_place_and_camera() {
    let written = embed(&sample("camera.jpg"), &origin(request()), (12, 18)).expect("a JPEG");
    let stripped = strip(&written).expect("a JPEG");
    let fields = |bytes: &[u8]| {
        let mut file = std::io::Cursor::new(bytes);
        let exif = exif::Reader::new().read_from_container(&mut file).expect("it has EXIF");
        let mut tags: Vec<String> = exif.fields().map(|field| field.tag.to_string()).collect();
        tags.sort();
        tags
    };
    assert_eq!(fields(&stripped), ["Orientation"]);
    // Embedding takes nothing away but the note of the camera's maker.
    let all = fields(&written);
    for tag in ["Make", "Model", "Orientation", "ExposureTime", "GPSLatitude", "UserComment"] {
        assert!(all.iter().any(|other| other == tag), "{tag} is not in {all:?}");
    }
}

#[test]
fn pixels_are_the_same_with_a_request_in_the_file() {
    for name in pictures() {
        let pixels = |bytes: &[u8]| image::load_from_memory(bytes).expect(&name).to_rgba8();
        let written = embed(&sample(&name), &origin(request()), (12, 18)).expect(&name);
        assert_eq!(pixels(&written), pixels(&sample(&name)), "{name}");
    }
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        proptest::collection::vec(any::<u8>(), 0..4).prop_map(Value::from),
    ]
}

prop_compose! {
    fn any_request()(
        prompt in "\\PC{0,80}|(.|\n){0,200}",
        negative in proptest::option::of("\\PC{0,40}"),
        sides in (proptest::option::of(1_u32..=16_384), proptest::option::of(1_u32..=16_384)),
        numbers in (proptest::option::of(1_u32..=64), proptest::option::of(1_u32..=1000)),
        extra in proptest::collection::vec(("\\PC{1,12}|[a-z ]{2,9}", value()), 0..5),
        name in "[!-~]{1,30}",
    ) -> Request {
        let model = format!("openai:{name}").parse().expect("a model");
        let mut request = Request::new(prompt, model);
        request.negative_prompt = negative;
        (request.width, request.height) = sides;
        (request.n, request.steps) = numbers;
        request.extra = extra.into_iter().collect::<Map<_, _>>();
        request.extra.remove("imported_from");
        request
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// The law of export and recall.
    #[test]
    fn whatever_is_asked_comes_back_from_a_picture_exactly(request in any_request(), kind in 0..KINDS.len()) {
        let origin = origin(request);
        let written = embed(&sample(KINDS[kind]), &origin, (64, 64)).expect("it fits");
        prop_assert_eq!(read(&written).and_then(|told| told.origin), Some(origin));
    }

    /// What AUTOMATIC1111's rules read from the layout is what was asked, as far as its lines
    /// can hold it.
    #[test]
    fn automatic1111_reads_whatever_is_asked(request in any_request()) {
        let written = embed(&sample("nothing.png"), &origin(request.clone()), (64, 48)).expect("it fits");
        let (prompt, negative, pairs) = parse(&parameters(&written));
        let value = |key: &str| {
            let pair = pairs.iter().rev().find(|(other, _)| other == key);
            pair.map(|(_, value)| value.clone())
        };
        prop_assert_eq!(value("Model"), Some(request.model.to_string()));
        prop_assert_eq!(value("Size"), Some("64x48".to_owned()));
        let version = format!("Pentimento {}", env!("CARGO_PKG_VERSION"));
        prop_assert_eq!(value("Version"), Some(version));
        prop_assert_eq!(value("Steps"), request.steps.map(|steps| steps.to_string()));
        let is_plain = |text: &str| {
            text.trim() == text && !text.contains("Negative prompt:") && !text.contains(['\n', '\r'])
        };
        if is_plain(&request.prompt) {
            prop_assert_eq!(prompt, request.prompt);
            let asked = request.negative_prompt.unwrap_or_default();
            if is_plain(&asked) {
                prop_assert_eq!(negative, asked);
            }
        }
    }
}
