//! Figures of people and of what is like them.
//!
//! Owns outlines, in units where 100 is the height of the picture's figure and the
//! ground is at 0. Must never hold code.

use super::super::words::Place::{City, Hills, Meadow, Mountains, Sea, Space};
use super::{Figure, Stand, glow, lamp, own, tone};

/// The figures.
pub(super) const FIGURES: &[Figure] = &[
    Figure {
        name: "person",
        colour: 0xB8_3A_34,
        size: 0.30,
        stand: Stand::Ground,
        home: &[Hills, Meadow, Mountains, Sea],
        parts: &[
            own(0x2C_2E_3C, "T 9 6 -4 -42 -7 -20 -8 0 T 9 6 5 -42 8 -22 13 0"),
            own(0x24_1E_1E, "E -10 -1 6 2.6 E 11 -1 6 2.6"),
            tone(0.72, "T 7 5 8 -74 16 -58 14 -44"),
            tone(
                1.0,
                "M -10 -76 C -4 -81 6 -81 11 -76 C 14 -62 16 -46 20 -30 C 8 -25 -8 -25 -16 -30 C -14 -46 -13 -62 -10 -76",
            ),
            tone(0.85, "T 7 5 -8 -74 -15 -58 -12 -44"),
            own(0xE8_BC_96, "E -12 -42 3 3.2 E 14 -42 3 3.2 M -3 -86 4 -86 4 -76 -3 -76"),
            own(0xE8_BC_96, "E 0 -90 7.4 8.6"),
            own(0x40_2C_24, "S -8 -92 -7 -100 1 -103 9 -99 11 -88 8 -80 4 -86 4 -95 -4 -96"),
            tone(
                1.25,
                "M -11 -80 C -4 -76 6 -76 12 -80 L 12 -75 C 6 -72 -4 -72 -11 -75 M 8 -78 26 -70 30 -60 22 -64 6 -72",
            ),
        ],
    },
    Figure {
        name: "astronaut",
        colour: 0xEC_EC_F0,
        size: 0.40,
        stand: Stand::Sky,
        home: &[Space],
        parts: &[
            tone(0.6, "M -20 -78 22 -78 22 -38 -20 -38"),
            tone(
                0.88,
                "T 15 13 -8 -38 -14 -20 -10 -2 T 15 13 8 -38 14 -22 22 -6 T 14 11 -14 -66 -34 -58 -42 -74 T 14 11 14 -66 32 -52 40 -38",
            ),
            own(0x50_54_60, "E -11 0 10 6 E 24 -4 10 6 E -43 -77 6.4 7 E 42 -35 6.4 7"),
            tone(1.0, "S -18 -34 -20 -60 -12 -74 12 -74 20 -60 18 -34 0 -28"),
            tone(1.02, "E 0 -88 20 19"),
            own(0x24_2C_48, "S -14 -88 -10 -98 4 -100 14 -94 14 -84 4 -77 -8 -78"),
            own(0xE8_A8_48, "S -11 -90 -8 -97 2 -98 -2 -92 -8 -87"),
            own(0xC8_38_38, "M -8 -60 8 -60 8 -48 -8 -48 M -41 -64 -29 -70 -27 -66 -39 -60"),
            lamp(0x60_E0_A0, "E -4 -56 1.8 1.8 E 4 -56 1.8 1.8"),
        ],
    },
    Figure {
        name: "robot",
        colour: 0x7C_9C_AC,
        size: 0.40,
        stand: Stand::Ground,
        home: &[City, Meadow],
        parts: &[
            tone(
                0.7,
                "M -14 -30 -16 -4 -6 -4 -5 -30 M 14 -30 16 -4 6 -4 5 -30 T 7 6 -22 -62 -34 -46 -32 -28 T 7 6 22 -62 34 -46 32 -28",
            ),
            own(
                0x4A_50_5C,
                "M -22 1 -19 -6 -4 -6 -3 1 M 22 1 19 -6 4 -6 3 1 E -32 -25 6 6 E 32 -25 6 6 E -23 -62 6 6 E 23 -62 6 6",
            ),
            tone(1.0, "M -22 -28 -23 -66 -18 -70 18 -70 23 -66 22 -28"),
            tone(1.18, "M -18 -30 -19 -62 -8 -66 -8 -30"),
            own(0x2C_34_40, "M -12 -40 -12 -58 12 -58 12 -40 M -5 -76 5 -76 5 -69 -5 -69"),
            lamp(0xF0_60_50, "E -6 -52 3 3"),
            lamp(0x60_E0_A0, "E 3 -52 3 3 M -9 -46 9 -46 9 -43 -9 -43"),
            tone(1.08, "M -19 -76 -20 -98 -15 -102 15 -102 20 -98 19 -76"),
            own(0x2C_34_40, "M -15 -82 -15 -96 15 -96 15 -82"),
            lamp(0x70_F0_F8, "E -7 -89 4.4 4.6 E 7 -89 4.4 4.6"),
            own(
                0x4A_50_5C,
                "M -0.8 -102 -0.8 -112 0.8 -112 0.8 -102 M -23 -94 -20 -94 -20 -84 -23 -84 M 23 -94 20 -94 20 -84 23 -84",
            ),
            lamp(0xF0_60_50, "E 0 -114 3 3"),
            glow(0x70_F0_F8, 0.0, -89.0, 34.0),
        ],
    },
];
