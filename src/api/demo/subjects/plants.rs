//! Figures of what grows.
//!
//! Owns outlines, in units where 100 is about the height of the figure and the ground
//! is at 0. Must never hold code.

use super::super::words::Place::{Desert, Forest, Hills, Meadow, Mountains, Sea, Snowfield};
use super::{Figure, Stand, own, tone};

/// The crown of a broad tree: clumps from the shaded to the lit.
const CROWN: [&str; 3] = [
    "E -34 -52 22 17 E 32 -50 24 17 E 0 -60 34 24 E -20 -76 24 18 E 24 -76 24 18",
    "E -36 -58 18 13 E -8 -66 24 17 E 28 -58 19 14 E -18 -82 20 14 E 16 -84 21 14 E 40 -66 12 10",
    "E -40 -64 11 8 E -16 -74 14 9 E 10 -88 15 9 E 26 -66 12 8 E -24 -90 11 7 E 32 -84 9 6",
];

/// The figures.
pub(super) const FIGURES: &[Figure] = &[
    Figure {
        name: "tree",
        colour: 0x4E863C,
        size: 0.52,
        stand: Stand::Ground,
        home: &[Hills, Meadow],
        parts: &[
            own(0x5A4234, "M -12 2 C -6 -6 -6 -26 -5 -44 L 5 -44 C 6 -26 7 -8 14 2"),
            own(
                0x5A4234,
                "T 6 2 0 -34 -14 -48 -28 -56 T 6 2 1 -38 14 -50 28 -58 T 6 2 0 -40 -4 -56 0 -70",
            ),
            tone(0.62, CROWN[0]),
            tone(0.92, CROWN[1]),
            tone(1.22, CROWN[2]),
        ],
    },
    Figure {
        name: "blossom",
        colour: 0xF0A4C0,
        size: 0.52,
        stand: Stand::Ground,
        home: &[Meadow, Hills],
        parts: &[
            own(0x4A3634, "M -11 2 C -4 -8 -10 -26 2 -44 L 10 -44 C 0 -26 6 -8 12 2"),
            own(
                0x4A3634,
                "T 6 2 4 -36 -14 -46 -34 -54 T 6 2 5 -40 20 -50 36 -58 T 5 2 5 -42 2 -60 6 -76",
            ),
            tone(0.78, CROWN[0]),
            tone(0.98, CROWN[1]),
            tone(1.14, CROWN[2]),
        ],
    },
    Figure {
        name: "pine",
        colour: 0x2E6044,
        size: 0.54,
        stand: Stand::Ground,
        home: &[Mountains, Snowfield, Forest],
        parts: &[
            own(0x543C30, "M -4 2 -3 -16 3 -16 4 2"),
            tone(
                0.7,
                "M -34 -10 C -20 -16 -10 -26 -6 -34 L 6 -34 C 10 -26 20 -16 34 -10 C 20 -6 -20 -6 -34 -10",
            ),
            tone(
                0.82,
                "M -28 -30 C -16 -36 -8 -46 -5 -54 L 5 -54 C 8 -46 16 -36 28 -30 C 16 -26 -16 -26 -28 -30",
            ),
            tone(
                0.94,
                "M -21 -50 C -12 -56 -6 -64 -4 -72 L 4 -72 C 6 -64 12 -56 21 -50 C 12 -46 -12 -46 -21 -50",
            ),
            tone(
                1.06,
                "M -14 -69 C -8 -74 -3 -88 0 -102 C 3 -88 8 -74 14 -69 C 8 -66 -8 -66 -14 -69",
            ),
        ],
    },
    Figure {
        name: "palm",
        colour: 0x3E8A48,
        size: 0.54,
        stand: Stand::Ground,
        home: &[Sea],
        parts: &[
            own(0x8A6648, "T 8 4 -10 2 -8 -30 0 -60 12 -82"),
            tone(0.7, "T 9 1 12 -82 -10 -84 -30 -66 T 9 1 12 -82 34 -82 50 -62"),
            tone(
                0.95,
                "T 10 1 12 -82 -8 -98 -36 -88 T 10 1 12 -82 34 -100 58 -86 T 9 1 12 -82 16 -66 28 -50",
            ),
            tone(
                1.15,
                "T 9 1 12 -82 6 -104 -14 -110 T 9 1 12 -82 24 -104 42 -108 T 9 1 12 -82 2 -68 -10 -52",
            ),
            own(0x6A4028, "E 9 -78 3.4 3.6 E 15 -77 3.4 3.6 E 12 -74 3 3.2"),
        ],
    },
    Figure {
        name: "cactus",
        colour: 0x48844A,
        size: 0.40,
        stand: Stand::Ground,
        home: &[Desert],
        parts: &[
            tone(
                0.85,
                "T 12 12 -30 -58 -30 -42 -26 -34 -8 -32 T 12 12 30 -72 30 -52 26 -46 8 -44 E -30 -58 6 6 E 30 -72 6 6",
            ),
            tone(1.0, "M -10 2 -10 -88 C -10 -104 10 -104 10 -88 L 10 2"),
            tone(0.72, "M -4 2 -4 -92 -2.6 -92 -2.6 2 M 3 2 3 -92 4.4 -92 4.4 2"),
            own(0xF06C9C, "E 0 -100 5 3.4 E -30 -64 3.6 2.6"),
        ],
    },
    Figure {
        name: "flower",
        colour: 0xE04038,
        size: 0.40,
        stand: Stand::Ground,
        home: &[Meadow],
        parts: &[
            own(
                0x4A8A3C,
                "T 3.4 2.4 0 2 3 -30 0 -70 M 1 -24 C 10 -46 26 -44 34 -52 C 32 -34 20 -22 1 -20 M 0 -12 C -12 -30 -26 -30 -34 -36 C -32 -20 -18 -8 0 -8",
            ),
            tone(
                0.86,
                "E -17 -88 14 11 E 17 -88 14 11 E 0 -96 11 14 E -10 -64 12 13 E 10 -64 12 13",
            ),
            tone(1.08, "E -15 -78 13 11 E 15 -78 13 11 E 0 -92 10 11 E 0 -66 10 10"),
            own(0xF4C038, "E 0 -79 9.5 9"),
            own(0xA86C20, "E 0 -78 5 4.6"),
        ],
    },
    Figure {
        name: "tulip",
        colour: 0xD83450,
        size: 0.40,
        stand: Stand::Ground,
        home: &[Meadow],
        parts: &[
            own(
                0x4A8A44,
                "T 3.4 2.8 0 2 -1 -30 0 -62 M 1 0 C 8 -24 22 -40 36 -56 C 34 -30 20 -8 1 4 M -1 0 C -8 -20 -20 -32 -32 -42 C -30 -22 -18 -4 -1 4",
            ),
            tone(
                0.74,
                "M -16 -92 C -12 -74 -6 -62 0 -60 C 6 -62 12 -74 16 -92 C 10 -92 6 -86 0 -102 C -6 -86 -10 -92 -16 -92",
            ),
            tone(
                1.0,
                "M -18 -96 C -24 -72 -16 -58 0 -58 C 16 -58 24 -72 18 -96 C 12 -88 6 -80 0 -70 C -6 -80 -12 -88 -18 -96",
            ),
            tone(1.2, "M -15 -84 C -18 -72 -12 -62 -4 -60 C -10 -68 -13 -76 -15 -84"),
        ],
    },
    Figure {
        name: "sunflower",
        colour: 0xF4BC28,
        size: 0.46,
        stand: Stand::Ground,
        home: &[Meadow],
        parts: &[
            own(
                0x4E8638,
                "T 4 3 0 2 -3 -34 0 -74 M -1 -26 C 12 -46 28 -44 38 -46 C 34 -28 18 -18 -1 -20 M -2 -14 C -14 -36 -30 -36 -40 -34 C -34 -18 -18 -8 -2 -8",
            ),
            tone(
                0.84,
                "M -32 -79 -22 -85 -28 -97 -16 -93 -14 -106 -5 -97 0 -109 5 -97 14 -106 16 -93 28 -97 22 -85 32 -79 22 -73 28 -61 16 -65 14 -52 5 -61 0 -49 -5 -61 -14 -52 -16 -65 -28 -61 -22 -73",
            ),
            tone(
                1.08,
                "M -27 -91 -17 -88 -20 -103 -10 -94 -6 -107 0 -95 6 -107 10 -94 20 -103 17 -88 27 -91 20 -80 29 -70 17 -70 20 -55 9 -63 6 -51 0 -62 -6 -51 -9 -63 -20 -55 -17 -70 -29 -70 -20 -80",
            ),
            own(0x5A341C, "E 0 -79 14 14"),
            own(0x7E5028, "E -1 -80 9 9"),
        ],
    },
    Figure {
        name: "mushroom",
        colour: 0xCC322A,
        size: 0.34,
        stand: Stand::Ground,
        home: &[Forest],
        parts: &[
            own(0xF0E6D2, "M -12 2 C -18 -2 -8 -24 -10 -48 L 10 -48 C 8 -24 18 -2 12 2"),
            own(0xD8C8AC, "M -16 -38 C -8 -32 8 -32 16 -38 L 11 -46 -11 -46"),
            own(0xE8D8C0, "E 0 -47 42 9"),
            tone(
                1.0,
                "M -50 -46 C -50 -78 -26 -98 0 -98 C 26 -98 50 -78 50 -46 C 30 -56 -30 -56 -50 -46",
            ),
            own(
                0xF8F2E6,
                "E -24 -70 8 6.5 E 4 -84 9 6.5 E 28 -66 7.5 6.5 E -2 -62 6 4.6 E -38 -57 4.5 4 E 18 -92 4 2.6",
            ),
        ],
    },
];
