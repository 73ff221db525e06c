//! What one file gives, while it is read.

use std::sync::Arc;

use model::{
    Completeness, Kind, Origin, Parts, ResourceId, Scope, TransitGatewayAttachment,
    TransitGatewayRouteTable,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::FileUse;
use crate::fingerprint::Seen;
use crate::log::{Log, Problem, reason};
use crate::wire::{List, Object};

/// What has been read of one file.
#[derive(Debug)]
pub(crate) struct Reading {
    /// The file as the user named it.
    pub(crate) file: Arc<str>,
    /// The account and region that the file's place tells.
    pub(crate) scope: Scope,
    /// What the answer is about, if there is one file for each.
    pub(crate) argument: Option<String>,
    /// Whether the answer goes on in pages that are elsewhere.
    pub(crate) has_more: bool,
    pub(crate) parts: Parts,
    pub(crate) pending: Pending,
    pub(crate) log: Log,
    pub(crate) coverage: Vec<(Kind, Scope, Completeness)>,
    pub(crate) files: Vec<FileUse>,
    /// Kinds that are known and not used, with the place of each.
    pub(crate) unused: Vec<(String, Origin)>,
    /// Answers that a manifest says are there.
    pub(crate) expected: Vec<Expected>,
    /// What stood in the file, if anybody asked.
    pub(crate) seen: Seen,
}

/// An answer that must be there.
#[derive(Debug)]
pub(crate) struct Expected {
    pub(crate) operation: String,
    pub(crate) kind: Kind,
    pub(crate) scope: Scope,
    /// Where the manifest says so.
    pub(crate) at: Origin,
}

/// Facts about route tables of transit gateways: which gateway they are of shows when all files are read.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    pub(crate) tables: Vec<TransitGatewayRouteTable>,
    /// The table's id and the attachment.
    pub(crate) associations: Vec<(ResourceId, TransitGatewayAttachment)>,
}

impl Pending {
    pub(crate) fn merge(&mut self, other: Self) {
        self.tables.extend(other.tables);
        self.associations.extend(other.associations);
    }
}

/// Where a list stands: its key, the object that holds it, and the kind that it is a list of.
#[derive(Debug, Clone)]
pub(crate) struct ListAt<'a> {
    pub(crate) key: &'a str,
    pub(crate) at: Origin,
    /// The kind as EC2 writes it.
    pub(crate) name: &'static str,
    /// The kind whose completeness the list decides, if any.
    pub(crate) kind: Option<Kind>,
}

/// Where the elements of a list go.
pub(crate) struct Sink<'a> {
    pub(crate) parts: &'a mut Parts,
    pub(crate) pending: &'a mut Pending,
    pub(crate) log: &'a mut Log,
    pub(crate) scope: &'a Scope,
}

impl Reading {
    pub(crate) fn new(file: Arc<str>, scope: Scope) -> Self {
        Self {
            file,
            scope,
            argument: None,
            has_more: false,
            parts: Parts::default(),
            pending: Pending::default(),
            log: Log::default(),
            coverage: Vec::new(),
            files: Vec::new(),
            unused: Vec::new(),
            expected: Vec::new(),
            seen: Seen::Untold,
        }
    }

    /// The whole file as a place.
    pub(crate) fn whole(&self) -> Origin {
        Origin::new(Arc::clone(&self.file), "")
    }

    /// Records that the file is not used.
    pub(crate) fn ignore(&mut self, why: impl Into<String>) {
        self.files.push(FileUse::Ignored {
            file: Arc::clone(&self.file),
            why: why.into(),
        });
    }

    /// Records that a list was read.
    pub(crate) fn finish(&mut self, list: &ListAt<'_>, count: usize, is_complete: bool) {
        if let Some(kind) = list.kind {
            let completeness = if is_complete && !self.has_more {
                Completeness::Complete
            } else {
                Completeness::Partial
            };
            self.coverage.push((kind, self.scope.clone(), completeness));
        }
        self.files.push(FileUse::Used {
            file: Arc::clone(&self.file),
            kind: list.name,
            count,
        });
    }

    /// Hands the one object of an answer to `take`; what is wrong with it is an error at its place.
    pub(crate) fn one<'a, W: Deserialize<'a>>(
        &mut self,
        list: &ListAt<'_>,
        raw: &'a RawValue,
        take: impl FnOnce(W, &Origin, &mut Sink<'_>) -> Result<(), Problem>,
    ) {
        let at = list.at.part(format_args!("/{}", list.key));
        let problem = match serde_json::from_str::<Object<W>>(raw.get()) {
            Ok(Object(Some(object))) => {
                let mut sink = Sink {
                    parts: &mut self.parts,
                    pending: &mut self.pending,
                    log: &mut self.log,
                    scope: &self.scope,
                };
                take(object, &at, &mut sink).err()
            }
            Ok(Object(None)) => Some(Problem::new("malformed-element", "it is null")),
            Err(error) => Some(Problem::new("malformed-element", reason(&error))),
        };
        let is_complete = problem.is_none();
        if let Some(problem) = problem {
            self.log.problem(problem, "cannot be read: ", &at);
        }
        self.finish(list, usize::from(is_complete), is_complete);
    }

    /// Hands every element of a list to `take`. What cannot be read or taken is an error at its place, and makes the
    /// list partial. Whether the list is whole.
    pub(crate) fn each<'a, W: Deserialize<'a>>(
        &mut self,
        list: &ListAt<'_>,
        raw: &'a RawValue,
        mut take: impl FnMut(W, &Origin, &mut Sink<'_>) -> Result<(), Problem>,
    ) -> bool {
        let elements = List::<Object<W>>::of(raw).objects(&list.at, list.key, &mut self.log);
        let mut is_complete = elements.is_complete;
        let mut count = 0;
        for (number, element) in elements.items {
            let at = list.at.part(format_args!("/{}/{number}", list.key));
            let mut sink = Sink {
                parts: &mut self.parts,
                pending: &mut self.pending,
                log: &mut self.log,
                scope: &self.scope,
            };
            match take(element, &at, &mut sink) {
                Ok(()) => count += 1,
                Err(problem) => {
                    is_complete = false;
                    self.log.problem(problem, "cannot be read: ", &at);
                }
            }
        }
        self.finish(list, count, is_complete);
        is_complete && !self.has_more
    }
}
