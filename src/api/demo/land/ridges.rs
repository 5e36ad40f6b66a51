//! Lines of land one behind another: mountains, hills, dunes, islands, a volcano.
//!
//! Owns everything that is a skyline filled downwards, paler with distance. Must never
//! paint water or plants.

use super::super::colour::{Rgb, smooth};
use super::super::noise::Noise;
use super::super::words::{Season, Time};
use super::Easel;

/// Chains of mountains behind the horizon, `count` deep.
pub(super) fn mountains(easel: &mut Easel<'_>, count: usize) {
    let Easel { canvas, scene, light, stage } = easel;
    let mut dice = scene.dice("mountains");
    let peak = stage.wide - stage.focus;
    let octaves = scene.octaves(6);
    let mut tops: Vec<Vec<f32>> = Vec::new();
    for i in 0..count {
        let far = 1.0 - i as f32 / count as f32;
        let noise = dice.noise();
        let size = dice.range(0.9, 1.3);
        let (rise, lift) = match count {
            4.. => (0.52, 0.06),
            3 => (0.40, 0.03),
            _ => (0.20, 0.02),
        };
        let rise = rise * stage.horizon * (0.25 + 0.75 * far.powf(1.4)) * dice.range(0.85, 1.1);
        let base = stage.horizon + 0.01 - lift * far * stage.high;
        let bump = peak + dice.range(-0.1, 0.1) + (i as f32 * 2.4).sin() * 0.3 * stage.wide;
        let frequency = (1.4 + 0.9 * i as f32) * size / stage.span.max(0.3);
        tops.push(canvas.skyline(|x| {
            let crest = noise.ridged(x * frequency + 3.0, 0.5 + i as f32 * 7.0, octaves);
            let broad = 1.0 / (1.0 + ((x - bump) / (0.42 * stage.span)).powi(2));
            base - rise * (0.16 + 0.5 * crest + 0.42 * broad * (0.5 + crest))
        }));
    }
    let rock = scene.ground.unwrap_or_else(|| match scene.season {
        Season::Autumn => Rgb::hex(0x846654),
        _ => Rgb::hex(0x5E6C80),
    });
    let cold = scene.snowy();
    for i in 0..count {
        let far = 1.0 - (i as f32 + 0.6) / (count as f32 + 0.4);
        let relief = dice.noise();
        let snow_from = if cold { -0.1 } else { 0.30 };
        let own = rock.mix(Rgb::hex(0x3C5648), 0.75 * (1.0 - far) * f32::from(u8::from(!cold)));
        let top = &tops[i];
        let side = stage.towards_sun(peak);
        let cell = 9.0 / stage.span.max(0.3);
        let octaves = scene.octaves(5);
        canvas.below(top, tops.get(i + 1).map(Vec::as_slice), |x, y, depth| {
            // Spurs run down from the crest and lean apart as they fall.
            let sway = relief.fbm(x * cell * 0.45 + 60.0, y * cell * 0.45, 2) - 0.5;
            let (u, v) = (x * cell + (1.6 + 4.0 * depth) * sway, depth * cell * 0.8 + 9.0 * far);
            let here = relief.ridged(u, v, octaves);
            let there = relief.ridged(u + 0.14 * side, v - 0.03, octaves - 2);
            let face = smooth(-0.13, 0.15, here - there);
            let height = (stage.horizon - y) / stage.horizon;
            let snow = smooth(-0.012, 0.012, height - snow_from - 0.16 * (here - 0.55));
            let own = own.mix(Rgb::hex(0xF4F6FC), snow) * (0.62 + 0.38 * face);
            let mist = 0.40 * smooth(0.06, 0.36, depth);
            light.on(own, 0.08 + 1.0 * face, (0.62 * far + mist).min(0.88))
        });
    }
}

/// One volcano with its plume, before the light of the horizon.
pub(super) fn volcano(easel: &mut Easel<'_>) {
    let Easel { canvas, scene, light, stage } = easel;
    let mut dice = scene.dice("volcano");
    let (noise, smoke) = (dice.noise(), dice.noise());
    let x0 = stage.wide * dice.range(0.38, 0.62);
    let high = 0.50 * stage.horizon;
    let mouth = 0.055 * stage.span;
    let summit = stage.horizon - high;
    let fire = Rgb::hex(0xFF6A20);
    canvas.shade(0.0, summit + 0.02, |x, y, old| {
        let up = (summit - y).max(0.0) / stage.span;
        let lean = x0 + up * 0.3 * stage.span + 0.1 * (smoke.value(y * 6.0, 2.0) - 0.5) * up;
        let half = mouth * (0.9 + 6.0 * up);
        let inside = 1.0 - ((x - lean) / half).abs();
        let puff = smoke.fbm(x * 9.0 / stage.span, y * 9.0 / stage.span, 4);
        let cover = smooth(0.0, 0.45, inside + 0.9 * (puff - 0.5));
        let grey = light.haze.mix(Rgb::hex(0x383034), 0.6) * (0.6 + 0.7 * puff);
        let lit = grey.mix(fire, (0.75 - 5.0 * up).clamp(0.0, 0.75));
        old.mix(lit, 0.92 * cover * smooth(0.85, 0.2, up))
    });
    let top = canvas.skyline(|x| {
        let off = ((x - x0).abs() - mouth).max(0.0) / stage.span;
        let rough = 0.02 * (noise.line(x * 16.0, 4) - 0.5);
        stage.horizon + 0.02 - high * (1.0 - smooth(-0.16, 0.62, off)) / 0.9 + rough
    });
    let side = stage.towards_sun(x0);
    canvas.below(&top, None, |x, y, depth| {
        let lean = (0.5 + 1.8 * side * (x - x0) / stage.span).clamp(0.1, 0.9);
        let grain = noise.ridged((x - x0) * 11.0 / (0.3 + depth), y * 3.0, 3) - 0.5;
        let rock = light.on(Rgb::hex(0x544A50), (lean + grain).clamp(0.0, 1.0), 0.25 + 0.5 * depth);
        let vein = (x - x0) / (0.35 + depth) + 0.1 * (noise.line(depth * 14.0, 3) - 0.5);
        let lava =
            smooth(0.035, 0.008, (vein - 0.03).abs()).max(smooth(0.02, 0.004, (vein + 0.10).abs()));
        rock.mix(fire * 1.25, lava * smooth(0.42, 0.04, depth))
    });
    canvas.glow(x0, summit, 0.30 * stage.span, fire * 0.8);
}

/// Rolling hills from the horizon to the lower edge, with fields and far trees.
pub(super) fn hills(easel: &mut Easel<'_>) {
    mountains(easel, 2);
    let Easel { canvas, scene, light, stage } = easel;
    let mut dice = scene.dice("hills");
    let count = 5;
    let mut tops: Vec<Vec<f32>> = Vec::new();
    for i in 0..count {
        let near = (i as f32 + 0.4) / count as f32;
        let noise = dice.noise();
        let base = stage.horizon + (stage.high - stage.horizon) * near.powf(1.25) * 0.86;
        let rise = (0.045 + 0.085 * near) * stage.span;
        let frequency = (2.6 - 1.5 * near) / stage.span.max(0.3);
        let last = i + 1 == count;
        tops.push(canvas.skyline(|x| {
            let wave = noise.line(x * frequency + 5.0, 2) - 0.4;
            // The nearest hill is calm: it is where the subject stands.
            base - rise * wave * if last { 0.5 } else { 1.9 }
        }));
    }
    let fields: &[u32] = match (scene.snowy(), scene.season) {
        (true, _) => &[0xE8EEF6, 0xDCE6F2, 0xF0F2F6],
        (_, Season::Autumn) => &[0xC88A3A, 0xA86A34, 0xD0A44C, 0x8A7A3C],
        (_, Season::Spring) => &[0x8CC054, 0x74B050, 0xA8CC60, 0xD8B8D0],
        _ => &[0x6AA048, 0x88B04C, 0x4E8A44, 0xC0B454],
    };
    let noise = dice.noise();
    for i in 0..count {
        let near = (i as f32 + 0.5) / count as f32;
        let own = Rgb::hex(*dice.pick(fields));
        let own = scene.ground.map_or(own, |colour| own.tinted(colour, 0.9));
        let angle = dice.range(-0.6, 0.6);
        let rows = dice.chance(0.6);
        let size = (34.0 - 6.0 * near) / stage.span;
        let side = stage.towards_sun(stage.focus);
        let top = tops[i].clone();
        let scale = canvas.scale;
        let slope = move |x: f32| {
            let at = |x: f32| top[((x * scale) as usize).min(top.len() - 1)];
            (at(x + 0.02) - at((x - 0.02).max(0.0))) / 0.04
        };
        let octaves = scene.octaves(4);
        canvas.below(&tops[i], tops.get(i + 1).map(Vec::as_slice), |x, y, depth| {
            let grain = noise.fbm(x * size, y * size * 2.2, octaves) - 0.5;
            let furrow = if rows {
                let line = (x * angle + y * 2.4) * size * 2.3 + noise.value(x * 4.0, y * 4.0);
                0.10 * (line * std::f32::consts::TAU).sin() * near
            } else {
                0.0
            };
            let towards = 0.62 - 0.9 * side * slope(x) + grain * 0.9 + furrow
                - 0.5 * smooth(0.0, 0.20 * stage.span, depth);
            light.on(
                own * (1.0 + 0.4 * grain),
                towards.clamp(0.0, 1.0),
                0.62 * (1.0 - near).powf(1.6),
            )
        });
        if i + 1 < count {
            let seen = tops[i].clone();
            super::forest::scatter(canvas, scene, light, stage, &seen, near, i);
        }
    }
}

/// Dunes of sand, each with a bright and a shaded face.
pub(super) fn dunes(easel: &mut Easel<'_>) {
    let Easel { canvas, scene, light, stage } = easel;
    let mut dice = scene.dice("dunes");
    let sand = scene.ground.unwrap_or(Rgb::hex(0xE2A862));
    let count = 5;
    for i in 0..count {
        let near = (i as f32 + 0.4) / count as f32;
        let noise = dice.noise();
        let base = stage.horizon + (stage.high - stage.horizon) * near.powf(1.3) * 0.9;
        let rise = (0.05 + 0.13 * near) * stage.span * if i + 1 == count { 0.55 } else { 1.0 };
        let frequency = (2.1 - 1.3 * near) / stage.span.max(0.3);
        let top = canvas.skyline(|x| {
            let t = x * frequency + 11.0;
            let wave = noise.line(t, 1);
            // Sharpened crests, smooth troughs: what wind makes of sand.
            base - rise * (1.0 - (2.0 * wave - 1.0).abs().powf(0.85)) * 1.5 + rise * 0.5
        });
        let side = stage.towards_sun(stage.focus);
        let scale = canvas.scale;
        let line = top.clone();
        let height = move |x: f32| line[((x.max(0.0) * scale) as usize).min(line.len() - 1)];
        let shade = sand.mix(Rgb::hex(0x9A5848), 0.55);
        canvas.below(&top, None, |x, y, depth| {
            // The crest runs down towards the viewer as a winding line.
            let shift = depth * (0.55 + 0.5 * noise.value(x * 2.0, depth * 3.0)) * -side;
            let slope = (height(x + shift + 0.012) - height(x + shift - 0.012)) / 0.024;
            let face = smooth(-0.05, 0.10, -slope * side * 1.2 + 0.04);
            let ripple = (y * 260.0 * (1.1 - 0.7 * near) / stage.span
                + 9.0 * noise.fbm(x * 5.0, y * 9.0, 2))
            .sin();
            let grain = noise.value(x * 90.0, y * 90.0) - 0.5;
            let own = shade.mix(sand, face) * (1.0 + 0.05 * ripple * near + 0.05 * grain);
            light.on(own, 0.15 + 0.85 * face, 0.6 * (1.0 - near).powf(1.5))
        });
    }
}

/// Far land over the sea, now and then.
pub(super) fn islands(easel: &mut Easel<'_>) {
    let Easel { canvas, scene, light, stage } = easel;
    let mut dice = scene.dice("islands");
    let count = dice.below(3);
    for i in 0..count {
        let x0 = stage.wide * dice.unit();
        let half = stage.span * dice.range(0.18, 0.42);
        let rise = stage.span * dice.range(0.03, 0.09);
        let noise = dice.noise();
        let top = canvas.skyline(|x| {
            let across = 1.0 - ((x - x0) / half).powi(2);
            let height =
                rise * across.max(-1.0) * (0.35 + 1.1 * noise.line(x * 7.0 / half * 0.3, 4));
            stage.horizon + 0.004 - height
        });
        let far = 0.72 - 0.14 * i as f32;
        let own = Rgb::hex(0x4A5C58);
        canvas.below(&top, None, |x, y, _| light.on(own, noise.fbm(x * 16.0, y * 16.0, 3), far));
    }
}

/// A rocky point with grass on it at the side of the focus, or a strip of beach.
pub(super) fn headland(easel: &mut Easel<'_>) {
    let Easel { canvas, scene, light, stage } = easel;
    let mut dice = scene.dice("headland");
    let stands = scene.subjects.iter().any(|s| s.figure.on_ground());
    let (noise, rock) = (dice.noise(), dice.noise());
    let side = if stage.focus > 0.5 * stage.wide { 1.0 } else { -1.0 };
    let rise = if stands { stage.ground } else { stage.high * dice.range(0.93, 0.99) };
    let reach = if stands { 0.30 } else { 0.10 } * stage.wide;
    let tip = stage.focus - side * reach;
    let top = canvas.skyline(|x| {
        let inward = (x - tip) * side / stage.span;
        let rough = (noise.line(x * 8.0 / stage.span, 5) - 0.5) * 0.05 * stage.span;
        let slope = 1.0 - smooth(-0.02, 0.20, inward);
        rise + slope * (stage.high - rise) * 1.15 - 0.02 * stage.span * inward.clamp(0.0, 1.0)
            + rough * (0.4 + slope)
    });
    let cold = scene.snowy();
    let turf = match (cold, scene.season) {
        (true, _) => Rgb::hex(0xEEF2F8),
        (_, Season::Autumn) => Rgb::hex(0x9A8444),
        _ => Rgb::hex(0x5E8642),
    };
    let warm = if scene.time == Time::Sunset { 0.2 } else { 0.0 };
    let stone = Rgb::hex(0x6A605C).mix(Rgb::hex(0x9A644C), warm);
    let towards_sun = stage.towards_sun(stage.focus);
    canvas.below(&top, None, |x, y, depth| {
        let facet = |u: f32, v: f32| rock.ridged(u * 11.0 / stage.span, v * 8.0 / stage.span, 4);
        let towards = 0.42 + 2.2 * (facet(x, y) - facet(x + 0.02 * towards_sun, y - 0.01));
        let grass_to = stage.span * (0.022 + 0.06 * rock.fbm(x * 9.0, 3.0, 3));
        let grass = smooth(grass_to * 1.2, grass_to * 0.7, depth);
        let blade = rock.value(x * 160.0, y * 60.0) - 0.5;
        let own = (stone * (0.9 - 0.9 * depth)).mix(turf * (1.0 + 0.3 * blade), grass);
        light.on(own, (towards + 0.3 * grass).clamp(0.0, 1.0), 0.03)
    });
    surf(easel, &top, noise);
}

/// Foam where the sea meets the rock.
fn surf(easel: &mut Easel<'_>, top: &[f32], noise: Noise) {
    let Easel { canvas, light, stage, .. } = easel;
    let foam = light.on(Rgb::hex(0xF0F6FA), 0.5, 0.1);
    let step = (0.006 * stage.span * canvas.scale).max(1.0) as usize;
    for (column, y) in top.iter().enumerate().step_by(step) {
        let x = column as f32 / canvas.scale;
        let previous = top[column.saturating_sub(step)];
        let steep = (y - previous).abs() > 0.004 * stage.span;
        if steep && *y < stage.high && noise.cell(column as i32, 3) > 0.35 {
            let size = stage.span * (0.006 + 0.012 * noise.cell(column as i32, 9));
            canvas.oval(x, y + size, (size * 2.0, size * 0.5), foam, 0.35);
        }
    }
}
