//! What a picture costs on the wire, and what is seen of it: each driver in a pane of
//! 60 × 30 cells of 10 × 20 pixels, beside viuer and ratatui-image. Files given as
//! arguments are measured too. What was sent is decoded again by real decoders and
//! compared with the best that the pane could show.

#![expect(clippy::print_stdout, reason = "figures are what a bench is for")]

#[path = "../tests/it/graphics/protocols.rs"]
#[expect(dead_code, reason = "the tests look at more of the screen than the bench does")]
mod protocols;

#[path = "wire/cells.rs"]
mod cells;
#[path = "wire/pictures.rs"]
mod pictures;
#[path = "wire/rivals.rs"]
mod rivals;
#[path = "wire/ssim.rs"]
mod ssim;

use std::time::Instant;

use image::RgbImage;
use image::imageops::{self, FilterType};
use pentimento::graphics::drivers::{Extent, Ids, Plate, Protocol, Strip};
use pentimento::graphics::{Blocks, CellSize, ColorDepth, Pixels};
use protocols::Screen;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The pane, in cells.
const PANE: (u16, u16) = (60, 30);

/// Its cells, in pixels.
const CELL: (u16, u16) = (10, 20);

/// How often each is encoded, for the median of the times.
const TIMES: usize = 7;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [kind, file] = &arguments[..]
        && kind == rivals::CHILD
    {
        return rivals::print(file);
    }
    let files = arguments.iter().filter(|argument| !argument.starts_with("--"));
    for (name, picture) in
        pictures::own().into_iter().chain(files.map(|file| {
            (file.clone(), image::open(file).expect("a picture can be read").into_rgb8())
        }))
    {
        measure(&name, &picture);
    }
}

fn measure(name: &str, source: &RgbImage) {
    let cell = CellSize::new(CELL.0, CELL.1).expect("no side is 0");
    let extent = Extent::within(PANE, source.dimensions(), cell).expect("the pane has cells");
    let full = (extent.columns() * CELL.0, extent.rows() * CELL.1);
    let ideal = imageops::resize(source, full.0.into(), full.1.into(), FilterType::Lanczos3);
    // As the decoder hands it over: within the pane, and no larger than the source.
    let given = if source.width() > ideal.width() { &ideal } else { source };
    let (width, height) = given.dimensions();
    let pixels = Pixels::new(width, height, source.dimensions(), given.as_raw().clone())
        .expect("three bytes for each pixel");
    let plate = Plate::new(&pixels, extent);
    println!(
        "\n{name}: {} × {}, {:?}, in {} × {} cells",
        source.width(),
        source.height(),
        plate.character(),
        extent.columns(),
        extent.rows()
    );
    for protocol in [Protocol::Kitty, Protocol::Iterm, Protocol::Sixel] {
        for &step in plate.steps(protocol) {
            let mut times = Vec::new();
            let mut strips = Vec::new();
            for _ in 0..TIMES {
                let begin = Instant::now();
                strips = Plate::new(&pixels, extent).strips(protocol, step, &Ids::new(7));
                times.push(begin.elapsed().as_secs_f64() * 1000.0);
            }
            let mut screen = Screen::new(CELL);
            for strip in &strips {
                strip.units().iter().for_each(|unit| screen.feed(unit));
                screen.feed(&strip.place_at(Position::ORIGIN));
            }
            let bytes = strips.iter().map(Strip::bytes).sum();
            let label = format!("{protocol:?} {step:?}").to_lowercase();
            row(&label, bytes, Some(&mut times), Some((&cells::compose(&screen, full), &ideal)));
        }
    }
    for (label, depth) in [("24-bit", ColorDepth::True), ("256", ColorDepth::Indexed256)] {
        let mut times = Vec::new();
        let mut bytes = Vec::new();
        for _ in 0..TIMES {
            let begin = Instant::now();
            let area = Rect::new(0, 0, PANE.0, PANE.1);
            let mut buffer = Buffer::empty(area);
            Blocks::new(&pixels, PANE, cell).paint(&mut buffer, area, depth);
            bytes = cells::written(&buffer);
            times.push(begin.elapsed().as_secs_f64() * 1000.0);
        }
        let shown = cells::shown(&bytes, PANE, CELL);
        let shown = cells::middle(&shown, full);
        row(
            &format!("blocks, {label} colours"),
            bytes.len(),
            Some(&mut times),
            Some((&shown, &ideal)),
        );
    }
    for rival in rivals::measure(&ideal, PANE, CELL) {
        let shown = rival.shown.as_ref().map(|shown| (shown, &ideal));
        row(&rival.name, rival.bytes, rival.times.map(Vec::from).as_mut(), shown);
    }
}

fn row(
    name: &str,
    bytes: usize,
    times: Option<&mut Vec<f64>>,
    shown: Option<(&RgbImage, &RgbImage)>,
) {
    let time = times.map_or_else(
        || "      –".to_owned(),
        |times| {
            times.sort_by(f64::total_cmp);
            format!("{:7.1}", times[times.len() / 2])
        },
    );
    let likeness = shown.map_or_else(
        || "raw".to_owned(),
        |(shown, ideal)| {
            format!("{:.3} / {:.1}", ssim::ssim(shown, ideal), ssim::psnr(shown, ideal))
        },
    );
    println!("  {name:34} {:8.1} KB {time} ms   {likeness}", bytes as f64 / 1000.0);
}
