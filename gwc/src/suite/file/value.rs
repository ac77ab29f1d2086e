//! Values of a test file that may be written in several ways, and how one is read by hand.
//!
//! An untagged enum would hide which key of a mapping is wrong; [`OneOf`] does not.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A text; a whole number counts as one, anything else that YAML takes for no text must be quoted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, JsonSchema)]
#[schemars(with = "String")]
pub(crate) struct Text(pub(crate) String);

/// A name, or a position from 0.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(untagged)]
pub(crate) enum NameOrIndex {
    /// Position.
    Index(u32),
    /// Name.
    Name(String),
}

/// One value, or several.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(untagged)]
pub(crate) enum Values {
    /// One.
    One(Text),
    /// Several lines.
    Many(Vec<Text>),
}

impl Values {
    /// All of them.
    pub(crate) fn all(&self) -> &[Text] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

/// How a request ends that goes to no backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[schemars(with = "CodeShape")]
pub(crate) enum Code {
    /// HTTP status, 100 to 599.
    Http(u16),
    /// `grpc-status`, 0 to 16.
    Grpc(u8),
    /// No answer at all.
    Closed,
}

/// HTTP status, gRPC status as number or name, or `closed`.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "the shape of `Code` for the schema")]
enum CodeShape {
    /// HTTP status, or status of gRPC.
    Number(u16),
    /// Name of a status of gRPC, such as `UNIMPLEMENTED`, or `closed`.
    Name(String),
}

/// Names of gRPC statuses by number.
const GRPC: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(status) => write!(f, "{status}"),
            Self::Grpc(status) => f.write_str(GRPC.get(usize::from(*status)).copied().unwrap_or("UNKNOWN")),
            Self::Closed => f.write_str("closed"),
        }
    }
}

impl Code {
    fn from_number(number: i64) -> Option<Self> {
        match number {
            0..=16 => u8::try_from(number).ok().map(Self::Grpc),
            100..=599 => u16::try_from(number).ok().map(Self::Http),
            _ => None,
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        if name == "closed" {
            return Some(Self::Closed);
        }
        let position = GRPC.iter().position(|known| *known == name)?;
        u8::try_from(position).ok().map(Self::Grpc)
    }
}

/// Status and reason of a condition.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(with = "String")]
pub(crate) enum Condition {
    /// There is none of this type.
    Absent,
    /// `True`, `False` or `Unknown`, with a reason where it matters.
    Is(&'static str, Option<String>),
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("absent"),
            Self::Is(status, None) => f.write_str(status),
            Self::Is(status, Some(reason)) => write!(f, "{status}/{reason}"),
        }
    }
}

impl Condition {
    fn parse(text: &str) -> Option<Self> {
        if text == "absent" {
            return Some(Self::Absent);
        }
        let (status, reason) = text.split_once('/').map_or((text, None), |(status, reason)| (status, Some(reason)));
        let status = ["True", "False", "Unknown"].into_iter().find(|known| known.eq_ignore_ascii_case(status))?;
        let reason = reason.map(str::to_owned);
        reason.as_deref().is_none_or(|reason| !reason.is_empty()).then_some(Self::Is(status, reason))
    }
}

/// A mapping in the order in which it is written.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(with = "BTreeMap<String, V>", bound = "V: JsonSchema")]
pub(crate) struct Pairs<V>(pub(crate) Vec<(String, V)>);

impl<V> Default for Pairs<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V> Pairs<V> {
    /// Names and values in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &V)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

/// A scalar as YAML reads it.
pub(crate) enum Scalar {
    /// Text.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// A boolean.
    Bool(bool),
}

/// Reads one scalar; lists and mappings are refused with the words for what is wanted.
struct ScalarVisitor(&'static str);

impl Visitor<'_> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.to_owned()))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar::Int(number))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Scalar, E> {
        Ok(Scalar::Float(number))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar::Bool(value))
    }
}

/// One scalar, for types that are read by hand.
pub(crate) fn scalar<'de, D: Deserializer<'de>>(deserializer: D, wanted: &'static str) -> Result<Scalar, D::Error> {
    deserializer.deserialize_any(ScalarVisitor(wanted))
}

/// The text of a scalar.
pub(crate) fn text_of<E: de::Error>(scalar: Scalar) -> Result<String, E> {
    match scalar {
        Scalar::Text(text) => Ok(text),
        Scalar::Int(number) => Ok(number.to_string()),
        Scalar::Float(_) | Scalar::Bool(_) => Err(E::custom("YAML reads this as no text; put it into quotes")),
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text_of(scalar(deserializer, "a text")?).map(Self)
    }
}

impl<'de> Deserialize<'de> for NameOrIndex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let found = scalar(deserializer, "a name or a position from 0")?;
        match found {
            Scalar::Int(number) => {
                let position = u32::try_from(number).map_err(|_| de::Error::custom("positions are counted from 0"))?;
                Ok(Self::Index(position))
            }
            other @ (Scalar::Text(_) | Scalar::Float(_) | Scalar::Bool(_)) => text_of(other).map(Self::Name),
        }
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wanted = "an HTTP status, a gRPC status or `closed`";
        let found = scalar(deserializer, wanted)?;
        let read = match &found {
            Scalar::Int(number) => Self::from_number(*number),
            Scalar::Text(name) => Self::from_name(name),
            Scalar::Float(_) | Scalar::Bool(_) => None,
        };
        read.ok_or_else(|| {
            de::Error::custom(format!("not {wanted}: 100 to 599, 0 to 16 or a name such as `UNAVAILABLE`"))
        })
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wanted = "`True`, `False`, `Unknown`, one of them with `/Reason`, or `absent`";
        let read = match scalar(deserializer, wanted)? {
            Scalar::Bool(true) => Some(Self::Is("True", None)),
            Scalar::Bool(false) => Some(Self::Is("False", None)),
            Scalar::Text(text) => Self::parse(&text),
            Scalar::Int(_) | Scalar::Float(_) => None,
        };
        read.ok_or_else(|| de::Error::custom(format!("a condition is {wanted}")))
    }
}

/// One scalar, a list of `I`, or a mapping to `M`.
pub(crate) struct OneOf<T, I, M> {
    /// What is wanted, in words.
    pub(crate) wanted: &'static str,
    /// From a scalar.
    pub(crate) scalar: fn(Scalar) -> Result<T, String>,
    /// From a list; `None`: it may be none.
    pub(crate) list: Option<fn(Vec<I>) -> T>,
    /// From a mapping; `None`: it may be none.
    pub(crate) mapping: Option<fn(M) -> T>,
}

impl<'de, T, I: Deserialize<'de>, M: Deserialize<'de>> Visitor<'de> for OneOf<T, I, M> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.wanted)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.scalar)(Scalar::Text(text.to_owned())).map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
        (self.scalar)(Scalar::Int(number)).map_err(E::custom)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<T, E> {
        (self.scalar)(Scalar::Bool(value)).map_err(E::custom)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<T, E> {
        (self.scalar)(Scalar::Float(value)).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<T, A::Error> {
        let Some(list) = self.list else {
            return Err(de::Error::invalid_type(de::Unexpected::Seq, &self));
        };
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(list(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<T, A::Error> {
        match self.mapping {
            Some(mapping) => M::deserialize(MapAccessDeserializer::new(access)).map(mapping),
            None => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
        }
    }
}

/// A text, or what is wrong.
pub(crate) fn plain(scalar: Scalar) -> Result<String, String> {
    text_of::<de::value::Error>(scalar).map_err(|error| error.to_string())
}

/// Stands where a type has no list or no mapping.
pub(crate) type Nothing = de::IgnoredAny;

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOf::<Self, Text, Nothing> {
            wanted: "a text or a list of texts",
            scalar: |scalar| plain(scalar).map(|text| Self::One(Text(text))),
            list: Some(Self::Many),
            mapping: None,
        })
    }
}

/// Reads a mapping in order.
struct PairsVisitor<V>(std::marker::PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for PairsVisitor<V> {
    type Value = Pairs<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Pairs<V>, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = access.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Pairs<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor(std::marker::PhantomData))
    }
}
