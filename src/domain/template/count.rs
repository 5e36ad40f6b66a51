//! What a template has been read into, how many texts it stands for, and each of them by
//! its number.
//!
//! Promises that counting never overflows: what cannot be counted is [`u128::MAX`].

/// A part of a template.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Piece {
    /// Stands for itself.
    Text(String),
    /// Some of its options.
    Pick(Pick),
    /// The wildcard of this number, which has so many texts.
    Wildcard(usize, u128),
    /// The variable of this number, whose value is chosen once for a prompt.
    Variable(usize),
}

impl Piece {
    fn count(&self) -> u128 {
        match self {
            Self::Text(_) | Self::Variable(_) => 1,
            Self::Pick(pick) => pick.count(),
            Self::Wildcard(_, count) => *count,
        }
    }
}

/// Pieces one after the other.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Sequence {
    pieces: Vec<Piece>,
    count: u128,
}

impl Sequence {
    pub(super) fn new(pieces: Vec<Piece>) -> Self {
        let count = pieces.iter().map(Piece::count).fold(1, u128::saturating_mul);
        Self { pieces, count }
    }

    /// How many texts it stands for.
    pub(super) const fn count(&self) -> u128 {
        self.count
    }

    /// Its text of this number.
    pub(super) fn text(&self, number: u128, wildcards: &[Pick], values: &[String]) -> String {
        let mut number = number;
        let mut texts = Vec::with_capacity(self.pieces.len());
        for piece in self.pieces.iter().rev() {
            let own = number % piece.count();
            number /= piece.count();
            texts.push(match piece {
                Piece::Text(text) => text.clone(),
                Piece::Pick(pick) => pick.text(own, wildcards, values),
                Piece::Wildcard(place, _) => wildcards[*place].text(own, wildcards, values),
                Piece::Variable(place) => values[*place].clone(),
            });
        }
        texts.reverse();
        texts.concat()
    }
}

/// Some of several options, in the order in which they are written.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Pick {
    options: Vec<Sequence>,
    least: usize,
    most: usize,
    separator: String,
    /// In how many ways `k` of the options from `i` on can be picked, at
    /// `i * (most + 1) + k`.
    ways: Vec<u128>,
}

impl Pick {
    pub(super) fn new(
        options: Vec<Sequence>,
        least: usize,
        most: usize,
        separator: String,
    ) -> Self {
        let width = most + 1;
        let mut ways = vec![0_u128; (options.len() + 1) * width];
        ways[options.len() * width] = 1;
        for (place, option) in options.iter().enumerate().rev() {
            for picks in 0..width {
                let without = ways[(place + 1) * width + picks];
                let with = match picks.checked_sub(1) {
                    Some(rest) => option.count().saturating_mul(ways[(place + 1) * width + rest]),
                    None => 0,
                };
                ways[place * width + picks] = without.saturating_add(with);
            }
        }
        Self { options, least, most, separator, ways }
    }

    /// One of its options.
    pub(super) fn one(options: Vec<Sequence>) -> Self {
        Self::new(options, 1, 1, String::new())
    }

    fn ways(&self, place: usize, picks: usize) -> u128 {
        self.ways[place * (self.most + 1) + picks]
    }

    /// How many texts it stands for.
    pub(super) fn count(&self) -> u128 {
        let each = (self.least..=self.most).map(|picks| self.ways(0, picks));
        each.fold(0, u128::saturating_add)
    }

    fn text(&self, number: u128, wildcards: &[Pick], values: &[String]) -> String {
        let mut number = number;
        let mut picks = self.least;
        while picks < self.most && number >= self.ways(0, picks) {
            number -= self.ways(0, picks);
            picks += 1;
        }
        let mut texts = Vec::with_capacity(picks);
        for (place, option) in self.options.iter().enumerate() {
            let Some(rest) = picks.checked_sub(1) else { break };
            let after = self.ways(place + 1, rest);
            let with = option.count().saturating_mul(after);
            if number < with {
                texts.push(option.text(number / after, wildcards, values));
                number %= after;
                picks = rest;
            } else {
                number -= with;
            }
        }
        texts.join(&self.separator)
    }
}
