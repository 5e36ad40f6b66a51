//! Outlines: written as text, placed on the canvas, turned into soft coverage.
//!
//! Owns the small language shapes are written in and the rasteriser. Promises exact
//! anti-aliasing of any polygon. Must never choose a colour.
//!
//! The language, in words separated by spaces; x grows to the right, y downwards:
//! `M x y …` begins an outline of straight lines, `L x y …` more of them, `C x1 y1 x2 y2 x y …` Bézier curves,
//! `S x y …` a closed smooth outline through the points, `E cx cy rx ry` an ellipse,
//! `T w0 w1 x y …` a smooth stroke through the points, tapering from width `w0` to `w1`.

use std::f32::consts::TAU;

/// A point, in units of its shape.
pub(crate) type Point = (f32, f32);

/// Where a shape goes: its origin, size, and whether it is mirrored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placement {
    /// The place of the shape's origin, in units of the picture.
    pub(crate) x: f32,
    /// The same, downwards.
    pub(crate) y: f32,
    /// Units of the picture for one unit of the shape; negative in `sy` hangs it
    /// upside down.
    pub(crate) sx: f32,
    /// The same, downwards.
    pub(crate) sy: f32,
    /// Turned by so many radians, clockwise.
    pub(crate) turn: f32,
}

impl Placement {
    /// A point of the shape on the picture.
    pub(crate) fn place(&self, (x, y): Point) -> Point {
        let (x, y) = (x * self.sx, y * self.sy);
        let (sin, cos) = self.turn.sin_cos();
        (self.x + x * cos - y * sin, self.y + x * sin + y * cos)
    }
}

/// Closed outlines whose union is the shape.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    outlines: Vec<Vec<Point>>,
}

impl Shape {
    /// A polygon.
    pub(crate) fn polygon(points: Vec<Point>) -> Self {
        Self { outlines: vec![points] }
    }

    /// An upright rectangle from one corner to the other.
    pub(crate) fn rectangle(from: Point, to: Point) -> Self {
        Self::polygon(vec![from, (to.0, from.1), to, (from.0, to.1)])
    }

    /// A closed smooth outline through the points.
    pub(crate) fn closed(points: &[Point]) -> Self {
        Self::polygon(spline(points, true))
    }

    /// A smooth stroke through the points, tapering.
    pub(crate) fn stroke(points: &[Point], from: f32, to: f32) -> Self {
        Self::polygon(taper(&spline(points, false), from, to))
    }

    /// An ellipse.
    pub(crate) fn ellipse(centre: Point, rx: f32, ry: f32) -> Self {
        Self::polygon(oval(centre, rx, ry))
    }

    /// Adds the outlines of `other`.
    pub(crate) fn join(&mut self, other: Self) {
        self.outlines.extend(other.outlines);
    }

    /// Reads the language of this module.
    pub(crate) fn parse(text: &str) -> Self {
        let mut shape = Self::default();
        let mut command = ' ';
        let mut numbers: Vec<f32> = Vec::new();
        for word in text.split_ascii_whitespace() {
            if let Ok(number) = word.parse() {
                numbers.push(number);
            } else {
                shape.obey(command, &numbers);
                numbers.clear();
                command = word.chars().next().expect("a word has a letter");
            }
        }
        shape.obey(command, &numbers);
        shape
    }

    fn obey(&mut self, command: char, numbers: &[f32]) {
        let points: Vec<Point> = numbers.chunks_exact(2).map(|p| (p[0], p[1])).collect();
        match (command, points.as_slice()) {
            ('M', points @ [_, ..]) => self.outlines.push(points.to_vec()),
            ('L', points) => self.last().extend(points),
            ('C', points) => {
                for curve in points.chunks_exact(3) {
                    let start = *self.last().last().expect("an outline has begun");
                    self.last().extend(bezier(start, curve[0], curve[1], curve[2]));
                }
            }
            ('S', points) => self.outlines.push(spline(points, true)),
            ('E', [centre, radii]) => self.outlines.push(oval(*centre, radii.0, radii.1)),
            ('T', [widths, line @ ..]) => {
                self.outlines.push(taper(&spline(line, false), widths.0, widths.1));
            }
            _ => {}
        }
    }

    fn last(&mut self) -> &mut Vec<Point> {
        self.outlines.last_mut().expect("an outline has begun")
    }

    /// The same shape somewhere on the picture.
    pub(crate) fn placed(&self, at: &Placement) -> Self {
        let place = |outline: &Vec<Point>| outline.iter().map(|p| at.place(*p)).collect();
        Self { outlines: self.outlines.iter().map(place).collect() }
    }

    /// The corners of the box around it: left, top, right, bottom.
    pub(crate) fn bounds(&self) -> (f32, f32, f32, f32) {
        self.outlines.iter().flatten().fold(
            (f32::MAX, f32::MAX, f32::MIN, f32::MIN),
            |(left, top, right, bottom), (x, y)| {
                (left.min(*x), top.min(*y), right.max(*x), bottom.max(*y))
            },
        )
    }

    /// Calls `paint` with column, row and cover (above 0, to 1) of each pixel the
    /// shape touches, on a grid of `scale` pixels a unit. Exact area by signed
    /// trapezoids, as in the `font-rs` rasteriser.
    pub(crate) fn coverage(
        &self,
        scale: f32,
        width: usize,
        height: usize,
        mut paint: impl FnMut(usize, usize, f32),
    ) {
        let (left, top, right, bottom) = self.bounds();
        let clip = |v: f32, most: usize| (v * scale).clamp(0.0, most as f32) as usize;
        let (x0, y0) = (clip(left, width), clip(top, height));
        let x1 = (clip(right, width) + 1).min(width);
        let y1 = (clip(bottom, height) + 1).min(height);
        if x0 >= x1 || y0 >= y1 {
            return;
        }
        let (columns, rows) = (x1 - x0, y1 - y0);
        let mut grid = Grid { columns, rows, cells: vec![0.0; (columns + 2) * rows] };
        for outline in &self.outlines {
            let turn = if area(outline) < 0.0 { -1.0 } else { 1.0 };
            let place = |p: Point| (p.0 * scale - x0 as f32, p.1 * scale - y0 as f32);
            for (a, b) in outline.iter().zip(outline.iter().cycle().skip(1)) {
                grid.edge(place(*a), place(*b), turn);
            }
        }
        for (row, cells) in grid.cells.chunks_exact(columns + 2).enumerate() {
            let mut sum = 0.0;
            for (column, cell) in cells[..columns].iter().enumerate() {
                sum += cell;
                let cover = f32::abs(sum).min(1.0);
                if cover > 0.004 {
                    paint(x0 + column, y0 + row, cover);
                }
            }
        }
    }
}

struct Grid {
    columns: usize,
    rows: usize,
    cells: Vec<f32>,
}

impl Grid {
    fn edge(&mut self, a: Point, b: Point, turn: f32) {
        if (a.1 - b.1).abs() < 1e-9 {
            return;
        }
        let (turn, a, b) = if a.1 < b.1 { (turn, a, b) } else { (-turn, b, a) };
        let slope = (b.0 - a.0) / (b.1 - a.1);
        let first = a.1.max(0.0);
        let mut x = a.0 + (first - a.1) * slope;
        let last = b.1.min(self.rows as f32);
        let mut y = first;
        while y < last {
            let row = y as usize;
            let next = last.min(row as f32 + 1.0);
            let end = x + (next - y) * slope;
            self.row(row, x, end, (next - y) * turn);
            (x, y) = (end, next);
        }
    }

    fn row(&mut self, row: usize, from: f32, to: f32, height: f32) {
        let most = self.columns as f32;
        let (from, to) = if from < to { (from, to) } else { (to, from) };
        let (from, to) = (from.clamp(0.0, most), to.clamp(0.0, most));
        let cells = &mut self.cells[row * (self.columns + 2)..(row + 1) * (self.columns + 2)];
        let (first, last) = (from as usize, (to.ceil() as usize).max(from as usize + 1));
        if last == first + 1 {
            let middle = 0.5 * (from + to) - first as f32;
            cells[first] += height * (1.0 - middle);
            cells[first + 1] += height * middle;
            return;
        }
        // The part of the edge's height that falls to each column it crosses.
        let per = height / (to - from);
        let mut carried = 0.0;
        for (offset, cell) in cells[first..last].iter_mut().enumerate() {
            let column = (first + offset) as f32;
            let (left, right) = (from.max(column), to.min(column + 1.0));
            let part = per * (right - left);
            let middle = 0.5 * (left + right) - column;
            *cell += carried + part * (1.0 - middle);
            carried = part * middle;
        }
        cells[last] += carried;
    }
}

fn area(outline: &[Point]) -> f32 {
    let pairs = outline.iter().zip(outline.iter().cycle().skip(1));
    pairs.map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum()
}

fn oval(centre: Point, rx: f32, ry: f32) -> Vec<Point> {
    let point = |i: u8| {
        let (sin, cos) = (f32::from(i) / 28.0 * TAU).sin_cos();
        (centre.0 + rx * cos, centre.1 + ry * sin)
    };
    (0..28).map(point).collect()
}

/// Points of a Bézier curve after its start; its second and third points only pull.
fn bezier(from: Point, lead: Point, trail: Point, to: Point) -> impl Iterator<Item = Point> {
    (1..=10_u8).map(move |i| {
        let t = f32::from(i) / 10.0;
        let s = 1.0 - t;
        let weights = [s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t];
        let blend = |v: [f32; 4]| v.iter().zip(weights).map(|(v, w)| v * w).sum();
        (blend([from.0, lead.0, trail.0, to.0]), blend([from.1, lead.1, trail.1, to.1]))
    })
}

/// Points of a Catmull-Rom curve through `points`.
fn spline(points: &[Point], closed: bool) -> Vec<Point> {
    let count = points.len();
    if count < 3 {
        return points.to_vec();
    }
    let at = |i: isize| {
        let last = count as isize;
        points[if closed { i.rem_euclid(last) } else { i.clamp(0, last - 1) } as usize]
    };
    let spans = if closed { count } else { count - 1 };
    let mut curve = vec![at(0)];
    for i in 0..spans as isize {
        let (before, from, to, after) = (at(i - 1), at(i), at(i + 1), at(i + 2));
        let lead =
            |p: Point, q: Point, r: Point| (p.0 + (r.0 - q.0) / 6.0, p.1 + (r.1 - q.1) / 6.0);
        curve.extend(bezier(from, lead(from, before, to), lead(to, after, from), to));
    }
    curve
}

/// The outline of a line with thickness going from one width to another.
fn taper(line: &[Point], from: f32, to: f32) -> Vec<Point> {
    let last = line.len().saturating_sub(1).max(1);
    let side = |i: usize, sign: f32| {
        let (a, b) = (line[i.saturating_sub(1)], line[(i + 1).min(line.len() - 1)]);
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let length = (dx * dx + dy * dy).sqrt().max(1e-6);
        let half = 0.5 * (from + (to - from) * i as f32 / last as f32) * sign;
        (line[i].0 - dy / length * half, line[i].1 + dx / length * half)
    };
    let mut outline: Vec<Point> = (0..line.len()).map(|i| side(i, 1.0)).collect();
    outline.extend((0..line.len()).rev().map(|i| side(i, -1.0)));
    outline
}
