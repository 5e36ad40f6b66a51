//! Reading the paths out of Rust code, whatever stands in comments and texts.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// Every path of two or more names in `code`, and every name that a `use` brings in,
/// with nested ones written out: `use a::{b, c::d}` holds `a::b` and `a::c::d`.
pub(super) fn paths(code: &str) -> Vec<Vec<String>> {
    let code: TokenStream = code.parse().expect("a source is made of Rust's tokens");
    let mut found = Vec::new();
    scan(code, &mut found);
    found
}

fn scan(code: TokenStream, found: &mut Vec<Vec<String>>) {
    let tokens: Vec<TokenTree> = code.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        let begins = !after_colons(&tokens, at);
        match &tokens[at] {
            TokenTree::Ident(name) if name == "use" => {
                at += 1 + colons(&tokens, at + 1);
                at = path(&tokens, at, &[], true, found);
            }
            TokenTree::Ident(_) if begins => at = path(&tokens, at, &[], false, found),
            TokenTree::Group(group) => {
                scan(group.stream(), found);
                at += 1;
            }
            _ => at += 1,
        }
    }
}

/// Reads the path that begins at `at`, below `prefix`; returns what comes after it.
fn path(
    tokens: &[TokenTree],
    mut at: usize,
    prefix: &[String],
    is_use: bool,
    found: &mut Vec<Vec<String>>,
) -> usize {
    let mut names = prefix.to_vec();
    loop {
        match tokens.get(at) {
            Some(TokenTree::Ident(name)) => names.push(name.to_string()),
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace && is_use => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                for branch in inner.split(is_comma).filter(|branch| !branch.is_empty()) {
                    path(branch, colons(branch, 0), &names, true, found);
                }
                return at + 1;
            }
            _ => break,
        }
        at += 1;
        match colons(tokens, at) {
            0 => break,
            both => at += both,
        }
    }
    if names.len() > 1 || (is_use && names.len() == 1) {
        found.push(names);
    }
    at
}

fn is_comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')
}

/// 2 where `::` stands at `at`, else 0.
fn colons(tokens: &[TokenTree], at: usize) -> usize {
    let colon = |at: usize, spacing: Option<Spacing>| {
        matches!(tokens.get(at), Some(TokenTree::Punct(punct))
            if punct.as_char() == ':' && spacing.is_none_or(|spacing| punct.spacing() == spacing))
    };
    if colon(at, Some(Spacing::Joint)) && colon(at + 1, None) { 2 } else { 0 }
}

/// Whether a path goes on at `at`: `a::b` and `<A>::b` do at `b`, `::b` does not.
fn after_colons(tokens: &[TokenTree], at: usize) -> bool {
    let goes_on = |before: &TokenTree| match before {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == '>',
        _ => false,
    };
    at >= 3 && colons(tokens, at - 2) == 2 && goes_on(&tokens[at - 3])
}

#[test]
fn paths_are_read_wherever_they_stand() {
    let code = r#"
        //! crate::not::this
        use crate::{a, b::{c, d::E}, f as g,};
        pub(crate) use ::h;
        fn f(x: crate::i::J) -> Vec<k::L> { let _ = ::p::q(<R>::s::t); m!(crate::n::o(), "crate::nor::this") }
    "#;
    let found: Vec<String> = paths(code).iter().map(|names| names.join("::")).collect();
    let expected =
        ["crate::a", "crate::b::c", "crate::b::d::E", "crate::f", "h", "crate::i::J", "k::L"];
    for path in expected.into_iter().chain(["crate::n::o", "p::q"]) {
        assert!(found.iter().any(|other| other == path), "{path} is not in {found:?}");
    }
    assert!(!found.iter().any(|path| path.contains("this")), "{found:?}");
    assert!(!found.iter().any(|path| ["crate", "g", "s::t"].contains(&path.as_str())), "{found:?}");
}
