//! Selectors: the language that names endpoints.
//!
//! [`parse()`] reads a text into a [`Selector`] without knowing any network; a [`Resolver`] finds the endpoints that it
//! names in one. `docs/selectors.md` is the reference page.

mod catalogue;
mod evaluate;
mod parse;
mod pattern;
mod print;
mod problem;
mod resource;
mod subject;
mod token;

use std::net::IpAddr;
use std::ops::Range;

use packet::Prefix;

pub use catalogue::Role;
pub use evaluate::{Found, Resolver};
pub use pattern::Pattern;
pub use problem::{Problem, SelectorError};
pub use subject::Subject;

/// A text that names endpoints, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    text: String,
    root: Expression,
}

/// Reads a selector.
///
/// Printing the result gives the same selector in its shortest form.
///
/// # Errors
///
/// On anything that is not a selector: all problems of the text at once, each with its place.
///
/// ```
/// let selector = watertight::selector::parse("name:web-* AND (not tag:Tier=app)").unwrap();
/// assert_eq!(selector.to_string(), "name:web-* and not tag:Tier=app");
/// ```
pub fn parse(text: &str) -> Result<Selector, SelectorError> {
    parse::parse(text)
}

impl Selector {
    /// The text as the user wrote it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the text says.
    pub const fn root(&self) -> &Expression {
        &self.root
    }
}

/// What a selector says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// One condition.
    Term(Term),
    /// Whatever the condition does not name.
    Not(Box<Expression>),
    /// What all of them name; at least two.
    All(Vec<Expression>),
    /// What at least one of them names; at least two.
    Any(Vec<Expression>),
}

/// One condition, with its place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// What it says.
    pub meaning: Meaning,
    /// Its bytes in the text.
    pub span: Range<usize>,
}

/// What one condition says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// Every interface of the snapshot.
    Every,
    /// The internet.
    Internet,
    /// All office networks.
    OnPremises,
    /// One address.
    Address(IpAddr),
    /// All addresses of a block that something holds.
    Block(Prefix),
    /// The resource at the end of an ARN.
    Arn(String),
    /// A resource by its id, else hosts by their name.
    Word(Pattern),
    /// Endpoints by one property.
    Keyed(Key, Pattern),
    /// Endpoints by a tag.
    Tag {
        /// The key of the tag.
        key: Pattern,
        /// Its value; `None` for any.
        value: Option<Pattern>,
    },
}

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// A property that endpoints are selected by.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Key {
            $($(#[$doc])* $name,)*
        }

        impl Key {
            /// Every key.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word that stands before the colon.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

keys! {
    /// The name of the host: the `Name` tag of its interface or instance, or the name of the load balancer.
    Name = "name",
    /// The sort of thing: `instance`, `rds`, `elb`, `nat`, `lambda`, …
    Type = "type",
    /// The account that owns it, by number.
    Account = "account",
    /// Its region.
    Region = "region",
    /// The availability zone of its subnet.
    Zone = "zone",
    /// Its VPC, by id or name.
    Vpc = "vpc",
    /// Its subnet, by id or name.
    Subnet = "subnet",
    /// A security group that it wears, by id or name.
    Group = "group",
    /// An office network, by name.
    Office = "office",
}
