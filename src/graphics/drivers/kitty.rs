//! The graphics protocol of kitty.
//!
//! Owns its commands and the numbers of pictures. Promises that the terminal never
//! answers (`q=2` in every command). Must never transmit by file or shared memory: the
//! terminal may be on another machine.
//!
//! Source: <https://sw.kovidgoyal.net/kitty/graphics-protocol/>.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::diacritics::DIACRITICS;
use crate::graphics::Rgb;

/// Bytes of base64 in a unit; with its command, also doubled escapes for tmux, it stays
/// within [`super::UNIT`]. A multiple of 4, as the protocol wants it.
const PAYLOAD: usize = 4000;

/// The most a number can be: three bytes, which a foreground colour can say.
const MOST: u32 = 0xff_ffff;

/// Numbers for pictures, none of them for two at a time before all 16 million were used.
/// Clones share them, so that threads which make pictures never use the same.
#[derive(Clone, Debug)]
pub struct Ids {
    last: Arc<AtomicU32>,
    /// Numbers that are free again.
    spare: Arc<Mutex<Vec<u32>>>,
}

impl Ids {
    /// Numbers from anywhere; a random `seed` keeps two programs on one terminal apart.
    pub fn new(seed: u32) -> Self {
        Self { last: Arc::new(AtomicU32::new(seed % MOST)), spare: Arc::default() }
    }

    /// Gives a number back whose picture is shown nowhere: another one is to take its place
    /// in the terminal. That is how one is forgotten while others are held: kitty (0.26)
    /// forgets all that is not shown where it is told to forget one.
    pub fn give_back(&self, id: u32) {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).push(id);
    }

    /// The next number, which is not 0.
    pub(super) fn take(&self) -> u32 {
        if let Some(id) = self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            return id;
        }
        let next = |last: u32| last % MOST + 1;
        let before =
            self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(next(last)));
        next(before.unwrap_or_else(|last| last))
    }
}

/// A PNG file as units that make the terminal hold it as number `id`, without showing it.
pub(super) fn units(id: u32, file: &[u8]) -> Vec<Vec<u8>> {
    let payload = STANDARD.encode(file);
    let mut chunks = payload.as_bytes().chunks(PAYLOAD).peekable();
    let mut command = format!("a=t,f=100,i={id},");
    let mut units = Vec::new();
    while let Some(chunk) = chunks.next() {
        let more = u8::from(chunks.peek().is_some());
        let mut unit = format!("\x1b_G{command}q=2,m={more};").into_bytes();
        unit.extend(chunk);
        unit.extend(b"\x1b\\");
        units.push(unit);
        command.clear();
    }
    units
}

/// Shows number `id` from the cursor on, over what has a lower `layer`. Another place of it
/// is left.
pub(super) fn place(id: u32, (columns, rows): (u16, u16), layer: u8) -> Vec<u8> {
    format!("\x1b_Ga=p,i={id},p=1,c={columns},r={rows},z={layer},C=1,q=2\x1b\\").into_bytes()
}

pub(super) fn place_by_text(id: u32, (columns, rows): (u16, u16)) -> Vec<u8> {
    format!("\x1b_Ga=p,U=1,i={id},c={columns},r={rows},q=2\x1b\\").into_bytes()
}

pub(super) fn placeholder(id: u32, column: u16, row: u16) -> Option<(String, Rgb)> {
    let [row, column] = [row, column].map(|place| DIACRITICS.get(usize::from(place)));
    let symbol = ['\u{10eeee}', *row?, *column?].iter().collect();
    let [_, colour @ ..] = id.to_be_bytes();
    Some((symbol, colour))
}

/// What takes number `id` off the screen; it can be placed again.
pub fn hide(id: u32) -> Vec<u8> {
    format!("\x1b_Ga=d,d=i,i={id},q=2\x1b\\").into_bytes()
}

/// What makes the terminal forget number `id`, and maybe whatever else it does not show.
pub fn free(id: u32) -> Vec<u8> {
    format!("\x1b_Ga=d,d=I,i={id},q=2\x1b\\").into_bytes()
}

/// What ends the transmission of number `id` between two of its units, so that nothing is
/// seen of it.
pub fn abort(id: u32) -> Vec<u8> {
    let mut bytes = b"\x1b_Gm=0,q=2;\x1b\\".to_vec();
    bytes.extend(hide(id));
    bytes
}
