//! Every field that comes from outside, on every way to a terminal.

use std::fs;

use pentimento::app::Event;
use pentimento::domain::{BaseImage, Failure, FailureKind, Generation, Query, Request};
use pentimento::engine;
use pentimento::store::{Start, Store};
use rusqlite::{Connection, params};
use serde_json::{Value, json};

use super::attacks::{attacks, together};
use super::witness::{in_lines, on_screen};
use crate::app::fixture::Studio as Drawn;
use crate::faults::{enter, figures, times};
use crate::home::{Ended, Home};
use crate::server::{Reply, Server};
use crate::studio::Studio;

/// Nothing that a command printed drives a terminal.
#[track_caller]
fn tame(ended: &Ended) {
    for stream in [&ended.out, &ended.err] {
        assert_eq!(in_lines(stream.as_bytes()), Vec::<String>::new(), "{}", stream.escape_debug());
    }
}

/// Nothing in the logs of this home drives the terminal of who reads them.
#[track_caller]
fn tame_logs(home: &Home) -> usize {
    let is_log = |file: &std::path::PathBuf| file.extension().is_some_and(|it| it == "log");
    let logs = home.files().into_iter().filter(is_log).map(|file| fs::read(file).expect("a log"));
    let logs: Vec<u8> = logs.flatten().collect();
    assert_eq!(in_lines(&logs), Vec::<String>::new());
    logs.len()
}

/// Writes a row by hand in which every text is `attack`.
fn write_row(db: &Connection, attack: &str) {
    let mut request = Request::new(attack, "demo:painter".parse().expect("a model"));
    request.negative_prompt = Some(attack.to_owned());
    request.image = Some(BaseImage::File(attack.into()));
    request.extra.insert(attack.to_owned(), attack.into());
    let failure = Failure::before_sending(FailureKind::Rejected, "", "");
    let mut failure = serde_json::to_value(failure).expect("plain data");
    (failure["what"], failure["hint"]) = (attack.into(), attack.into());
    let id = engine::new_id().to_string();
    let request = serde_json::to_string(&request).expect("plain data");
    db.execute(
        "INSERT INTO generations (id, request, state, created, finished, failure, words, request_id)
         VALUES (?1, ?2, 'failed', 1, 2, ?3, ?4, ?4)",
        params![id, request, failure.to_string(), attack],
    )
    .expect("a row can be written");
    db.execute(
        "INSERT INTO images (generation, idx, attempt, path, width, height, format, bytes, sha256)
         VALUES (?1, 0, 0, ?2, 1, 1, 'png', 1, '')",
        params![db.last_insert_rowid(), format!("images/{attack}.png")],
    )
    .expect("a row can be written");
}

/// A home whose history was written by hand, and what a program reads of it.
fn hand_written(attacks: &[String]) -> (Home, Vec<Generation>) {
    let home = Home::new();
    drop(Store::open(home.path()).expect("a new history"));
    let mut db = Connection::open(home.path().join("history.db")).expect("it is there");
    let rows = db.transaction().expect("nobody else writes");
    for attack in attacks {
        write_row(&rows, attack);
    }
    rows.commit().expect("there is room");
    let store = Store::open(home.path()).expect("it is right");
    let most = u32::try_from(attacks.len()).expect("they are few");
    let page = store.page(&Query::default(), Start::Newest, most).expect("it can be read");
    let rows = page.into_iter().map(|entry| entry.generation.expect("a row can be read"));
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows.len(), attacks.len());
    (home, rows)
}

#[test]
fn rows_written_by_hand_drive_no_cell() {
    let attacks = attacks();
    let (_home, rows) = hand_written(&attacks);
    let (mut cells, mut drawn) = (0, 0);
    for (row, attack) in rows.into_iter().zip(attacks.iter().rev()).step_by(times(4, 1)) {
        drawn += 1;
        let failure = row.job.failure().expect("it failed").clone();
        let mut studio = Drawn::sized(vec![row], 120, 40);
        for (keys, event) in [
            ("<F3>", Event::Failed(failure)),
            ("i<enter>", Event::Paste(attack.clone())),
            ("<F3>/", Event::Paste(attack.clone())),
        ] {
            studio.keys(keys).happen(event).draw();
            let buffer = studio.terminal.backend().buffer();
            for cell in buffer.content() {
                assert_eq!(in_lines(cell.symbol().as_bytes()), Vec::<String>::new(), "{attack:?}");
                assert!(!cell.symbol().contains('\n'), "{attack:?}");
                // Two texts can meet in a cell.
                assert!(cell.symbol().chars().count() <= 16, "{attack:?}");
                cells += 1;
            }
        }
    }
    figures(13, &format!("{drawn} rows written by hand, drawn: {cells} cells, 0 that drive"));
}

#[test]
fn rows_written_by_hand_drive_neither_the_studio_nor_a_command() {
    let attacks = attacks();
    let (home, rows) = hand_written(&attacks);
    let most = attacks.len().to_string();
    tame(&home.run(&["history", "--limit", &most]).done());
    let ended = home.run(&["history", "--limit", &most, "--json"]).done();
    tame(&ended);
    for (line, attack) in ended.json().iter().zip(attacks.iter().rev()) {
        assert_eq!(line["request"]["prompt"], **attack, "a program gets what is there");
    }
    let shown = rows.iter().step_by(rows.len().div_ceil(times(4, 2_000)));
    let mut commands = 2;
    for row in shown {
        let id = row.id.to_string();
        tame(&home.run(&["show", &id]));
        tame(&home.run(&["show", &id, "--json"]));
        commands += 2;
    }
    tame(&home.run(&["resume"]));
    tame(&home.run(&["doctor"]));
    tame(&home.run(&["doctor", "--json"]));

    let mut studio = Studio::open_in(&home, 120, 40);
    studio.shows("History · ").keys("<F3>").keys(&"j".repeat(attacks.len().min(400))).keys("Gi");
    studio.keys("<enter><ctrl+q>").end();
    assert_eq!(on_screen(studio.drained()), Vec::<String>::new());
    let logged = tame_logs(&home);
    figures(
        13,
        &format!(
            "{} rows written by hand: {commands} commands, a studio and {logged} bytes of log, 0 that drive",
            attacks.len()
        ),
    );
}

#[test]
fn what_a_service_says_drives_nothing() {
    let attacks = attacks();
    let said = together(&attacks, 1_800);
    let (mut sent, mut asked, mut logged) = (0, 0, 0);
    for piece in &said {
        let text = piece.clone();
        let server = Server::answering(move |_, nth| {
            // A header cannot hold what ends it; everything else it is given.
            let id: String = text.chars().filter(|c| !matches!(c, '\r' | '\n' | '\0')).collect();
            let reply = if nth == 0 {
                Reply::new(
                    400,
                    json!({"error": {"message": text, "code": text, "type": text}}).to_string(),
                )
            } else {
                let words = json!({"id": text, "provider": text, "model": text, "choices": [{"index": 0,
                    "finish_reason": text, "message": {"role": "assistant", "content": text}}]});
                Reply::ok(words.to_string())
            };
            reply.header("lb-request-id", &id)
        });
        let home = Home::beside(&server).with("RUST_LOG", "trace");
        let asks: [&[&str]; 2] = [
            &["generate", "a fox", "-m", "openai:gpt-image-2"],
            &["generate", "a fox", "-m", "openai:gpt-image-2", "--json"],
        ];
        for ask in asks {
            tame(&home.run(ask));
        }
        let mut studio = Studio::open_in(&home, 120, 40);
        studio.shows("History · 2").keys("<F3>j").keys("i<ctrl+q>").end();
        assert_eq!(on_screen(studio.drained()), Vec::<String>::new());
        logged += tame_logs(&home);
        sent += home.history().len();
        asked += server.count();
    }
    enter("untrusted", sent, asked);
    assert!(logged > 0, "nothing was logged");
    let attacks = attacks.len();
    figures(
        13,
        &format!(
            "{attacks} attacks in {asked} answers of a service, {logged} bytes of log: 0 that drive"
        ),
    );
}

#[test]
fn words_of_the_user_and_of_their_files_drive_nothing() {
    let attacks = attacks();
    let said = together(&attacks, 400);
    let mut commands = 0;
    for piece in said.iter().step_by(said.len().div_ceil(times(2, 200))) {
        // No argument, variable or name of a file can hold it.
        let piece = piece.replace('\0', "");
        let quoted = Value::from(piece.as_str()).to_string();
        let home = Home::new();
        let runs: [&[&str]; 9] = [
            &["show", &piece],
            &["history", &piece],
            &[&piece],
            &["generate", &piece, "--dry-run"],
            &["generate", "a fox", "-m", &piece],
            &["generate", "a fox", "--size", &piece],
            &["generate", "a fox", "--image", &piece],
            &["generate", "a fox", "--set", &piece],
            &["--dir", &piece, "config", "path"],
        ];
        for words in runs {
            tame(&home.run(words));
        }
        let configs = [
            format!("[studio]\nmodel = {quoted}\n"),
            format!("[{quoted}]\n"),
            format!("[keys]\n{quoted} = [{quoted}]\n"),
            piece.clone(),
        ];
        for config in &configs {
            home.configure(config);
            tame(&home.run(&["config", "check"]));
            tame(&home.run(&["doctor"]));
        }
        let mut studio = Studio::open_in(&home, 120, 40);
        studio.shows("What do you want to see?").keys("<ctrl+q>").end();
        assert_eq!(on_screen(studio.drained()), Vec::<String>::new());
        let home = Home::new()
            .with("TERM", &piece)
            .with("OPENAI_API_KEY", &piece)
            .with("LANGBASE_API_KEY", &piece);
        fs::write(home.path().join(".env"), format!("TOGETHER_API_KEY={piece}\n"))
            .expect("the home can be written");
        tame(&home.run(&["doctor"]));
        tame(&home.run(&["generate", "a fox", "-m", "openai:gpt-image-2"]));
        tame(&home.run(&["generate", "a fox", "-m", "together:x"]));
        tame_logs(&home);
        commands += runs.len() + 2 * configs.len() + 3;
    }
    figures(
        13,
        &format!("words, files and variables of the user: {commands} commands, 0 that drive"),
    );
}
