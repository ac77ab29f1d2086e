//! Accepted losses: `CODE:NS/NAME[:REASON]`, of the command line, the configuration and files.
//!
//! Each names one finding of one Ingress; nothing is accepted in bulk. Unused entries are findings
//! (ingress-migrate.md §5.5).

use std::path::Path;

use gwc_core::diagnostic::Code;
use gwc_core::diagnostic::rule::{self, Group, RULES, Rule};
use gwc_core::value::ObjectKey;

use crate::failure::Failure;
use crate::nearest;

/// One accepted loss.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// The finding.
    pub(crate) code: Code,
    /// The Ingress.
    pub(crate) ingress: ObjectKey,
    /// Why.
    pub(crate) reason: Option<String>,
    /// As it was written.
    pub(crate) text: String,
}

/// Reads entries of flags and of a file.
pub(crate) fn read(entries: &[String], file: Option<&Path>) -> Result<Vec<Accepted>, Failure> {
    let mut all = entries.iter().map(|text| entry(text, "--accept")).collect::<Result<Vec<_>, _>>()?;
    let Some(path) = file else { return Ok(all) };
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("--accept-file: cannot read `{shown}`: {error}")))?;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            all.push(entry(line, &format!("{shown}:{number}"))?);
        }
    }
    Ok(all)
}

fn entry(text: &str, place: &str) -> Result<Accepted, Failure> {
    let mut parts = text.splitn(3, ':');
    let (number, object) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let reason = parts.next().map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned);
    let key = object.split_once('/').filter(|(namespace, name)| !namespace.is_empty() && !name.is_empty());
    let Some((namespace, name)) = key.filter(|(_, name)| !name.contains('/')) else {
        return Err(Failure::usage(format!("{place}: `{text}` has not the form CODE:NS/NAME[:REASON]")));
    };
    let is_ours = |row: &&Rule| row.group == Group::Migrate;
    let Some(row) = rule::find(number.trim()).filter(is_ours) else {
        let known = RULES.iter().filter(is_ours).flat_map(|row| [row.code.number, row.code.name]);
        let hint = nearest::hint(number, known);
        return Err(Failure::usage(format!("{place}: `{number}` is no finding of a migration{hint}")));
    };
    Ok(Accepted { code: row.code, ingress: ObjectKey::new(namespace, name), reason, text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_object_and_reason() {
        let one = entry("mig511:shop/web:behind the VPN: see #12", "--accept").unwrap();
        assert_eq!((one.code, one.ingress), (rule::ACCESS_CONTROL_LOST, ObjectKey::new("shop", "web")));
        assert_eq!(one.reason.as_deref(), Some("behind the VPN: see #12"));
        assert_eq!(entry("access-control-lost:shop/web", "").unwrap().reason, None);
    }

    #[test]
    fn wrong_entries_say_what_is_wrong() {
        for text in ["MIG511", "MIG511:web", "MIG511:/web", "MIG511:a/b/c"] {
            assert!(entry(text, "--accept").unwrap_err().message.contains("CODE:NS/NAME"), "{text}");
        }
        assert!(entry("MIG999:a/b", "list:3").unwrap_err().message.starts_with("list:3: `MIG999` is no finding"));
    }

    #[test]
    fn files_have_comments() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("accepted");
        std::fs::write(&path, "# reviewed\n\nMIG504:a/b\n  MIG511:a/c: because\n").unwrap();
        assert_eq!(read(&["MIG503:a/b".to_owned()], Some(&path)).unwrap().len(), 3);
        std::fs::write(&path, "\nnonsense\n").unwrap();
        assert!(read(&[], Some(&path)).unwrap_err().message.contains(":2: `nonsense`"));
    }
}
