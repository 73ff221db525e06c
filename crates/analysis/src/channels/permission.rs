//! What a role may ask AWS for.

use model::{Effect, IamPolicy, IamRole, Link, Patterns, Snapshot, Statement};

/// Whether a role may do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Permission {
    /// It may not.
    No,
    /// The input leaves it open: under conditions, on some resources only, or by policies that were not read.
    Perhaps,
    /// It may, unless something says no that no configuration of the account shows: a policy of the organisation or of
    /// the session.
    Yes,
}

/// Whether a role may take an action, in small letters, on a resource; `None` for one whose ARN is not told, or for any.
///
/// # Source
///
/// IAM User Guide: "Policy evaluation logic": whatever is denied is denied; of the rest, what is allowed, by the
/// policies of the role and by its boundary too.
pub(super) fn permission(
    snapshot: &Snapshot,
    role: &IamRole,
    action: &str,
    resource: Option<&str>,
) -> Permission {
    let own = attached(snapshot, &role.policies);
    let statements = own
        .statements
        .into_iter()
        .chain(&role.statements)
        .filter(|statement| statement.actions.meets(action));
    let whole = own.is_whole && role.is_complete;
    let granted = granted(statements, whole, resource);
    let Some(boundary) = &role.boundary else {
        return granted;
    };
    let boundary = attached(snapshot, std::slice::from_ref(boundary));
    let statements = boundary.statements.into_iter();
    let statements = statements.filter(|statement| statement.actions.meets(action));
    granted.min(self::granted(statements, boundary.is_whole, resource))
}

/// What policies say.
struct Attached<'s> {
    statements: Vec<&'s Statement>,
    /// Whether all of it was read.
    is_whole: bool,
}

fn attached<'s>(snapshot: &'s Snapshot, links: &[Link<IamPolicy>]) -> Attached<'s> {
    let mut attached = Attached {
        statements: Vec::new(),
        is_whole: true,
    };
    for link in links {
        let policy = link
            .target()
            .map(|index| snapshot.iam_policies().get(index));
        attached.is_whole &= policy.is_some_and(|policy| policy.is_complete);
        let statements = policy.into_iter().flat_map(|policy| &policy.statements);
        attached.statements.extend(statements);
    }
    attached
}

/// What statements about an action come to.
fn granted<'s>(
    statements: impl Iterator<Item = &'s Statement>,
    is_whole: bool,
    resource: Option<&str>,
) -> Permission {
    // What was not read may allow, and may deny.
    let unread = if is_whole {
        Permission::No
    } else {
        Permission::Perhaps
    };
    let (mut allowed, mut denied) = (unread, unread);
    for statement in statements {
        let says = match on_resource(&statement.resources, resource) {
            Permission::Yes if statement.is_conditional => Permission::Perhaps,
            says => says,
        };
        let of_effect = match statement.effect {
            Effect::Allow => &mut allowed,
            Effect::Deny => &mut denied,
        };
        *of_effect = says.max(*of_effect);
    }
    match denied {
        Permission::No => allowed,
        Permission::Perhaps => allowed.min(Permission::Perhaps),
        Permission::Yes => Permission::No,
    }
}

/// Whether a statement is about a resource.
fn on_resource(patterns: &Patterns, resource: Option<&str>) -> Permission {
    let is_all = matches!(patterns, Patterns::Any(all) if all.iter().any(|one| &**one == "*"));
    match resource {
        _ if is_all => Permission::Yes,
        None => Permission::Perhaps,
        Some(_) if patterns.has_variables() => Permission::Perhaps,
        Some(resource) if patterns.meets(resource) => Permission::Yes,
        Some(_) => Permission::No,
    }
}
