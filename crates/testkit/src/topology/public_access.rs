//! VPC Block Public Access.

use model::{
    EncryptionMode, PublicAccessExclusion, PublicAccessExclusionMode, PublicAccessExclusionState,
    PublicAccessMode, PublicAccessOptions,
};

use super::build::Builder;
use super::words::{Result, Words};

/// The words for modes.
pub(super) const MODES: &[(&str, PublicAccessMode)] = &[
    ("off", PublicAccessMode::Off),
    ("block-bidirectional", PublicAccessMode::BlockBidirectional),
    ("block-ingress", PublicAccessMode::BlockIngress),
    ("unknown", PublicAccessMode::Unknown),
];

/// The words for what exclusions let through.
pub(super) const EXCLUSIONS: &[(&str, PublicAccessExclusionMode)] = &[
    (
        "allow-bidirectional",
        PublicAccessExclusionMode::AllowBidirectional,
    ),
    ("allow-egress", PublicAccessExclusionMode::AllowEgress),
    ("unknown", PublicAccessExclusionMode::Unknown),
];

/// The word of a value in such a list.
pub(super) fn word_of<T: PartialEq>(words: &[(&'static str, T)], value: &T) -> &'static str {
    let known = words.iter().find(|(_, known)| known == value);
    known.map_or("unknown", |(word, _)| word)
}

/// A mode, which must be there.
pub(super) fn mode(words: &mut Words<'_>) -> Result<PublicAccessMode> {
    let word = words.need("a mode")?;
    let known = MODES.iter().find(|(known, _)| *known == word);
    known
        .map(|&(_, mode)| mode)
        .ok_or_else(|| words.unknown(word))
}

/// A mode of Encryption Controls, which must be there.
pub(super) fn encryption(words: &mut Words<'_>) -> Result<EncryptionMode> {
    match words.need("a mode")? {
        "monitor" => Ok(EncryptionMode::Monitor),
        "enforce" => Ok(EncryptionMode::Enforce),
        other => Err(words.unknown(other)),
    }
}

pub(super) fn options(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let account = builder.account.as_ref().map_or("-", |id| id.as_str());
    let region = builder.region.as_ref().map_or("-", |name| name.as_str());
    let id = format!("block-public-access/{account}/{region}");
    let options = PublicAccessOptions {
        id: id.into(),
        name: None,
        owner: builder.account.clone(),
        region: builder.region.clone(),
        mode: mode(words)?,
        origin: words.origin(),
    };
    builder.parts.public_access_options.push(options);
    Ok(())
}

pub(super) fn exclusion(builder: &mut Builder, words: &mut Words<'_>) -> Result {
    let id = words.need("the exclusion's name")?;
    let resource = words.need("a VPC or a subnet")?;
    let word = words.need("what it allows")?;
    let known = EXCLUSIONS.iter().find(|(known, _)| *known == word);
    let mode = known
        .map(|&(_, mode)| mode)
        .ok_or_else(|| words.unknown(word))?;
    let state = if words.skip("changing") {
        PublicAccessExclusionState::Changing
    } else if words.skip("gone") {
        PublicAccessExclusionState::Gone
    } else {
        PublicAccessExclusionState::InForce
    };
    let exclusion = PublicAccessExclusion {
        id: id.into(),
        name: Some(id.into()),
        resource: resource.into(),
        mode,
        state,
        origin: words.origin(),
    };
    builder.parts.public_access_exclusions.push(exclusion);
    Ok(())
}
