//! The same picture and pane through viuer and ratatui-image.
//!
//! viuer writes to its process's standard output only, so a process of this bench prints
//! and is read. Its way for kitty is left out: it asks the terminal first, and then sends
//! the same raw pixels as ratatui-image does.

use std::process::{Command, Stdio};
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use icy_sixel::SixelImage;
use image::{DynamicImage, RgbImage};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;
use ratatui_image::picker::{Picker, ProtocolType};
use ratatui_image::{Image, Resize};

use crate::{TIMES, cells};

/// The argument that makes this bench print a file with viuer.
pub(crate) const CHILD: &str = "--print-with-viuer";

/// What viuer is to use, in that process.
const HOW: &str = "PENTIMENTO_BENCH_VIUER";

/// What another program makes of the picture.
pub(crate) struct Rival {
    pub(crate) name: String,
    pub(crate) bytes: usize,
    /// Milliseconds, where they are not those of a process.
    pub(crate) times: Option<[f64; TIMES]>,
    /// What is seen of it; `None` where raw pixels are sent.
    pub(crate) shown: Option<RgbImage>,
}

pub(crate) fn measure(
    ideal: &RgbImage,
    pane: (u16, u16),
    cell: (u16, u16),
) -> impl Iterator<Item = Rival> {
    viuers(ideal, pane, cell).into_iter().chain(ratatui_images(ideal, pane, cell))
}

fn ratatui_images(ideal: &RgbImage, pane: (u16, u16), cell: (u16, u16)) -> Vec<Rival> {
    let kinds = [
        ("kitty", ProtocolType::Kitty),
        ("iterm", ProtocolType::Iterm2),
        ("sixel", ProtocolType::Sixel),
        ("half blocks", ProtocolType::Halfblocks),
    ];
    let one = |(name, kind): (&str, ProtocolType)| {
        let mut picker = Picker::halfblocks();
        picker.set_protocol_type(kind);
        let mut times = [0.0; TIMES];
        let mut buffer = Buffer::empty(Rect::new(0, 0, pane.0, pane.1));
        for time in &mut times {
            let picture = DynamicImage::ImageRgb8(ideal.clone());
            let begin = Instant::now();
            let protocol = picker
                .new_protocol(picture, buffer.area.as_size(), Resize::Fit(None))
                .expect("a picture can be encoded");
            buffer.reset();
            Image::new(&protocol).render(buffer.area, &mut buffer);
            *time = begin.elapsed().as_secs_f64() * 1000.0;
        }
        let bytes = cells::written(&buffer);
        let shown = match kind {
            ProtocolType::Kitty => None,
            ProtocolType::Iterm2 => Some(file(&bytes)),
            ProtocolType::Sixel => Some(sixel(&bytes, ideal)),
            ProtocolType::Halfblocks => Some(blocks(&bytes, ideal, pane, cell)),
        };
        Rival {
            name: format!("ratatui-image, {name}"),
            bytes: bytes.len(),
            times: Some(times),
            shown,
        }
    };
    kinds.into_iter().map(one).collect()
}

fn viuers(ideal: &RgbImage, pane: (u16, u16), cell: (u16, u16)) -> Vec<Rival> {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory can be made");
    let path = dir.path().join("picture.png");
    ideal.save(&path).expect("a picture can be written");
    let kinds = ["iterm", "half blocks, 24-bit", "half blocks, 256"];
    let one = |name: &str| {
        #[expect(clippy::disallowed_methods, reason = "the printing side is this bench itself")]
        let output = Command::new(std::env::current_exe().expect("this bench has a path"))
            .arg(CHILD)
            .arg(&path)
            .env(HOW, name)
            .env("TERM_PROGRAM", "iTerm.app")
            .stdin(Stdio::null())
            .output()
            .expect("this bench can be started");
        let bytes = output.stdout;
        let shown = if name == "iterm" { file(&bytes) } else { blocks(&bytes, ideal, pane, cell) };
        Rival {
            name: format!("viuer, {name}"),
            bytes: bytes.len(),
            times: None,
            shown: Some(shown),
        }
    };
    kinds.into_iter().map(one).collect()
}

/// Prints the file as the environment says, with every question to the terminal off.
pub(crate) fn print(path: &str) {
    #[expect(clippy::disallowed_methods, reason = "the variable is this bench's own")]
    let how = std::env::var(HOW).expect("the parent says how");
    let picture = image::open(path).expect("a picture can be read");
    let config = viuer::Config {
        absolute_offset: false,
        width: Some(picture.width().div_ceil(crate::CELL.0.into())),
        height: Some(picture.height().div_ceil(crate::CELL.1.into())),
        truecolor: how.ends_with("24-bit"),
        use_kitty: false,
        use_iterm: how == "iterm",
        ..viuer::Config::default()
    };
    viuer::print(&picture, &config).expect("a picture can be printed");
}

/// The file in the inline image among `bytes`.
fn file(bytes: &[u8]) -> RgbImage {
    let text = String::from_utf8_lossy(bytes);
    let (_, payload) = text
        .split_once("\x1b]1337;File=")
        .and_then(|(_, file)| file.split_once(':'))
        .expect("an inline image");
    let end = payload.find(['\x07', '\x1b']).expect("its end");
    let file = STANDARD.decode(&payload[..end]).expect("base64");
    image::load_from_memory(&file).expect("a picture").into_rgb8()
}

fn sixel(bytes: &[u8], ideal: &RgbImage) -> RgbImage {
    let begin = bytes.windows(2).position(|two| two == b"\x1bP").expect("sixel");
    let length = bytes[begin..].windows(2).position(|two| two == b"\x1b\\").expect("its end");
    let picture = SixelImage::decode(&bytes[begin..begin + length + 2]).expect("sixel");
    RgbImage::from_fn(ideal.width(), ideal.height(), |x, y| {
        let place = (y as usize * picture.width + x as usize) * 4;
        image::Rgb(
            [0, 1, 2]
                .map(|channel| picture.pixels.get(place + channel).copied().unwrap_or_default()),
        )
    })
}

/// What is seen of half blocks that begin in the corner of the pane.
fn blocks(bytes: &[u8], ideal: &RgbImage, pane: (u16, u16), cell: (u16, u16)) -> RgbImage {
    let shown = cells::shown(bytes, pane, cell);
    image::imageops::crop_imm(&shown, 0, 0, ideal.width(), ideal.height()).to_image()
}
