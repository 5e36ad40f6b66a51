//! Answers of a terminal are told apart from what is typed, in whatever pieces it comes.

use pentimento::domain::Background;
use pentimento::graphics::answers::{Answer, Answers, Heard};
use proptest::prelude::*;

/// What came in, however it was cut: bytes of keys in a row, and answers between them.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Came {
    Keys(Vec<u8>),
    Answer(Answer),
}

fn add(came: &mut Vec<Came>, bytes: &[u8]) {
    match came.last_mut() {
        Some(Came::Keys(before)) => before.extend(bytes),
        _ => came.push(Came::Keys(bytes.to_vec())),
    }
}

fn joined(heard: impl IntoIterator<Item = Heard>) -> Vec<Came> {
    let mut came = Vec::new();
    for heard in heard {
        match heard {
            Heard::Keys(bytes) => add(&mut came, &bytes),
            Heard::Alt(key) => add(&mut came, &[b"\x1b", key.to_string().as_bytes()].concat()),
            Heard::Answer(answer) => came.push(Came::Answer(answer)),
        }
    }
    came
}

/// What is made of `pieces`, after which nothing comes.
fn sorted<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Came> {
    let mut answers = Answers::default();
    let mut heard: Vec<Heard> = pieces.into_iter().flat_map(|piece| answers.take(piece)).collect();
    heard.extend(answers.give_up());
    assert!(!answers.holds());
    joined(heard)
}

fn whole(bytes: &[u8]) -> Vec<Came> {
    sorted([bytes])
}

fn keys(bytes: &[u8]) -> Came {
    Came::Keys(bytes.to_vec())
}

/// Something that comes in, and what must be made of it.
fn part() -> impl Strategy<Value = (Vec<u8>, Came)> {
    let key = prop_oneof![
        "[a-zA-Z0-9 é漢🦊]{1,6}".prop_map(String::into_bytes),
        prop::sample::select(vec![
            &b"\r"[..],
            b"\n",
            b"\t",
            b"\x7f",
            b"\x1f",
            b"\x03",
            b"\x1b\r",
            b"\x1bq",
            b"\x1b[A",
            b"\x1b[Z",
            b"\x1b[1;5C",
            b"\x1b[15~",
            b"\x1bOP",
            b"\x1b[<0;10;5M",
            b"\x1b[<0;10;5m",
            b"\x1b[97;5u",
            b"\x1b[[A",
            b"\x1b\xc3\xa9",
            b"\x1bPx",
            b"\x1b_x",
            b"\x1b]x",
        ])
        .prop_map(<[u8]>::to_vec),
        // A paste may hold anything but its own end.
        prop::collection::vec(
            prop::sample::select(vec![
                &b"\x1b[0n"[..],
                b"\x1b",
                b"\x1b[",
                b"\x1bP>|kitty",
                b"\x1b[2",
                b"\x1b[200~",
                b"word",
                b"\r\n",
                "漢".as_bytes(),
                b"\x1b[?62;4c",
                b"\x1b_Gi=1;OK\x1b\\",
            ]),
            0..6,
        )
        .prop_map(|pasted| [b"\x1b[200~", &pasted.concat()[..], b"\x1b[201~"].concat()),
    ]
    .prop_map(|bytes| (bytes.clone(), Came::Keys(bytes)));
    let answer = prop::sample::select(vec![
        (&b"\x1b[0n"[..], Answer::Ready),
        (b"\x1bP>|kitty(0.35.2)\x1b\\", Answer::Name("kitty(0.35.2)".to_owned())),
        (b"\x1bP>|\x1b\\", Answer::Name(String::new())),
        (b"\x1b_Gi=4207849;OK\x1b\\", Answer::Kitty(true)),
        (b"\x1b_Gi=4207849;EINVAL:no\x1b\\", Answer::Kitty(false)),
        (b"\x1b[6;20;10t", Answer::Cell(10, 20)),
        (b"\x1b[4;800;1200t", Answer::Area(1200, 800)),
        (b"\x1b[?62;4;22c", Answer::Attributes(vec![62, 4, 22])),
        (b"\x1b[?2026;1$y", Answer::Other),
        (b"\x1b[?1u", Answer::Other),
        (b"\x1b[>1;4000;29c", Answer::Other),
        (b"\x1b]11;rgb:2828/2c2c/3434\x07", Answer::Background([0x28, 0x2c, 0x34])),
        (b"\x1b]11;rgb:2828/2c2c/3434\x1b\\", Answer::Background([0x28, 0x2c, 0x34])),
        (b"\x1b]11;rgba:ffff/0000/8080/cccc\x1b\\", Answer::Background([255, 0, 128])),
        (b"\x1b]11;#fdf6e3\x07", Answer::Background([0xfd, 0xf6, 0xe3])),
        (b"\x1b]11;#fff\x07", Answer::Background([255, 255, 255])),
        (b"\x1b]11;?\x07", Answer::Other),
        (b"\x1b]11;rgb:ff/ff\x07", Answer::Other),
        (b"\x1b]10;rgb:ffff/ffff/ffff\x07", Answer::Other),
        (b"\x1b[?997;1n", Answer::Scheme(Background::Dark)),
        (b"\x1b[?997;2n", Answer::Scheme(Background::Light)),
        (b"\x1b[?997;3n", Answer::Other),
    ])
    .prop_map(|(bytes, answer)| (bytes.to_vec(), Came::Answer(answer)));
    prop_oneof![key, answer]
}

proptest! {
    #[test]
    fn any_mix_of_keys_pastes_and_answers_is_sorted_however_it_is_cut(
        parts in prop::collection::vec(part(), 0..12),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let bytes: Vec<u8> = parts.iter().flat_map(|(bytes, _)| bytes.clone()).collect();
        let mut expected = Vec::new();
        for (_, came) in parts {
            match came {
                Came::Keys(bytes) => add(&mut expected, &bytes),
                came @ Came::Answer(_) => expected.push(came),
            }
        }
        prop_assert_eq!(&whole(&bytes), &expected);
        let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        ends.sort_unstable();
        ends.push(bytes.len());
        let mut begin = 0;
        let pieces = ends.into_iter().map(|end| &bytes[std::mem::replace(&mut begin, end)..end]);
        prop_assert_eq!(&sorted(pieces), &expected);
        prop_assert_eq!(&sorted(bytes.chunks(1)), &expected);
    }

    #[test]
    fn any_bytes_at_all_are_sorted_alike_however_they_are_cut(
        bytes in prop::collection::vec(
            prop_oneof![Just(0x1b_u8), prop::sample::select(b"[]P_O\\>|G?0;1~ncty\x07".to_vec()), any::<u8>()],
            0..60,
        ),
    ) {
        prop_assert_eq!(sorted(bytes.chunks(1)), whole(&bytes));
    }

    #[test]
    fn after_any_bytes_a_line_and_an_answer_are_understood(bytes: Vec<u8>) {
        let mut answers = Answers::default();
        answers.take(&bytes);
        // Ends a paste, or is a key that means nothing.
        answers.take(b"\x1b[201~");
        let came = joined(answers.take(b"\rgo\r\x1b[0n"));
        prop_assert_eq!(came, [keys(b"\rgo\r"), Came::Answer(Answer::Ready)]);
    }
}

#[test]
fn alt_with_a_key_that_answers_begin_with_leaves_what_follows_whole() {
    for key in ["P", "_", "]", "["] {
        let alt = [b"\x1b", key.as_bytes()].concat();
        for (next, came) in [
            (&b"\x1b[0n"[..], Came::Answer(Answer::Ready)),
            (b"\x1bP>|foot(1.16)\x1b\\", Came::Answer(Answer::Name("foot(1.16)".to_owned()))),
        ] {
            assert_eq!(whole(&[&alt, next].concat()), [keys(&alt), came], "{key}");
        }
        let arrow = [&alt, &b"\x1b[A"[..]].concat();
        assert_eq!(whole(&arrow), [keys(&arrow)]);
    }
}

#[test]
fn an_answer_that_was_cut_off_is_no_key_and_swallows_none() {
    for begun in ["\x1bP>|kitty(0.3", "\x1b_Gi=42", "\x1b]11;rgb:28", "\x1b[?62;4", "\x1b[6;20"] {
        for next in ["\r", "\x11", "\x1b[A", "\x1bq"] {
            let came = whole(format!("{begun}{next}").as_bytes());
            assert_eq!(came, [Came::Answer(Answer::Other), keys(next.as_bytes())], "{begun:?}");
        }
        assert_eq!(whole(begun.as_bytes()), [Came::Answer(Answer::Other)], "{begun:?}");
    }
}

#[test]
fn the_end_of_a_paste_may_come_in_pieces_with_a_rest_between() {
    let end = b"\x1b[201~";
    for cut in 1..end.len() {
        let mut answers = Answers::default();
        answers.take(b"\x1b[200~a fox");
        answers.take(&end[..cut]);
        assert!(!answers.holds_key(), "nothing in a paste is a key that was pressed");
        answers.take(&end[cut..]);
        assert_eq!(answers.take(b"\x1b[0n"), [Heard::Answer(Answer::Ready)], "cut at {cut}");
    }
}

#[test]
fn an_escape_before_another_key_is_a_key_of_its_own() {
    let mut answers = Answers::default();
    let heard = answers.take(b"a\x1b\x1b[A");
    let pieces = [&b"a"[..], b"\x1b", b"\x1b[A"];
    assert_eq!(heard, pieces.map(|bytes| Heard::Keys(bytes.to_vec())));
}

#[test]
fn only_what_may_be_a_key_is_held_as_one() {
    for (bytes, is_key) in [
        (&b"\x1b"[..], true),
        (b"\x1b[", true),
        (b"\x1bP", true),
        (b"\x1b_", true),
        (b"\x1b]", true),
        (b"\x1b[1", false),
        (b"\x1bP>|k", false),
        (b"", false),
    ] {
        let mut answers = Answers::default();
        assert_eq!(answers.take(bytes), []);
        assert_eq!(answers.holds_key(), is_key, "{bytes:?}");
    }
}

#[test]
fn the_start_of_an_arrow_is_told_from_a_lone_escape() {
    for (held, is_key, begins_key) in [
        (&b"\x1b"[..], true, false),
        (b"\x1b[", true, true),
        (b"\x1bP", true, false),
        (b"\x1b[1", false, false),
    ] {
        let mut answers = Answers::default();
        assert_eq!(answers.take(held), []);
        assert_eq!((answers.holds_key(), answers.begins_key()), (is_key, begins_key), "{held:?}");
    }
}
