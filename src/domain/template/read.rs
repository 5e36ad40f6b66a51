//! Reads a template from its text.
//!
//! Promises that every mistake says where it is, and that no depth of braces or
//! wildcards is followed further than [`DEEPEST`].

use std::collections::BTreeMap;

use super::count::{Pick, Piece, Sequence};
use super::{DEEPEST, MOST_PICKS, MOST_VARIABLES, Mistake, Template, Wildcards};

/// The characters that mean something, and stand for themselves behind a `\`.
pub(super) const SPECIAL: [char; 6] = ['{', '}', '|', '$', '_', '\\'];

/// Between what a group picks, where it names nothing else.
const SEPARATOR: &str = ", ";

/// Reads `text` with its definitions and everything it names.
pub(super) fn template(text: &str, wildcards: Wildcards<'_>) -> Result<Template, Mistake> {
    let (definitions, body) = parts(text);
    if let Some(definition) = definitions.get(MOST_VARIABLES) {
        let what = format!("there are more than {MOST_VARIABLES} variables");
        return Err(mistake(definition.at, what));
    }
    let mut reader = Reader {
        wildcards,
        definitions: &definitions,
        used: vec![false; definitions.len()],
        visible: definitions.len(),
        read: Vec::new(),
        known: BTreeMap::new(),
        open: Vec::new(),
    };
    let body = reader.all(&mut Cursor::new(&body))?;
    let mut variables = vec![Sequence::new(Vec::new()); definitions.len()];
    // A value may use only what is defined above it, so whether one is used is known
    // when its turn comes from below.
    for (place, definition) in definitions.iter().enumerate().rev() {
        reader.visible = place;
        let used = reader.used.clone();
        let value = reader.all(&mut Cursor::new(&definition.value))?;
        if used[place] {
            variables[place] = value;
        } else {
            reader.used = used;
        }
    }
    Ok(Template { wildcards: reader.read, variables, body })
}

/// A line `$name = value`.
struct Definition {
    /// Its place in the text.
    at: usize,
    name: String,
    value: Vec<Character>,
}

/// A character and its place in the text that the user wrote.
type Character = (usize, char);

/// The definitions of a text, and what is left of it without them.
fn parts(text: &str) -> (Vec<Definition>, Vec<Character>) {
    let (mut definitions, mut body) = (Vec::new(), Vec::new());
    let characters: Vec<Character> = text.chars().enumerate().collect();
    for line in characters.split_inclusive(|(_, character)| *character == '\n') {
        match definition(line) {
            Some(definition) => definitions.push(definition),
            None => body.extend_from_slice(line),
        }
    }
    if !definitions.is_empty() {
        while body.last().is_some_and(|(_, character)| *character == '\n') {
            body.pop();
        }
    }
    (definitions, body)
}

fn definition(line: &[Character]) -> Option<Definition> {
    let mut cursor = Cursor::new(line);
    let at = cursor.at();
    cursor.take("$").then_some(())?;
    let name = cursor.variable()?;
    cursor.skip_blanks();
    cursor.take("=").then_some(())?;
    let mut value = cursor.rest();
    while let [left @ .., (_, last)] = value
        && last.is_whitespace()
    {
        value = left;
    }
    while let [(_, first), left @ ..] = value
        && first.is_whitespace()
    {
        value = left;
    }
    Some(Definition { at, name, value: value.to_vec() })
}

/// A place in characters.
struct Cursor<'a> {
    characters: &'a [Character],
    next: usize,
}

impl<'a> Cursor<'a> {
    const fn new(characters: &'a [Character]) -> Self {
        Self { characters, next: 0 }
    }

    fn rest(&self) -> &'a [Character] {
        &self.characters[self.next..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().first().map(|(_, character)| *character)
    }

    /// The place of the next character in what the user wrote.
    fn at(&self) -> usize {
        match (self.rest().first(), self.characters.last()) {
            (Some((at, _)), _) => *at,
            (None, Some((at, _))) => at + 1,
            (None, None) => 0,
        }
    }

    fn step(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.next += 1;
        Some(character)
    }

    /// Steps over `expected` where it comes next.
    fn take(&mut self, expected: &str) -> bool {
        let length = expected.chars().count();
        let comes = self.rest().len() >= length
            && expected.chars().zip(self.rest()).all(|(expected, (_, next))| expected == *next);
        if comes {
            self.next += length;
        }
        comes
    }

    fn take_while(&mut self, is: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while let Some(character) = self.peek().filter(|character| is(*character)) {
            taken.push(character);
            self.next += 1;
        }
        taken
    }

    fn skip_blanks(&mut self) {
        self.take_while(|character| character == ' ' || character == '\t');
    }

    /// The name of a variable.
    fn variable(&mut self) -> Option<String> {
        self.peek().filter(char::is_ascii_alphabetic)?;
        Some(self.take_while(|character| character.is_ascii_alphanumeric() || character == '_'))
    }

    /// The name between two pairs of underscores, behind the first one.
    fn wildcard(&mut self) -> Option<String> {
        let begin = self.next;
        let mut name = String::new();
        while let Some(character) = self.peek() {
            if !name.is_empty() && self.take("__") {
                return Some(name);
            }
            let belongs = character.is_ascii_alphanumeric()
                || character == '-'
                || (matches!(character, '_' | '/') && !name.is_empty());
            if !belongs {
                break;
            }
            name.push(character);
            self.next += 1;
        }
        self.next = begin;
        None
    }

    /// How many a group picks and what stands between them: `2$$`, `1-3$$ and $$`.
    fn picks(&mut self) -> Option<(usize, usize, String)> {
        let begin = self.next;
        let digit = |character: char| character.is_ascii_digit();
        let least = self.take_while(digit);
        let most = if self.take("-") { self.take_while(digit) } else { least.clone() };
        if least.is_empty() || most.is_empty() || !self.take("$$") {
            self.next = begin;
            return None;
        }
        // A number too long for its type is more than any group has.
        let [least, most] = [least, most].map(|digits| digits.parse().unwrap_or(usize::MAX));
        let begin = self.next;
        let separator = self.take_while(|character| !SPECIAL[..4].contains(&character));
        if self.take("$$") {
            return Some((least, most, separator));
        }
        self.next = begin;
        Some((least, most, SEPARATOR.to_owned()))
    }
}

struct Reader<'a> {
    wildcards: Wildcards<'a>,
    definitions: &'a [Definition],
    /// Which of them are used.
    used: Vec<bool>,
    /// How many of them stand above what is read.
    visible: usize,
    /// The wildcards that have been read.
    read: Vec<Pick>,
    /// Their places by their names.
    known: BTreeMap<String, usize>,
    /// The wildcards that are being read, each inside of the one before.
    open: Vec<String>,
}

impl Reader<'_> {
    /// All of a text.
    fn all(&mut self, text: &mut Cursor<'_>) -> Result<Sequence, Mistake> {
        let pieces = self.pieces(text, 0)?;
        match text.peek() {
            Some(_) => Err(mistake(
                text.at(),
                "this `}` closes nothing; write `\\}` for the character itself",
            )),
            None => Ok(Sequence::new(pieces)),
        }
    }

    /// What comes until the end of a text, or of an option inside of a group.
    fn pieces(&mut self, text: &mut Cursor<'_>, depth: usize) -> Result<Vec<Piece>, Mistake> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        while let Some(character) = text.peek() {
            let at = text.at();
            if character == '}' || (character == '|' && depth > 0) {
                break;
            }
            text.step();
            let piece = match character {
                '\\' => {
                    let special = text.peek().filter(|next| SPECIAL.contains(next));
                    plain.push(special.unwrap_or('\\'));
                    text.next += usize::from(special.is_some());
                    continue;
                }
                '{' => self.group(text, at, depth + 1)?,
                '$' => match text.variable() {
                    Some(name) => vec![self.variable(&name, at)?],
                    None => vec![Piece::Text('$'.to_string())],
                },
                '_' if text.take("_") => match text.wildcard() {
                    Some(name) => vec![self.wildcard(&name, at)?],
                    None => vec![Piece::Text("__".to_owned())],
                },
                _ => {
                    plain.push(character);
                    continue;
                }
            };
            for piece in piece {
                match piece {
                    Piece::Text(text) => plain.push_str(&text),
                    piece => {
                        if !plain.is_empty() {
                            pieces.push(Piece::Text(std::mem::take(&mut plain)));
                        }
                        pieces.push(piece);
                    }
                }
            }
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Ok(pieces)
    }

    /// A group whose `{` at `at` has been read. One without alternatives is text.
    fn group(
        &mut self,
        text: &mut Cursor<'_>,
        at: usize,
        depth: usize,
    ) -> Result<Vec<Piece>, Mistake> {
        if depth > DEEPEST {
            let what = format!("groups stand more than {DEEPEST} deep in each other");
            return Err(mistake(at, what));
        }
        let picks = text.picks();
        let mut options = Vec::new();
        loop {
            options.push(self.pieces(text, depth)?);
            match text.step() {
                Some('|') => {}
                Some(_) => break,
                None => {
                    let what = "this `{` is not closed; write `\\{` for the character itself";
                    return Err(mistake(at, what));
                }
            }
        }
        if let (None, [only]) = (&picks, options.as_mut_slice()) {
            only.insert(0, Piece::Text('{'.to_string()));
            only.push(Piece::Text('}'.to_string()));
            return Ok(std::mem::take(only));
        }
        let (least, most, separator) = picks.unwrap_or((1, 1, String::new()));
        let there = options.len();
        if least > most || most > there || most > MOST_PICKS {
            let wrong =
                if least == most { format!("{most}") } else { format!("{least} to {most}") };
            let right = there.min(MOST_PICKS);
            let what = format!("it picks {wrong} of {there}; it can pick up to {right}");
            return Err(mistake(at, what));
        }
        let options = options.into_iter().map(|option| Sequence::new(trimmed(option))).collect();
        Ok(vec![Piece::Pick(Pick::new(options, least, most, separator))])
    }

    fn variable(&mut self, name: &str, at: usize) -> Result<Piece, Mistake> {
        if let Some(wildcard) = self.open.last() {
            let what =
                format!("`${name}` stands in `__{wildcard}__`; variables work in the prompt alone");
            return Err(mistake(at, what));
        }
        // The last definition of a name is the one that is meant.
        let named = |definition: &Definition| definition.name == name;
        if let Some(place) = self.definitions[..self.visible].iter().rposition(named) {
            self.used[place] = true;
            return Ok(Piece::Variable(place));
        }
        let what = if self.definitions.iter().any(named) {
            format!("`${name}` is used above the line that defines it")
        } else {
            format!(
                "`${name}` is not defined; begin a line with `${name} = `, or write `\\$` for the character itself"
            )
        };
        Err(mistake(at, what))
    }

    fn wildcard(&mut self, name: &str, at: usize) -> Result<Piece, Mistake> {
        if let Some(place) = self.known.get(name) {
            return Ok(Piece::Wildcard(*place, self.read[*place].count()));
        }
        if self.open.iter().any(|open| open == name) {
            let chain = self.open.join("__, __");
            let what = format!("`__{name}__` stands in itself, by way of __{chain}__");
            return Err(mistake(at, what));
        }
        if self.open.len() >= DEEPEST {
            let what = format!("wildcards stand more than {DEEPEST} deep in each other");
            return Err(mistake(at, what));
        }
        let lines = (self.wildcards)(name).map_err(|what| mistake(at, what))?;
        self.open.push(name.to_owned());
        let mut options = Vec::with_capacity(lines.len());
        for line in &lines {
            // Whatever is wrong in the file, the place in the prompt is this one.
            let characters: Vec<Character> =
                line.chars().map(|character| (at, character)).collect();
            let read = self.all(&mut Cursor::new(&characters));
            options.push(read.map_err(|wrong| {
                let what = format!("in the wildcard `{name}`, `{line}`: {}", wrong.what);
                mistake(at, what)
            })?);
        }
        self.open.pop();
        if options.is_empty() {
            return Err(mistake(at, format!("the wildcard `{name}` is empty")));
        }
        let pick = Pick::one(options);
        let count = pick.count();
        self.known.insert(name.to_owned(), self.read.len());
        self.read.push(pick);
        Ok(Piece::Wildcard(self.read.len() - 1, count))
    }
}

/// An option without the blanks at its ends.
fn trimmed(mut option: Vec<Piece>) -> Vec<Piece> {
    if let Some(Piece::Text(text)) = option.first_mut() {
        *text = text.trim_start().to_owned();
    }
    if let Some(Piece::Text(text)) = option.last_mut() {
        *text = text.trim_end().to_owned();
    }
    option
}

fn mistake(at: usize, what: impl Into<String>) -> Mistake {
    Mistake { at, what: what.into() }
}
