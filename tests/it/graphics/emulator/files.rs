//! Files that a terminal takes, as iTerm2 and kitty do.
//!
//! kitty's is written after its `file_transmission.py` (0.26.5): a command before the user
//! has allowed the transfer ends the session, a file is opened with its first data, and what
//! is there before is written over.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What kitty takes of a file at once.
const MOST: usize = 4096;
/// The longest sequence that iTerm2 and WezTerm take.
const LONGEST: usize = 1 << 20;

/// A file, as far as it has come.
#[derive(Clone, Debug, Default)]
struct Coming {
    number: String,
    name: String,
    size: Option<usize>,
    bytes: Vec<u8>,
}

/// A transfer of kitty.
#[derive(Clone, Debug)]
struct Session {
    id: String,
    allowed: bool,
    files: Vec<Coming>,
}

/// What has come.
#[derive(Clone, Debug, Default)]
pub(super) struct Files {
    /// Names and bytes of all that is whole; of kitty's also what was there before.
    pub(super) saved: Vec<(String, Vec<u8>)>,
    /// What iTerm2 gets in parts.
    parts: Option<Coming>,
    session: Option<Session>,
    /// Transfers that were ended by the program, whole and given up.
    pub(super) ended: (usize, usize),
}

fn decoded(text: &str) -> Result<Vec<u8>, String> {
    STANDARD.decode(text).map_err(|why| format!("a file in no base64: {why}"))
}

fn named(arguments: &str) -> Result<Coming, String> {
    let find = |wanted: &str| {
        let mut pairs = arguments.split(';').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == wanted).map(|(_, value)| value)
    };
    if find("inline") != Some("0") {
        return Err("a file to be shown in place of a picture".to_owned());
    }
    let name = decoded(find("name").unwrap_or_default())?;
    let name = String::from_utf8(name).map_err(|_| "a name that is no text".to_owned())?;
    let size = find("size").and_then(|size| size.parse().ok());
    Ok(Coming { name, size, ..Coming::default() })
}

impl Files {
    /// A command of iTerm2's, if it is one for files.
    pub(super) fn iterm(&mut self, body: &str, in_parts: bool) -> Option<Result<(), String>> {
        let is_whole = body.starts_with("1337;File=") && !body.contains("inline=1");
        let is_part = ["1337;MultipartFile=", "1337;FilePart=", "1337;FileEnd"];
        let is_part = is_part.iter().any(|begin| body.starts_with(begin));
        if !is_whole && !is_part {
            return None;
        }
        if is_part && !in_parts {
            return Some(Err("this terminal knows no files in parts".to_owned()));
        }
        if is_part && body.len() > LONGEST {
            return Some(Err("a part of a file that is too long".to_owned()));
        }
        Some(self.take(body.trim_start_matches("1337;")))
    }

    fn take(&mut self, body: &str) -> Result<(), String> {
        if let Some(arguments) = body.strip_prefix("MultipartFile=") {
            if self.parts.is_some() {
                return Err("a file within another".to_owned());
            }
            self.parts = Some(named(arguments)?);
        } else if let Some(part) = body.strip_prefix("FilePart=") {
            let file = self.parts.as_mut().ok_or("a part of no file")?;
            file.bytes.extend(decoded(part)?);
        } else if body == "FileEnd" {
            let file = self.parts.take().ok_or("the end of no file")?;
            self.save(file)?;
        } else if let Some((arguments, bytes)) = body.trim_start_matches("File=").split_once(':') {
            let mut file = named(arguments)?;
            // What cannot be read is not kept.
            if let Ok(bytes) = decoded(bytes) {
                file.bytes = bytes;
                self.save(file)?;
            }
        }
        Ok(())
    }

    fn save(&mut self, file: Coming) -> Result<(), String> {
        if file.size.is_some_and(|size| file.bytes.len() > size) {
            return Err(format!("{} is longer than it was said", file.name));
        }
        self.saved.retain(|(name, _)| *name != file.name);
        self.saved.push((file.name, file.bytes));
        Ok(())
    }

    /// What the user says to the transfer that kitty asks about; gives its answer.
    pub(super) fn decide(&mut self, allowed: bool) -> Option<String> {
        let session = self.session.as_mut()?;
        let id = session.id.clone();
        session.allowed = allowed;
        if !allowed {
            self.session = None;
            return Some(status(&id, "", "EPERM:User refused the transfer", None));
        }
        Some(status(&id, "", "OK", None))
    }

    /// Whether kitty asks its user about a transfer.
    pub(super) fn asks(&self) -> bool {
        self.session.as_ref().is_some_and(|session| !session.allowed)
    }

    /// A command of kitty's transfer protocol; gives its answers.
    pub(super) fn kitty(&mut self, body: &str) -> Result<Option<String>, String> {
        let find = |wanted: &str| {
            let mut pairs = body.split(';').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == wanted).map(|(_, value)| value.to_owned())
        };
        let id = find("id").ok_or("a transfer without a name")?;
        let action = find("ac").ok_or("a transfer that does nothing")?;
        let Some(session) = &mut self.session else {
            return match action.as_str() {
                "send" => {
                    self.session = Some(Session { id, allowed: false, files: Vec::new() });
                    Ok(None)
                }
                _ => Err(format!("{action} in no transfer")),
            };
        };
        if session.id != id {
            return Err("two transfers at a time".to_owned());
        }
        let number = find("fid").unwrap_or_default();
        match action.as_str() {
            "cancel" => {
                self.session = None;
                self.ended.1 += 1;
                Ok(Some(status(&id, "", "CANCELED", None)))
            }
            _ if !session.allowed => {
                self.session = None;
                Err(format!("{action} before it was allowed"))
            }
            "finish" => {
                self.session = None;
                self.ended.0 += 1;
                Ok(None)
            }
            "file" => {
                let name = String::from_utf8(decoded(&find("n").unwrap_or_default())?)
                    .map_err(|_| "a name that is no text".to_owned())?;
                if find("prm").as_deref() != Some("420") {
                    return Err("a file that kitty would make a program of".to_owned());
                }
                let there = self.saved.iter().find(|(other, _)| *other == name);
                let size = there.map(|(_, bytes)| bytes.len());
                session.files.push(Coming { number: number.clone(), name, ..Coming::default() });
                Ok(Some(status(&id, &number, "STARTED", size)))
            }
            "data" | "end_data" => {
                let bytes = decoded(&find("d").unwrap_or_default())?;
                if bytes.len() > MOST {
                    return Err(format!("{} bytes of a file at once", bytes.len()));
                }
                let file = session.files.iter_mut().find(|file| file.number == number);
                let file = file.ok_or("data of no file")?;
                file.bytes.extend(bytes);
                let size = Some(file.bytes.len());
                if action == "data" {
                    return Ok(Some(status(&id, &number, "PROGRESS", size)));
                }
                let file = std::mem::take(file);
                self.save(file)?;
                Ok(Some(status(&id, &number, "OK", size)))
            }
            _ => Err(format!("{action} is no action of a transfer")),
        }
    }
}

fn status(id: &str, number: &str, code: &str, size: Option<usize>) -> String {
    let number = if number.is_empty() { String::new() } else { format!("fid={number};") };
    let size = size.map_or_else(String::new, |size| format!(";sz={size}"));
    let code = STANDARD.encode(code);
    format!("\x1b]5113;ac=status;id={id};{number}st={code}{size}\x1b\\")
}
