//! Fields of JSON objects: each may be absent or `null`.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::net::IpAddr;

use model::{AccountId, Link, Region, RouteDestination};
use packet::{HostBits, Prefix};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

use crate::log::{Log, Problem};
use model::Origin;

/// A text; a number is taken as its digits. The empty text counts as absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Text<'a>(Option<Cow<'a, str>>);

impl Text<'_> {
    pub(crate) fn get(&self) -> Option<&str> {
        self.0.as_deref().filter(|text| !text.is_empty())
    }

    /// The text, or the problem that the field called `name` is missing.
    pub(crate) fn required(&self, name: &str) -> Result<&str, Problem> {
        self.get().ok_or_else(|| Problem::missing(name))
    }

    /// The text as an address.
    pub(crate) fn address(&self, name: &str) -> Result<Option<IpAddr>, Problem> {
        let parse = |text: &str| {
            text.parse().map_err(|_| {
                Problem::at(
                    name,
                    "invalid-address",
                    format!("`{text}` is not an IP address"),
                )
            })
        };
        self.get().map(parse).transpose()
    }

    /// The text as a block of addresses; host bits are cleared with a note.
    pub(crate) fn prefix(
        &self,
        name: &str,
        at: &Origin,
        log: &mut Log,
    ) -> Result<Option<Prefix>, Problem> {
        let Some(text) = self.get() else {
            return Ok(None);
        };
        let (prefix, host_bits) = Prefix::parse_lenient(text)
            .map_err(|error| Problem::at(name, "invalid-cidr", error.to_string()))?;
        if host_bits == HostBits::Cleared {
            let message = format!("`{text}` has host bits set: read as `{prefix}`");
            log.note("host-bits", message, at.part(format_args!("/{name}")));
        }
        Ok(Some(prefix))
    }

    /// The text as an account id.
    pub(crate) fn account(&self) -> Option<AccountId> {
        self.get().map(AccountId::from)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor).map(Text)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// Where a route leads packets for: its block (`DestinationCidrBlock`), or else the prefix list that it names.
pub(crate) fn destination(
    block: &Text<'_>,
    list: &Text<'_>,
    at: &Origin,
    log: &mut Log,
) -> Result<RouteDestination, Problem> {
    let key = "DestinationCidrBlock";
    if let Some(prefix) = block.prefix(key, at, log)? {
        return Ok(RouteDestination::Prefix(prefix));
    }
    let list = list.get().ok_or_else(|| Problem::missing(key))?;
    Ok(RouteDestination::PrefixList(Link::to(list)))
}

/// A whole number; a text of digits counts as one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Number(pub(crate) Option<i64>);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor).map(Number)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Option<i64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number")
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        let invalid = |_| E::invalid_value(de::Unexpected::Unsigned(number), &self);
        i64::try_from(number).map(Some).map_err(invalid)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        let invalid = |_| E::invalid_value(de::Unexpected::Str(text), &self);
        text.parse().map(Some).map_err(invalid)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// A truth value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Flag(pub(crate) Option<bool>);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FlagVisitor).map(Flag)
    }
}

struct FlagVisitor;

impl Visitor<'_> for FlagVisitor {
    type Value = Option<bool>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true or false")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Some(flag))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// An object. Derived structs would take an array of their fields' values too; this does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Object<T>(pub(crate) Option<T>);

impl<T> Default for Object<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Object<T> {
    pub(crate) const fn get(&self) -> Option<&T> {
        self.0.as_ref()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(ObjectVisitor(PhantomData))
            .map(Object)
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

/// The region of an availability zone's name: `us-east-1a`, `us-west-2-lax-1a`.
pub(crate) fn region_of_zone(zone: &str) -> Option<Region> {
    let digit = zone.find(|letter: char| letter.is_ascii_digit())?;
    let region = zone.get(..=digit)?;
    crate::place::is_region(region).then(|| region.into())
}

/// The region and the account that an ARN names.
pub(crate) fn scope_of_arn(arn: &str) -> (Option<Region>, Option<AccountId>) {
    let mut parts = arn.split(':').skip(3);
    let region = parts.next().filter(|region| !region.is_empty());
    let account = parts.next().filter(|account| !account.is_empty());
    if arn.starts_with("arn:") {
        (region.map(Region::from), account.map(AccountId::from))
    } else {
        (None, None)
    }
}
