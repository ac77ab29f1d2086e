//! Serde types from the located tree, with the place of what does not fit.
//!
//! Reads as Go's JSON decoder does: `null` leaves the zero value of texts, numbers, booleans, lists and maps.

use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{self, Deserialize, DeserializeOwned, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use crate::yaml::{Entry, Node, Value};

/// What does not fit, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeError {
    /// What is wrong, in serde's words.
    pub message: String,
    /// First byte and one past the last byte of the innermost node that did not fit.
    pub place: Option<(u32, u32)>,
}

impl DeError {
    /// The innermost place is the first that is known.
    fn or_at(mut self, node: &Node) -> Self {
        self.place = self.place.or(Some((node.start, node.end)));
        self
    }
}

impl fmt::Display for DeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for DeError {}

impl de::Error for DeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { message: message.to_string(), place: None }
    }
}

/// The value of `node` as `T`.
///
/// # Errors
/// The innermost node that does not fit.
pub fn from_node<T: DeserializeOwned>(node: &Node) -> Result<T, DeError> {
    T::deserialize(NodeDeserializer(node))
}

/// As [`from_node`], for types that borrow their texts from the tree.
///
/// # Errors
/// The innermost node that does not fit.
pub fn borrowed<'n, T: Deserialize<'n>>(node: &'n Node) -> Result<T, DeError> {
    T::deserialize(NodeDeserializer(node))
}

#[derive(Debug, Clone, Copy)]
struct NodeDeserializer<'n>(&'n Node);

impl<'n> IntoDeserializer<'n, DeError> for NodeDeserializer<'n> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// `null` as the zero value of what the type asks for.
macro_rules! zero_for_null {
    ($($method:ident => |$visitor:ident| $visit:expr;)*) => {$(
        fn $method<V: Visitor<'de>>(self, $visitor: V) -> Result<V::Value, DeError> {
            if !self.0.is_null() {
                return self.deserialize_any($visitor);
            }
            $visit.map_err(|error: DeError| error.or_at(self.0))
        }
    )*};
}

impl<'de> de::Deserializer<'de> for NodeDeserializer<'de> {
    type Error = DeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeError> {
        let visited = match &self.0.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Int(value) => visitor.visit_i64(*value),
            Value::Float(value) => visitor.visit_f64(*value),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Sequence(items) => {
                visitor.visit_seq(SeqDeserializer::<_, DeError>::new(items.iter().map(NodeDeserializer)))
            }
            Value::Mapping(entries) => {
                let pair = |entry: &'de Entry| (entry.key.text.as_str(), NodeDeserializer(&entry.value));
                visitor.visit_map(MapDeserializer::<_, DeError>::new(entries.iter().map(pair)))
            }
        };
        visited.map_err(|error| error.or_at(self.0))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeError> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, DeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeError> {
        let visited = match (&self.0.value, self.0.entries()) {
            (Value::String(text), _) => {
                let text: StrDeserializer<'de, DeError> = text.as_str().into_deserializer();
                text.deserialize_enum(name, variants, visitor)
            }
            (Value::Mapping(_), [entry]) => {
                let pair = std::iter::once((entry.key.text.as_str(), Self(&entry.value)));
                let access = de::value::MapAccessDeserializer::new(MapDeserializer::<_, DeError>::new(pair));
                visitor.visit_enum(access)
            }
            (
                Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Sequence(_) | Value::Mapping(_),
                _,
            ) => Err(de::Error::custom(format!("expected one word for `{name}`, found {}", self.0.type_name()))),
        };
        visited.map_err(|error| error.or_at(self.0))
    }

    zero_for_null! {
        deserialize_bool => |visitor| visitor.visit_bool(false);
        deserialize_i8 => |visitor| visitor.visit_i64(0);
        deserialize_i16 => |visitor| visitor.visit_i64(0);
        deserialize_i32 => |visitor| visitor.visit_i64(0);
        deserialize_i64 => |visitor| visitor.visit_i64(0);
        deserialize_u8 => |visitor| visitor.visit_i64(0);
        deserialize_u16 => |visitor| visitor.visit_i64(0);
        deserialize_u32 => |visitor| visitor.visit_i64(0);
        deserialize_u64 => |visitor| visitor.visit_i64(0);
        deserialize_f32 => |visitor| visitor.visit_f64(0.0);
        deserialize_f64 => |visitor| visitor.visit_f64(0.0);
        deserialize_str => |visitor| visitor.visit_borrowed_str("");
        deserialize_string => |visitor| visitor.visit_borrowed_str("");
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeError> {
        if self.0.is_null() {
            return visitor.visit_seq(SeqDeserializer::<_, DeError>::new(std::iter::empty::<Self>()));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeError> {
        if self.0.is_null() {
            let none = std::iter::empty::<(&'de str, Self)>();
            return visitor.visit_map(MapDeserializer::<_, DeError>::new(none));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeError> {
        self.deserialize_map(visitor)
    }

    forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::Service;
    use serde::Deserialize;

    use super::*;
    use crate::source::{Origin, Role, Source, SourceMap};

    fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
        let mut sources = SourceMap::new();
        let id = sources.add(Source::from_bytes("a.yaml", Origin::Memory, Role::Checked, true, text.into()));
        let documents = crate::yaml::parse::parse(id, sources.source(id));
        let root = documents[0].root.as_ref().expect("parses");
        from_node(root).map_err(|error| {
            let (start, end) = error.place.expect("a place");
            text[start as usize..end as usize].trim_end().to_owned()
        })
    }

    #[test]
    fn errors_point_at_the_innermost_node() {
        let head = "apiVersion: v1\nkind: Service\n";
        for (rest, place) in [
            ("spec:\n  ports: [{port: \"80\"}]\n", "\"80\""),
            ("metadata: {name: yes}\n", "yes"),
            ("spec: [a]\n", "[a]"),
            ("metadata: {creationTimestamp: soon}\n", "soon"),
            ("metadata: {labels: {a: 1.5}}\n", "1.5"),
        ] {
            assert_eq!(read::<Service>(&format!("{head}{rest}")).map(|_| ()), Err(place.to_owned()), "{rest}");
        }
        let good = read::<Service>(&format!("{head}spec:\n  selector: null\n  ports: [{{port: 80, targetPort: x}}]\n"));
        assert_eq!(good.expect("fits").spec.expect("spec").ports.expect("ports")[0].port, 80);
    }

    #[derive(Debug, PartialEq, Deserialize)]
    enum Word {
        One,
        Two(u8),
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(default)]
    struct Zero {
        text: String,
        number: i32,
        flag: bool,
        list: Vec<u8>,
        word: Word,
        maybe: Option<u8>,
    }

    impl Default for Zero {
        fn default() -> Self {
            Self { text: "t".into(), number: 7, flag: true, list: vec![1], word: Word::One, maybe: Some(1) }
        }
    }

    #[test]
    fn null_is_the_zero_value() {
        let zero: Zero = read("{text: , number: , flag: , list: , maybe: , word: {Two: 2}}").expect("fits");
        let expected =
            Zero { text: String::new(), number: 0, flag: false, list: Vec::new(), word: Word::Two(2), maybe: None };
        assert_eq!(zero, expected);
        assert_eq!(read::<Word>("One"), Ok(Word::One));
        assert_eq!(read::<Word>("[One]"), Err("[One]".to_owned()));
        assert_eq!(read::<Zero>("{number: 300000000000}").map(|_| ()), Err("300000000000".to_owned()));
    }
}
