//! Marks, ratings, tags, the trash and saved searches, as far as the studio itself goes.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use pentimento::app::opinions::{How, News, Wish};
use pentimento::app::{Effect, Event, Overlay};
use pentimento::domain::{
    Change, Failure, Generation, Job, Opinion, Rating, SavedSearch, Tag, Timestamp, Weight,
};

use super::fixture::{NOON, Studio, generation, some_of_everything};

/// Pictures newest first: `fox 3`, `fox 2`, `fox 1`.
fn foxes() -> Vec<Generation> {
    (1..=3).rev().map(|n| generation(n, &format!("fox {n}"), Job::Done)).collect()
}

/// What was wished for since the last time.
fn wishes(studio: &mut Studio) -> Vec<Wish> {
    let effects = studio.taken().into_iter();
    effects
        .filter_map(|effect| match effect {
            Effect::Opinion(wish) => Some(wish),
            _ => None,
        })
        .collect()
}

fn tags(words: &[&str]) -> BTreeSet<Tag> {
    words.iter().map(|word| word.parse().expect("a tag")).collect()
}

/// The news that `change` was done to `rows`.
fn done(how: How, change: &Change, rows: &[Generation]) -> Event {
    let changed =
        |row: &Generation| Generation { opinion: row.opinion.after(change), ..row.clone() };
    Event::Opinion(News::Changed {
        how,
        change: change.clone(),
        generations: rows.iter().map(changed).collect(),
        protected: 0,
        under_way: 0,
    })
}

/// The prompts that the history shows.
fn shown(studio: &Studio) -> Vec<&str> {
    studio.state.history.rows().iter().map(|row| &*row.request.prompt).collect()
}

#[test]
fn a_key_rates_what_is_selected_and_the_row_shows_it_when_it_is_so() {
    let rows = foxes();
    let mut studio = Studio::with(rows.clone());
    studio.keys("<F3>j4");
    let change = Change::Rate(Rating::new(4));
    assert_eq!(wishes(&mut studio), [Wish::Change(vec![rows[1].id], change.clone())]);
    assert!(!studio.screen().contains('★'), "not before it is on the disk");
    studio.happen(done(How::Done, &change, &rows[1..2])).draw();
    assert!(studio.screen().contains("★★★★ painter"), "{}", studio.screen());
    assert_eq!(studio.notice(), "1 generation rated ★★★★.");
    studio.keys("0");
    assert_eq!(wishes(&mut studio), [Wish::Change(vec![rows[1].id], Change::Rate(Rating::NONE))]);
}

#[test]
fn what_is_marked_is_changed_at_once_and_marked_no_more() {
    let rows = foxes();
    let mut studio = Studio::with(rows.clone());
    studio.keys("<F3><space><space>");
    assert_eq!(studio.state.history.selected_index(), 2, "a mark goes on to the next");
    assert!(studio.screen().contains("2 marked"), "{}", studio.screen());
    studio.keys("*");
    let [Wish::Change(ids, Change::Favourite(true))] = &*wishes(&mut studio) else {
        panic!("one wish for all of them")
    };
    assert_eq!(ids.len(), 2);
    assert!(!studio.screen().contains("marked"));
    studio.keys("g<space><esc>d");
    let [Wish::Change(ids, Change::Trash(_))] = &*wishes(&mut studio) else {
        panic!("only the selected one, as the mark was taken off")
    };
    assert_eq!(ids.len(), 1);
}

#[test]
fn a_favourite_is_made_none_only_where_all_are() {
    let mut rows = foxes();
    rows[0].opinion.favourite = true;
    let mut studio = Studio::with(rows.clone());
    let wanted = |studio: &mut Studio| match &*wishes(studio) {
        [Wish::Change(_, Change::Favourite(wanted))] => *wanted,
        other => panic!("{other:?}"),
    };
    studio.keys("<F3>*");
    assert!(!wanted(&mut studio));
    studio.keys("<space><space>*");
    assert!(wanted(&mut studio), "one of two is none");
}

#[test]
fn what_goes_to_the_trash_leaves_the_history_and_comes_back_in_its_place() {
    let rows = foxes();
    let mut studio = Studio::with(rows.clone());
    studio.keys("<F3>jd");
    let change = Change::Trash(Timestamp::from_millis(NOON));
    studio.happen(done(How::Done, &change, &rows[1..2])).draw();
    assert_eq!(shown(&studio), ["fox 3", "fox 1"]);
    assert_eq!(studio.state.selected().map(|row| row.id), Some(rows[2].id));
    studio.keys("gu");
    assert_eq!(wishes(&mut studio).last(), Some(&Wish::TakeBack));
    studio.happen(done(How::TakenBack, &Change::Restore, &rows[1..2])).draw();
    assert_eq!(shown(&studio), ["fox 3", "fox 2", "fox 1"]);
    assert_eq!(studio.state.selected().map(|row| row.id), Some(rows[1].id), "what came back");
    assert!(studio.notice().starts_with("Taken back: 1 generation"), "{}", studio.notice());
}

#[test]
fn a_search_for_a_tag_that_nothing_has_says_so() {
    let rows = foxes();
    let mut studio = Studio::sized(rows.clone(), 80, 24);
    studio.keys("<F3>/tag:nigth<enter>").answer(&rows);
    assert!(studio.screen().contains("Nothing found. "), "the tags are not known yet");
    studio.happen(Event::Opinion(News::Known(
        tags(&["night", "noir"]).into_iter().collect(),
        vec![],
    )));
    studio.draw();
    for part in ["Nothing found: no tag begins", "with “nigth”. There is #night."] {
        assert!(studio.screen().contains(part), "{part}\n{}", studio.screen());
    }
    studio.keys("/<ctrl+u>-tag:nigth xyz<enter>").answer(&rows);
    assert!(studio.screen().contains("Nothing found. "), "none of it is as good as any");
}

/// Its place is by when it came in, which only the store knows.
#[test]
fn what_was_imported_comes_back_in_its_place_too() {
    let mut rows = foxes();
    rows[1].created = rows[1].created.plus_seconds(-90_000.0);
    rows[1].request.model = "imported:comfyui/flux".parse().expect("a model");
    let mut studio = Studio::with(rows.clone());
    studio.keys("<F3>jd").taken();
    let change = Change::Trash(Timestamp::from_millis(NOON));
    studio.happen(done(How::Done, &change, &rows[1..2])).draw();
    assert_eq!(shown(&studio), ["fox 3", "fox 1"]);
    studio.keys("gu").taken();
    studio.happen(done(How::TakenBack, &Change::Restore, &rows[1..2]));
    studio.answer(&rows);
    assert_eq!(shown(&studio), ["fox 3", "fox 2", "fox 1"]);
    assert_eq!(studio.state.selected().map(|row| row.id), Some(rows[1].id), "what came back");
}

#[test]
fn a_search_for_the_trash_shows_it_and_d_takes_out_of_it() {
    let mut rows = foxes();
    rows[0].opinion.trashed = Some(Timestamp::from_millis(NOON));
    let mut studio = Studio::with(rows[1..].to_vec());
    studio.keys("<F3>/trashed<enter>");
    let Some(Effect::Load(wanted)) =
        studio.taken().into_iter().rev().find(|effect| matches!(effect, Effect::Load(_)))
    else {
        panic!("rows are asked for")
    };
    let page = pentimento::app::history::Page { wanted, rows: rows[..1].to_vec() };
    studio.happen(Event::Page(page)).draw();
    assert!(studio.screen().contains("in the trash"), "{}", studio.screen());
    studio.keys("d");
    assert_eq!(wishes(&mut studio), [Wish::Change(vec![rows[0].id], Change::Restore)]);
    studio.happen(done(How::Done, &Change::Restore, &rows[..1])).draw();
    assert_eq!(shown(&studio), [""; 0]);
}

#[test]
fn tags_are_typed_in_a_line_that_completes_them() {
    let mut rows = foxes();
    rows[0].opinion.tags = tags(&["old", "snow"]);
    rows[1].opinion.tags = tags(&["snow"]);
    let mut studio = Studio::with(rows.clone());
    studio.keys("<F3><space><space>t");
    assert_eq!(wishes(&mut studio), [Wish::Learn]);
    studio.happen(Event::Opinion(News::Known(
        vec!["night".parse().expect("a tag"), "nature".parse().expect("a tag")],
        vec![],
    )));
    studio.draw();
    assert!(studio.screen().contains("tags of 2: snow"), "{}", studio.screen());
    studio.keys("Na<tab>n<tab>").draw();
    assert!(studio.screen().contains("snow nature night"), "{}", studio.screen());
    studio.keys("<ctrl+a><alt+d><enter>");
    let [Wish::Change(ids, Change::Tag { add, remove })] = &*wishes(&mut studio) else {
        panic!("one wish")
    };
    assert_eq!((ids.len(), add, remove), (2, &tags(&["nature", "night"]), &tags(&["snow"])));
    studio.keys("t<esc>q");
    assert_eq!(wishes(&mut studio), [Wish::Learn], "left without a change");
    studio.keys("t\"<enter>");
    assert!(studio.notice().starts_with("Not tagged: a tag"), "{}", studio.notice());
}

#[test]
fn a_search_is_saved_under_a_name_picked_again_and_forgotten() {
    let mut studio = Studio::with(foxes());
    studio.keys("<F3>S");
    assert!(studio.notice().starts_with("Search for something first"), "{}", studio.notice());
    studio.keys("/fox 2<enter>Sbest<enter>");
    let saved =
        |name: &str, query: &str| SavedSearch { name: name.to_owned(), query: query.to_owned() };
    assert_eq!(wishes(&mut studio), [Wish::Learn, Wish::Save(saved("best", "fox 2"))]);
    studio.keys("F");
    let known = News::Known(vec![], vec![saved("best", "fox 2"), saved("new", "after:3d")]);
    studio.happen(Event::Opinion(known)).draw();
    assert!(studio.screen().contains("@new  after:3d"), "{}", studio.screen());
    studio.keys("j<enter>");
    assert_eq!(studio.state.history.query(), "@new");
    assert_eq!(studio.state.overlay, None);
    studio.keys("Fd");
    assert_eq!(wishes(&mut studio).last(), Some(&Wish::Save(saved("best", ""))));
    assert_eq!(studio.state.history.query(), "fox 2", "what it stood for is still there");
}

#[test]
fn the_trash_is_emptied_after_a_question_and_by_y_alone() {
    let mut studio = Studio::with(foxes());
    let weight = Weight { generations: 12, images: 14, bytes: 33_000_000 };
    for (key, wanted) in [("n", None), ("<enter>", None), ("<esc>", None), ("y", Some(Wish::Empty))]
    {
        studio.keys("<F3>D");
        assert_eq!(wishes(&mut studio), [Wish::Weigh]);
        studio.happen(Event::Opinion(News::Weighed(weight))).draw();
        assert_eq!(studio.state.overlay, Some(Overlay::Emptying(weight)));
        studio.keys(key);
        assert_eq!(wishes(&mut studio).pop(), wanted, "{key}");
        assert_eq!(studio.state.overlay, None);
    }
    studio.keys("D").happen(Event::Opinion(News::Weighed(Weight::default())));
    assert!(studio.notice().contains("is empty"), "{}", studio.notice());
}

#[test]
fn what_cannot_be_done_says_why() {
    let mut studio = Studio::with(vec![]);
    studio.keys("<F3>*");
    assert!(studio.notice().starts_with("There is no generation yet"), "{}", studio.notice());
    let news = |protected, under_way| News::Changed {
        how: How::Done,
        change: Change::Trash(Timestamp::default()),
        generations: vec![],
        protected,
        under_way,
    };
    for (news, said) in [
        (news(1, 0), "A favourite does not go to the trash."),
        (news(0, 1), "What is under way does not go to the trash."),
        (news(0, 0), "It is so already."),
        (News::Nothing(How::TakenBack), "There is nothing to take back."),
        (News::Nothing(How::DoneAgain), "There is nothing to do again."),
    ] {
        studio.happen(Event::Opinion(news));
        assert_eq!(studio.notice(), said);
    }
}

/// A history in which everything has an opinion.
fn opinionated() -> Vec<Generation> {
    let mut rows = some_of_everything();
    let opinions = [
        (true, 5, &["night", "harbour"][..]),
        (false, 3, &[]),
        (false, 0, &["fox"]),
        (true, 0, &[]),
    ];
    for (row, (favourite, stars, words)) in rows.iter_mut().zip(opinions.into_iter().cycle()) {
        row.opinion =
            Opinion { favourite, rating: Rating::new(stars), tags: tags(words), trashed: None };
    }
    rows
}

/// The text of the screen after `keys`.
fn screen(keys: &str, columns: u16, lines: u16, event: Option<Event>) -> String {
    let mut studio = Studio::sized(opinionated(), columns, lines);
    studio.keys(keys);
    if let Some(event) = event {
        studio.happen(event);
    }
    studio.happen(Event::Tick(Timestamp::from_millis(NOON))).draw();
    let mut text = studio.screen();
    for row in studio.state.history.rows() {
        text = text.replace(&row.created.to_minute(), "0000-00-00 00:00");
        text = text.replace(&row.created.to_clock(), "00:00");
    }
    text
}

#[test]
fn opinions_marks_and_a_wrong_search_at_three_sizes() {
    for (columns, lines) in [(40, 12), (80, 24), (120, 40)] {
        let name = |what: &str| format!("{what}-{columns}x{lines}");
        let shown = |keys: &str| screen(keys, columns, lines, None);
        assert_snapshot!(name("opinions"), shown("<F3>jj<space>"));
        assert_snapshot!(name("wrong-search"), shown("<F3>/modle:flux fox"));
        assert_snapshot!(name("unfinished-search"), shown("<F3>/fox rated:"));
        assert_snapshot!(name("opinions-gallery"), shown("<F3>v<space><space>"));
        let question = Weight { generations: 12, images: 14, bytes: 33_000_000 };
        let question = Some(Event::Opinion(News::Weighed(question)));
        assert_snapshot!(name("emptying"), screen("<F3>D", columns, lines, question));
        let known = News::Known(
            tags(&["night", "noir"]).into_iter().collect(),
            vec![SavedSearch { name: "best".to_owned(), query: "rated:5 fav".to_owned() }],
        );
        let known = Some(Event::Opinion(known));
        assert_snapshot!(name("tags"), screen("<F3>jtn", columns, lines, known.clone()));
        assert_snapshot!(name("searches"), screen("<F3>F", columns, lines, known));
    }
}

#[test]
fn a_failure_of_the_disk_is_told_and_nothing_looks_done() {
    let mut studio = Studio::with(foxes());
    studio.keys("<F3>5");
    let failure = Failure::before_sending(
        pentimento::domain::FailureKind::Storage,
        "The disk is full.",
        "Free some space.",
    );
    studio.happen(Event::Failed(failure)).draw();
    assert!(studio.screen().contains("The disk is full."));
    assert!(!studio.screen().contains('★'));
}
