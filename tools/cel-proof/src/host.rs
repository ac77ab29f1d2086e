//! The CEL side: environment, compilation and evaluation of rule texts as an API server has them.
//!
//! What the `cel` crate lacks is supplied here, by the server's documentation: `isIP` and `format.dns1123Label()`.

use std::net::IpAddr;
use std::sync::Arc;

use cel::common::types::{CelBool, CelList, CelOptional, CelString, STRING_TYPE};
use cel::common::value::{CowVal, Val};
use cel::{Context, DeclarationError, Env, ExecutionError, Program, Value};

/// Answer of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    /// The object passes.
    True,
    /// The object is refused.
    False,
    /// The rule cannot be evaluated.
    Error,
}

/// Evaluates rules, one value after the other.
pub(crate) struct Host {
    env: Arc<Env>,
    context: Context<'static, 'static>,
}

impl Host {
    /// A host with the libraries that the rules use.
    pub(crate) fn new() -> Result<Self, DeclarationError> {
        let mut env = Env::stdlib();
        cel::extensions::strings(&mut env)?;
        env.add_overload("isIP", "is_ip", vec![STRING_TYPE], is_ip)?;
        env.add_overload("format.dns1123Label", "format_dns1123_label", Vec::new(), dns_label_format)?;
        env.add_member_overload("validate", "format_validate", STRING_TYPE, vec![STRING_TYPE], validate)?;
        let env = Arc::new(env);
        let context = Context::with_env(Arc::clone(&env));
        Ok(Self { env, context })
    }

    /// A rule, ready to run.
    pub(crate) fn compile(&self, text: &str) -> Result<Program, String> {
        self.env.compile(text).map_err(|errors| errors.to_string())
    }

    /// What `program` says of `value` (and of `old`, in transition rules).
    pub(crate) fn evaluate(&mut self, program: &Program, value: Value, old: Option<Value>) -> Truth {
        self.context.add_variable_from_value("self", value);
        if let Some(old) = old {
            self.context.add_variable_from_value("oldSelf", old);
        }
        match program.execute(&self.context) {
            Ok(Value::Bool(true)) => Truth::True,
            Ok(Value::Bool(false)) => Truth::False,
            Ok(_) | Err(_) => Truth::Error,
        }
    }
}

fn text<'a>(values: &'a [CowVal<'_, '_>], index: usize) -> Result<&'a str, ExecutionError> {
    let text = values.get(index).and_then(|value| value.downcast_ref::<CelString<'_>>());
    text.map(CelString::inner).ok_or(ExecutionError::MissingArgumentOrTarget)
}

/// An address without zone that is not IPv4 mapped into IPv6.
fn is_ip<'b, 'v>(arguments: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let address = text(&arguments, 0)?.parse::<IpAddr>();
    let accepted = address.is_ok_and(|address| address.to_canonical() == address);
    Ok(CowVal::owned(CelBool::from(accepted)))
}

/// Formats are known by name.
fn dns_label_format<'b, 'v>(_: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    Ok(CowVal::owned(CelString::from("dns1123Label".to_owned())))
}

/// An optional list of complaints: none where the text is a DNS label.
fn validate<'b, 'v>(arguments: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let label = text(&arguments, 1)?;
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let fits = (1..=63).contains(&label.len())
        && label.bytes().all(|byte| letter(byte) || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-');
    if fits {
        return Ok(CowVal::owned(CelOptional::none()));
    }
    let complaint: Box<dyn Val> = Box::new(CelString::from("not a DNS label".to_owned()));
    Ok(CowVal::owned(CelOptional::of(Box::new(CelList::from(vec![complaint])))))
}
