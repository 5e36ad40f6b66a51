//! The table of §4, row by row: the failure over a real line, and what must come of it.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use pentimento::domain::{Charged, Failure, FailureKind, Retry};
use pentimento::engine::policy::{self, Next, ROWS};
use url::Url;

use super::{Tally, enqueue, enter, figures, posts, prompt, sent};
use crate::home::Home;
use crate::recovery::{PNG, answer, answer_with, pixel};
use crate::server::{Received, Reply, Server};

/// One row of the table: a failure as it comes over the wire, and what must come of it.
struct Row {
    name: String,
    /// The answers to its requests, the last of which stays.
    replies: Vec<Reply>,
    state: &'static str,
    kind: Option<FailureKind>,
    charged: Option<Charged>,
    posts: usize,
    images: usize,
    /// What the user reads of it.
    words: &'static str,
}

fn row(name: &str, reply: Reply, posts: usize) -> Row {
    let name = name.to_owned();
    let (state, words) = ("done", "");
    Row { name, replies: vec![reply], state, kind: None, charged: None, posts, images: 1, words }
}

impl Row {
    fn then(mut self, reply: Reply) -> Self {
        self.replies.push(reply);
        self
    }

    fn fails(mut self, kind: FailureKind, charged: Charged, words: &'static str) -> Self {
        let unknown = kind == FailureKind::OutcomeUnknown;
        self.state = if unknown { "interrupted" } else { "failed" };
        (self.kind, self.charged, self.words, self.images) = (Some(kind), Some(charged), words, 0);
        self
    }

    fn keeping(mut self, images: usize) -> Self {
        self.images = images;
        self
    }
}

/// The table of what services answer.
fn table() -> Vec<Row> {
    use Charged::{Maybe, No, Yes};
    use FailureKind::{
        Credit, DeadLink, Key, Moderation, NoImage, OutcomeUnknown, Overloaded, RateLimit,
        Redirect, Rejected, Unreadable,
    };
    let says = |status, words: &str| {
        Reply::new(status, serde_json::json!({"error": {"message": words}}).to_string())
    };
    let limit = || says(429, "slow down");
    let whole = || Reply::ok(answer());
    let half = answer().len() / 2;
    let mut rows = vec![
        row("good", whole(), 1),
        row("limited once", limit().header("retry-after", "0"), 2).then(whole()),
        row(
            "limited until a date",
            limit()
                .header("retry-after", "Mon, 23 Nov 2026 12:00:00 GMT")
                .header("date", "Mon, 23 Nov 2026 12:00:00 GMT"),
            2,
        )
        .then(whole()),
        row("limited always", limit().header("retry-after", "0"), 7).fails(
            RateLimit,
            No,
            "tried 7 times",
        ),
        row("limited for an hour", limit().header("retry-after", "3600"), 1)
            .fails(RateLimit, No, "From 20"),
        row("refused words", says(400, "blocked by our content policy"), 1).fails(
            Moderation,
            No,
            "other words",
        ),
        row("overloaded 503", says(503, "the model is overloaded"), 1).fails(
            Overloaded,
            Maybe,
            "Send it again",
        ),
        row("overloaded 529", says(529, "overloaded"), 1).fails(Overloaded, Maybe, "Send it again"),
        row("503 without a word", Reply::new(503, ""), 1).fails(OutcomeUnknown, Maybe, "unknown"),
        row("closed", Reply::close(), 1).fails(OutcomeUnknown, Maybe, "unknown"),
        row("reset", Reply::reset(), 1).fails(OutcomeUnknown, Maybe, "unknown"),
        row("cut short", Reply::ok(answer()).cut_after(half), 1).fails(Unreadable, Yes, "kept"),
        row("a web page", Reply::ok("<html>hello</html>"), 1).fails(Unreadable, Yes, "kept"),
        row(
            "no picture",
            Reply::ok(r#"{"choices":[{"message":{"content":"I would rather not."}}]}"#),
            1,
        )
        .fails(NoImage, Maybe, "I would rather not."),
        row("one whole of two", cut_in_the_second(), 1).fails(Unreadable, Yes, "kept").keeping(1),
        row("dead link", whole(), 1).fails(DeadLink, Yes, "looking for it again is free"),
        row("link reset once", whole(), 1),
    ];
    for (status, kind) in [
        (400, Rejected),
        (401, Key),
        (402, Credit),
        (403, Key),
        (404, Rejected),
        (405, Rejected),
        (413, Rejected),
        (415, Rejected),
        (422, Rejected),
    ] {
        rows.push(row(&format!("status {status}"), Reply::new(status, ""), 1).fails(kind, No, ""));
    }
    for status in [301, 302, 303, 307, 308] {
        let reply = Reply::redirect(status, "https://elsewhere.example/");
        rows.push(row(&format!("status {status}"), reply, 1).fails(
            Redirect,
            No,
            "elsewhere.example",
        ));
    }
    for status in [408, 409, 500, 502, 504, 520, 521, 522, 523, 524] {
        let reply = Reply::new(status, "");
        rows.push(row(&format!("status {status}"), reply, 1).fails(
            OutcomeUnknown,
            Maybe,
            "account",
        ));
    }
    rows
}

/// An answer with two pictures which ends in the middle of the second.
fn cut_in_the_second() -> Reply {
    let picture = format!("data:image/png;base64,{PNG}");
    let body = answer_with(&[&picture, &picture]);
    let second = body.rfind(PNG).expect("it is in the answer");
    Reply::ok(body).cut_after(second + 9)
}

/// A server that answers each prompt as its row says; links lead back to it.
fn serving(rows: Vec<Row>) -> (Server, Arc<Vec<Row>>) {
    let rows = Arc::new(rows);
    let told = Arc::clone(&rows);
    let (tally, here) = (Tally::default(), Arc::new(OnceLock::<Url>::new()));
    let own = Arc::clone(&here);
    let server = Server::answering(move |request: &Received, _| {
        if request.method == "GET" {
            return match (request.path.as_str(), tally.count(&request.path)) {
                ("/dead", _) => Reply::new(404, ""),
                (_, 0) => Reply::reset(),
                _ => Reply::ok(pixel()),
            };
        }
        let prompt = prompt(request);
        let link = |path| {
            let url = own.get().expect("told before").join(path).expect("a path");
            Reply::ok(answer_with(&[url.as_str()]))
        };
        match prompt.as_str() {
            "dead link" => link("/dead"),
            "link reset once" => link("/reset"),
            _ => {
                let row = told.iter().find(|row| row.name == prompt).expect("it has a row");
                row.replies[tally.count(&prompt).min(row.replies.len() - 1)].clone()
            }
        }
    });
    here.set(server.url()).expect("told once");
    (server, rows)
}

/// Has everything in the queue made, and judges each row.
fn judge(home: &Home, server: &Server, rows: &[Row]) -> usize {
    let prompts: Vec<_> = rows.iter().map(|row| row.name.clone()).collect();
    let generations = enqueue(home, &prompts);
    home.run(&["resume"]);
    let history = home.history();
    let requests = server.requests();
    for row in rows {
        let name = &row.name;
        let found = history.iter().find(|found| found["request"]["prompt"] == name.as_str());
        let found = found.unwrap_or_else(|| panic!("{name} is in the history"));
        assert_eq!(found["status"], row.state, "{name}: {found}");
        assert_eq!(found["images"].as_array().map(Vec::len), Some(row.images), "{name}");
        if let (Some(kind), Some(charged)) = (row.kind, row.charged) {
            let error = &found["error"];
            assert_eq!(error["kind"], kind.name(), "{name}: {error}");
            assert_eq!(error["charged"], serde_json::json!(charged), "{name}");
            let words = format!("{} {}", error["message"], error["hint"]);
            assert!(words.contains(row.words), "{name}: “{}” is not in {words}", row.words);
        }
        let posted = requests.iter().filter(|it| it.method == "POST" && prompt(it) == *name);
        let keys: Vec<_> = posted.map(|it| it.header("idempotency-key")).collect();
        assert_eq!(keys.len(), row.posts, "{name}");
        assert!(keys.iter().all(|key| *key == found["id"].as_str()), "{name}: one name for all");
    }
    enter("policy", sent(home, &generations), posts(server));
    rows.len()
}

#[test]
fn every_row_of_the_table_comes_out_as_it_says() {
    let (server, rows) = serving(table());
    let home = Home::beside(&server);
    home.configure("[queue]\nparallel = 64\n");
    let mut judged = judge(&home, &server, &rows);

    // The same overload where the user wants it sent again.
    let overload = || Reply::new(503, r#"{"error": "overloaded"}"#).header("retry-after", "0");
    let (server, rows) = serving(vec![
        row("overloaded twice", overload(), 3).then(overload()).then(Reply::ok(answer())),
        row("overloaded always", overload(), 3).fails(
            FailureKind::Overloaded,
            Charged::Maybe,
            "tried 3 times",
        ),
    ]);
    let home = Home::beside(&server);
    home.configure("[queue]\nretry_on_503 = true\n");
    judged += judge(&home, &server, &rows);

    // What is refused here never leaves.
    for arguments in [&["generate", ""][..], &["generate", "a fox", "-m", "google:nano"]] {
        let before = server.count();
        home.run(arguments).with_code(2);
        assert_eq!(server.count(), before);
        judged += 1;
    }
    figures(5, &format!("{judged} rows of the table over a real line: each as it says"));
}

#[test]
fn nothing_that_may_be_charged_is_sent_again_by_any_row() {
    for row in ROWS {
        for kind in row.kinds {
            let failure = Failure::before_sending(*kind, "It failed.", "")
                .charged(row.charged)
                .retry(Retry::After(0));
            let next = policy::next(&failure, 1, Some(Duration::ZERO), false, 0.5);
            assert!(next == Next::End || row.charged == Charged::No, "{row:?}");
        }
    }
    let again = |kind, failures, asked| {
        let failure = Failure::before_sending(kind, "It failed.", "").retry(Retry::After(0));
        policy::next(&failure, failures, asked, false, 0.5)
    };
    let seconds = |next| match next {
        Next::End => None,
        Next::Again(pause) | Next::AllWait(pause) => Some(pause.as_secs()),
    };
    let row = |kind| (1..=8).map_while(|n| seconds(again(kind, n, None))).collect::<Vec<_>>();
    assert_eq!(row(FailureKind::Unreachable), [1, 2, 4, 8, 8]);
    assert_eq!(row(FailureKind::RateLimit), [20, 40, 80, 160, 320, 600]);
    let asked = |seconds| again(FailureKind::RateLimit, 1, Some(Duration::from_secs(seconds)));
    assert_eq!(asked(600), Next::AllWait(Duration::from_mins(10)));
    assert_eq!(asked(601), Next::End);

    let fetched = |kind, charged, failures| {
        let failure = Failure::before_sending(kind, "It failed.", "").charged(charged);
        policy::fetch_pause(&failure.retry(Retry::After(0)), failures, 0.5)
    };
    let pause = |n| fetched(FailureKind::Fetch, Charged::Yes, n).map(|pause| pause.as_secs());
    assert_eq!([1, 2, 5, 12, 13, 5_000].map(pause), [1, 2, 16, 2_048, 3_600, 3_600].map(Some));
    let dead = |n| fetched(FailureKind::DeadLink, Charged::Yes, n).map(|pause| pause.as_secs());
    assert_eq!([1, 2, 3].map(dead), [Some(300), Some(300), None], "three looks in ten minutes");
}
