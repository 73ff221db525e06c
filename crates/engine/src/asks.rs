//! Questions to groups that are left open while a way is followed.
//!
//! What a way meets depends on where its ends stand; what their groups say only filters it. So one way answers for all
//! who stand in the same two places, whatever they wear, if the questions to their groups are kept and asked later.

use model::{Direction, Endpoint, Index, NetworkInterface};
use packet::Prefix;

/// The two interfaces of a pair; `None` for an end that is no interface, or that is not meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Ends {
    pub(crate) source: Option<Index<NetworkInterface>>,
    pub(crate) target: Option<Index<NetworkInterface>>,
}

/// Somebody who wears groups, as a question names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Party {
    Source,
    Target,
    Other(Index<NetworkInterface>),
}

/// What is known of the interface at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Sight<P> {
    /// This one.
    Known(P),
    /// Perhaps this one.
    Doubtful(P),
    /// None that groups could name.
    None,
    /// Any: the way to it is unknown.
    Anyone,
}

/// What the rules of one direction see of the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct View<P> {
    pub(crate) direction: Direction,
    /// The smallest block that a group names around the address at the other end.
    pub(crate) block: Prefix,
    /// Whether that address is one of those that lists of AWS hold.
    pub(crate) is_public: bool,
    pub(crate) peer: Sight<P>,
}

/// A question to the groups of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Ask {
    /// What they let pass.
    Rules { wearer: Party, view: View<Party> },
    /// What they let in from anywhere.
    Admitted(Party),
}

/// All open questions of a filter: what it lets pass has to pass them too.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Asks {
    // INVARIANT: sorted, without duplicates.
    These(Vec<Ask>),
    /// What was done to the answers cannot be put off.
    Entangled,
}

impl Ends {
    pub(crate) const NONE: Self = Self {
        source: None,
        target: None,
    };

    pub(crate) const fn of(from: &Endpoint, to: &Endpoint) -> Self {
        Self {
            source: interface_of(from),
            target: interface_of(to),
        }
    }

    /// The party that an interface is.
    pub(crate) fn party(self, index: Index<NetworkInterface>) -> Party {
        if self.source == Some(index) {
            Party::Source
        } else if self.target == Some(index) {
            Party::Target
        } else {
            Party::Other(index)
        }
    }

    /// The interface that a party is.
    pub(crate) const fn interface(self, party: Party) -> Option<Index<NetworkInterface>> {
        match party {
            Party::Source => self.source,
            Party::Target => self.target,
            Party::Other(index) => Some(index),
        }
    }
}

const fn interface_of(endpoint: &Endpoint) -> Option<Index<NetworkInterface>> {
    match endpoint {
        Endpoint::Interface { interface, .. } => Some(*interface),
        Endpoint::Office { .. } | Endpoint::Internet { .. } | Endpoint::Unknown { .. } => None,
    }
}

impl<P: Copy> Sight<P> {
    /// The same, with somebody else in the place of whom it names; `None` if there is nobody.
    pub(crate) fn try_map<Q>(self, name: impl Fn(P) -> Option<Q>) -> Option<Sight<Q>> {
        Some(match self {
            Self::Known(party) => Sight::Known(name(party)?),
            Self::Doubtful(party) => Sight::Doubtful(name(party)?),
            Self::None => Sight::None,
            Self::Anyone => Sight::Anyone,
        })
    }

    /// Whom it names.
    pub(crate) const fn named(self) -> Option<P> {
        match self {
            Self::Known(party) | Self::Doubtful(party) => Some(party),
            Self::None | Self::Anyone => None,
        }
    }
}

impl Ask {
    /// Whose groups are asked.
    pub(crate) const fn wearer(&self) -> Party {
        match self {
            Self::Rules { wearer, .. } | Self::Admitted(wearer) => *wearer,
        }
    }

    /// Whose groups rules may name in it.
    pub(crate) const fn named(&self) -> Option<Party> {
        match self {
            Self::Rules { view, .. } => view.peer.named(),
            Self::Admitted(_) => None,
        }
    }

    /// Whether it asks one end of the pair what it makes of the other, or of strangers.
    pub(crate) const fn is_between_ends(&self) -> bool {
        match (self.wearer(), self.named()) {
            (Party::Source | Party::Target, None)
            | (Party::Source, Some(Party::Target))
            | (Party::Target, Some(Party::Source)) => true,
            (Party::Source, Some(Party::Source | Party::Other(_)))
            | (Party::Target, Some(Party::Target | Party::Other(_)))
            | (Party::Other(_), _) => false,
        }
    }

    /// Whether it asks the sender what it lets out, or the receiver what it lets in.
    pub(crate) const fn is_of_role(&self) -> bool {
        match self {
            Self::Rules { wearer, view } => matches!(
                (wearer, view.direction),
                (Party::Source, Direction::Egress) | (Party::Target, Direction::Ingress)
            ),
            Self::Admitted(wearer) => matches!(wearer, Party::Target),
        }
    }

    /// The same question about somebody at the other end who wears nothing that a rule names.
    #[must_use]
    pub(crate) const fn of_stranger(self) -> Self {
        match self {
            Self::Rules { wearer, view } if view.peer.named().is_some() => Self::Rules {
                wearer,
                view: View {
                    peer: Sight::None,
                    ..view
                },
            },
            Self::Rules { .. } | Self::Admitted(_) => self,
        }
    }

    /// The same question about a larger block, which the groups that are asked do not tell from its own.
    #[must_use]
    pub(crate) fn about_block(self, larger: impl Fn(&Prefix) -> Option<Prefix>) -> Self {
        match self {
            Self::Rules { wearer, view } => Self::Rules {
                wearer,
                view: View {
                    block: larger(&view.block).unwrap_or(view.block),
                    ..view
                },
            },
            Self::Admitted(_) => self,
        }
    }
}

impl Asks {
    pub(crate) const fn none() -> Self {
        Self::These(Vec::new())
    }

    pub(crate) fn one(ask: Ask) -> Self {
        Self::These(vec![ask])
    }

    const fn is_none(&self) -> bool {
        matches!(self, Self::These(asks) if asks.is_empty())
    }

    /// Those of two filters that are passed one after the other.
    pub(crate) fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Entangled, _) | (_, Self::Entangled) => Self::Entangled,
            (Self::These(_), Self::These(b)) if b.is_empty() => self.clone(),
            (Self::These(a), Self::These(_)) if a.is_empty() => other.clone(),
            (Self::These(a), Self::These(b)) => {
                let mut all: Vec<Ask> = a.iter().chain(b).copied().collect();
                all.sort_unstable();
                all.dedup();
                Self::These(all)
            }
        }
    }

    /// Those of a filter that is one of two.
    pub(crate) fn or(&self, other: &Self) -> Self {
        if self == other {
            self.clone()
        } else {
            Self::Entangled
        }
    }

    /// Those of a filter whose packets are changed by what they go through.
    pub(crate) fn changed(&self) -> Self {
        if self.is_none() {
            Self::none()
        } else {
            Self::Entangled
        }
    }
}
