//! What a terminal makes of picture bytes: a screen that understands kitty's protocol,
//! iTerm2's inline images and sixel, and is strict: fed by itself, it panics at anything
//! else than these, cursor moves and text. The emulator hands it single commands, and is
//! told what is wrong with them. The bench `wire` looks at what it sends through this too.

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
    /// Kitty's number for this place of it; 0 is for a place of its own each time.
    pub(crate) place: u32,
    /// What has a lower one lies below.
    pub(crate) layer: i32,
    pub(crate) column: u16,
    pub(crate) row: u16,
    pub(crate) columns: u16,
    pub(crate) rows: u16,
    pub(crate) pixels: RgbImage,
}

/// Why a command is refused.
pub(crate) type Refused = String;

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

    /// Has the next picture appear at this column and row, from 0.
    pub(crate) fn set_cursor(&mut self, cursor: (u16, u16)) {
        self.cursor = cursor;
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
    fn string<'a>(
        &mut self,
        bytes: &'a [u8],
        read: fn(&mut Self, &[u8]) -> Result<(), Refused>,
    ) -> &'a [u8] {
        let end = bytes
            .iter()
            .position(|byte| [0x07, 0x18, 0x1b].contains(byte))
            .expect("a sequence is whole");
        match bytes[end] {
            0x18 => return &bytes[end + 1..],
            0x1b => assert_eq!(bytes.get(end + 1), Some(&b'\\'), "an escape inside a sequence"),
            _ => {}
        }
        read(self, &bytes[..end]).unwrap_or_else(|why| panic!("{why}"));
        &bytes[end + if bytes[end] == 0x1b { 2 } else { 1 }..]
    }

    fn csi<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let end = bytes.iter().position(u8::is_ascii_alphabetic).expect("a sequence is whole");
        if let b"?25l" | b"?25h" = &bytes[..=end] {
            return &bytes[end + 1..];
        }
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

    /// Takes a command of kitty's protocol, without what stands around it.
    pub(crate) fn kitty(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        let text = std::str::from_utf8(bytes).map_err(|_| "kitty's commands are ASCII")?;
        let text = text.strip_prefix('G').ok_or("only graphics are sent")?;
        let (control, payload) = text.split_once(';').unwrap_or((text, ""));
        let keys = pairs(control, ',')?;
        check(keys.get("q") == Some(&"2"), || format!("the terminal would answer {control}"))?;
        let id = number(&keys, "i");
        let action = keys.get("a").copied();
        check(self.open.is_none() || action.is_none(), || {
            format!("another command inside a transmission: {control}")
        })?;
        match action {
            None | Some("t") => self.transmit(&keys, id.ok(), payload),
            Some("p") => {
                let id = id?;
                let pixels = self.held.get(&id).ok_or_else(|| format!("{id} is not held"))?.clone();
                let cells = (number(&keys, "c")? as u16, number(&keys, "r")? as u16);
                if keys.contains_key("U") {
                    self.by_text.insert(id, cells);
                    return Ok(());
                }
                check(keys.get("C") == Some(&"1"), || "the cursor would move".to_owned())?;
                let place = number(&keys, "p").unwrap_or(0);
                let layer = keys.get("z").and_then(|layer| layer.parse().ok()).unwrap_or(0);
                self.placed.retain(|it| place == 0 || (it.id, it.place) != (Some(id), place));
                self.put(Some(id), cells, pixels);
                let placed = self.placed.last_mut().expect("it was put there");
                (placed.place, placed.layer) = (place, layer);
                Ok(())
            }
            Some("d") => {
                let id = id?;
                self.placed.retain(|placed| placed.id != Some(id));
                self.by_text.remove(&id);
                if keys.get("d") == Some(&"I") {
                    // As kitty 0.26 does: whatever is shown nowhere is forgotten with it.
                    let (placed, by_text) = (&self.placed, &self.by_text);
                    self.held.retain(|held, _| {
                        let is_placed = placed.iter().any(|placed| placed.id == Some(*held));
                        *held != id && (is_placed || by_text.contains_key(held))
                    });
                }
                Ok(())
            }
            Some(other) => Err(format!("an unknown action {other}")),
        }
    }

    fn transmit(
        &mut self,
        keys: &BTreeMap<&str, &str>,
        id: Option<u32>,
        payload: &str,
    ) -> Result<(), Refused> {
        let mut open = match self.open.take() {
            Some(open) => {
                check(keys.keys().all(|key| ["q", "m"].contains(key)), || {
                    format!("a chunk says {keys:?}")
                })?;
                open
            }
            // The end of a transmission that was ended already.
            None if id.is_none() && payload.is_empty() => return Ok(()),
            None => {
                check(keys.get("f") == Some(&"100"), || "PNG is all that is sent".to_owned())?;
                (id.ok_or("a transmission has a number")?, String::new())
            }
        };
        check(payload.len() <= 4096, || format!("a chunk of {}", payload.len()))?;
        open.1.push_str(payload);
        // What had the number before is gone, wherever it was shown.
        self.held.remove(&open.0);
        self.placed.retain(|placed| placed.id != Some(open.0));
        if keys.get("m") == Some(&"1") {
            check(payload.len().is_multiple_of(4), || "base64 is cut within a group".to_owned())?;
            self.open = Some(open);
        } else if let Ok(file) = STANDARD.decode(&open.1)
            && let Ok(picture) = image::load_from_memory_with_format(&file, image::ImageFormat::Png)
        {
            self.held.insert(open.0, picture.into_rgb8());
        }
        Ok(())
    }

    /// Takes a command of iTerm2, without what stands around it.
    pub(crate) fn iterm(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        let text = std::str::from_utf8(bytes).map_err(|_| "iTerm2's command is ASCII")?;
        let text = text.strip_prefix("1337;File=").ok_or("only files are sent")?;
        let (arguments, payload) = text.split_once(':').ok_or("arguments end with a colon")?;
        let keys = pairs(arguments, ';')?;
        let shown = (keys.get("inline"), keys.get("preserveAspectRatio"));
        check(shown == (Some(&"1"), Some(&"0")), || format!("it is not shown so: {arguments}"))?;
        let file = STANDARD.decode(payload).map_err(|why| format!("no base64: {why}"))?;
        check(number(&keys, "size")? as usize == file.len(), || "another size".to_owned())?;
        let picture = image::load_from_memory(&file).map_err(|why| format!("no picture: {why}"))?;
        let cells = (number(&keys, "width")? as u16, number(&keys, "height")? as u16);
        self.put(None, cells, picture.into_rgb8());
        if !keys.contains_key("doNotMoveCursor") {
            self.cursor.1 += cells.1 - 1;
        }
        Ok(())
    }

    /// Takes a picture of sixels, without what stands around it.
    pub(crate) fn sixel(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        let whole = [b"\x1bP", bytes, b"\x1b\\"].concat();
        let picture = SixelImage::decode(&whole).map_err(|why| format!("no sixel: {why}"))?;
        let (width, height) = (picture.width as u32, picture.height as u32);
        // A last row of six may reach below the raster; nothing is drawn there.
        let declared = std::str::from_utf8(bytes).map_err(|_| "sixel is ASCII")?;
        let raster = declared.split_once('"').ok_or("sixel without a raster")?.1;
        let raster = raster.split_once('#').ok_or("sixel without a palette")?.0;
        let raster = raster.rsplit(';').next().and_then(|down| down.parse::<u32>().ok());
        let raster = raster.ok_or("the raster has no height")?;
        let rgb: Vec<u8> = picture
            .pixels
            .chunks_exact(4)
            .take((width * raster.min(height)) as usize)
            .flat_map(|rgba| [rgba[0], rgba[1], rgba[2]])
            .collect();
        let pixels = RgbImage::from_raw(width, raster, rgb).ok_or("less than its raster says")?;
        let cells = (width.div_ceil(self.cell.0.into()), raster.div_ceil(self.cell.1.into()));
        self.put(None, (cells.0 as u16, cells.1 as u16), pixels);
        self.cursor.1 += cells.1 as u16;
        Ok(())
    }

    fn put(&mut self, id: Option<u32>, (columns, rows): (u16, u16), pixels: RgbImage) {
        let (column, row) = self.cursor;
        self.placed.push(Placed { id, place: 0, layer: 0, column, row, columns, rows, pixels });
    }
}

fn check(holds: bool, why: impl FnOnce() -> Refused) -> Result<(), Refused> {
    if holds { Ok(()) } else { Err(why()) }
}

fn pairs(text: &str, separator: char) -> Result<BTreeMap<&str, &str>, Refused> {
    let pair = |pair: &'_ str| pair.split_once('=').map(|_| ()).ok_or("pairs are key=value");
    text.split(separator).try_for_each(pair)?;
    Ok(text.split(separator).filter_map(|pair| pair.split_once('=')).collect())
}

fn number(keys: &BTreeMap<&str, &str>, key: &str) -> Result<u32, Refused> {
    let value = keys.get(key).and_then(|value| value.parse().ok());
    value.ok_or_else(|| format!("no number {key} in {keys:?}"))
}
