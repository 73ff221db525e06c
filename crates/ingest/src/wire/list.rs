//! Lists that survive a broken element.

use std::marker::PhantomData;

use model::Origin;
use serde::de::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::Object;
use crate::log::{Log, Problem, reason};

/// A list that is decoded when it is asked for: whole if it can be, else element by element.
#[derive(Debug)]
pub(crate) struct List<'a, T> {
    raw: Option<&'a RawValue>,
    element: PhantomData<fn() -> T>,
}

/// A list of objects.
pub(crate) type Objects<'a, T> = List<'a, Object<T>>;

/// What could be read of a list.
#[derive(Debug)]
pub(crate) struct Elements<T> {
    /// The elements with their places in the list.
    pub(crate) items: Vec<(usize, T)>,
    /// Whether every element could be read.
    pub(crate) is_complete: bool,
}

impl<'a, T> List<'a, T> {
    pub(crate) const fn of(raw: &'a RawValue) -> Self {
        Self {
            raw: Some(raw),
            element: PhantomData,
        }
    }
}

impl<T> Default for List<'_, T> {
    fn default() -> Self {
        Self {
            raw: None,
            element: PhantomData,
        }
    }
}

impl<'de: 'a, 'a, T> Deserialize<'de> for List<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Option::<&'a RawValue>::deserialize(deserializer)?;
        let element = PhantomData;
        Ok(Self { raw, element })
    }
}

impl<'a, T: Deserialize<'a>> List<'a, T> {
    /// The elements of the list, which is the field `key` of the object at `at`. What cannot be read is an error there.
    pub(crate) fn read(&self, at: &Origin, key: &str, log: &mut Log) -> Elements<T> {
        let Some(raw) = self.raw else {
            return Elements {
                items: Vec::new(),
                is_complete: true,
            };
        };
        if let Ok(elements) = serde_json::from_str::<Vec<T>>(raw.get()) {
            let items = elements.into_iter().enumerate().collect();
            return Elements {
                items,
                is_complete: true,
            };
        }
        one_by_one(raw, at, key, log)
    }
}

fn one_by_one<'a, T: Deserialize<'a>>(
    raw: &'a RawValue,
    at: &Origin,
    key: &str,
    log: &mut Log,
) -> Elements<T> {
    let mut items = Vec::new();
    match serde_json::from_str::<Vec<&'a RawValue>>(raw.get()) {
        Ok(elements) => {
            for (number, element) in elements.into_iter().enumerate() {
                match serde_json::from_str(element.get()) {
                    Ok(element) => items.push((number, element)),
                    Err(error) => log.error(
                        "malformed-element",
                        format!("cannot be read: {}", reason(&error)),
                        at.part(format_args!("/{key}/{number}")),
                    ),
                }
            }
        }
        Err(_) => log.error(
            "malformed-list",
            "cannot be read: this is not a list",
            at.part(format_args!("/{key}")),
        ),
    }
    Elements {
        items,
        is_complete: false,
    }
}

impl<'a, T: Deserialize<'a>> Objects<'a, T> {
    /// The elements, as [`Self::read`]; `null` is no element.
    pub(crate) fn objects(&self, at: &Origin, key: &str, log: &mut Log) -> Elements<T> {
        let Elements { items, is_complete } = self.read(at, key, log);
        let n_items = items.len();
        let items: Vec<(usize, T)> = items
            .into_iter()
            .filter_map(|(number, object)| Some((number, object.0?)))
            .collect();
        let has_null = items.len() < n_items;
        if has_null {
            log.error(
                "malformed-element",
                "cannot be read: an element is null",
                at.part(format_args!("/{key}")),
            );
        }
        Elements {
            items,
            is_complete: is_complete && !has_null,
        }
    }

    /// What `take` makes of each element, and whether that is all. What cannot be read or taken is left out, and an
    /// error at its place that begins with `subject`.
    pub(crate) fn take<M>(
        &self,
        at: &Origin,
        key: &str,
        subject: &str,
        log: &mut Log,
        mut take: impl FnMut(T, &Origin, &mut Log) -> Result<M, Problem>,
    ) -> (Vec<M>, bool) {
        let elements = self.objects(at, key, log);
        let mut is_complete = elements.is_complete;
        let mut taken = Vec::with_capacity(elements.items.len());
        for (number, element) in elements.items {
            let at = at.part(format_args!("/{key}/{number}"));
            match take(element, &at, log) {
                Ok(one) => taken.push(one),
                Err(problem) => {
                    is_complete = false;
                    log.problem(problem, subject, &at);
                }
            }
        }
        (taken, is_complete)
    }

    /// The elements of a list in which each counts: one that cannot be read is a problem of the whole resource.
    pub(crate) fn all(
        &self,
        at: &Origin,
        key: &str,
        log: &mut Log,
    ) -> Result<Vec<(usize, T)>, Problem> {
        let Elements { items, is_complete } = self.objects(at, key, log);
        if is_complete {
            Ok(items)
        } else {
            Err(Problem::at(
                key,
                "malformed-list",
                format!("left out: not all of its `{key}` can be read"),
            ))
        }
    }
}
