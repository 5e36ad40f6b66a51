//! The prompt language, against an enumeration that is written the naive way.

use pentimento::domain::template::{Mistake, Template, escape};
use proptest::prelude::*;

/// No wildcard is there.
fn none(name: &str) -> Result<Vec<String>, String> {
    Err(format!("there is no wildcard `{name}`"))
}

fn files(name: &str) -> Result<Vec<String>, String> {
    let lines: &[&str] = match name {
        "animal" => &["a fox", "{red|grey} squirrel", "an owl"],
        "place" => &["in a __wood__", "at sea"],
        "wood" => &["pine wood", "birch wood"],
        "self" => &["never __other__"],
        "other" => &["ends __self__"],
        "broken" => &["whole", "{half"],
        "empty" => &[],
        "coin" => &["$5"],
        "mood" => &["$mood"],
        _ => return none(name),
    };
    Ok(lines.iter().map(|&line| line.to_owned()).collect())
}

fn prompts(text: &str) -> Vec<String> {
    let template = Template::read(text, &files).unwrap_or_else(|wrong| panic!("{text}: {wrong}"));
    let prompts: Vec<String> = template.prompts().collect();
    assert_eq!(template.count(), prompts.len() as u128, "{text}");
    prompts
}

fn mistake(text: &str) -> Mistake {
    Template::read(text, &files).expect_err(text)
}

#[test]
fn a_plain_prompt_stands_for_itself() {
    for text in [
        "a fox at dawn",
        "",
        "costs $5 | or more",
        "snake_case and __ alone __",
        "C:\\foxes\\new",
        "{\"scene\": {\"subject\": \"a fox\"}}",
        "{}",
        "two\nlines\n",
    ] {
        assert_eq!(prompts(text), [text]);
    }
}

#[test]
fn alternatives_are_all_made_the_first_changing_slowest() {
    assert_eq!(
        prompts("a { red | blue } {cat|dog}"),
        ["a red cat", "a red dog", "a blue cat", "a blue dog"]
    );
    assert_eq!(prompts("a{| big} fox"), ["a fox", "abig fox"]);
    assert_eq!(prompts("{a|{b|c}d}"), ["a", "bd", "cd"]);
}

#[test]
fn picks_keep_the_order_in_which_they_are_written() {
    assert_eq!(prompts("{2$$a|b|c}"), ["a, b", "a, c", "b, c"]);
    assert_eq!(prompts("{2$$ and $$a|b}"), ["a and b"]);
    assert_eq!(prompts("{0-1$$a|b}!"), ["!", "a!", "b!"]);
    assert_eq!(prompts("{1-2$$+$$a|{b|c}}"), ["a", "b", "c", "a+b", "a+c"]);
}

#[test]
fn wildcards_bring_their_lines_which_are_templates_too() {
    assert_eq!(prompts("__animal__"), ["a fox", "red squirrel", "grey squirrel", "an owl"]);
    assert_eq!(
        prompts("hut __place__"),
        ["hut in a pine wood", "hut in a birch wood", "hut at sea"]
    );
    assert_eq!(prompts("__coin__ each"), ["$5 each"]);
    assert_eq!(prompts("__wood__ __wood__").len(), 4);
}

#[test]
fn a_variable_has_one_value_in_a_prompt() {
    assert_eq!(
        prompts("$mood = {calm|wild}\na $mood sea under a $mood sky"),
        ["a calm sea under a calm sky", "a wild sea under a wild sky"]
    );
    assert_eq!(
        prompts("$a = {1|2}\n$b = $a{x|y}\n$unused = {p|q|r}\n$b/$a"),
        ["1x/1", "1y/1", "2x/2", "2y/2"]
    );
}

#[test]
fn what_is_escaped_is_text() {
    assert_eq!(prompts(r"\{red\|blue\} \$mood \__animal__ \\"), [r"{red|blue} $mood __animal__ \"]);
}

#[test]
fn a_mistake_says_where_it_is_and_what_to_write() {
    for (text, at, words) in [
        ("a {red|blue", 2, "not closed"),
        ("a fox} at", 5, "closes nothing"),
        ("é {3$$a|b}", 2, "picks 3 of 2"),
        ("{2-1$$a|b}", 0, "picks 2 to 1"),
        ("{99999999999999999999999$$a|b}", 0, "of 2"),
        ("so $calm", 3, "not defined"),
        ("$a = $b\n$b = c\n$a", 5, "above the line"),
        ("at __nowhere__", 3, "no wildcard `nowhere`"),
        ("__self__", 0, "stands in itself"),
        ("xx__broken__", 2, "`{half`: this `{` is not closed"),
        ("__empty__", 0, "empty"),
        ("__mood__", 0, "in the prompt alone"),
    ] {
        let wrong = mistake(text);
        assert!(wrong.what.contains(words), "{text}: {wrong}");
        assert_eq!(wrong.at, at, "{text}: {wrong}");
    }
    let deep = format!("{}a|b{}", "{".repeat(5_000), "}".repeat(5_000));
    assert!(mistake(&deep).what.contains("deep"));
    let many: Vec<String> = (0..70).map(|number| format!("$v{number} = x\n")).collect();
    let many = many.concat();
    assert!(mistake(&many).what.contains("variables"));
}

#[test]
fn what_is_too_much_to_make_is_counted_all_the_same() {
    let billion = Template::read(&"{0|1|2|3|4|5|6|7|8|9}".repeat(9), &none).expect("it is right");
    assert_eq!(billion.count(), 1_000_000_000);
    assert_eq!(billion.prompt(123_456_789), "123456789");
    let endless = Template::read(&"{a|b}".repeat(200), &none).expect("it is right");
    assert_eq!(endless.count(), u128::MAX);
    assert_eq!(endless.some(3, 7).len(), 3);
}

#[test]
fn a_seed_draws_the_same_prompts_again_and_none_twice() {
    let template =
        Template::read("{0|1|2|3|4|5|6|7|8|9}{0|1|2|3|4|5|6|7|8|9}", &none).expect("it is right");
    let drawn = template.some(40, 2026);
    assert_eq!(drawn, template.some(40, 2026));
    assert_ne!(drawn, template.some(40, 2027));
    // The seed is kept with a generation: these may never change.
    assert_eq!(drawn[..4], ["17", "30", "75", "93"]);
    let mut once = drawn.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), 40);
    assert_eq!(template.some(100, 1), template.prompts().collect::<Vec<_>>());
}

/// A template as a tree, for the reference.
#[derive(Clone, Debug)]
enum Tree {
    Text(String),
    Pick(usize, usize, Vec<Vec<Tree>>),
}

fn written(trees: &[Tree]) -> String {
    let one = |tree: &Tree| match tree {
        Tree::Text(text) => escape(text),
        Tree::Pick(least, most, options) => {
            let options: Vec<String> = options.iter().map(|option| written(option)).collect();
            format!("{{{least}-{most}$$+$${}}}", options.join("|"))
        }
    };
    trees.iter().map(one).collect()
}

/// All texts of a tree, by going through every choice.
fn reference(trees: &[Tree]) -> Vec<String> {
    let Some((first, rest)) = trees.split_first() else { return vec![String::new()] };
    let first = match first {
        Tree::Text(text) => vec![text.clone()],
        Tree::Pick(least, most, options) => {
            let options: Vec<Vec<String>> =
                options.iter().map(|option| reference(option)).collect();
            (*least..=*most)
                .flat_map(|picks| picked(picks, &options))
                .map(|texts| texts.join("+"))
                .collect()
        }
    };
    let rest = reference(rest);
    first.iter().flat_map(|first| rest.iter().map(move |rest| format!("{first}{rest}"))).collect()
}

fn picked(picks: usize, options: &[Vec<String>]) -> Vec<Vec<String>> {
    if picks == 0 {
        return vec![Vec::new()];
    }
    let Some((first, rest)) = options.split_first() else { return Vec::new() };
    let mut all = Vec::new();
    for text in first {
        for mut others in picked(picks - 1, rest) {
            others.insert(0, text.clone());
            all.push(others);
        }
    }
    all.extend(picked(picks, rest));
    all
}

fn trees() -> impl Strategy<Value = Vec<Tree>> {
    let leaf = "[a-c{}|$_é\\\\]{1,4}".prop_map(Tree::Text);
    let tree = leaf.prop_recursive(3, 16, 3, |inner| {
        (prop::collection::vec(prop::collection::vec(inner, 0..3), 1..4), 0_usize..3, 0_usize..3)
            .prop_map(|(options, least, more)| {
                let most = (least + more).min(options.len());
                Tree::Pick(least.min(most), most, options)
            })
    });
    prop::collection::vec(tree, 0..4)
}

proptest! {
    #[test]
    fn expanding_equals_going_through_every_choice(trees in trees()) {
        let expected = reference(&trees);
        prop_assume!(expected.len() <= 5_000);
        let template = Template::read(&written(&trees), &none).expect("it is right");
        prop_assert_eq!(template.count(), expected.len() as u128);
        prop_assert_eq!(template.prompts().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn any_text_comes_back_when_it_is_escaped(text in "\\PC{0,40}") {
        let template = Template::read(&escape(&text), &none).expect("it is text");
        prop_assert_eq!(template.prompts().collect::<Vec<_>>(), [text]);
    }

    #[test]
    fn no_text_is_too_much(text in "[{}|$_a-z0-9 =\\\\\n-]{0,200}") {
        if let Ok(template) = Template::read(&text, &files) {
            let count = template.count();
            prop_assert!(count > 0);
            template.prompt(count - 1);
            prop_assert!(template.some(20, 1).len() as u128 == count.min(20));
        }
    }
}
