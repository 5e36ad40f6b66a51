//! What a terminal makes of picture bytes: a screen that understands kitty's protocol,
//! iTerm2's inline images and sixel, and is strict. Anything else than these, cursor
//! moves and text panics. The bench `wire` looks at what it sends through this too.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use icy_sixel::SixelImage;
use image::RgbImage;

/// A picture on the screen, in cells from its corner.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    /// Kitty's number, where it has one.
    pub(crate) id: Option<u32>,
    pub(crate) column: u16,
    pub(crate) row: u16,
    pub(crate) columns: u16,
    pub(crate) rows: u16,
    pub(crate) pixels: RgbImage,
}

/// A terminal's view of the bytes it was sent.
#[derive(Debug)]
pub(crate) struct Screen {
    cell: (u16, u16),
    cursor: (u16, u16),
    saved: (u16, u16),
    open: Option<(u32, String)>,
    /// Pictures that are held by number, seen or not.
    pub(crate) held: BTreeMap<u32, RgbImage>,
    /// The cells that numbers fill where text says so.
    pub(crate) by_text: BTreeMap<u32, (u16, u16)>,
    /// What is seen, in the order it came.
    pub(crate) placed: Vec<Placed>,
    /// What came between sequences.
    pub(crate) text: String,
}

impl Screen {
    /// An empty one with cells of `cell` pixels.
    pub(crate) fn new(cell: (u16, u16)) -> Self {
        Self {
            cell,
            cursor: (0, 0),
            saved: (0, 0),
            open: None,
            held: BTreeMap::new(),
            by_text: BTreeMap::new(),
            placed: Vec::new(),
            text: String::new(),
        }
    }

    /// Where the cursor is, column and row from 0.
    pub(crate) fn cursor(&self) -> (u16, u16) {
        self.cursor
    }

    /// Whether a transmission was begun and not ended.
    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Takes whole sequences and text.
    pub(crate) fn feed(&mut self, mut bytes: &[u8]) {
        while let Some((&first, rest)) = bytes.split_first() {
            bytes = match (first, rest.first()) {
                (0x1b, Some(b'_')) => self.string(&rest[1..], Self::kitty),
                (0x1b, Some(b'P')) => self.string(&rest[1..], Self::sixel),
                (0x1b, Some(b']')) => self.string(&rest[1..], Self::iterm),
                (0x1b, Some(b'[')) => self.csi(&rest[1..]),
                (0x1b, Some(b'7')) => {
                    self.saved = self.cursor;
                    &rest[1..]
                }
                (0x1b, Some(b'8')) => {
                    self.cursor = self.saved;
                    &rest[1..]
                }
                // A terminator with nothing to end, and CAN outside a sequence.
                (0x1b, Some(b'\\')) => &rest[1..],
                (0x18, _) => rest,
                (0x1b, other) => panic!("an escape before {other:?}"),
                (b'\n', _) => {
                    self.cursor.1 += 1;
                    rest
                }
                (b'\r', _) => {
                    self.cursor.0 = 0;
                    rest
                }
                _ => {
                    self.text.push(char::from(first));
                    rest
                }
            };
        }
    }

    /// Hands what stands before the terminator to `read`; returns what follows it.
    fn string<'a>(&mut self, bytes: &'a [u8], read: fn(&mut Self, &[u8])) -> &'a [u8] {
        let end = bytes
            .iter()
            .position(|byte| [0x07, 0x18, 0x1b].contains(byte))
            .expect("a sequence is whole");
        match bytes[end] {
            0x18 => return &bytes[end + 1..],
            0x1b => assert_eq!(bytes.get(end + 1), Some(&b'\\'), "an escape inside a sequence"),
            _ => {}
        }
        read(self, &bytes[..end]);
        &bytes[end + if bytes[end] == 0x1b { 2 } else { 1 }..]
    }

    fn csi<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let end = bytes.iter().position(u8::is_ascii_alphabetic).expect("a sequence is whole");
        let numbers: Vec<u16> = std::str::from_utf8(&bytes[..end])
            .expect("numbers")
            .split(';')
            .filter_map(|number| number.parse().ok())
            .collect();
        let count = numbers.first().copied().unwrap_or(1);
        match bytes[end] {
            b'H' => self.cursor = (numbers[1] - 1, numbers[0] - 1),
            b'A' => self.cursor.1 -= count,
            b'B' => self.cursor.1 += count,
            other => panic!("a sequence ends with {:?}", char::from(other)),
        }
        &bytes[end + 1..]
    }

    fn kitty(&mut self, bytes: &[u8]) {
        let text = std::str::from_utf8(bytes).expect("kitty's commands are ASCII");
        let text = text.strip_prefix('G').expect("only graphics are sent");
        let (control, payload) = text.split_once(';').unwrap_or((text, ""));
        let keys: BTreeMap<&str, &str> =
            control.split(',').map(|pair| pair.split_once('=').expect("key=value")).collect();
        assert_eq!(keys.get("q"), Some(&"2"), "the terminal would answer {control}");
        let number = |key: &str| keys.get(key).map(|value| value.parse::<u32>().expect("a number"));
        match keys.get("a").copied() {
            None | Some("t") => self.transmit(&keys, number("i"), payload),
            Some("p") if keys.contains_key("U") => {
                let id = number("i").expect("a placement names a picture");
                assert!(self.held.contains_key(&id), "only what is held is placed");
                let cells = |key| number(key).expect("a size in cells") as u16;
                self.by_text.insert(id, (cells("c"), cells("r")));
            }
            Some("p") => {
                assert!(self.open.is_none(), "another command inside a transmission");
                assert_eq!(keys.get("C"), Some(&"1"), "the cursor would move");
                let id = number("i").expect("a placement names a picture");
                let cells = |key| number(key).expect("a size in cells") as u16;
                let pixels = self.held.get(&id).expect("only what is held is placed").clone();
                self.placed.retain(|placed| placed.id != Some(id));
                self.put(Some(id), (cells("c"), cells("r")), pixels);
            }
            Some("d") => {
                assert!(self.open.is_none(), "another command inside a transmission");
                let id = number("i").expect("only by number");
                self.placed.retain(|placed| placed.id != Some(id));
                if keys["d"] == "I" {
                    // As kitty 0.26 does: whatever is shown nowhere is forgotten with it.
                    let placed = &self.placed;
                    self.held.retain(|held, _| {
                        *held != id && placed.iter().any(|placed| placed.id == Some(*held))
                    });
                }
            }
            Some(other) => panic!("an unknown action {other}"),
        }
    }

    fn transmit(&mut self, keys: &BTreeMap<&str, &str>, id: Option<u32>, payload: &str) {
        let mut open = match self.open.take() {
            Some(open) => {
                assert!(keys.keys().all(|key| ["q", "m"].contains(key)), "a chunk says {keys:?}");
                open
            }
            // The end of a transmission that was ended already.
            None if id.is_none() && payload.is_empty() => return,
            None => {
                assert_eq!(keys.get("f"), Some(&"100"), "PNG is all that is sent");
                (id.expect("a transmission has a number"), String::new())
            }
        };
        assert!(payload.len() <= 4096, "a chunk of {}", payload.len());
        open.1.push_str(payload);
        // What had the number before is gone, wherever it was shown.
        self.held.remove(&open.0);
        self.placed.retain(|placed| placed.id != Some(open.0));
        if keys.get("m") == Some(&"1") {
            assert_eq!(payload.len() % 4, 0, "base64 is cut within a group");
            self.open = Some(open);
        } else if let Ok(file) = STANDARD.decode(&open.1)
            && let Ok(picture) = image::load_from_memory_with_format(&file, image::ImageFormat::Png)
        {
            self.held.insert(open.0, picture.into_rgb8());
        }
    }

    fn iterm(&mut self, bytes: &[u8]) {
        let text = std::str::from_utf8(bytes).expect("iTerm2's command is ASCII");
        let text = text.strip_prefix("1337;File=").expect("only files are sent");
        let (arguments, payload) = text.split_once(':').expect("arguments end with a colon");
        let keys: BTreeMap<&str, &str> =
            arguments.split(';').map(|pair| pair.split_once('=').expect("key=value")).collect();
        assert_eq!((keys["inline"], keys["preserveAspectRatio"]), ("1", "0"));
        let file = STANDARD.decode(payload).expect("base64");
        assert_eq!(keys["size"], file.len().to_string());
        let picture = image::load_from_memory(&file).expect("a picture").into_rgb8();
        let cells = |key: &str| keys[key].parse().expect("a size in cells");
        self.put(None, (cells("width"), cells("height")), picture);
        if !keys.contains_key("doNotMoveCursor") {
            self.cursor.1 += cells("height") - 1;
        }
    }

    fn sixel(&mut self, bytes: &[u8]) {
        let whole = [b"\x1bP", bytes, b"\x1b\\"].concat();
        let picture = SixelImage::decode(&whole).expect("sixel");
        let (width, height) = (picture.width as u32, picture.height as u32);
        // A last row of six may reach below the raster; nothing is drawn there.
        let declared = std::str::from_utf8(bytes).expect("sixel is ASCII");
        let raster = declared.split_once('"').expect("a raster").1;
        let raster = raster.split_once('#').expect("a palette").0.rsplit(';').next();
        let raster: u32 = raster.and_then(|down| down.parse().ok()).expect("a height");
        let rgb: Vec<u8> = picture
            .pixels
            .chunks_exact(4)
            .take((width * raster.min(height)) as usize)
            .flat_map(|rgba| [rgba[0], rgba[1], rgba[2]])
            .collect();
        let pixels = RgbImage::from_raw(width, raster, rgb).expect("as many as the raster says");
        let cells = (width.div_ceil(self.cell.0.into()), raster.div_ceil(self.cell.1.into()));
        self.put(None, (cells.0 as u16, cells.1 as u16), pixels);
        self.cursor.1 += cells.1 as u16;
    }

    fn put(&mut self, id: Option<u32>, (columns, rows): (u16, u16), pixels: RgbImage) {
        let (column, row) = self.cursor;
        self.placed.push(Placed { id, column, row, columns, rows, pixels });
    }
}
