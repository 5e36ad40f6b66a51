//! What was asked for together, by what it differs in: a place for each in rows and columns.
//!
//! Promises that each has a place of its own, that rows and columns stand in the order in
//! which they were asked for, and that what differs in nothing, or twice in the same way, is
//! no matrix. Must never know how large anything is on a screen.

use super::{Generation, shown_size};

/// Generations in rows and columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// What the columns are called; one without a name where there is nothing to tell apart.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Line>,
}

/// A row of a matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it and those below it have alike, where that begins with this one.
    pub group: Option<String>,
    /// What it is called.
    pub name: String,
    /// Which generation stands in each column; none where there is none (any more).
    pub cells: Vec<Option<usize>>,
}

/// What some generations differ in, and what each has of it.
struct Axis {
    /// The different values, in the order in which they were asked for.
    names: Vec<String>,
    /// Which one each generation has.
    of: Vec<usize>,
}

impl Axis {
    /// The axis along which generations have these values, the last one asked for first.
    fn of(values: &[String], name: impl Fn(&[String]) -> Vec<String>) -> Self {
        let mut different: Vec<String> = Vec::new();
        for value in values.iter().rev() {
            if !different.contains(value) {
                different.push(value.clone());
            }
        }
        let place = |value| different.iter().position(|other| other == value).unwrap_or(0);
        Self { of: values.iter().map(place).collect(), names: name(&different) }
    }

    /// One along which nothing differs.
    fn none(count: usize) -> Self {
        Self { names: vec![String::new()], of: vec![0; count] }
    }
}

impl Matrix {
    /// The matrix of these generations, which are given newest first: prompts down the side, models
    /// across, and sizes where there is room for them, or as groups of rows.
    pub fn of(generations: &[Generation]) -> Option<Self> {
        let values = |value: fn(&Generation) -> String| -> Vec<String> {
            generations.iter().map(value).collect()
        };
        let prompts = Axis::of(&values(|it| it.request.prompt.clone()), differing);
        let models = Axis::of(&values(|it| it.request.model.to_string()), shortened);
        let sizes =
            Axis::of(&values(|it| size(it.request.width, it.request.height)), <[String]>::to_vec);
        let count = generations.len();
        let differ = [prompts, models, sizes].into_iter().filter(|axis| axis.names.len() > 1);
        let none = || Axis::none(count);
        let mut differ = differ.collect::<Vec<_>>().into_iter();
        let (rows, columns, groups) = match differ.len() {
            0 => return None,
            1 => (none(), differ.next()?, none()),
            _ => (differ.next()?, differ.next()?, differ.next().unwrap_or_else(none)),
        };
        let mut lines = Vec::new();
        for (group, called) in groups.names.iter().enumerate() {
            for (row, name) in rows.names.iter().enumerate() {
                let is_first = row == 0 && groups.names.len() > 1;
                lines.push(Line {
                    group: is_first.then(|| called.clone()),
                    name: name.clone(),
                    cells: vec![None; columns.names.len()],
                });
                debug_assert_eq!(lines.len(), group * rows.names.len() + row + 1);
            }
        }
        for index in 0..count {
            let line = groups.of[index] * rows.names.len() + rows.of[index];
            let cell = &mut lines[line].cells[columns.of[index]];
            // Two of the same have no place of their own.
            if cell.replace(index).is_some() {
                return None;
            }
        }
        Some(Self { columns: columns.names, rows: lines })
    }

    /// The row and the column of a generation.
    pub fn place(&self, index: usize) -> Option<(usize, usize)> {
        self.rows.iter().enumerate().find_map(|(row, line)| {
            let column = line.cells.iter().position(|cell| *cell == Some(index))?;
            Some((row, column))
        })
    }

    /// All that have a place, row by row.
    pub fn all(&self) -> impl Iterator<Item = usize> {
        self.rows.iter().flat_map(|line| line.cells.iter().copied().flatten())
    }

    /// The nearest generation to the right of `index` and below it, or the other way when
    /// negative, past places that are empty; `None` where the matrix ends.
    pub fn go(&self, index: usize, right: isize, down: isize) -> Option<usize> {
        let (mut row, mut column) = self.place(index)?;
        loop {
            row = row.checked_add_signed(down)?;
            column = column.checked_add_signed(right)?;
            if let Some(found) = *self.rows.get(row)?.cells.get(column)? {
                return Some(found);
            }
        }
    }
}

fn size(width: Option<u32>, height: Option<u32>) -> String {
    let size = shown_size(width, height);
    if size.is_empty() { "any size".to_owned() } else { size }
}

/// Models by their names without what is before the last stroke, where these tell them apart.
fn shortened(models: &[String]) -> Vec<String> {
    let short = |model: &String| model.rsplit(['/', ':']).next().unwrap_or(model).to_owned();
    let names: Vec<String> = models.iter().map(short).collect();
    let is_clear = |names: &[String]| {
        names.iter().enumerate().all(|(place, name)| !names[..place].contains(name))
    };
    if is_clear(&names) { names } else { models.to_vec() }
}

/// Prompts by the words in which they differ.
fn differing(prompts: &[String]) -> Vec<String> {
    let words: Vec<Vec<&str>> = prompts.iter().map(|it| it.split_whitespace().collect()).collect();
    let Some((first, others)) = words.split_first() else { return Vec::new() };
    let least = words.iter().map(Vec::len).min().unwrap_or(0);
    let alike = |at: &dyn Fn(&[&str], usize) -> Option<String>| {
        let is_alike = |n: &usize| others.iter().all(|other| at(other, *n) == at(first, *n));
        (0..least).take_while(is_alike).count()
    };
    let ahead = alike(&|words, n| words.get(n).map(ToString::to_string));
    let behind = alike(&|words, n| words.iter().rev().nth(n).map(ToString::to_string));
    let own = |(words, whole): (&Vec<&str>, &String)| {
        let end = words.len().saturating_sub(behind.min(least - ahead.min(least)));
        let own = words.get(ahead..end.max(ahead)).unwrap_or_default().join(" ");
        if own.is_empty() { whole.clone() } else { own }
    };
    words.iter().zip(prompts).map(own).collect()
}
