//! The form filled from the files of pictures, and what is left out of it.

use insta::assert_snapshot;
use pentimento::app::away::{Errand, News, Task};
use pentimento::app::form::Field;
use pentimento::app::told::Told;
use pentimento::app::{Effect, Event, Focus};
use pentimento::domain::{Failure, FailureKind, Generation, Job, ModelId, Request};
use serde_json::json;

use super::fixture::{Studio, generation, some_of_everything};

fn looked_for(studio: &mut Studio) -> Vec<String> {
    let look = |effect| match effect {
        Effect::Look(path) => Some(path),
        _ => None,
    };
    studio.taken().into_iter().filter_map(look).collect()
}

fn request(model: ModelId) -> Request {
    let mut request = Request::new("a {red} fox", model);
    (request.width, request.height) = (Some(512), Some(768));
    (request.steps, request.negative_prompt) = (Some(20), Some("blurry".to_owned()));
    request.extra.insert("seed".to_owned(), json!(42));
    request
}

fn told(program: &str, request: Request) -> Event {
    let (file, program) = ("fox.png".to_owned(), program.to_owned());
    Event::Told(Box::new(Told { file, program, request, template: None }))
}

#[test]
fn a_file_is_named_however_a_terminal_puts_it() {
    for (typed, path) in [
        ("fox.png", "fox.png"),
        ("  ~/a fox.png ", "~/a fox.png"),
        ("'/tmp/a fox.png'", "/tmp/a fox.png"),
        ("\"/tmp/a fox.png\"", "/tmp/a fox.png"),
        ("/tmp/a\\ fox\\'s.png", "/tmp/a fox's.png"),
        ("file:///tmp/a%20fox%C3%A9.png", "/tmp/a foxé.png"),
        ("file://laptop/tmp/100%.png", "/tmp/100%.png"),
    ] {
        let mut studio = Studio::with(vec![]);
        studio.keys("<alt+o>").happen(Event::Paste(format!("{typed}\n"))).keys("<enter>");
        assert_eq!(looked_for(&mut studio), [path]);
    }
    let mut studio = Studio::with(vec![]);
    studio.keys("<F3><alt+o>fox.png<esc>");
    assert_eq!((looked_for(&mut studio), studio.state.opinions.line.clone()), (vec![], None));
    studio.keys("<alt+o><enter>");
    assert_eq!(studio.notice(), "No file was named; the form is as it was.");
}

#[test]
fn another_programs_request_fills_what_the_form_has_and_leaves_the_model_alone() {
    let mut studio = Studio::with(vec![]);
    studio.keys("an owl").taken();
    let model = ModelId::imported("a1111", Some("dreamshaper_8"));
    studio.happen(told("AUTOMATIC1111 or one like it", request(model))).draw();
    // Braces of another program are no template of this one.
    assert_eq!(studio.field(Field::Prompt), r"a {red} fox");
    let expected = [
        (Field::Model, "demo:painter"),
        (Field::Size, "512x768"),
        (Field::Steps, "20"),
        (Field::Negative, "blurry"),
        (Field::Extra, ""),
    ];
    for (field, text) in expected {
        assert_eq!(studio.field(field), text, "{field:?}");
    }
    assert_eq!(studio.state.focus, Focus::Form(Field::Prompt));
    assert_eq!(
        studio.notice(),
        "fox.png, by AUTOMATIC1111 or one like it: prompt, negative, size, steps. Its model, \
         dreamshaper_8, stays out."
    );
    // What it replaced is one undo away.
    studio.keys("<ctrl+_>");
    assert_eq!(studio.field(Field::Prompt), "an owl");
}

#[test]
fn a_request_of_this_program_comes_back_whole() {
    let mut studio = Studio::with(vec![]);
    let asked = request("openai:gpt-image-2".parse().expect("a model"));
    studio.happen(told("this program", asked.clone()));
    assert_eq!(studio.notice(), "fox.png, by this program: prompt, negative, size, steps, model.");
    studio.keys("<F5>");
    let sent = studio.taken().into_iter().find_map(|effect| match effect {
        Effect::Generate(batch) => Some(batch.requests),
        _ => None,
    });
    assert_eq!(sent, Some(vec![asked]));
}

#[test]
fn what_says_nothing_leaves_the_form_alone() {
    let mut studio = Studio::with(vec![]);
    studio.keys("an owl");
    let what = "fox.png does not say how it was made.";
    let failure = Failure::before_sending(FailureKind::Request, what, "The form is as it was.");
    studio.happen(Event::Failed(failure));
    assert_eq!(studio.field(Field::Prompt), "an owl");
    let empty = Request::new("", ModelId::imported("comfyui", None));
    studio.happen(told("ComfyUI", empty));
    assert_eq!(studio.notice(), "fox.png, by ComfyUI: nothing for the form.");
}

#[test]
fn tab_goes_on_with_a_path_unless_it_has_changed() {
    let mut studio = Studio::with(vec![]);
    studio.keys("<alt+o>pi<tab>");
    assert!(studio.taken().contains(&Effect::Complete("pi".to_owned())));
    let completed = |typed: &str, whole: &str, offered: &[&str]| {
        let offered = offered.iter().map(|&name| name.to_owned()).collect();
        Event::Completed { typed: typed.to_owned(), whole: whole.to_owned(), offered }
    };
    let text = |studio: &Studio| {
        studio.state.opinions.line.as_ref().map(|line| line.editor.text().to_owned())
    };
    studio.happen(completed("p", "pictures/", &["pictures/"]));
    assert_eq!(text(&studio).as_deref(), Some("pi"));
    studio.happen(completed("pi", "pictures/", &["pictures/"]));
    assert_eq!(text(&studio).as_deref(), Some("pictures/"));
    for (offered, expected) in [
        (&["a.png", "b.png"][..], "picture: pictures/   a.png  b.png"),
        (&[], "picture: pictures/   no picture goes on so"),
    ] {
        studio.happen(completed("pictures/", "pictures/", offered)).draw();
        assert!(studio.screen().contains(expected), "{}", studio.screen());
    }
    studio.keys("a").draw();
    assert!(!studio.screen().contains("goes on so"));
    studio.happen(completed("pictures/a", "pictures/a.png", &["a.png"])).draw();
    assert!(studio.screen().contains("pictures/a.png   Enter fills the form from it"));
}

/// A generation that was imported from this program or from another one.
fn imported(model: ModelId) -> Generation {
    let mut row = generation(1, "", Job::Done);
    row.request = request(model);
    row.request.extra.insert("imported_from".to_owned(), json!("/home/me/fox.png"));
    row
}

#[test]
fn an_imported_generation_goes_into_the_form_but_cannot_be_run_again() {
    let foreign = imported(ModelId::imported("comfyui", Some("flux1-dev")));
    let mut studio = Studio::with(vec![foreign]);
    studio.keys("<F3>").taken();
    studio.keys("r");
    assert_eq!(studio.taken(), []);
    assert!(studio.notice().starts_with("It was made elsewhere."), "{}", studio.notice());
    studio.keys("<enter>");
    assert_eq!((studio.field(Field::Model), studio.field(Field::Extra)), ("demo:painter", ""));
    let own = imported(ModelId::imported("pentimento", Some("openai:gpt-image-2")));
    let mut studio = Studio::with(vec![own]);
    studio.keys("<F3><enter>");
    assert_eq!(studio.field(Field::Model), "openai:gpt-image-2");
    assert_eq!(studio.field(Field::Extra), "seed=42");
    // Typed by hand it is refused all the same.
    let mut studio = Studio::with(vec![]);
    studio.keys("a fox<shift+tab><ctrl+u>imported:comfyui/flux1-dev<F5>");
    assert!(studio.notice().contains("Choose another model."), "{}", studio.notice());
}

#[test]
fn settings_alone_leave_the_prompt_and_the_base_image_as_they_are() {
    let mut row = generation(1, "a fox", Job::Done);
    row.request = request("openai:gpt-image-2".parse().expect("a model"));
    let mut studio = Studio::with(vec![row]);
    studio.keys("an owl<F3>P");
    let expected = [
        (Field::Prompt, "an owl"),
        (Field::Model, "openai:gpt-image-2"),
        (Field::Size, "512x768"),
        (Field::Steps, "20"),
        (Field::Negative, "blurry"),
        (Field::Extra, "seed=42"),
        (Field::BaseImage, ""),
    ];
    for (field, text) in expected {
        assert_eq!(studio.field(field), text, "{field:?}");
    }
    assert_eq!((studio.state.focus, studio.state.form.parent), (Focus::Form(Field::Prompt), None));
}

#[test]
fn what_is_shown_or_marked_is_exported_and_it_is_said_where_it_is() {
    let mut studio = Studio::with(some_of_everything());
    studio.keys("<F3>jj]").taken();
    studio.keys("E");
    let of = vec![some_of_everything()[2].id];
    let errand = Errand { task: Task::Export, of, index: Some(1) };
    assert_eq!(studio.taken(), [Effect::Away(errand)]);
    let exported = |files, plain, failure: Option<&str>| {
        let fail = |what| Failure::before_sending(FailureKind::Storage, what, "Do this.");
        let (place, failure) = ("/home/me/out".to_owned(), failure.map(fail));
        Event::Away(News::Exported { files, plain, place, failure })
    };
    for (event, expected) in [
        (exported(1, 0, None), "Exported to /home/me/out."),
        (
            exported(3, 1, None),
            "Exported 3 files to /home/me/out. 1 without the request: they have no place for it.",
        ),
        (
            exported(2, 0, Some("No room.")),
            "Exported 2 files to /home/me/out. But not all: No room.",
        ),
        (exported(0, 0, Some("No room.")), "No room. Do this."),
    ] {
        studio.happen(event);
        assert_eq!(studio.notice(), expected);
    }
    studio.keys("jE");
    assert_eq!(studio.notice(), "It has no picture to export.");
}

#[test]
fn the_line_for_a_file_is_there_at_every_size() {
    for (columns, lines) in [(120, 40), (80, 24), (40, 12)] {
        let mut studio = Studio::sized(some_of_everything(), columns, lines);
        studio.keys("<F3><alt+o>");
        let last = |studio: &Studio| studio.screen().lines().last().unwrap_or_default().to_owned();
        assert_snapshot!(format!("told-empty-{columns}x{lines}"), last(&studio));
        studio.keys("~/pictures/fox.png");
        assert_snapshot!(format!("told-typed-{columns}x{lines}"), last(&studio));
    }
}
