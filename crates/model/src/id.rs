//! Names of resources, and references between them.

use std::fmt;
use std::sync::Arc;

use crate::pack::Pack;
use crate::text::interned;
use crate::{Index, Origin};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The text as AWS writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(interned(text))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(interned(&text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

text_id! {
    /// The id of a resource, such as `sg-0123` or `i-0123`. Cheap to clone.
    ResourceId
}
text_id! {
    /// An AWS account: twelve digits.
    AccountId
}
text_id! {
    /// An AWS region, such as `ap-southeast-2`.
    Region
}
text_id! {
    /// An availability zone: its id (`use1-az1`) where known, else its name (`us-east-1a`).
    ///
    /// Names are shuffled per account and ids are not, so two zones are equal only if both come in one form.
    Zone
}

/// A reference from one resource to another, by id.
///
/// After [`crate::Snapshot::assemble`], [`Self::target`] is `Some` exactly if the snapshot holds the resource.
pub struct Link<T> {
    id: ResourceId,
    target: Option<Index<T>>,
}

impl<T> Link<T> {
    /// An unresolved reference.
    pub fn to(id: impl Into<ResourceId>) -> Self {
        Self {
            id: id.into(),
            target: None,
        }
    }

    pub(crate) fn resolve(&mut self, target: Option<Index<T>>) {
        self.target = target;
    }

    /// The id of the resource, whether or not the snapshot holds it.
    pub const fn id(&self) -> &ResourceId {
        &self.id
    }

    /// The resource, or `None` if it is not in the snapshot.
    pub const fn target(&self) -> Option<Index<T>> {
        self.target
    }

    /// Whether this is a reference to that resource.
    pub fn is(&self, index: Index<T>) -> bool {
        self.target == Some(index)
    }
}

impl<T> Clone for Link<T> {
    fn clone(&self) -> Self {
        Self {
            id: self.id.clone(),
            target: self.target,
        }
    }
}

impl<T> fmt::Debug for Link<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.target {
            Some(index) => write!(f, "Link({} {index:?})", self.id),
            None => write!(f, "Link({}, missing)", self.id),
        }
    }
}

impl<T> PartialEq for Link<T> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl<T> Eq for Link<T> {}

/// What every resource of a snapshot has.
pub trait Resource {
    /// The id, unique among the resources of its kind except where AWS shows one resource to two owners.
    fn id(&self) -> &ResourceId;
    /// Where the resource was read.
    fn origin(&self) -> &Origin;
    /// The name that people gave it, usually its `Name` tag.
    fn name(&self) -> Option<&str>;
}

macro_rules! resource {
    ($kind:ty) => {
        impl $crate::Resource for $kind {
            fn id(&self) -> &$crate::ResourceId {
                &self.id
            }
            fn origin(&self) -> &$crate::Origin {
                &self.origin
            }
            fn name(&self) -> Option<&str> {
                self.name.as_deref()
            }
        }
    };
}

pub(crate) use resource;
