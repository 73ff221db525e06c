//! Selectors in their shortest form.

use std::fmt;

use super::{Expression, Meaning, Selector};

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Term(term) => term.meaning.fmt(f),
            Self::Not(inner) => {
                f.write_str("not ")?;
                inner.within(f, |inner| matches!(inner, Self::All(_) | Self::Any(_)))
            }
            Self::All(parts) => list(parts, " and ", f, |part| {
                matches!(part, Self::Any(_) | Self::All(_))
            }),
            Self::Any(parts) => list(parts, " or ", f, |part| matches!(part, Self::Any(_))),
        }
    }
}

impl Expression {
    /// Prints it, in brackets if it needs them.
    fn within(&self, f: &mut fmt::Formatter<'_>, needs: fn(&Self) -> bool) -> fmt::Result {
        if needs(self) {
            write!(f, "({self})")
        } else {
            fmt::Display::fmt(self, f)
        }
    }
}

fn list(
    parts: &[Expression],
    joint: &str,
    f: &mut fmt::Formatter<'_>,
    needs: fn(&Expression) -> bool,
) -> fmt::Result {
    for (number, part) in parts.iter().enumerate() {
        if 0 < number {
            f.write_str(joint)?;
        }
        part.within(f, needs)?;
    }
    Ok(())
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every => f.write_str("all"),
            Self::Internet => f.write_str("internet"),
            Self::OnPremises => f.write_str("onprem"),
            Self::Address(address) => address.fmt(f),
            Self::Block(block) => block.fmt(f),
            Self::Arn(arn) => f.write_str(arn),
            Self::Word(pattern) => {
                let plain = pattern.to_string();
                let is_itself = super::parse(&plain).is_ok_and(
                    |selector| matches!(&selector.root, Expression::Term(term) if term.meaning == *self),
                );
                match pattern.literal() {
                    Some(literal) if !is_itself => {
                        let literal = literal.replace('\\', "\\\\").replace('"', "\\\"");
                        write!(f, "\"{literal}\"")
                    }
                    // A `*` in a word that holds a colon: quote the colon only.
                    None if !is_itself => f.write_str(&plain.replace(':', "\":\"")),
                    Some(_) | None => f.write_str(&plain),
                }
            }
            Self::Keyed(key, pattern) => write!(f, "{}:{pattern}", key.word()),
            Self::Tag { key, value } => {
                write!(f, "tag:{key}")?;
                value.as_ref().map_or(Ok(()), |value| write!(f, "={value}"))
            }
        }
    }
}
