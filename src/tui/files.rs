//! Files of this machine that may become base images: what is in a directory, what is known
//! of a file, and how one gets here that lies where the user is.
//!
//! Promises that no disk, however slow, keeps the loop waiting, and that only the newest look
//! has a picture encoded. Must never decode a picture in this process.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::{AbortHandle, spawn_blocking};

use super::Message;
use crate::app::Event;
use crate::app::base::{Elsewhere, Known, Why, name_of};
use crate::app::files::{Entry, News, Wish};
use crate::config::Settings;
use crate::config::environment::Environment;
use crate::domain::{BaseImage, ImageFormat, PictureFile, is_of_windows};
use crate::engine::base::{LARGEST, Standpoint, about, travelling_bytes};
use crate::engine::link::own_program;
use crate::face::extracts::Here;
use crate::face::standpoint;
use crate::graphics::bare;

/// Where systems keep the files of people. Below these a directory that is not here is of
/// another machine.
const OF_PEOPLE: [&str; 6] = ["/Users", "/home", "/Volumes", "/media", "/mnt", "/private/var"];

/// Whoever looks at files.
#[derive(Clone)]
pub(super) struct Files {
    from: Arc<Standpoint>,
    here: Arc<Here>,
    /// Whether the user sits at another machine.
    is_remote: bool,
    keep_metadata: bool,
    inbox: UnboundedSender<Message>,
    /// The look at what stands in the form.
    looking: Arc<Mutex<Option<AbortHandle>>>,
}

impl Files {
    pub(super) fn new(
        settings: &Settings,
        environment: &Environment,
        cwd: &Path,
        inbox: UnboundedSender<Message>,
    ) -> Self {
        Self {
            from: Arc::new(standpoint(environment, cwd)),
            here: Arc::new(Here::of(settings, environment)),
            is_remote: environment.get("SSH_CONNECTION").is_some(),
            keep_metadata: settings.upload.keep_metadata,
            inbox,
            looking: Arc::default(),
        }
    }

    /// This machine is called so from now on.
    pub(super) fn configure(&mut self, settings: &Settings, environment: &Environment) {
        self.here = Arc::new(Here::of(settings, environment));
    }

    /// Where paths are written from.
    pub(super) fn standpoint(&self) -> &Standpoint {
        &self.from
    }

    /// Does what is wanted on the disk.
    pub(super) fn perform(&self, wish: Wish) {
        let files = self.clone();
        spawn_blocking(move || {
            let news = match wish {
                Wish::List(asked) => files.list(asked),
                Wish::See(paths) => {
                    let seen = |path: String| {
                        let about = about(Path::new(&path));
                        (path, about)
                    };
                    News::Seen(paths.into_iter().map(seen).collect())
                }
            };
            files.tell(Event::Files(news));
        });
    }

    /// Finds out what a path is good for as a base image; of one in the form also how many
    /// bytes are sent.
    pub(super) fn look(&self, text: String, why: Why) {
        let files = self.clone();
        let looking = tokio::spawn(async move {
            let (looker, path) = (files.clone(), text.clone());
            let Ok(known) = spawn_blocking(move || looker.known(&path)).await else { return };
            let tell = |known| files.tell(Event::Base(text.clone(), why, Box::new(known)));
            tell(known.clone());
            if let (Known::Picture { file, .. }, Why::Written) = (known, why) {
                tell(files.measured(file).await);
            }
        });
        if why == Why::Written {
            let newest = Some(looking.abort_handle());
            let mut before = self.looking.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(before) = std::mem::replace(&mut *before, newest) {
                before.abort();
            }
        }
    }

    fn known(&self, text: &str) -> Known {
        let BaseImage::File(written) = BaseImage::from(text.to_owned()) else {
            unreachable!("only files are looked at");
        };
        let path = self.from.path(&written);
        match about(&path) {
            Ok(file) => Known::Picture { file, travels: None },
            Err(failure) if !is_elsewhere(text, self.is_remote) => Known::Refused(failure),
            Err(_) => Known::Elsewhere(Elsewhere {
                path: text.to_owned(),
                line: self.here.fetching(text, &self.from.cwd).ok(),
                arrives: self.from.cwd.join(name_of(text)).display().to_string(),
            }),
        }
    }

    /// The same picture with what of it is sent; where it cannot be, why.
    async fn measured(&self, file: PictureFile) -> Known {
        let bytes = if self.keep_metadata {
            Ok((file.format, file.bytes))
        } else {
            let bare = bare(&own_program(), &file.path, LARGEST).await;
            bare.map(|bytes| (ImageFormat::sniff(&bytes), bytes.len() as u64))
        };
        match bytes {
            Ok((format, bytes)) => {
                Known::Picture { file, travels: Some(travelling_bytes(format, bytes)) }
            }
            Err(failure) => Known::Refused(failure),
        }
    }

    fn list(&self, asked: String) -> News {
        let path = self.from.path(Path::new(&asked));
        let dir = path.display().to_string();
        let entries = entries(&path).map(Arc::new);
        News::Listed { asked, dir, entries }
    }

    fn tell(&self, event: Event) {
        // Without a loop there is nobody to tell.
        let _ = self.inbox.send(Message::Event(event));
    }
}

/// Whether a path that is not here is one of the machine that the user sits at.
fn is_elsewhere(text: &str, is_remote: bool) -> bool {
    if is_of_windows(text) {
        return true;
    }
    let of_others = |top: &str| {
        let below = Path::new(text).strip_prefix(top).ok();
        let first = below.and_then(|below| below.components().next());
        first.is_some_and(|first| !Path::new(top).join(first).exists())
    };
    is_remote && OF_PEOPLE.iter().any(|top| of_others(top))
}

/// What is in a directory, directories first. Names that are no text cannot stand in the form,
/// and are left out.
fn entries(dir: &Path) -> Result<Vec<Entry>, String> {
    let shown = dir.display();
    let found = fs::read_dir(dir).map_err(|error| match error.kind() {
        ErrorKind::NotFound => format!("There is no directory {shown}."),
        ErrorKind::NotADirectory => format!("{shown} is no directory."),
        ErrorKind::PermissionDenied => format!("{shown} may not be read."),
        _ => format!("{shown} cannot be read: {error}."),
    })?;
    let mut entries: Vec<Entry> = found.flatten().filter_map(|entry| read(&entry)).collect();
    entries.sort_by_cached_key(|entry| (!entry.is_dir, in_order(&entry.name)));
    Ok(entries)
}

fn read(entry: &fs::DirEntry) -> Option<Entry> {
    let name = entry.file_name().into_string().ok()?;
    if name.contains(char::is_control) {
        return None;
    }
    let kind = entry.file_type().ok()?;
    // Only a link says nothing of what it leads to.
    let (is_dir, is_file) = if kind.is_symlink() {
        fs::metadata(entry.path()).map_or((false, false), |it| (it.is_dir(), it.is_file()))
    } else {
        (kind.is_dir(), kind.is_file())
    };
    (is_dir || is_file).then_some(Entry { name, is_dir })
}

/// A name as people sort it: whatever its case, and by the value of the numbers in it.
fn in_order(name: &str) -> String {
    let (mut key, mut number) = (String::new(), String::new());
    for c in name.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            number.push(c);
            continue;
        }
        if !number.is_empty() {
            let value = number.trim_start_matches('0');
            // Longer numbers are larger ones.
            key.push(char::from_u32('0' as u32 + value.len().min(200) as u32).unwrap_or('9'));
            key.push_str(value);
            number.clear();
        }
        key.extend(c.to_lowercase());
    }
    key
}
