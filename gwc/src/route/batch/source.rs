//! Which record is read: file or standard input, format, and what its lines do not say.

use std::io::{BufRead, BufReader};
use std::path::Path;

use gwc_core::predict::Request;

use crate::cli::route::{LogFormat, RequestArgs, RouteArgs};
use crate::failure::Failure;
use crate::route::batch::log::Template;
use crate::route::batch::{Record, har, log};
use crate::route::request;

/// A record that is open.
pub(crate) struct Source {
    /// Its name.
    pub(crate) name: String,
    input: Box<dyn BufRead>,
    kind: Kind,
}

enum Kind {
    /// A HAR file; the port replaces that of the URLs.
    Har(Option<u16>),
    /// An access log.
    Log(LogFormat, Box<Template>),
}

impl Source {
    /// Opens the record of a command line; `url` gives what a log does not say.
    pub(crate) fn open(file: &Path, url: Option<&str>, args: &RouteArgs) -> Result<Self, Failure> {
        let options = &args.options;
        let allowed = RequestArgs {
            header: options.header.clone(),
            sni: options.sni.clone(),
            resolve_port: options.resolve_port,
            ..RequestArgs::default()
        };
        if *options != allowed {
            return Err(Failure::usage("of the request's options a record takes -H, --sni and --resolve-port only"));
        }
        let kind = match args.batch.from_har {
            Some(_) if url.is_some() || !options.header.is_empty() || options.sni.is_some() => {
                let message = "a HAR file has URLs and headers of its own; only --resolve-port goes with it";
                return Err(Failure::usage(message));
            }
            Some(_) => Kind::Har(options.resolve_port),
            None => {
                let format = args.batch.log_format.unwrap_or(LogFormat::Combined);
                Kind::Log(format, Box::new(template(url, options)?))
            }
        };
        let name = file.display().to_string().replace('\\', "/");
        let input: Box<dyn BufRead> = match name.as_str() {
            "-" => Box::new(std::io::stdin().lock()),
            _ => Box::new(BufReader::new(std::fs::File::open(file).map_err(|error| unreadable(&name, &error))?)),
        };
        Ok(Self { name, input, kind })
    }

    /// Hands over every request.
    pub(crate) fn read(mut self, take: &mut dyn FnMut(&Request)) -> Result<Record, Failure> {
        match &self.kind {
            Kind::Log(format, template) => {
                log::read(self.input, *format, template, take).map_err(|error| unreadable(&self.name, &error))
            }
            Kind::Har(port) => {
                let mut bytes = Vec::new();
                self.input.read_to_end(&mut bytes).map_err(|error| unreadable(&self.name, &error))?;
                let read = har::read(&String::from_utf8_lossy(&bytes), *port, take);
                read.map_err(|problem| Failure::input(format!("`{}`: {problem}", self.name)))
            }
        }
    }
}

fn unreadable(name: &str, error: &std::io::Error) -> Failure {
    Failure::input(format!("cannot read `{name}`: {error}"))
}

/// What lines do not say, from URL and options.
fn template(url: Option<&str>, options: &RequestArgs) -> Result<Template, Failure> {
    let request = request::request(url.unwrap_or("/"), options)?.request;
    if !matches!(request.target.as_str(), "/" | "") {
        let message = format!("the paths come from the log; leave `{}` out of the URL", request.target);
        return Err(Failure::usage(message));
    }
    Ok(Template { request, port: options.resolve_port, is_sni_fixed: options.sni.is_some() })
}
