//! What was asked for together in rows and columns.

use insta::assert_snapshot;
use pentimento::app::Event;
use pentimento::domain::{Failure, FailureKind, Generation, Job, Matrix, Timestamp};

use super::fixture::{NOON, Studio, generation, image};

/// A batch of these prompts, models and sizes, newest first as the history has it.
fn batch(prompts: &[&str], models: &[&str], sizes: &[(u32, u32)]) -> Vec<Generation> {
    let mut all = Vec::new();
    for prompt in prompts {
        for model in models {
            for (width, height) in sizes {
                let mut it = generation(all.len() as u64 + 1, prompt, Job::Done);
                it.request.model = model.parse().expect("a model");
                (it.request.width, it.request.height) = (Some(*width), Some(*height));
                all.push(it);
            }
        }
    }
    Generation::bind(&mut all);
    all.reverse();
    all
}

const PAINTERS: [&str; 2] = ["openai:gpt-image-2", "together:black-forest-labs/FLUX.2-pro"];
const SQUARE: (u32, u32) = (512, 512);

/// The names of rows and columns.
fn named(all: &[Generation]) -> Option<(Vec<String>, Vec<String>)> {
    let matrix = Matrix::of(all)?;
    Some((matrix.rows.into_iter().map(|row| row.name).collect(), matrix.columns))
}

#[test]
fn prompts_stand_down_the_side_and_models_or_sizes_across() {
    let prompts = ["a red fox in snow", "a blue fox in snow"];
    let (rows, columns) = named(&batch(&prompts, &PAINTERS, &[SQUARE])).expect("a matrix");
    assert_eq!(rows, ["red", "blue"]);
    assert_eq!(columns, ["gpt-image-2", "FLUX.2-pro"]);
    let sizes = [SQUARE, (768, 512)];
    let (rows, columns) = named(&batch(&prompts[..1], &PAINTERS, &sizes)).expect("a matrix");
    assert_eq!(rows, ["gpt-image-2", "FLUX.2-pro"]);
    assert_eq!(columns, ["512x512", "768x512"]);
    let (rows, columns) = named(&batch(&prompts, &PAINTERS[..1], &[SQUARE])).expect("a matrix");
    assert_eq!((rows, columns), (vec![String::new()], vec!["red".to_owned(), "blue".to_owned()]));
}

#[test]
fn a_third_axis_is_groups_of_rows() {
    let all = batch(&["fox", "owl"], &PAINTERS, &[SQUARE, (768, 512)]);
    let matrix = Matrix::of(&all).expect("a matrix");
    let rows: Vec<_> =
        matrix.rows.iter().map(|row| (row.group.as_deref(), row.name.as_str())).collect();
    assert_eq!(
        rows,
        [(Some("512x512"), "fox"), (None, "owl"), (Some("768x512"), "fox"), (None, "owl")]
    );
    for (index, it) in all.iter().enumerate() {
        let (row, column) = matrix.place(index).expect("each has a place");
        assert_eq!(it.request.prompt, matrix.rows[row].name);
        assert!(it.request.model.as_str().ends_with(&matrix.columns[column]));
    }
}

#[test]
fn what_differs_in_nothing_or_twice_in_the_same_way_is_no_matrix() {
    assert_eq!(Matrix::of(&batch(&["fox"], &PAINTERS[..1], &[SQUARE])), None);
    assert_eq!(Matrix::of(&batch(&["fox", "fox", "owl"], &PAINTERS, &[SQUARE])), None);
    assert_eq!(Matrix::of(&[]), None);
    // Alternatives of nothing are told apart by all of the prompt.
    let (_, columns) =
        named(&batch(&["a fox", "a red fox"], &PAINTERS[..1], &[SQUARE])).expect("one");
    assert_eq!(columns, ["a fox", "red"]);
    let models = ["one:x/flux", "two:y/flux"];
    let (_, columns) = named(&batch(&["fox"], &models, &[SQUARE])).expect("a matrix");
    assert_eq!(columns, models, "names that are alike are not shortened");
}

#[test]
fn one_goes_from_place_to_place_and_past_those_that_are_gone() {
    let mut all = batch(&["a", "b", "c"], &PAINTERS, &[SQUARE]);
    // Newest first: c flux, c gpt, b flux, b gpt, a flux, a gpt.
    let matrix = Matrix::of(&all).expect("a matrix");
    assert_eq!(matrix.go(5, 1, 0), Some(4));
    assert_eq!(matrix.go(5, 0, 1), Some(3));
    assert_eq!(matrix.go(5, -1, 0), None);
    assert_eq!(matrix.go(5, 0, -1), None);
    assert_eq!(matrix.go(0, 1, 0), None);
    all.remove(3);
    let matrix = Matrix::of(&all).expect("a matrix");
    assert_eq!(matrix.go(4, 0, 1), Some(1), "past the one that is gone");
}

/// A studio whose gallery shows a batch, some of which is under way or failed.
fn studio(columns: u16, lines: u16) -> Studio {
    let mut all = batch(&["a red fox in snow", "a blue fox in snow"], &PAINTERS, &[SQUARE]);
    let failure = Failure::before_sending(FailureKind::Credit, "No credit.", "");
    let since = Timestamp::from_millis(NOON - 4_200);
    (all[0].job, all[1].job) = (Job::Failed { failure }, Job::Running { since, attempt: 1 });
    for it in &mut all[..2] {
        it.images.clear();
    }
    let mut studio = Studio::sized(all.clone(), columns, lines);
    // The fixture finds words of the prompt.
    studio.keys("<F3>v/fox<enter>").answer(&all);
    studio.happen(Event::Tick(Timestamp::from_millis(NOON))).draw();
    studio
}

#[test]
fn the_matrix_at_three_sizes() {
    for (columns, lines) in [(40, 12), (80, 24), (120, 40)] {
        let studio = studio(columns, lines);
        assert_snapshot!(format!("matrix-{columns}x{lines}"), studio.screen());
    }
    let many: Vec<String> = (0..5).map(|n| format!("demo:painter-{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let all = batch(&["a fox"], &many, &[SQUARE]);
    let mut wide = Studio::sized(all.clone(), 40, 12);
    wide.keys("<F3>v/fox<enter>").answer(&all);
    assert!(!wide.state.extents.matrix, "without room it is the plain gallery");
}

#[test]
fn a_cell_says_how_many_pictures_there_are_of_which_one_is_seen() {
    let mut all = batch(&["a red fox", "a blue fox"], &PAINTERS, &[SQUARE]);
    let other = image(all[2].id, 1);
    all[2].images.push(other);
    all[1].opinion.favourite = true;
    for (columns, lines) in [(40, 12), (80, 24), (120, 40)] {
        let mut studio = Studio::sized(all.clone(), columns, lines);
        studio.keys("<F3>v/fox<enter>").answer(&all);
        let screen = studio.keys("gg").screen();
        assert_eq!(screen.matches("×2 ").count(), 1, "{screen}");
        assert_snapshot!(format!("matrix-many-{columns}x{lines}"), screen);
    }
}

#[test]
fn arrows_go_along_rows_and_columns_and_the_ends_say_so() {
    let mut studio = studio(120, 40);
    assert!(studio.state.extents.matrix);
    let at = |studio: &Studio| {
        let it = studio.state.selected().expect("one");
        (
            it.request.prompt.split(' ').nth(1).unwrap_or("").to_owned(),
            it.request.model.provider().to_owned(),
        )
    };
    let is = |prompt: &str, provider: &str| (prompt.to_owned(), provider.to_owned());
    assert_eq!(at(&studio), is("blue", "together"));
    assert_eq!(studio.keys("<right>").notice(), "The grid ends here.");
    assert_eq!(studio.keys("<down>").notice(), "The grid ends here.");
    studio.keys("<up>");
    assert_eq!(at(&studio), is("red", "together"));
    studio.keys("<left>");
    assert_eq!(at(&studio), is("red", "openai"));
    studio.keys("j");
    assert_eq!(at(&studio), is("blue", "openai"));
    studio.keys("gg");
    assert_eq!(at(&studio), is("red", "openai"));
    studio.keys("G");
    assert_eq!(at(&studio), is("blue", "together"));
    assert_eq!(studio.keys("<pagedown>").notice(), "The grid ends here.");
}
