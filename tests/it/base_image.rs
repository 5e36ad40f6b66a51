//! Base images as files: what can be sent, and what is said of the rest.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use pentimento::domain::{BaseImage, ImageFormat, shown_bytes};
use pentimento::engine::base::{Standpoint, about, travelling_bytes};
use tempfile::TempDir;

fn png(path: &Path, width: u32, height: u32) {
    image::RgbImage::new(width, height).save(path).expect("there is room");
}

/// What is said of this file.
fn said(path: &Path) -> String {
    about(path).expect_err("it is none").what.to_string()
}

#[test]
fn a_picture_is_known_without_being_decoded() {
    let dir = TempDir::new().expect("there is room");
    let path = dir.path().join("fox");
    png(&dir.path().join("fox.png"), 30, 20);
    fs::rename(dir.path().join("fox.png"), &path).expect("it is ours");
    let known = about(&path).expect("it is one");
    assert_eq!((known.format, known.sides), (ImageFormat::Png, Some((30, 20))));
    assert_eq!(known.bytes, fs::metadata(&path).expect("it is there").len());
    // Another state of the file is another picture for whoever shows it.
    png(&dir.path().join("fox.png"), 31, 20);
    fs::rename(dir.path().join("fox.png"), &path).expect("it is ours");
    assert_ne!(about(&path).expect("it is one").image().id, known.image().id);
}

#[test]
fn what_cannot_be_sent_is_named_and_neither_read_nor_waited_for() {
    let dir = TempDir::new().expect("there is room");
    let at = |name: &str| dir.path().join(name);
    fs::write(at("empty.png"), "").expect("there is room");
    fs::write(at("note.png"), "no picture at all").expect("there is room");
    // Two hundred megabytes of nothing take no room.
    let large = File::create(at("large.png")).expect("there is room");
    large.set_len(200_000_000).expect("there is room");
    let pipe = at("pipe.png");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0)
        .expect("a pipe can be made");
    for (path, says) in [
        (at("gone.png"), "there is no file"),
        (at("note.png").join("below"), "there is no file"),
        (at("empty.png"), "is empty."),
        (at("note.png"), "is no picture."),
        (at("large.png"), "has 200 MB; the most is 52 MB."),
        (dir.path().to_owned(), "is a directory."),
        (pipe, "is no file."),
        ("/dev/zero".into(), "is no file."),
        ("/dev/tty".into(), "is no file."),
    ] {
        let said = said(&path);
        assert!(said.contains(says) && said.contains("Not sent"), "{said}");
    }
    let path = at("secret.png");
    png(&path, 3, 3);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("it is ours");
    // Nothing is kept from a superuser.
    if File::open(&path).is_err() {
        assert!(said(&path).contains("may not be read."));
    }
}

#[test]
fn a_tilde_and_a_relative_path_are_meant_from_where_the_user_is() {
    let from = Standpoint { cwd: "/work".into(), home: Some("/home/me".into()) };
    for (written, path) in [
        ("~/fox.png", "/home/me/fox.png"),
        ("~", "/home/me"),
        ("fox.png", "/work/fox.png"),
        ("/fox.png", "/fox.png"),
        ("~fox.png", "/work/~fox.png"),
    ] {
        assert_eq!(from.path(Path::new(written)), Path::new(path), "{written}");
    }
    let url = BaseImage::Url("https://example.org/a.png".to_owned());
    assert_eq!(from.check(&url).expect("it is not looked at"), url);
}

#[test]
fn what_travels_is_as_long_as_it_is_said_to_be() {
    use base64::Engine;
    for bytes in [0_usize, 1, 2, 3, 1_000] {
        let body = base64::engine::general_purpose::STANDARD.encode(vec![7; bytes]);
        let url = format!("data:image/jpeg;base64,{body}");
        assert_eq!(travelling_bytes(ImageFormat::Jpeg, bytes as u64), url.len() as u64);
    }
    for (bytes, shown) in [
        (999, "999 B"),
        (5_249, "5.2 kB"),
        (99_949, "100 kB"),
        (168_000, "168 kB"),
        (2_149_999, "2.1 MB"),
        (20_000_000_000, "20 GB"),
    ] {
        assert_eq!(shown_bytes(bytes), shown);
    }
}
