//! AUTOMATIC1111's layout, read by its rules: `parse_generation_parameters` of its
//! `modules/infotext_utils.py`, written anew from what that says. A reader of its own, so
//! that ours does not judge itself: it tries the pattern at every place, as `re.findall` does.

use serde_json::Value;

/// What was read: prompt, negative prompt, pairs.
pub(crate) type Read = (String, String, Vec<(String, String)>);

/// `re.findall(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)', line)`.
fn findall(line: &str) -> Vec<(String, String)> {
    let line: Vec<char> = line.chars().collect();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < line.len() {
        match at_place(&line, at) {
            Some((key, value, end)) => {
                found.push((key, value));
                at = end.max(at + 1);
            }
            None => at += 1,
        }
    }
    found
}

fn at_place(line: &[char], mut at: usize) -> Option<(String, String, usize)> {
    let is_word = |c: &char| c.is_alphanumeric() || *c == '_';
    while line.get(at).is_some_and(|c| c.is_whitespace()) {
        at += 1;
    }
    let begin = at;
    line.get(at).filter(|c| is_word(c))?;
    at += 1;
    while line.get(at).is_some_and(|c| is_word(c) || [' ', '-', '/'].contains(c)) {
        at += 1;
    }
    if at - begin < 2 || line.get(at) != Some(&':') {
        return None;
    }
    let key = line[begin..at].iter().collect();
    at += 1;
    while line.get(at).is_some_and(|c| c.is_whitespace()) {
        at += 1;
    }
    let (value, end) = in_quotes(line, at).unwrap_or_else(|| {
        let end = line[at..].iter().position(|c| *c == ',').map_or(line.len(), |comma| at + comma);
        (line[at..end].iter().collect(), end)
    });
    Some((key, value, end + usize::from(end < line.len())))
}

fn in_quotes(line: &[char], begin: usize) -> Option<(String, usize)> {
    line.get(begin).filter(|c| **c == '"')?;
    let mut at = begin + 1;
    while *line.get(at)? != '"' {
        at += if line[at] == '\\' { 2 } else { 1 };
    }
    let end = at + 1;
    let is_whole = end - begin > 2 && line.get(end).is_none_or(|c| *c == ',');
    is_whole.then(|| (line[begin..end].iter().collect(), end))
}

/// What AUTOMATIC1111 would read from `text`.
pub(crate) fn parse(text: &str) -> Read {
    let text = text.trim();
    let mut lines: Vec<&str> = text.split('\n').collect();
    let last = lines.pop().unwrap_or_default();
    let mut pairs = findall(last);
    if pairs.len() < 3 {
        lines.push(last);
        pairs.clear();
    }
    let (mut prompt, mut negative, mut is_done) = (String::new(), String::new(), false);
    for line in lines {
        let mut line = line.trim();
        if let Some(rest) = line.strip_prefix("Negative prompt:") {
            is_done = true;
            line = rest.trim();
        }
        let whole = if is_done { &mut negative } else { &mut prompt };
        if !whole.is_empty() {
            whole.push('\n');
        }
        whole.push_str(line);
    }
    let unquote = |(key, value): (String, String)| {
        let is_quoted = value.len() > 1 && value.starts_with('"') && value.ends_with('"');
        let text = if is_quoted { serde_json::from_str::<Value>(&value).ok() } else { None };
        (key, text.and_then(|text| text.as_str().map(str::to_owned)).unwrap_or(value))
    };
    (prompt, negative, pairs.into_iter().map(unquote).collect())
}

#[test]
fn it_reads_the_example_that_its_rules_were_written_for() {
    let (prompt, negative, pairs) = parse(
        "girl with a beret, by Alphonse Mucha\nand Charlie Bowater\nNegative prompt: ugly, \
         (extra_limb)\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 965400086, \
         Size: 512x512, Lora hashes: \"a: 1, b: 2\", Odd: \"x\" y, Model hash: 45dee52b",
    );
    assert_eq!(prompt, "girl with a beret, by Alphonse Mucha\nand Charlie Bowater");
    assert_eq!(negative, "ugly, (extra_limb)");
    let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(
        pairs.join("|"),
        "Steps=20|Sampler=Euler a|CFG scale=7|Seed=965400086|Size=512x512|\
         Lora hashes=a: 1, b: 2|Odd=\"x\" y|Model hash=45dee52b"
    );
}
