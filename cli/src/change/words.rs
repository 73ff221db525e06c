//! The words of a line, one after the other.

use std::net::IpAddr;

use model::{Direction, GroupReference, Link, RulePeer, Snapshot};
use packet::{Prefix, Service};

/// What is wrong with a line.
pub(super) type Fault = String;

/// Words that are not read yet.
#[derive(Debug)]
pub(super) struct Words<'l> {
    rest: std::iter::Peekable<std::str::SplitWhitespace<'l>>,
}

impl<'l> Words<'l> {
    pub(super) fn of(line: &'l str) -> Self {
        Self {
            rest: line.split_whitespace().peekable(),
        }
    }

    /// The next word, which should be `what`.
    pub(super) fn next(&mut self, what: &str) -> Result<&'l str, Fault> {
        self.rest
            .next()
            .ok_or_else(|| format!("{what} is missing at the end"))
    }

    /// The next word, if there is one and it fits.
    pub(super) fn next_if(&mut self, fits: impl Fn(&str) -> bool) -> Option<&'l str> {
        self.rest.next_if(|word| fits(word))
    }

    /// A word that makes the line read well.
    pub(super) fn expect(&mut self, word: &str) -> Result<(), Fault> {
        match self.rest.next() {
            Some(next) if next == word => Ok(()),
            Some(next) => Err(format!("`{next}` stands where `{word}` is expected")),
            None => Err(format!("`{word}` is missing at the end")),
        }
    }

    /// That nothing is left.
    pub(super) fn end(&mut self) -> Result<(), Fault> {
        self.rest
            .next()
            .map_or(Ok(()), |word| Err(format!("`{word}` is too much")))
    }

    pub(super) fn direction(&mut self) -> Result<Direction, Fault> {
        match self.next("ingress or egress")? {
            "ingress" => Ok(Direction::Ingress),
            "egress" => Ok(Direction::Egress),
            other => Err(format!("`{other}` is neither ingress nor egress")),
        }
    }

    pub(super) fn number(&mut self, what: &str) -> Result<u32, Fault> {
        let word = self.next(what)?;
        word.parse()
            .map_err(|_| format!("`{word}` is not a number"))
    }

    pub(super) fn service(&mut self) -> Result<Service, Fault> {
        let word = self.next("a service")?;
        word.parse()
            .map_err(|error: packet::ServiceError| error.to_string())
    }

    pub(super) fn prefix(&mut self) -> Result<Prefix, Fault> {
        prefix(self.next("a block")?)
    }

    /// Words between commas.
    pub(super) fn list(&mut self, what: &str) -> Result<Vec<&'l str>, Fault> {
        let word = self.next(what)?;
        Ok(word.split(',').filter(|part| !part.is_empty()).collect())
    }

    /// A block, a group or a prefix list.
    pub(super) fn peer(&mut self, snapshot: &Snapshot) -> Result<RulePeer, Fault> {
        let word = self.next("a block, security group or prefix list")?;
        if let Some(index) = snapshot.groups().find(word) {
            let group = snapshot.groups().get(index);
            return Ok(RulePeer::Group(GroupReference {
                group: Link::to(word),
                owner: group.owner.clone(),
                vpc: group.vpc.as_ref().map(|vpc| vpc.id().clone()),
                peering: None,
                is_stale: false,
            }));
        }
        if snapshot.prefix_lists().find(word).is_some() {
            return Ok(RulePeer::PrefixList(Link::to(word)));
        }
        prefix(word).map(RulePeer::Cidr).map_err(|_| {
            format!(
                "`{word}` is neither a block nor a security group or prefix list of the snapshot"
            )
        })
    }
}

/// A block, or an address as the block that holds nothing else.
pub(super) fn prefix(word: &str) -> Result<Prefix, Fault> {
    if let Ok(address) = word.parse::<IpAddr>() {
        return Ok(Prefix::host(address));
    }
    word.parse()
        .map_err(|error: packet::PrefixError| error.to_string())
}
