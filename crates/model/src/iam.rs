//! What identities may do: roles, and the policies that say it.

use std::sync::Arc;

use crate::id::resource;
use crate::pack::Pack;
use crate::{AccountId, Link, Origin, ResourceId};

/// A role: what programs on its instances may ask AWS for, and whoever takes its credentials from them.
#[derive(Debug, Clone, Pack)]
pub struct IamRole {
    /// Its ARN.
    pub id: ResourceId,
    /// Its name.
    pub name: Option<Arc<str>>,
    /// The account that owns it.
    pub owner: Option<AccountId>,
    /// The ARNs of the instance profiles that hold it.
    pub profiles: Vec<ResourceId>,
    /// What the policies within it say.
    pub statements: Vec<Statement>,
    /// The policies that are attached to it.
    pub policies: Vec<Link<IamPolicy>>,
    /// What it may do at most, whatever the other policies say.
    pub boundary: Option<Link<IamPolicy>>,
    /// Whether every statement of the policies within it could be read.
    pub is_complete: bool,
    /// Where it was read.
    pub origin: Origin,
}

/// A policy that is attached to roles.
#[derive(Debug, Clone, Pack)]
pub struct IamPolicy {
    /// Its ARN.
    pub id: ResourceId,
    /// Its name.
    pub name: Option<Arc<str>>,
    /// What its default version says.
    pub statements: Vec<Statement>,
    /// Whether every statement could be read.
    pub is_complete: bool,
    /// Where it was read.
    pub origin: Origin,
}

/// One statement of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Pack)]
pub struct Statement {
    /// Whether it allows or denies.
    pub effect: Effect,
    /// The actions that it is about, in small letters: names of actions are the same in any.
    pub actions: Patterns,
    /// The ARNs that it is about.
    pub resources: Patterns,
    /// Whether it holds under conditions only.
    pub is_conditional: bool,
}

/// What a statement does with what it is about. This list is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pack)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies, whatever others allow.
    Deny,
}

/// Texts by patterns: `*` stands for any letters, `?` for one. This list is complete.
#[derive(Debug, Clone, PartialEq, Eq, Pack)]
pub enum Patterns {
    /// What fits any of these.
    Any(Vec<Arc<str>>),
    /// What fits none of these.
    None(Vec<Arc<str>>),
}

impl Patterns {
    /// Whether a text is among those that are meant.
    ///
    /// # Cost
    ///
    /// The length of the text times that of the patterns, at worst.
    ///
    /// # Source
    ///
    /// IAM User Guide: "IAM JSON policy elements: Action", "Resource", "`NotAction`", "`NotResource`".
    pub fn meets(&self, text: &str) -> bool {
        let fits = |patterns: &[Arc<str>]| patterns.iter().any(|pattern| fits(pattern, text));
        match self {
            Self::Any(patterns) => fits(patterns),
            Self::None(patterns) => !fits(patterns),
        }
    }

    /// Whether a pattern holds a variable (`${aws:…}`), whose value no configuration tells.
    pub fn has_variables(&self) -> bool {
        let (Self::Any(patterns) | Self::None(patterns)) = self;
        patterns.iter().any(|pattern| pattern.contains("${"))
    }
}

/// Whether a text fits a pattern: each star takes as little as the rest lets it.
fn fits(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    // What follows the last star, and the text from which it is tried next.
    let mut after_star = None;
    loop {
        let mut rest = text.clone();
        match (pattern.next(), rest.next()) {
            (None, None) => return true,
            (Some('*'), _) => after_star = Some((pattern.clone(), text.clone())),
            (Some(wanted), Some(letter)) if wanted == letter || wanted == '?' => text = rest,
            (None | Some(_), _) => {
                let Some((after, mut from)) = after_star else {
                    return false;
                };
                if from.next().is_none() {
                    return false;
                }
                (pattern, text) = (after.clone(), from.clone());
                after_star = Some((after, from));
            }
        }
    }
}

resource!(IamRole);
resource!(IamPolicy);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks_stand_for_letters() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("*", "ec2:x", true),
            ("ec2:*", "ec2:authorizesecuritygroupingress", true),
            (
                "ec2:auth*ingress",
                "ec2:authorizesecuritygroupingress",
                true,
            ),
            (
                "ec2:auth*egress",
                "ec2:authorizesecuritygroupingress",
                false,
            ),
            ("*a*b*c", "xaxbxbxc", true),
            ("*a*b*c", "xaxcxb", false),
            ("ssm:start?ession", "ssm:startsession", true),
            ("ssm:start?ession", "ssm:startession", false),
            ("", "", true),
            ("", "a", false),
            ("a", "", false),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn what_is_left_out_is_all_but_what_fits() {
        let patterns = vec!["iam:*".into()];
        assert!(Patterns::Any(patterns.clone()).meets("iam:passrole"));
        assert!(!Patterns::None(patterns.clone()).meets("iam:passrole"));
        assert!(Patterns::None(patterns).meets("ec2:runinstances"));
    }
}
