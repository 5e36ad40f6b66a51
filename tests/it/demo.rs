//! The demo painter: the words it follows, as what they do to the pixels.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{Rgb, RgbImage};
use pentimento::api::demo::{DEFAULT_SIDE, Ground, SIDES, answer, paint};
use pentimento::domain::{Charged, FailureKind, Request};
use proptest::prelude::*;
use serde_json::Value;

fn request(prompt: &str, width: u32, height: u32) -> Request {
    let model = "demo:painter".parse().expect("the name is a model's");
    let mut request = Request::new(prompt, model);
    (request.width, request.height) = (Some(width), Some(height));
    request
}

/// The first pictures of a prompt, small.
fn pictures(prompt: &str, negative: &str) -> Vec<RgbImage> {
    let mut request = request(prompt, 48, 48);
    request.negative_prompt = (!negative.is_empty()).then(|| negative.to_owned());
    (0..3).map(|index| paint(&request, index, None)).collect()
}

/// The mean of a measure over all pixels of all pictures.
fn mean(pictures: &[RgbImage], measure: impl Fn(Rgb<u8>) -> f64) -> f64 {
    let pixels = pictures.iter().flat_map(|picture| picture.pixels());
    let (sum, count) = pixels.fold((0.0, 0.0), |(s, n), pixel| (s + measure(*pixel), n + 1.0));
    sum / count
}

fn lightness(prompt: &str) -> f64 {
    mean(&pictures(prompt, ""), luma)
}

fn luma(pixel: Rgb<u8>) -> f64 {
    let [r, g, b] = pixel.0.map(f64::from);
    0.299 * r + 0.587 * g + 0.114 * b
}

fn chroma(pixel: Rgb<u8>) -> f64 {
    let [r, g, b] = pixel.0;
    f64::from(r.max(g).max(b) - r.min(g).min(b))
}

fn redness(pixel: Rgb<u8>) -> f64 {
    let [r, g, b] = pixel.0.map(f64::from);
    r - 0.5 * (g + b)
}

/// Mean difference of two pictures of one size, a channel.
fn difference(a: &RgbImage, b: &RgbImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let pairs = a.as_raw().iter().zip(b.as_raw());
    pairs.map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / a.as_raw().len() as f64
}

fn read(body: &[u8]) -> Value {
    serde_json::from_slice(body).expect("the body is JSON")
}

fn decoded(choice: &Value) -> RgbImage {
    let url = choice["message"]["images"][0]["image_url"]["url"].as_str().expect("a text");
    let data = url.strip_prefix("data:image/png;base64,").expect("a data URL of a PNG");
    let png = STANDARD.decode(data).expect("base64");
    image::load_from_memory(&png).expect("a PNG").to_rgb8()
}

#[test]
fn the_same_request_gives_the_same_bytes() {
    let request = request("a lighthouse in a storm, oil painting", 40, 30);
    assert_eq!(paint(&request, 1, None), paint(&request, 1, None));
    assert_eq!(answer(&request, None), answer(&request, None));
}

#[test]
fn pictures_of_one_request_are_composed_differently() {
    for prompt in ["a fox", "mountains", "a city at night", "jabberwocky"] {
        let shown = pictures(prompt, "");
        for (a, b) in [(0, 1), (1, 2), (0, 2)] {
            assert!(difference(&shown[a], &shown[b]) > 6.0, "{prompt}: {a} and {b}");
        }
    }
}

#[test]
fn a_seed_gives_another_picture() {
    let mut request = request("a fox in a meadow", 40, 40);
    let without = paint(&request, 0, None);
    request.extra.insert("seed".into(), 7.into());
    assert!(difference(&without, &paint(&request, 0, None)) > 6.0);
}

#[test]
fn every_size_within_the_limits_is_painted_exactly() {
    for (width, height) in [(16, 16), (17, 33), (16, 257), (1024, 16), (16, 4096), (4096, 16)] {
        let picture = paint(&request("a boat on a lake", width, height), 0, None);
        assert_eq!(picture.dimensions(), (width, height));
    }
}

#[test]
fn a_picture_keeps_its_composition_at_another_size() {
    let small = paint(&request("a red house on a hill at noon", 48, 48), 0, None);
    let large = paint(&request("a red house on a hill at noon", 144, 144), 0, None);
    let reduced = image::imageops::thumbnail(&large, 48, 48);
    assert!(difference(&small, &reduced) < 9.0, "{}", difference(&small, &reduced));
}

#[test]
fn a_size_outside_the_limits_is_refused_with_the_range_and_not_charged() {
    for (width, height) in [(15, 64), (64, 4097)] {
        let failure = answer(&request("a fox", width, height), None).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Request);
        assert_eq!(failure.charged, Charged::No);
        let range = format!("{} to {}", SIDES.start(), SIDES.end());
        assert!(failure.what.as_str().contains(&range), "{failure}");
    }
    assert!(SIDES.contains(&DEFAULT_SIDE));
}

#[test]
fn the_hour_sets_the_light() {
    let noon = lightness("hills at noon");
    assert!(noon > lightness("hills at dusk") + 20.0);
    assert!(noon > lightness("hills at night") + 60.0);
    let warm = |prompt: &str| mean(&pictures(prompt, ""), |p| f64::from(p[0]) - f64::from(p[2]));
    for hour in ["dawn", "golden hour", "sunset"] {
        assert!(warm(&format!("a lake at {hour}")) > warm("a lake at blue hour") + 20.0, "{hour}");
    }
}

#[test]
fn a_colour_belongs_to_the_noun_after_it() {
    let red = |prompt| mean(&pictures(prompt, ""), redness);
    assert!(red("a big red house at noon") > red("a big blue house at noon") + 3.0);
    assert!(red("a crimson sky over the sea") > red("a green sky over the sea") + 20.0);
}

#[test]
fn colours_of_nothing_tint_the_whole_picture() {
    for (colour, channel) in [("red", 0), ("green", 1), ("blue", 2)] {
        let share = |prompt: &str| {
            mean(&pictures(prompt, ""), |pixel| {
                let sum: u32 = pixel.0.iter().map(|v| u32::from(*v)).sum();
                f64::from(pixel[channel]) / f64::from(sum.max(1))
            })
        };
        for scene in ["abstract", "mountains in fog"] {
            let plain = share(scene);
            assert!(share(&format!("{scene}, {colour}")) > plain + 0.02, "{scene} {colour}");
        }
    }
}

#[test]
fn weather_changes_the_light() {
    assert!(lightness("a meadow, snow, noon") > lightness("a meadow, noon") + 15.0);
    assert!(lightness("the sea at noon, storm") < lightness("the sea at noon, clear") - 30.0);
    let vivid = |prompt| mean(&pictures(prompt, ""), chroma);
    assert!(vivid("mountains at noon, fog") < vivid("mountains at noon"));
    assert!(vivid("hills in the rain at noon") < vivid("hills at noon, clear"));
}

#[test]
fn each_style_is_unlike_the_plain_picture_and_unlike_the_others() {
    let styles = [
        "",
        "watercolour",
        "oil",
        "ink",
        "pixel art",
        "poster",
        "woodcut",
        "noir",
        "pastel",
        "cyberpunk",
        "pointillist",
        "photo",
    ];
    // A word of style does not move the composition, so only the treatment differs.
    let shown: Vec<_> = styles
        .iter()
        .map(|style| (style, paint(&request(&format!("a lighthouse {style}"), 96, 96), 0, None)))
        .collect();
    for (i, (a, first)) in shown.iter().enumerate() {
        for (b, second) in &shown[i + 1..] {
            assert!(difference(first, second) > 3.0, "“{a}” and “{b}” look alike");
        }
    }
}

#[test]
fn noir_has_no_colour_and_ink_almost_none() {
    assert!(mean(&pictures("a red house, film noir", ""), chroma) < 0.5);
    assert!(mean(&pictures("a red house, ink sketch", ""), chroma) < 30.0);
}

#[test]
fn the_negative_prompt_removes_what_it_names() {
    let red = |negative| mean(&pictures("a huge red house at noon", negative), redness);
    assert!(red("") > red("house, people") + 4.0);
    assert_ne!(pictures("the sea at noon", ""), pictures("the sea at noon", "clouds"));
    assert_eq!(pictures("the sea at noon", ""), pictures("the sea at noon", "blurry, low quality"));
}

#[test]
fn more_steps_bring_more_detail() {
    let detail = |steps| {
        let mut request = request("a city by the sea at noon", 128, 128);
        request.steps = Some(steps);
        let picture = paint(&request, 0, None);
        let finished = {
            request.steps = Some(40);
            paint(&request, 0, None)
        };
        difference(&picture, &finished)
    };
    let (first, middle, last) = (detail(1), detail(6), detail(30));
    assert!(first > middle && middle > last, "{first} {middle} {last}");
}

#[test]
fn a_base_image_stays_the_ground_of_the_picture() {
    let base =
        RgbImage::from_fn(60, 40, |x, _| Rgb(if x < 30 { [200, 40, 40] } else { [30, 60, 200] }));
    let picture = paint(&request("a painting", 48, 32), 0, Some(&base));
    let half = |from: u32| image::imageops::crop_imm(&picture, from, 0, 24, 32).to_image();
    let (left, right) = (mean(&[half(0)], redness), mean(&[half(24)], redness));
    assert!(left > 60.0 && right < 0.0, "{left} {right}");
    let night = paint(&request("at night", 48, 32), 0, Some(&base));
    assert!(mean(&[night], luma) < mean(&[picture], luma) - 15.0);
}

#[test]
fn a_base_image_that_is_none_is_a_failure_of_the_base_image() {
    let base = Ground { width: 8, height: 8, rgb: vec![0; 8 * 8 * 3 - 1] };
    let failure = answer(&request("a fox", 32, 32), Some(base)).unwrap_err();
    assert_eq!((failure.kind, failure.charged), (FailureKind::BaseImage, Charged::No));
}

#[test]
fn the_answer_has_the_shape_of_the_wire_and_pictures_of_the_size() {
    let mut request = request("three birds over a teal sea", 33, 21);
    request.n = Some(2);
    let body = read(&answer(&request, None).expect("a fine request"));
    assert_eq!(body["provider"], "demo");
    assert_eq!(body["model"], "painter");
    assert_eq!(body["object"], "chat.completion");
    assert_eq!(body["usage"]["prompt_tokens"], 6);
    assert_eq!(body["usage"]["completion_tokens_details"]["image_tokens"], 2);
    let choices = body["choices"].as_array().expect("choices");
    assert_eq!(choices.len(), 2);
    for (index, choice) in choices.iter().enumerate() {
        assert_eq!(choice["index"], index);
        assert_eq!(choice["finish_reason"], "stop");
        assert_eq!(decoded(choice), paint(&request, index as u32, None));
        let words = choice["message"]["content"].as_str().expect("a text");
        for word in ["not by a model", "three", "bird", "teal", "sea"] {
            assert!(words.contains(word), "{words}");
        }
    }
}

#[test]
fn an_answer_with_a_base_image_is_painted_over_it() {
    let base = Ground { width: 8, height: 8, rgb: [10, 200, 10].repeat(8 * 8) };
    let body = read(&answer(&request("brushwork", 24, 24), Some(base)).expect("a fine request"));
    let [r, g, b] = decoded(&body["choices"][0]).get_pixel(12, 12).0;
    assert!(g > r + 60 && g > b + 60, "{r} {g} {b}");
}

#[test]
fn every_subject_of_the_list_can_be_painted_and_is_seen() {
    let names = "lighthouse house cabin castle tower church pagoda torii windmill bridge tent \
        pyramid campfire oak sakura pine palm cactus daisy tulip sunflower mushroom boat canoe \
        ship car train rocket ufo balloon plane bicycle fox cat dog wolf horse unicorn deer bear \
        panda rabbit elephant sheep cow lion camel seagull eagle robin owl swan heron penguin \
        butterfly whale dolphin fish jellyfish octopus turtle dragon dinosaur person astronaut \
        robot snowman ghost vase fruit apple pear candle lantern lamppost bottle cup teapot book \
        umbrella bench crystal heart";
    for name in names.split_whitespace() {
        let body = answer(&request(name, 24, 24), None).expect("a fine request");
        let content = read(&body)["choices"][0]["message"]["content"].to_string();
        assert!(content.contains(&format!("understood: {name}")), "{content}");
        // Its own place without it is another picture.
        let mut without = request(name, 24, 24);
        let with = paint(&without, 0, None);
        without.negative_prompt = Some(name.to_owned());
        assert!(difference(&with, &paint(&without, 0, None)) > 0.5, "{name}");
    }
}

#[test]
fn any_script_and_any_length_is_painted() {
    let long = "лис 🦊 狐 ثعلب ".repeat(8_000);
    for prompt in ["🦊🌲🌙", "منزل أحمر عند الغروب", "\u{202e}\u{0}\n", long.as_str()]
    {
        assert_eq!(paint(&request(prompt, 24, 16), 0, None).dimensions(), (24, 16));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_prompt_makes_the_painter_panic(
        words in prop::collection::vec("fox|boats?|red|no|two|night|storm|[a-z]{1,6}|\\PC{0,8}|ink|oil|space|city|sea|room|desert|snow|forest|volcano|aurora", 0..9),
        negative in "\\PC{0,20}|clouds|sun, stars|trees",
        steps in prop::option::of(1u32..=1000),
        index in any::<u32>(),
    ) {
        let mut request = request(&words.join(" "), 32, 24);
        request.negative_prompt = Some(negative);
        request.steps = steps;
        prop_assert_eq!(paint(&request, index, None).dimensions(), (32, 24));
    }
}
