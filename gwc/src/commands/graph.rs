//! `gwc graph`: objects and references of a world, drawn.

use gwc_core::profile::WorldMode;

use crate::cli::{GlobalArgs, GraphArgs};
use crate::commands;
use crate::failure::{Failure, Outcome};
use crate::object_name::ObjectName;
use crate::options::Settings;
use crate::output::style::Style;
use crate::output::{self, emit};
use crate::picture::{Picture, Wish, dot, json, mermaid, tree};
use crate::texts::Texts;

/// Formats, the default first.
const FORMATS: [(&str, Format); 4] =
    [("tree", Format::Tree), ("dot", Format::Dot), ("mermaid", Format::Mermaid), ("json", Format::Json)];

#[derive(Debug, Clone, Copy)]
enum Format {
    Tree,
    Dot,
    Mermaid,
    Json,
}

/// Runs the command.
pub(crate) fn run(global: &GlobalArgs, args: &GraphArgs) -> Outcome {
    let wanted = output::wanted(&args.output, &FORMATS)?;
    let focus = args.focus.as_deref().map(focus).transpose()?;
    let wish = Wish { include: args.include.iter().copied().collect(), focus, depth: args.depth };
    let mut settings = Settings::new(global, &args.input, &args.paths, WorldMode::Auto)?;
    let worlds = commands::compile_worlds(global, &mut settings, args.input.stdin_filename.as_deref())?;
    let mut texts = vec![String::new(); wanted.len()];
    let mut found = false;
    for run in &worlds.runs {
        let Some(picture) = Picture::of(&run.compilation, &wish) else { continue };
        found = true;
        let places = Texts::new(&run.sources, &run.compilation.documents);
        for (text, one) in texts.iter_mut().zip(&wanted) {
            let style = if one.path.is_some() { Style::PLAIN } else { Style::of_stdout(global) };
            text.push_str(&match one.format {
                Format::Tree => tree::write(&picture, &places, args.status, style),
                Format::Dot => dot::write(&picture, args.status),
                Format::Mermaid => mermaid::write(&picture, args.status),
                Format::Json => json::write(&picture, &places),
            });
        }
    }
    if let Some(name) = wish.focus.as_ref().filter(|_| !found) {
        return Err(Failure::input(format!("no object {name} in the input")));
    }
    for (text, one) in texts.iter().zip(&wanted) {
        emit(text, one.path.as_deref())?;
    }
    Ok(worlds.exit)
}

fn focus(text: &str) -> Result<ObjectName, Failure> {
    let message = || format!("--focus {text}: write KIND/NS/NAME, for example `httproute/shop/store`");
    ObjectName::parse(text).ok_or_else(|| Failure::usage(message()))
}
