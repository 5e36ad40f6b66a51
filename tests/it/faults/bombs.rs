//! Promise 16: a hostile picture is boring.

mod hostile;

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pentimento::domain::{Generation, GenerationId, Job, Request, Timestamp};
use pentimento::store::Store;
use rustix::process::Pid;
use serde_json::Value;

use self::hostile::{Hostile, files};
use super::{enter, figures, times};
use crate::home::{Home, wait_for};
use crate::recovery::answer_with;
use crate::server::{Reply, Server};
use crate::studio::Studio;
use crate::unlimited::Unlimited as _;

/// The most that studio and worker may have in memory at any time, in KiB.
const MOST: u64 = 150 << 10;

/// Files in one answer.
const TOGETHER: usize = 10;

/// The most a process has had in memory since it began, in KiB.
fn peak(process: Pid) -> u64 {
    let status = format!("/proc/{}/status", process.as_raw_nonzero());
    let status = fs::read_to_string(status).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux says it");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// The worker of a home that has one.
fn worker(home: &Home) -> Pid {
    let workers = home.workers();
    assert_eq!(workers.len(), 1);
    workers[0]
}

/// A server that gives away the files, ten with each answer: every other one inside the
/// answer, the rest behind links.
fn serving(files: &[Hostile]) -> Server {
    let files: Vec<Vec<u8>> = files.iter().map(|(_, bytes)| bytes.clone()).collect();
    Server::answering(move |request, _| {
        if let Ok(nth) = request.path[1..].parse::<usize>() {
            return Reply::ok(files[nth].clone());
        }
        let prompt = request.json()["prompt"].as_str().unwrap_or_default().to_owned();
        let first: usize =
            prompt.rsplit(' ').next().and_then(|n| n.parse().ok()).expect("a number");
        let host = request.header("host").expect("it has one");
        let last = (first + TOGETHER).min(files.len());
        let url = |nth: usize| match nth % 2 {
            0 => format!("data:image/png;base64,{}", STANDARD.encode(&files[nth])),
            _ => format!("http://{host}/{nth}"),
        };
        let urls: Vec<String> = (first..last).map(url).collect();
        Reply::ok(answer_with(&urls.iter().map(String::as_str).collect::<Vec<_>>()))
    })
}

/// Looks at each picture of the selected generation, until its place is filled, and says
/// of how many there is no preview.
fn look_at(studio: &mut Studio, count: usize) -> usize {
    let mut refused = 0;
    for nth in 1..=count {
        let title = format!("{nth} of {count}");
        let waits =
            |screen: &str| screen.lines().any(|row| row.trim_matches(['│', '┃', ' ']) == "…");
        let alone = |screen: &str| screen.contains(&title) && !screen.contains("History · ");
        studio.until(&title, |screen| alone(screen) && !waits(screen));
        refused += usize::from(studio.screen().contains("No preview"));
        studio.keys("]");
    }
    refused
}

#[test]
fn a_hostile_picture_is_kept_as_it_is_and_harms_nobody() {
    let files: Vec<Hostile> = files();
    assert_eq!(files.len(), 60);
    // The short form leaves out those that take the decoder all of its time.
    let (first, step) = (times(4, 0), times(7, 1));
    let files: Vec<Hostile> = files.into_iter().skip(first).step_by(step).collect();
    let server = serving(&files);
    let home = Home::beside(&server);
    let mut studio = Studio::open_in(&home, 120, 40);
    studio.shows("Nothing made yet.").keys("<shift+tab><ctrl+u>openai:gpt-image-2");
    let (mut kept, mut refused, mut asked) = (0, 0, 0);
    for first in (0..files.len()).step_by(TOGETHER) {
        let prompt = format!("hostile {first}");
        studio.keys("<F2><ctrl+u>").paste(&prompt).generate();
        asked += 1;
        let row = wait_for("the files", || {
            let mut rows = home.history().into_iter();
            rows.find(|row| row["request"]["prompt"] == prompt && is_over(row))
        });
        assert_eq!(row["status"], "done", "{row}");
        let images = row["images"].as_array().expect("pictures");
        let sent = &files[first..(first + TOGETHER).min(files.len())];
        assert_eq!(images.len(), sent.len());
        for (image, (name, bytes)) in images.iter().zip(sent) {
            kept += usize::from(is_kept(image, bytes));
            assert!(is_kept(image, bytes), "{name}");
        }
        studio.hides("under way").keys("<F3>gz");
        refused += look_at(&mut studio, sent.len());
        studio.keys("z").shows("History · ");
    }
    let (screen, network) = (peak(studio.pid()), peak(worker(&home)));
    figures(
        16,
        &format!(
            "{} hostile files: {kept} kept byte for byte, {refused} without a preview; at most {} \
             MiB in the studio, {} MiB in the worker",
            files.len(),
            screen >> 10,
            network >> 10
        ),
    );
    assert!(screen <= MOST && network <= MOST, "{screen} KiB, {network} KiB");
    assert!(refused > 0 && kept == files.len());
    assert_eq!(server.requests().iter().filter(|request| request.method == "POST").count(), asked);
    studio.quit();
    enter("bombs", asked, asked);
}

/// Whether nothing more happens to the generation of a row.
fn is_over(row: &Value) -> bool {
    ["done", "failed", "interrupted"].iter().any(|status| row["status"] == *status)
}

fn is_kept(image: &Value, bytes: &[u8]) -> bool {
    let path = image["path"].as_str().expect("a path");
    fs::read(path).is_ok_and(|kept| kept == bytes)
}

#[test]
fn eight_paintings_at_once_stay_within_the_memory_of_the_worker() {
    let home = Home::with_config("[queue]\nparallel = 8\n");
    let side = times(192, 1024) as u32;
    let mut store = Store::open(home.path()).expect("a history can be made");
    let ids: Vec<_> = (1..=8).map(|nth| GenerationId::from_parts(nth, [nth as u8; 10])).collect();
    let wanted = ids.iter().map(|id| {
        let model = "demo:painter".parse().expect("a model");
        let mut request =
            Request::new(format!("a fox in the snow at night, {}", id.short()), model);
        (request.width, request.height) = (Some(side), Some(side));
        Generation::queued(*id, request, Timestamp::from_millis(1))
    });
    store.enqueue(&wanted.collect::<Vec<_>>()).expect("rows can be written");

    // A studio takes up everything that waits, at once.
    let mut studio = Studio::open_in(&home, 120, 40);
    let is_done = |id| store.get(id).is_ok_and(|row| row.is_some_and(|row| row.job == Job::Done));
    for id in &ids {
        wait_for("a painting", || is_done(*id).then_some(()));
    }
    let network = peak(worker(&home));
    figures(
        16,
        &format!(
            "8 paintings of {side}×{side} at once: at most {} MiB in the worker",
            network >> 10
        ),
    );
    assert!(network <= MOST, "{network} KiB");
    studio.quit();
}
