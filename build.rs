//! Writes the tree of `config.example.toml` as data of the program: a start that parsed the
//! defaults would spend a quarter of its time on it.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

const EXAMPLE: &str = "config.example.toml";

fn main() {
    println!("cargo::rerun-if-changed={EXAMPLE}");
    println!("cargo::rerun-if-changed=build.rs");
    let text = fs::read_to_string(EXAMPLE).expect("the package has its example configuration");
    let table = DeTable::parse(&text).unwrap_or_else(|error| panic!("{EXAMPLE}: {error}"));
    let mut code = Code::default();
    let table = code.table(table.get_ref());
    code.text.push_str("/// The defaults.\n");
    writeln!(code.text, "pub(super) static DEFAULTS: Table<'static> = {table};").expect("a text");
    #[expect(clippy::disallowed_methods, reason = "it is how cargo says where to write")]
    let out = env::var_os("OUT_DIR").expect("cargo says where");
    fs::write(Path::new(&out).join("defaults.rs"), code.text).expect("cargo's place is writable");
}

/// Statics of the types in `src/config/tree.rs`, one for each list and each table, the inner
/// ones first.
#[derive(Default)]
struct Code {
    text: String,
    count: usize,
}

impl Code {
    fn table(&mut self, table: &DeTable<'_>) -> String {
        let mut entries = Vec::new();
        for (key, value) in table {
            let (offset, item) = (key.span().start, self.item(value));
            let key = text(key.get_ref());
            entries.push(format!("Entry {{ key: {key}, offset: {offset}, item: {item} }}"));
        }
        format!("Table({})", self.parts("Entry", &entries))
    }

    fn item(&mut self, item: &Spanned<DeValue<'_>>) -> String {
        let value = match item.get_ref() {
            DeValue::String(value) => format!("Text({})", text(value)),
            DeValue::Integer(number) => {
                let (digits, radix) = (text(number.as_str()), number.radix());
                format!("Whole {{ digits: {digits}, radix: {radix} }}")
            }
            DeValue::Float(number) => format!("Fraction({})", text(number.as_str())),
            DeValue::Boolean(flag) => format!("Flag({flag})"),
            DeValue::Datetime(_) => "Date".to_owned(),
            DeValue::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| self.item(item)).collect();
                format!("List({})", self.parts("Item", &items))
            }
            DeValue::Table(table) => format!("Table({})", self.table(table)),
        };
        format!("Item {{ offset: {}, value: Value::{value} }}", item.span().start)
    }

    /// A static with `parts`, borrowed.
    fn parts(&mut self, of: &str, parts: &[String]) -> String {
        let (name, count) = (format!("PART_{}", self.count), parts.len());
        self.count += 1;
        let parts = parts.join(", ");
        writeln!(self.text, "static {name}: [{of}<'static>; {count}] = [{parts}];")
            .expect("a text");
        format!("Parts::Static(&{name})")
    }
}

fn text(text: &str) -> String {
    format!("Cow::Borrowed({text:?})")
}
