//! The kinds of lists: which are used, and how.

mod addresses;
mod balancers;
pub(crate) mod entries;
mod firewalls;
mod groups;
mod identity;
mod instances;
mod outside;
mod transit_answers;
pub(crate) mod unmodelled;
mod unused;
mod used;

use model::Kind;
use serde_json::value::RawValue;

use crate::reading::{ListAt, Reading};
use crate::wire::Text;

pub(crate) use unused::is_unused;
use used::USED;

/// A list that is used.
pub(crate) struct Used {
    /// Its key in the answer.
    pub(crate) key: &'static str,
    /// The operations that answer with it, in lower case.
    pub(crate) operations: &'static [&'static str],
    /// The kind whose completeness it decides.
    pub(crate) kind: Option<Kind>,
    /// Whether the answer is about one object that it does not name.
    pub(crate) is_about_one: bool,
    /// Reads it. The whole answer is there for what stands beside the list.
    pub(crate) read: Read,
}

/// Reads a list.
type Read = for<'a> fn(&mut Reading, &ListAt<'_>, &'a RawValue, &Beside<'a>);

/// What stands beside a list and changes its meaning.
#[derive(Debug, Default)]
pub(crate) struct Beside<'a> {
    /// How many lists the answer has.
    pub(crate) n_lists: usize,
    /// `AdditionalRoutesAvailable`.
    pub(crate) additional_routes: Option<&'a RawValue>,
    /// `CoreNetworkSegmentEdge`.
    pub(crate) segment_edge: Option<&'a RawValue>,
    /// What describes the object of the answer: `FirewallStatus`, `FirewallPolicyResponse`, `RuleGroupResponse`.
    pub(crate) description: Option<&'a RawValue>,
}

/// The list with this key, if it is used.
pub(crate) fn used(key: &str) -> Option<&'static Used> {
    all_used().find(|used| used.key == key)
}

fn all_used() -> impl Iterator<Item = &'static Used> {
    USED.iter().chain(identity::USED).chain(entries::used())
}

/// Whether answers of this operation are used.
pub(crate) fn is_used(operation: &str) -> bool {
    all_used().any(|used| used.operations.contains(&operation))
}

/// The service that answers with a list of this key, where another one has an operation of the same name.
fn service_of(key: &str) -> Option<&'static str> {
    match key {
        "LoadBalancerDescriptions" => Some("elb"),
        "LoadBalancers" => Some("elbv2"),
        _ => None,
    }
}

/// The kinds whose completeness an operation decides, of this service if it is known.
pub(crate) fn of_operation(service: Option<&str>, operation: &str) -> impl Iterator<Item = Kind> {
    let is_asked = move |used: &&Used| {
        let is_of_service = service
            .is_none_or(|service| service_of(used.key).is_none_or(|expected| expected == service));
        is_of_service && used.operations.contains(&operation)
    };
    let all = USED.iter().chain(identity::USED);
    all.filter(is_asked).filter_map(|used| used.kind)
}

/// What describes the object of an answer and is read with it.
pub(crate) const DESCRIPTIONS: [&str; 3] = [
    "FirewallStatus",
    "FirewallPolicyResponse",
    "RuleGroupResponse",
];

/// The id that an answer about one object is for. Without it the answer cannot be used, and its kind is partial.
fn argument(reading: &mut Reading, list: &ListAt<'_>) -> Option<String> {
    let argument = reading
        .argument
        .clone()
        .filter(|argument| argument.contains('-'));
    if argument.is_none() {
        let message = format!(
            "`{}` of an object that is not named: save the answer as `Operation/ID.json`",
            list.key
        );
        reading.log.warning(
            "unnamed-object",
            message,
            list.at.part(format_args!("/{}", list.key)),
        );
        reading.ignore("the file's name does not tell which object the answer is about");
        if let Some(kind) = list.kind {
            reading
                .coverage
                .push((kind, reading.scope.clone(), model::Completeness::Partial));
        }
    }
    argument
}

/// A text that is read where no list is: `NextToken`.
pub(crate) fn is_told(raw: &RawValue) -> bool {
    !matches!(serde_json::from_str::<Text<'_>>(raw.get()), Ok(text) if text.get().is_none())
}
