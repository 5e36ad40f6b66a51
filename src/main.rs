//! The one binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    match args.next() {
        Some(command) if command == "decode" => pentimento::graphics::decode_child(args),
        _ => ExitCode::from(2),
    }
}
