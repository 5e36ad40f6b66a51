//! What is copied of generations, as text for somewhere else.
//!
//! Owns the words and lines themselves. Promises that a line of a shell means what it says
//! whatever is in a prompt or a path, that no key is in any, and that nothing copied can
//! drive the terminal it is put into. Must never read a file, nor know how text gets to a
//! clipboard.

use std::path::Path;

use crate::config::environment::Environment;
use crate::config::{Settings, secrets};
use crate::domain::{
    BaseImage, Extract, Failure, FailureKind, Generation, Image, Request, is_of_windows, printable,
    shown_size, template,
};
use crate::engine;

/// The variable that holds the key of the service every request goes through.
const LANGBASE: &str = "langbase";
/// The port of SSH unless said otherwise.
const SSH: u16 = 22;

/// This machine, as the one that the user sits at reaches it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Here {
    host: Option<String>,
    user: Option<String>,
    port: u16,
}

impl Here {
    /// What the configuration says, and else what SSH does.
    pub fn of(settings: &Settings, environment: &Environment) -> Self {
        let connection = environment.get("SSH_CONNECTION").unwrap_or_default();
        let mut said = connection.split_ascii_whitespace().skip(2);
        let (host, port) = (said.next().map(str::to_owned), said.next());
        let user = || environment.get("USER").or_else(|| environment.get("LOGNAME"));
        let away = &settings.away;
        Self {
            host: away.host.clone().or(host),
            user: away.user.clone().or_else(|| user().map(str::to_owned)),
            port: away.port.or_else(|| port?.parse().ok()).unwrap_or(SSH),
        }
    }

    /// The line that brings a file here from where the user is, to be run there.
    ///
    /// # Errors
    /// When nobody knows the name of this machine.
    pub fn fetching(&self, path: &str, into: &Path) -> Result<String, Failure> {
        let (scp, at) = self.scp_to()?;
        let path = match path {
            // Quotes of Windows keep these from meaning themselves.
            path if is_of_windows(path) && path.contains(['"', '$', '%', '`']) => {
                let what = "No line can be made of such a path.";
                return Err(Failure::before_sending(FailureKind::BaseImage, what, ""));
            }
            path if is_of_windows(path) => format!("\"{path}\""),
            path => quote(path),
        };
        let into = quote(&format!("{at}:{}/", escaped(into)));
        Ok(printable(&format!("{scp} {path} {into}")))
    }

    /// The line that fetches these files.
    ///
    /// # Errors
    /// When nobody knows the name of this machine.
    pub fn scp<'a>(&self, paths: impl IntoIterator<Item = &'a Path>) -> Result<String, Failure> {
        let (mut line, at) = self.scp_to()?;
        for path in paths {
            line = format!("{line} {}", quote(&format!("{at}:{}", escaped(path))));
        }
        Ok(format!("{line} ."))
    }

    /// The command, and this machine as it names it.
    fn scp_to(&self) -> Result<(String, String), Failure> {
        let Some(host) = &self.host else {
            return Err(Failure::before_sending(
                FailureKind::Config,
                "Nothing to fetch: you are not connected over SSH, so the file is on your machine.",
                "If it is not, say how yours reaches this one, with [copy] host.",
            ));
        };
        let port = if self.port == SSH { String::new() } else { format!(" -P {}", self.port) };
        let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
        let at = self.user.as_ref().map_or_else(|| host.clone(), |user| format!("{user}@{host}"));
        Ok((format!("scp{port}"), at))
    }
}

/// A path as scp reads it on the other side: a shell does where it is old, and a pattern it
/// is where it is new. For both a backslash makes a sign mean itself.
fn escaped(path: &Path) -> String {
    let mut escaped = String::new();
    for c in path.display().to_string().chars() {
        if c.is_ascii() && !c.is_ascii_alphanumeric() && !"/._-+,@%=".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// One word of a shell that means `text`. No text here has a NUL in it: neither a path nor
/// what was [`printable`] can.
fn quote(text: &str) -> String {
    shlex::Quoter::new().allow_nul(true).quote(text).map_or_else(|_| "''".to_owned(), Into::into)
}

/// `what` of these generations, a line each; of pictures only number `index` where that is
/// given, and otherwise all.
///
/// # Errors
/// When there is no such thing, and why.
pub fn extract(
    what: Extract,
    of: &[Generation],
    index: Option<usize>,
    here: &Here,
    settings: &Settings,
) -> Result<String, Failure> {
    let each = |line: &dyn Fn(&Generation) -> Result<String, Failure>| {
        of.iter().map(line).collect::<Result<Vec<_>, _>>().map(|lines| lines.join("\n"))
    };
    let text = match what {
        Extract::Prompt => each(&|it| Ok(it.request.prompt.clone()))?,
        Extract::Path => {
            let paths = pictures(of, index)?;
            let paths = paths.iter().map(|image| image.path.display().to_string());
            paths.collect::<Vec<_>>().join("\n")
        }
        Extract::Scp => here.scp(pictures(of, index)?.iter().map(|image| image.path.as_path()))?,
        Extract::Curl => each(&|it| curl(&it.request, settings))?,
        Extract::Command => each(&|it| Ok(command(&it.request)))?,
        Extract::Json => each(&|it| Ok(serde_json::json!(it.request).to_string()))?,
    };
    Ok(printable(&text))
}

/// The pictures of these generations; of each only number `index` where that is given.
///
/// # Errors
/// When there is none.
pub fn pictures(of: &[Generation], index: Option<usize>) -> Result<Vec<&Image>, Failure> {
    let meant = |(nth, _): &(usize, &Image)| index.is_none_or(|index| index == *nth);
    let images = of.iter().flat_map(|it| it.images.iter().enumerate().filter(meant));
    let images: Vec<&Image> = images.map(|(_, image)| image).collect();
    if images.is_empty() {
        let what = if of.len() == 1 { "It has no picture." } else { "None of them has a picture." };
        return Err(Failure::before_sending(FailureKind::Request, what, ""));
    }
    Ok(images)
}

fn curl(request: &Request, settings: &Settings) -> Result<String, Failure> {
    if request.model.is_demo() {
        let what = "The demo painter has no address: it paints on this machine.";
        let hint = "The command line of it can be copied.";
        return Err(Failure::before_sending(FailureKind::Request, what, hint));
    }
    let variable = |service: &str| secrets::variables(service).swap_remove(0);
    let keys = (variable(LANGBASE), variable(request.model.provider()));
    engine::curl(request, &settings.langbase.base_url, (&keys.0, &keys.1), quote)
}

/// The request as a command of this program.
fn command(request: &Request) -> String {
    let mut words = vec!["pentimento".to_owned(), "generate".to_owned()];
    let mut flag = |name: &str, value: String| words.extend([name.to_owned(), value]);
    flag("-m", request.model.to_string());
    match (request.width, request.height) {
        (None, None) => {}
        (Some(_), Some(_)) => flag("--size", shown_size(request.width, request.height)),
        (width, height) => {
            let sides = [("--width", width), ("--height", height)];
            for (name, side) in sides.into_iter().filter_map(|(name, side)| Some((name, side?))) {
                flag(name, side.to_string());
            }
        }
    }
    for (name, number) in [("-n", request.n), ("--steps", request.steps)] {
        if let Some(number) = number {
            flag(name, number.to_string());
        }
    }
    if let Some(image) = &request.image {
        flag(
            "--image",
            match image {
                BaseImage::File(path) => path.display().to_string(),
                BaseImage::Url(url) => url.clone(),
            },
        );
    }
    // With the equals sign, so that what begins with a dash is no flag.
    words.extend(request.negative_prompt.iter().map(|text| format!("--negative={text}")));
    words.extend(request.extra.iter().map(|(key, value)| format!("--set={key}={value}")));
    if template::literal(&request.prompt) != request.prompt {
        words.push("--literal".to_owned());
    }
    // Behind two dashes no prompt is a flag.
    words.extend(["--".to_owned(), request.prompt.clone()]);
    words.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" ")
}
