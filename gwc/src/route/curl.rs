//! A whole `curl …` line as argument, and what to say about curl's options that `gwc route` has not.
//!
//! No option is dropped in silence: one that changes the request is taken or refused, one that does not is named on
//! stderr.

use clap::{Arg, ArgAction, Args, FromArgMatches};

use crate::cli::route::RequestArgs;
use crate::failure::Failure;

/// Options of curl that leave the request as it is: short, long, whether a value follows.
const NO_EFFECT: &[(Option<char>, &str, bool)] = &[
    (Some('s'), "silent", false),
    (Some('S'), "show-error", false),
    (Some('v'), "verbose", false),
    (Some('i'), "include", false),
    (Some('k'), "insecure", false),
    (Some('L'), "location", false),
    (Some('f'), "fail", false),
    (Some('N'), "no-buffer", false),
    (Some('O'), "remote-name", false),
    (Some('#'), "progress-bar", false),
    (Some('4'), "ipv4", false),
    (Some('6'), "ipv6", false),
    (None, "fail-with-body", false),
    (None, "no-progress-meter", false),
    (None, "globoff", false),
    (None, "path-as-is", false),
    (None, "tlsv1.2", false),
    (None, "tlsv1.3", false),
    (None, "http1.1", false),
    (None, "http2", false),
    (None, "http2-prior-knowledge", false),
    (Some('o'), "output", true),
    (Some('w'), "write-out", true),
    (Some('m'), "max-time", true),
    (None, "connect-timeout", true),
    (None, "retry", true),
    (None, "retry-delay", true),
    (None, "retry-max-time", true),
    (None, "cacert", true),
    (Some('D'), "dump-header", true),
];

/// Options of curl that change the request or its way, with what to write instead.
const INSTEAD: &[(&str, &str)] = &[
    ("--resolve", "the port goes into --resolve-port, the address is of no interest"),
    ("--connect-to", "the port goes into --resolve-port, the address is of no interest"),
    ("--compressed", "write -H 'Accept-Encoding: gzip'"),
    ("-F", "write --data-size BYTES and -H 'Content-Type: multipart/form-data'"),
    ("--form", "write --data-size BYTES and -H 'Content-Type: multipart/form-data'"),
    ("-T", "write -X PUT --data-size BYTES"),
    ("--upload-file", "write -X PUT --data-size BYTES"),
    ("-r", "write -H 'Range: bytes=…'"),
    ("--range", "write -H 'Range: bytes=…'"),
    ("-x", "write the URL that the proxy would ask for"),
    ("--proxy", "write the URL that the proxy would ask for"),
    ("--request-target", "write it as the path of the URL"),
    ("--http1.0", "leave it out; -H 'Host:' sends no Host"),
    ("-0", "leave it out; -H 'Host:' sends no Host"),
    ("-K", "write its options"),
    ("--cert", "client certificates do not choose a route"),
    ("-E", "client certificates do not choose a route"),
    ("--url", "write the URL alone"),
    ("--digest", "write -H 'Authorization: Digest …'"),
];

/// A request as a curl line has it.
#[derive(Debug)]
pub(crate) struct Pasted {
    /// The URL.
    pub(crate) url: String,
    /// Its options.
    pub(crate) options: RequestArgs,
    /// Options that change nothing, as written.
    pub(crate) without_effect: Vec<String>,
}

/// Is the argument a whole curl line?
pub(crate) fn is_line(text: &str) -> bool {
    text.split_whitespace().next() == Some("curl") && text.trim() != "curl"
}

/// Reads a curl line.
pub(crate) fn parse(text: &str) -> Result<Pasted, Failure> {
    let words = words(text).map_err(Failure::usage)?;
    let mut command = RequestArgs::augment_args(clap::Command::new("curl").disable_help_flag(true));
    command = command.arg(Arg::new("url").num_args(1..));
    // Browsers write it into every line that they copy.
    command = command.arg(Arg::new("compressed").long("compressed").action(ArgAction::SetTrue));
    for (short, long, has_value) in NO_EFFECT {
        let action = if *has_value { ArgAction::Append } else { ArgAction::Count };
        let mut arg = Arg::new(*long).long(*long).action(action).hide(true);
        if let Some(short) = short {
            arg = arg.short(*short);
        }
        command = command.arg(arg);
    }
    let matches = command.try_get_matches_from(words).map_err(|error| refused(&error))?;
    let mut options = RequestArgs::from_arg_matches(&matches).map_err(|error| refused(&error))?;
    let names_it = |line: &String| line.to_ascii_lowercase().starts_with("accept-encoding");
    if matches.get_flag("compressed") && !options.header.iter().any(names_it) {
        options.header.push("Accept-Encoding: deflate, gzip, br, zstd".to_owned());
    }
    let urls: Vec<&String> = matches.get_many("url").into_iter().flatten().collect();
    let url = match urls.as_slice() {
        [url] => (*url).clone(),
        [] => return Err(Failure::usage("the curl line has no URL")),
        [_, second, ..] => {
            return Err(Failure::usage(format!("the curl line has a second URL, `{second}`; ask for one")));
        }
    };
    let is_given = |long: &str| matches.value_source(long) == Some(clap::parser::ValueSource::CommandLine);
    let without_effect = NO_EFFECT.iter().filter(|(_, long, _)| is_given(long)).map(|(_, long, _)| format!("--{long}"));
    Ok(Pasted { url, options, without_effect: without_effect.collect() })
}

/// clap's error in our words.
fn refused(error: &clap::Error) -> Failure {
    use clap::error::{ContextKind, ContextValue, ErrorKind};
    let flag = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(flag)) if error.kind() == ErrorKind::UnknownArgument => Some(flag.as_str()),
        _ => None,
    };
    if let Some(flag) = flag {
        return unknown(flag)
            .unwrap_or_else(|| Failure::usage(format!("curl's `{flag}` is not known here; {}", there())));
    }
    let text = error.render().to_string();
    let first = text.lines().next().unwrap_or_default();
    Failure::usage(format!("the curl line: {}", first.trim_start_matches("error: ")))
}

/// What to say about an option of curl that `gwc route` has not; `None`: it is none of curl's, or none that we know.
pub(crate) fn unknown(flag: &str) -> Option<Failure> {
    let name = flag.split('=').next().unwrap_or(flag);
    let is_it = |short: Option<char>, long: &str| {
        name.strip_prefix("--") == Some(long) || short.is_some_and(|short| name == format!("-{short}"))
    };
    let why = match INSTEAD.iter().find(|(known, _)| *known == name) {
        Some((_, instead)) => (*instead).to_owned(),
        None => {
            NO_EFFECT.iter().find(|(short, long, _)| is_it(*short, long))?;
            "it changes nothing about the request; leave it out".to_owned()
        }
    };
    Some(Failure::usage(format!("curl's `{name}` is not taken: {why}\n{}", there())))
}

/// The options that there are.
fn there() -> String {
    let command = RequestArgs::augment_args(clap::Command::new("route"));
    let name = |arg: &Arg| match (arg.get_short(), arg.get_long()) {
        (Some(short), _) => format!("-{short}"),
        (None, long) => format!("--{}", long.unwrap_or_default()),
    };
    let names: Vec<String> = command.get_arguments().map(name).collect();
    format!("options of the request are {}", names.join(" "))
}

/// Words as a shell would split them; `\` before a line break joins lines.
fn words(text: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None::<char>);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match (quote, c) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('"'), '\\') => {
                let next = rest.next_if(|next| matches!(next, '"' | '\\' | '$' | '`'));
                word.get_or_insert_default().push(next.unwrap_or('\\'));
            }
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '$') if rest.peek() == Some(&'\'') => {
                rest.next();
                word.get_or_insert_default().push_str(&ansi(&mut rest)?);
            }
            (None, '\\') => match rest.next() {
                Some('\n') | None => {}
                Some('\r') => {
                    let _ = rest.next_if_eq(&'\n');
                }
                Some(next) => word.get_or_insert_default().push(next),
            },
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    if let Some(quote) = quote {
        return Err(format!("the curl line ends inside a quotation ({quote})"));
    }
    words.extend(word);
    Ok(words)
}

/// The rest of `$'…'`, as browsers quote text with special characters.
fn ansi(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<String, String> {
    let mut out = String::new();
    while let Some(c) = rest.next() {
        match c {
            '\'' => return Ok(out),
            '\\' => match rest.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                Some('u') => {
                    let digits: String = rest.by_ref().take(4).collect();
                    out.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
                }
                next => out.extend(next),
            },
            c => out.push(c),
        }
    }
    Err("the curl line ends inside a quotation ($')".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_as_a_shell_splits_them() {
        let text = "curl -H 'a: \"b\"' \\\n  \"x\\\"y\" a\\ b ''";
        assert_eq!(words(text).unwrap(), ["curl", "-H", "a: \"b\"", "x\"y", "a b", ""]);
        assert_eq!(words("$'it\\'s \\u0021\\n'").unwrap(), ["it's !\n"]);
        assert!(words("curl 'x").unwrap_err().contains("inside a quotation"));
    }

    #[test]
    fn a_pasted_line_gives_request_and_remarks() {
        let pasted =
            parse("curl -sSL -XPOST -o /dev/null 'https://a.example/x?y=1' -H 'x-a: 1' --http2 --compressed").unwrap();
        assert_eq!((pasted.url.as_str(), pasted.options.method.as_deref()), ("https://a.example/x?y=1", Some("POST")));
        assert_eq!(pasted.options.header, ["x-a: 1", "Accept-Encoding: deflate, gzip, br, zstd"]);
        assert_eq!(pasted.without_effect, ["--silent", "--show-error", "--location", "--http2", "--output"]);
    }

    #[test]
    fn what_is_not_taken_is_named() {
        let table = [
            ("curl -F x=y http://a/", "--data-size BYTES"),
            ("curl --nonsense http://a/", "curl's `--nonsense` is not known here; options of the request are -X -H -d"),
            ("curl http://a/ http://b/", "a second URL, `http://b/`"),
            ("curl -s", "has no URL"),
            ("curl http://a/ -X", "the curl line: a value is required"),
        ];
        for (line, wanted) in table {
            let failure = parse(line).unwrap_err();
            assert!(failure.message.contains(wanted), "{line}: {}", failure.message);
        }
        assert!(unknown("-k").unwrap().message.contains("leave it out"));
        assert!(unknown("--nonsense").is_none());
    }
}
