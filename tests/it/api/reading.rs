//! Good answers, odd answers and broken answers of the Langbase Images API.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use pentimento::api::langbase::{self, Reading};
use pentimento::api::{Answer, Delivered};
use pentimento::domain::{Charged, Cost, FailureKind, ImageFormat, Retry, Usage};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{PNG, head};

/// The answer of the published reference, with two choices.
fn reference() -> Value {
    json!({"id": "chatcmpl-xxx", "provider": "openai", "model": "gpt-image-1",
        "object": "chat.completion", "created": 1_234_567_890,
        "choices": [choice(0, "https://a.example/0.png"), choice(1, "https://a.example/1.png")],
        "usage": {"prompt_tokens": 15, "completion_tokens": 0, "total_tokens": 15,
            "prompt_tokens_details": {"cached_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0, "image_tokens": 1}}})
}

fn choice(index: u32, url: &str) -> Value {
    json!({"logprobs": null, "finish_reason": "stop", "native_finish_reason": "stop",
        "index": index,
        "message": {"role": "assistant", "content": null,
            "images": [{"type": "image_url", "image_url": {"url": url}, "index": 0}]}})
}

fn read(body: &Value) -> Reading {
    langbase::read(&head(200), body.to_string().as_bytes())
}

/// The answer of a body that is read without complaint.
fn answer(body: &Value) -> Answer {
    let Reading { answer, failure } = read(body);
    assert_eq!(failure, None, "{body}");
    answer
}

fn links(answer: &Answer) -> Vec<&str> {
    answer.images.iter().map(link).collect()
}

fn link(image: &Delivered) -> &str {
    match image {
        Delivered::Link(link) => link,
        Delivered::Inline(_) => "inline",
    }
}

fn png() -> Vec<u8> {
    STANDARD.decode(PNG).expect("base64")
}

#[test]
fn the_answer_of_the_reference_is_read_whole() {
    let mut head = head(200);
    head.request_id = Some("lb-1".into());
    let reading = langbase::read(&head, reference().to_string().as_bytes());
    assert_eq!(reading.failure, None);
    let answer = reading.answer;
    assert_eq!(links(&answer), ["https://a.example/0.png", "https://a.example/1.png"]);
    assert_eq!(answer.id.unwrap().as_str(), "chatcmpl-xxx");
    assert_eq!(answer.request_id.unwrap().as_str(), "lb-1");
    let usage = Usage {
        prompt_tokens: Some(15),
        completion_tokens: Some(0),
        total_tokens: Some(15),
        image_tokens: Some(1),
    };
    assert_eq!(answer.usage, Some(usage));
    assert_eq!((answer.words, answer.cost), (None, None));
}

#[test]
fn pictures_come_in_the_order_of_their_numbers_whatever_the_order_on_the_wire() {
    let image = |index: Value, name: &str| json!({"index": index, "image_url": {"url": format!("https://a.example/{name}")}});
    let body = json!({"choices": [
        {"index": 1, "message": {"images": [image(json!(1), "d"), image(json!(0), "c")]}},
        {"index": 0, "message": {"images": [image(json!("1"), "b"), image(json!(0.0), "a")]}},
    ]});
    let sorted = ["a", "b", "c", "d"].map(|name| format!("https://a.example/{name}"));
    assert_eq!(links(&answer(&body)), sorted);
}

#[test]
fn pictures_without_a_number_or_with_the_same_keep_the_order_of_the_wire() {
    for index in [json!(null), json!(0), json!("first"), json!({})] {
        let image =
            |name: &str| json!({"index": index, "url": format!("https://a.example/{name}")});
        let body = json!({"choices": [
            {"message": {"images": [image("a"), image("b")]}},
            {"message": {"images": [image("c")]}},
        ]});
        let order = ["a", "b", "c"].map(|name| format!("https://a.example/{name}"));
        assert_eq!(links(&answer(&body)), order, "{index}");
    }
}

#[test]
fn a_picture_inside_the_answer_is_decoded_however_it_is_written() {
    let wrapped = PNG.as_bytes().chunks(20).map(|l| str::from_utf8(l).unwrap());
    let wrapped = wrapped.collect::<Vec<_>>().join("\r\n ");
    for text in [
        format!("data:image/png;base64,{PNG}"),
        // The declared type can be wrong, and is not looked at.
        format!("data:image/jpeg;charset=utf-8;name=a.png;base64,{PNG}"),
        format!("DATA:;BASE64,{PNG}"),
        format!("  data:image/png;base64,{}\n", PNG.trim_end_matches('=')),
        format!("data:image/png;base64,{}", URL_SAFE_NO_PAD.encode(png())),
        format!("data:image/png;base64,{wrapped}"),
        format!("data:image/png;base64,{}", PNG.replace('+', "%2B").replace('=', "%3D")),
        PNG.to_owned(),
    ] {
        let body = json!({"choices": [choice(0, &text)]});
        assert_eq!(answer(&body).images, [Delivered::Inline(png())], "{text}");
    }
    let body = json!({"choices": [choice(0, "data:image/svg+xml,%3Csvg%2F%3E")]});
    assert_eq!(answer(&body).images, [Delivered::Inline(b"<svg/>".to_vec())]);
}

#[test]
fn both_forms_in_one_answer_keep_their_places() {
    let mut body = reference();
    body["choices"][0] = choice(0, &format!("data:image/png;base64,{PNG}"));
    assert_eq!(links(&answer(&body)), ["inline", "https://a.example/1.png"]);
}

#[test]
fn a_picture_that_cannot_be_decoded_keeps_its_place_and_its_text() {
    let mut body = reference();
    body["choices"][0] = choice(0, "data:image/png;base64,!!!!");
    let Reading { answer, failure } = read(&body);
    assert_eq!(answer.images[0], Delivered::Inline(b"data:image/png;base64,!!!!".to_vec()));
    assert_eq!(ImageFormat::sniff(b"data:image/png;base64,!!!!"), ImageFormat::Bin);
    assert_eq!(answer.images.len(), 2);
    let failure = failure.unwrap();
    assert_eq!((failure.kind, failure.charged), (FailureKind::Unreadable, Charged::Yes));
    assert!(failure.what.as_str().contains("1 of 2"));
}

#[test]
fn pictures_are_found_in_every_form_seen_in_the_wild() {
    let url = "https://a.example/0.png";
    let message = |message: Value| json!({"choices": [{"message": message}]});
    for body in [
        message(json!({"images": [url]})),
        message(json!({"images": url})),
        message(json!({"images": [{"url": url}]})),
        message(json!({"images": [{"image_url": url}]})),
        message(json!({"images": {"image_url": {"url": url}}})),
        message(json!({"images": [null, {"image_url": null, "url": url}, {}, 7, ""]})),
        message(json!({"content": [{"type": "image_url", "image_url": {"url": url}}]})),
        json!({"choices": {"message": {"images": [url]}}}),
        json!({"data": [{"url": url}]}),
        json!({"images": [{"url": url}]}),
        json!([{"choices": [choice(0, url)]}]),
    ] {
        assert_eq!(links(&answer(&body)), [url], "{body}");
    }
    for body in [
        message(json!({"images": [{"b64_json": PNG}]})),
        json!({"created": 1.5, "data": [{"b64_json": PNG, "revised_prompt": "x"}]}),
    ] {
        assert_eq!(answer(&body).images, [Delivered::Inline(png())], "{body}");
    }
}

#[test]
fn unknown_missing_null_and_wrongly_typed_fields_break_nothing() {
    let odd = [json!(null), json!(1.5), json!("text"), json!([]), json!({}), json!(true)];
    for key in ["id", "provider", "model", "object", "created", "usage", "new"] {
        for value in &odd {
            let mut body = reference();
            body[key] = value.clone();
            assert_eq!(answer(&body).images.len(), 2, "{key}: {value}");
        }
    }
    for key in ["logprobs", "finish_reason", "native_finish_reason", "index", "new"] {
        for value in &odd {
            let mut body = reference();
            body["choices"][0][key] = value.clone();
            assert_eq!(answer(&body).images.len(), 2, "{key}: {value}");
        }
    }
    for key in ["role", "content", "refusal", "reasoning"] {
        for value in &odd {
            let mut body = reference();
            body["choices"][0]["message"][key] = value.clone();
            assert_eq!(answer(&body).images.len(), 2, "{key}: {value}");
        }
    }
    let mark = [b"\xEF\xBB\xBF\n", reference().to_string().as_bytes()].concat();
    assert_eq!(langbase::read(&head(200), &mark).answer.images.len(), 2);
    // A field of another letter case, a status of another good kind.
    assert_eq!(langbase::read(&head(201), reference().to_string().as_bytes()).failure, None);
}

#[test]
fn usage_and_cost_are_read_where_they_are_and_unknown_where_they_are_not() {
    let with = |usage: Value| {
        let mut body = reference();
        body["usage"] = usage;
        let answer = answer(&body);
        (answer.usage, answer.cost.map(Cost::usd))
    };
    assert_eq!(with(json!(null)), (None, None));
    assert_eq!(with(json!({})), (None, None));
    let total = |n| Some(Usage { total_tokens: Some(n), ..Usage::default() });
    assert_eq!(with(json!({"total_tokens": 7, "cost": 0.04})), (total(7), Some(0.04)));
    assert_eq!(with(json!({"total_tokens": 7.0, "cost": "0.04"})), (total(7), Some(0.04)));
    assert_eq!(with(json!({"total_tokens": -7, "cost": -1})), (None, None));
    let openai = json!({"input_tokens": 1, "output_tokens": 2, "output_tokens_details": {"image_tokens": 3}});
    let usage = Usage {
        prompt_tokens: Some(1),
        completion_tokens: Some(2),
        total_tokens: None,
        image_tokens: Some(3),
    };
    assert_eq!(with(openai), (Some(usage), None));
}

#[test]
fn the_words_beside_a_picture_are_kept_and_cannot_drive_a_terminal() {
    let mut body = reference();
    body["choices"][0]["message"]["content"] = json!("A fox.\u{1b}[2J");
    body["choices"][1]["message"]["content"] = json!([{"type": "text", "text": "Another."}]);
    assert_eq!(answer(&body).words.unwrap().as_str(), "A fox.[2J Another.");
}

#[test]
fn an_answer_without_a_picture_is_a_failure_in_the_models_words() {
    let words = "I cannot draw this person.";
    for (message, finish, native, kind, told) in [
        (json!({"content": words}), "stop", "STOP", FailureKind::NoImage, words),
        (
            json!({"content": words, "images": []}),
            "stop",
            "NO_IMAGE",
            FailureKind::NoImage,
            "NO_IMAGE",
        ),
        (json!({"content": null, "refusal": words}), "stop", "stop", FailureKind::NoImage, words),
        (json!({"content": ""}), "content_filter", "SAFETY", FailureKind::Moderation, "SAFETY"),
        (json!({"images": null}), "stop", "IMAGE_SAFETY", FailureKind::Moderation, "IMAGE_SAFETY"),
        (json!({}), "stop", "PROHIBITED_CONTENT", FailureKind::Moderation, "PROHIBITED"),
        (json!({}), "stop", "IMAGE_PROHIBITED_CONTENT", FailureKind::Moderation, "PROHIBITED"),
        (json!({}), "stop", "IMAGE_RECITATION", FailureKind::Moderation, "RECITATION"),
        (json!({}), "stop", "IMAGE_OTHER", FailureKind::NoImage, "IMAGE_OTHER"),
        (json!(null), "length", "MAX_TOKENS", FailureKind::NoImage, "MAX_TOKENS"),
    ] {
        let body = json!({"provider": "google", "usage": {"total_tokens": 9}, "choices": [
            {"finish_reason": finish, "native_finish_reason": native, "message": message}]});
        let Reading { answer, failure } = read(&body);
        let failure = failure.unwrap();
        assert_eq!(failure.kind, kind, "{body}");
        assert_eq!((failure.charged, failure.retry), (Charged::Maybe, Retry::Ask));
        assert!(failure.what.as_str().contains(told), "{failure:?}");
        // What it used is worth knowing all the same.
        assert!(answer.images.is_empty() && answer.usage.is_some());
    }
    for body in
        [json!({}), json!({"choices": []}), json!({"choices": null}), json!(null), json!([])]
    {
        let failure = read(&body).failure.unwrap();
        assert_eq!((failure.kind, failure.charged), (FailureKind::NoImage, Charged::Maybe));
    }
}

#[test]
fn a_good_status_around_an_error_is_a_failure_that_may_be_charged() {
    for (body, kind) in [
        (
            json!({"error": {"code": 502, "message": "Provider returned error"}}),
            FailureKind::NoImage,
        ),
        (json!({"error": {"code": 402, "message": "Insufficient credits"}}), FailureKind::Credit),
        (json!({"error": {"code": 429, "message": "slow down"}}), FailureKind::RateLimit),
        (json!({"error": "moderation_blocked: violence"}), FailureKind::Moderation),
        (
            json!({"success": false, "error": {"code": "UNAUTHORIZED", "status": 401}}),
            FailureKind::Key,
        ),
        (
            json!({"choices": [{"error": {"code": 503, "message": "overloaded"}}]}),
            FailureKind::Overloaded,
        ),
        (
            json!([{"error": {"code": 400, "status": "FAILED", "message": "no"}}]),
            FailureKind::NoImage,
        ),
    ] {
        let failure = read(&body).failure.unwrap();
        assert_eq!(failure.kind, kind, "{body}");
        assert_eq!((failure.charged, failure.retry), (Charged::Maybe, Retry::Ask), "{body}");
    }
    for nothing in [json!(null), json!(""), json!({}), json!(false)] {
        let mut body = reference();
        body["error"] = nothing;
        assert_eq!(answer(&body).images.len(), 2);
    }
    let mut body = reference();
    body["error"] = json!({"message": "the second picture failed"});
    let Reading { answer, failure } = read(&body);
    assert_eq!(answer.images.len(), 2);
    assert!(failure.unwrap().what.as_str().contains("second picture"));
}

#[test]
fn an_empty_answer_is_kept_and_explained() {
    for (body, told) in [
        ("", "nothing else"),
        (" \n", "nothing else"),
        ("<!DOCTYPE html><title>Welcome</title>", "web page"),
        ("OK", "no JSON"),
        ("{", "cut"),
    ] {
        let Reading { answer, failure } = langbase::read(&head(200), body.as_bytes());
        assert_eq!(answer, Answer::default(), "{body}");
        let failure = failure.unwrap();
        assert_eq!((failure.kind, failure.charged), (FailureKind::Unreadable, Charged::Yes));
        assert_eq!(failure.retry, Retry::Ask);
        assert!(failure.what.as_str().contains(told), "{failure:?}");
    }
}

#[test]
fn whole_pictures_are_saved_from_an_answer_that_was_cut() {
    let mut body = reference();
    body["choices"][0] = choice(0, &format!("data:image/png;base64,{PNG}"));
    body["choices"][1] = choice(1, r#"https://a.example/1.png?a="b"\"#);
    let text = body.to_string();
    let end = |needle: &str| text.find(needle).unwrap() + needle.len();
    let whole =
        [Delivered::Inline(png()), Delivered::Link(r#"https://a.example/1.png?a="b"\"#.into())];
    for (cut, saved) in [
        (end("data:image/png"), 0),
        (end(PNG), 0),
        (end(PNG) + 1, 1),
        // A key is no picture, even where its colon is cut off.
        (text.rfind(r#""image_url":"#).unwrap() + r#""image_url""#.len(), 1),
        (end("https://a.example/1"), 1),
        (text.find(r#""usage""#).unwrap(), 2),
        (text.len() - 1, 2),
    ] {
        let reading = langbase::read(&head(200), &text.as_bytes()[..cut]);
        assert_eq!(reading.answer.images, whole[..saved], "cut at {cut}");
        assert_eq!(reading.failure.unwrap().kind, FailureKind::Unreadable);
    }
    let listed = r#"{"choices":[{"message":{"images":["https://a.example/0","https://a.exa"#;
    let saved = langbase::read(&head(200), listed.as_bytes()).answer;
    assert_eq!(links(&saved), ["https://a.example/0"]);
    let docs = r#"{"docs":"https://langbase.com/docs","message":"see https://a.example","x"#;
    assert_eq!(langbase::read(&head(200), docs.as_bytes()).answer.images, []);
}

proptest! {
    #[test]
    fn a_mutated_answer_is_read_without_a_panic(
        cut in 0_usize..2_000,
        changes in prop::collection::vec((0_usize..2_000, any::<u8>()), 0..8),
        status in 100_u16..1_000,
        inline in any::<bool>(),
    ) {
        let mut body = reference();
        if inline {
            body["choices"][0] = choice(0, &format!("data:image/png;base64,{PNG}"));
        }
        let mut bytes = body.to_string().into_bytes();
        bytes.truncate(cut.max(1));
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        for status in [200, status] {
            let reading = langbase::read(&head(status), &bytes);
            prop_assert!(reading.failure.is_some() || !reading.answer.images.is_empty());
        }
    }

    #[test]
    fn any_bytes_at_all_are_read_without_a_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        status in 0_u16..=u16::MAX,
    ) {
        let reading = langbase::read(&head(status), &bytes);
        prop_assert!(reading.failure.is_some());
    }

    #[test]
    fn an_answer_cut_anywhere_gives_back_only_what_was_in_it(cut in 0_usize..1_000) {
        let text = reference().to_string();
        let reading = langbase::read(&head(200), &text.as_bytes()[..cut.min(text.len() - 1)]);
        let all = ["https://a.example/0.png", "https://a.example/1.png"];
        let saved = links(&reading.answer);
        prop_assert_eq!(&saved[..], &all[..saved.len()]);
        prop_assert_eq!(reading.failure.unwrap().charged, Charged::Yes);
    }
}
