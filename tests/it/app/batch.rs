//! Many requests from one form, shown before they are sent.

use insta::assert_snapshot;
use pentimento::app::batch::Batch;
use pentimento::app::form::Field;
use pentimento::app::{Effect, Event, Overlay};
use pentimento::domain::Job;

use super::fixture::{Studio, chords, generation};

/// What was sent since the last time.
fn sent(studio: &mut Studio) -> Vec<Batch> {
    let effects = studio.taken().into_iter();
    effects
        .filter_map(|effect| match effect {
            Effect::Generate(batch) => Some(*batch),
            _ => None,
        })
        .collect()
}

fn prompts(batch: &Batch) -> Vec<&str> {
    batch.requests.iter().map(|request| &*request.prompt).collect()
}

#[test]
fn a_template_is_shown_with_its_number_and_price_and_enter_sends_all_of_it() {
    let mut studio = Studio::with(vec![]);
    studio.keys("a {red|blue} {fox|owl}");
    assert!(studio.screen().contains("Form · 4 requests"), "{}", studio.screen());
    studio.keys("<F5>");
    assert_eq!(sent(&mut studio), [], "nothing goes unseen");
    assert!(studio.screen().contains("Send 4 requests?"), "{}", studio.screen());
    studio.keys("<enter>");
    let [batch] = &*sent(&mut studio) else { panic!("one batch") };
    assert_eq!(prompts(batch), ["a red fox", "a red owl", "a blue fox", "a blue owl"]);
    assert_eq!(batch.template.as_deref(), Some("a {red|blue} {fox|owl}"));
    assert_eq!(studio.state.overlay, None);
}

#[test]
fn esc_goes_back_to_the_template_and_nothing_was_sent() {
    let mut studio = Studio::with(vec![]);
    studio.keys("a {red|blue} fox<F5><esc>");
    assert_eq!(sent(&mut studio), []);
    assert_eq!((studio.notice().as_str(), studio.state.overlay), ("Not sent.", None));
    assert_eq!(studio.field(Field::Prompt), "a {red|blue} fox");
}

#[test]
fn a_number_draws_so_many_prompts_and_another_seed_draws_others() {
    let drawn = |keys: &str| {
        let mut studio = Studio::with(vec![]);
        studio.keys("{1|2|3|4|5|6|7|8|9}{a|b|c|d|e|f|g|h|i}<F5>");
        studio.keys(keys).keys("<enter>");
        let batches = sent(&mut studio);
        prompts(&batches[0]).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let three = drawn("3");
    assert_eq!(three.len(), 3);
    assert_eq!(three, drawn("3"), "the same seed draws the same ones");
    assert_ne!(three, drawn("3r"), "another one does not");
    assert_eq!(drawn("12").len(), 12);
    assert_eq!(drawn("12<backspace><backspace>").len(), 81, "no number is all of them");
}

#[test]
fn what_is_shown_is_what_is_sent() {
    let mut studio = Studio::with(vec![]);
    studio.keys("{1|2|3|4|5|6|7|8|9} foxes<F5>4r");
    let screen = studio.screen();
    studio.keys("<enter>");
    for prompt in prompts(&sent(&mut studio)[0]) {
        assert!(screen.contains(prompt), "{prompt} in\n{screen}");
    }
}

#[test]
fn too_many_are_counted_and_refused_until_some_are_drawn() {
    let mut studio = Studio::with(vec![]);
    let ten = "{0|1|2|3|4|5|6|7|8|9}";
    studio.happen(Event::Paste(ten.repeat(9)));
    studio.wait(1_000).keys("<F5>");
    assert!(studio.screen().contains("1000000000 requests are more than 100"));
    studio.keys("<enter>");
    assert_eq!(sent(&mut studio), []);
    assert!(studio.notice().starts_with("Not sent: these are 1000000000 requests"));
    studio.keys("7<enter>");
    assert_eq!(sent(&mut studio)[0].requests.len(), 7);
}

/// A terminal that marks no pastes: its keys come faster than any hand is.
#[test]
fn a_paste_sends_nothing_that_waits_to_be_sent() {
    for pasted in ["1<enter>", "7 owls<ctrl+j>", "x<alt+enter>"] {
        let mut studio = Studio::with(vec![]);
        studio.keys("a {red|blue} fox<F5>").wait(1_000);
        for chord in chords(pasted) {
            studio.wait(1).happen(Event::Key(chord));
        }
        assert_eq!(sent(&mut studio), [], "{pasted}");
        assert!(studio.notice().contains("paste"), "{pasted}: {}", studio.notice());
    }
    let mut studio = Studio::with(vec![]);
    studio.keys("a {red|blue} fox<F5>").happen(Event::Paste("es".to_owned()));
    assert_eq!(studio.state.overlay, None, "it is not what was shown any more");
    assert_eq!(studio.field(Field::Prompt), "a {red|blue} foxes");
}

#[test]
fn the_same_prompt_on_three_models_and_two_sizes_is_six_requests() {
    let mut studio = Studio::with(vec![]);
    studio.keys("a fox<shift+tab><ctrl+u>demo:a, demo:b,demo:c,demo:a");
    studio.keys("<tab><tab>64x64, 64x32<F5><enter>");
    let batches = sent(&mut studio);
    let asked: Vec<_> = batches[0]
        .requests
        .iter()
        .map(|request| (request.model.name().to_owned(), request.height.unwrap_or(0)))
        .collect();
    let wanted = [("a", 64), ("a", 32), ("b", 64), ("b", 32), ("c", 64), ("c", 32)];
    assert_eq!(asked, wanted.map(|(name, height)| (name.to_owned(), height)));
    assert_eq!(batches[0].template, None, "the prompt says what it stands for");
}

#[test]
fn a_mistake_is_shown_as_it_is_made_and_the_key_that_sends_goes_to_it() {
    let mut studio = Studio::with(vec![]);
    studio.keys("a {red|blue fox<home>");
    assert!(studio.screen().contains("character 3: "), "{}", studio.screen());
    studio.keys("<F5>");
    assert!(studio.notice().starts_with("Not sent: the prompt: "), "{}", studio.notice());
    assert_eq!(studio.state.form.editor(Field::Prompt).cursor(), 2);
    assert_eq!(sent(&mut studio), []);
}

#[test]
fn braces_without_alternatives_and_escaped_ones_are_sent_as_text() {
    for (typed, sent_as, template) in [
        (r#"{"scene": {"of": "a fox"}}"#, r#"{"scene": {"of": "a fox"}}"#, None),
        (r"a \{red|blue\} fox", "a {red|blue} fox", Some(r"a \{red|blue\} fox")),
    ] {
        let mut studio = Studio::with(vec![]);
        studio.keys(&format!("{typed}<F5>"));
        let batches = sent(&mut studio);
        assert_eq!(prompts(&batches[0]), [sent_as]);
        assert_eq!(batches[0].template.as_deref(), template);
    }
}

#[test]
fn a_prompt_that_was_sent_as_it_stood_comes_back_as_it_was_sent() {
    let made = generation(1, "a {red|blue} fox", Job::Done);
    for keys in ["<F3><enter>", "<F3>p", "<F3>e"] {
        let mut studio = Studio::with(vec![made.clone()]);
        studio.keys(keys).keys("<F5>");
        assert_eq!(prompts(&sent(&mut studio)[0]), ["a {red|blue} fox"], "{keys}");
    }
}

#[test]
fn a_template_comes_back_with_the_whole_request_and_the_prompt_alone_without_it() {
    let mut made = generation(1, "a red fox", Job::Done);
    made.template = Some("a {red|blue} fox".to_owned());
    let mut studio = Studio::with(vec![made]);
    studio.keys("<F3><enter>");
    assert_eq!(studio.field(Field::Prompt), "a {red|blue} fox");
    studio.keys("<F3>p");
    assert_eq!(studio.field(Field::Prompt), "a red fox");
    studio.keys("<ctrl+u>what stood there<F3>e");
    assert_eq!(studio.field(Field::Prompt), "a red fox");
    studio.keys("<ctrl+_>");
    assert_eq!(studio.field(Field::Prompt), "what stood there", "one undo brings it back");
}

#[test]
fn a_wildcard_is_asked_for_once_and_stands_for_its_lines_when_it_is_known() {
    let mut studio = Studio::with(vec![]);
    studio.keys("a __animal__");
    let asked = |studio: &mut Studio| {
        let effects = studio.taken().into_iter();
        effects.filter(|effect| matches!(effect, Effect::ReadWildcards(_))).count()
    };
    assert_eq!(asked(&mut studio), 1);
    let lines = |lines: &[&str]| Ok(lines.iter().map(|&line| line.to_owned()).collect());
    let known = vec![("animal".to_owned(), lines(&["fox", "owl", "hare"]))];
    studio.happen(Event::Wildcards(known)).draw();
    assert!(studio.screen().contains("Form · 3 requests"), "{}", studio.screen());
    assert_eq!(asked(&mut studio), 0);
    // The file may have changed since: what is shown is what it holds now.
    studio.keys("<F5>");
    assert_eq!(asked(&mut studio), 1);
    studio.happen(Event::Wildcards(vec![("animal".to_owned(), lines(&["fox", "owl"]))])).draw();
    assert!(studio.screen().contains("Send 2 requests?"), "{}", studio.screen());
    studio.happen(Event::Wildcards(vec![("animal".to_owned(), Err("it is gone".to_owned()))]));
    studio.keys("<enter>");
    assert!(studio.notice().contains("it is gone"), "{}", studio.notice());
}

#[test]
fn b_shows_only_what_was_asked_for_together() {
    let mut rows: Vec<_> = (1..=3).map(|n| generation(n, "a fox", Job::Done)).collect();
    rows[1].batch = Some(rows[0].id);
    let mut studio = Studio::with(rows.clone());
    studio.keys("<F3>b");
    assert_eq!(studio.notice(), "It was asked for alone.");
    studio.keys("jb");
    assert_eq!(studio.state.history.query(), format!("batch:{}", rows[0].id.short()));
    assert!(studio.state.shows_gallery());
}

#[test]
fn requests_that_wait_to_be_sent() {
    for (columns, lines) in [(80, 24), (120, 40), (40, 12)] {
        let mut studio = Studio::sized(vec![], columns, lines);
        studio.keys("a {red|blue|golden|grey} {fox|owl|hare|lynx|crow|wolf} in {snow|rain}");
        studio.keys("<F5>");
        let all = studio.screen();
        studio.keys("5");
        assert!(matches!(studio.state.overlay, Some(Overlay::Batch(_))));
        assert_snapshot!(format!("batch-{columns}x{lines}"), all);
        assert_snapshot!(format!("batch-drawn-{columns}x{lines}"), studio.screen());
    }
}
