//! One file: from bytes to lists, and each list to its reader.

use std::borrow::Cow;
use std::fmt;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use model::{Completeness, Origin, Scope};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::kinds::{self, Beside, Used};
use crate::log::reason;
use crate::manifest;
use crate::place::Place;
use crate::reading::{ListAt, Reading};

/// What a compressed file may grow to. Saved answers are smaller; what is larger is not one.
const MAX_UNPACKED: u64 = 4 << 30;

/// Reads one file.
pub(crate) fn read(file: Arc<str>, bytes: &[u8], scope: &Scope) -> Reading {
    let place = Place::of(Path::new(&*file));
    let scope = Scope {
        account: scope
            .account
            .clone()
            .or_else(|| place.scope.account.clone()),
        region: scope.region.clone().or_else(|| place.scope.region.clone()),
    };
    let mut reading = Reading::new(file, scope);
    reading.argument.clone_from(&place.argument);
    match unpack(bytes).and_then(|bytes| document(&bytes, &place, &mut reading)) {
        Ok(()) => {}
        Err(fault) => {
            let at = reading.whole();
            reading.log.error(fault.code, fault.message, at);
            reading.ignore("it cannot be read");
            lose(&place, &mut reading);
        }
    }
    reading
}

/// Marks what the name of an unreadable file tells as partial.
pub(crate) fn lose(place: &Place, reading: &mut Reading) {
    if place.other_service().is_some() {
        return;
    }
    let of_key = kinds::used(&place.stem).and_then(|used| used.kind);
    let of_operation = place
        .operation
        .as_deref()
        .into_iter()
        .flat_map(|operation| kinds::of_operation(place.service.as_deref(), operation));
    for kind in of_key.into_iter().chain(of_operation) {
        reading
            .coverage
            .push((kind, reading.scope.clone(), Completeness::Partial));
    }
}

/// Why a file as a whole cannot be read.
#[derive(Debug)]
struct Fault {
    code: &'static str,
    message: String,
}

/// The bytes of a file that may be compressed.
fn unpack(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Fault> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut unpacked = Vec::with_capacity(expected_length(bytes));
    let fault = |message: String| Fault {
        code: "not-gzip",
        message,
    };
    let length = MultiGzDecoder::new(bytes)
        .take(MAX_UNPACKED)
        .read_to_end(&mut unpacked)
        .map_err(|error| fault(format!("cannot be unpacked: {error}")))?;
    if length as u64 == MAX_UNPACKED {
        return Err(fault("grows beyond 4 GiB when it is unpacked".to_owned()));
    }
    Ok(Cow::Owned(unpacked))
}

/// How long a compressed file says that it is, as far as that can be believed.
fn expected_length(bytes: &[u8]) -> usize {
    let said = bytes.last_chunk().copied().map_or(0, u32::from_le_bytes);
    let usual = bytes.len().saturating_mul(USUAL_RATIO);
    usize::try_from(said).map_or(usual, |said| said.min(usual))
}

/// Answers of AWS seldom shrink by more.
const USUAL_RATIO: usize = 32;

/// The keys of a file's object, in order, with the text of their values.
struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

fn document(bytes: &[u8], place: &Place, reading: &mut Reading) -> Result<(), Fault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = text(bytes)?;
    let fields: Fields<'_> = serde_json::from_str(text).map_err(|error| not_json(text, &error))?;
    let whole = reading.whole();
    match recorded(&fields) {
        Some(("200", Ok(data))) => {
            answer(&data, &whole.part(format_args!("/data")), place, reading);
        }
        Some((status, _)) => {
            let message = format!("recorded answer with status {status}: it holds no data");
            reading.log.warning("failed-call", message, whole);
            reading.ignore("the call that it records did not succeed");
            lose(place, reading);
        }
        None => answer(&fields, &whole, place, reading),
    }
    Ok(())
}

fn text(bytes: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = valid.split(|byte| *byte == b'\n').count();
        let column = valid
            .iter()
            .rev()
            .take_while(|byte| **byte != b'\n')
            .count()
            + 1;
        let message = format!("not JSON: not UTF-8 at line {line}, column {column}");
        Fault {
            code: "not-json",
            message,
        }
    })
}

fn not_json(text: &str, error: &serde_json::Error) -> Fault {
    if text.trim().is_empty() {
        let message = "not JSON: the file is empty".to_owned();
        return Fault {
            code: "not-json",
            message,
        };
    }
    let reason = reason(error);
    if error.is_data() {
        let message = format!("not a saved answer: {reason}");
        return Fault {
            code: "not-an-object",
            message,
        };
    }
    let message = format!(
        "not JSON: {reason} at line {}, column {}",
        error.line(),
        error.column()
    );
    Fault {
        code: "not-json",
        message,
    }
}

/// The status and the data of an answer as Cloud Custodian's tests record it.
fn recorded<'a>(fields: &Fields<'a>) -> Option<(&'a str, serde_json::Result<Fields<'a>>)> {
    let find = |key| {
        fields
            .0
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, raw)| *raw)
    };
    let (status, data) = (find("status_code")?, find("data")?);
    Some((status.get(), serde_json::from_str(data.get())))
}

/// The lists of one answer.
fn answer(fields: &Fields<'_>, at: &Origin, place: &Place, reading: &mut Reading) {
    if manifest::is_manifest(fields.0.iter().map(|(key, _)| &**key)) {
        return manifest::read(
            fields.0.iter().map(|(key, raw)| (&**key, *raw)),
            at,
            reading,
        );
    }
    if let Some(service) = place.other_service() {
        return of_other_service(service, fields, at, place, reading);
    }
    if !place.is_listing() {
        let operation = &place.stem;
        let message = format!(
            "answer of a change (`{operation}`): only answers that list what exists are used"
        );
        reading.log.note("not-a-list", message, at.clone());
        return reading.ignore("the answer of a change, not a list of what exists");
    }
    let beside = beside(fields, at, reading);
    let n_before = reading.files.len();
    for (key, raw) in &fields.0 {
        let is_nested = raw.get().starts_with(['[', '{']);
        let says_of_what = matches!(&**key, "ResponseMetadata" | "CoreNetworkSegmentEdge")
            || kinds::DESCRIPTIONS.contains(&&**key);
        if !is_nested || says_of_what {
            continue;
        }
        list(key, raw, &beside, at, place, reading);
    }
    if reading.files.len() == n_before {
        let message = "no list of resources is in this file: it is not used";
        reading.log.warning("unknown-kind", message, at.clone());
        reading.ignore("no list of resources");
    }
}

/// An answer of a service of which little or nothing is used.
fn of_other_service(
    service: &str,
    fields: &Fields<'_>,
    at: &Origin,
    place: &Place,
    reading: &mut Reading,
) {
    let operation = place.operation.as_deref();
    let beside = beside(fields, at, reading);
    let n_before = reading.files.len();
    for (key, raw) in &fields.0 {
        if let Some(used) = kinds::entries::of_service(service, operation, &camel_case(key)) {
            take(used, key, raw, &beside, at, reading);
        }
    }
    if reading.files.len() > n_before {
        return;
    }
    let values = fields.0.iter().map(|(_, raw)| *raw);
    if let Some(what) = kinds::unmodelled::of_service(service, values) {
        not_modelled(what, at.clone(), reading);
    }
    reading
        .unused
        .push((format!("answers of the service `{service}`"), at.clone()));
    reading.ignore(format!("an answer of the service `{service}`"));
}

/// What stands beside the lists.
fn beside<'a>(fields: &Fields<'a>, at: &Origin, reading: &mut Reading) -> Beside<'a> {
    let lists = fields
        .0
        .iter()
        .filter(|(_, raw)| raw.get().starts_with('['));
    let mut beside = Beside {
        n_lists: lists.count(),
        ..Beside::default()
    };
    for (key, raw) in &fields.0 {
        match &**key {
            "AdditionalRoutesAvailable" => beside.additional_routes = Some(raw),
            "CoreNetworkSegmentEdge" => beside.segment_edge = Some(raw),
            description if kinds::DESCRIPTIONS.contains(&description) => {
                beside.description = Some(raw);
            }
            "NextToken" | "nextToken" | "NextMarker" | "IsTruncated" if goes_on(raw) => {
                reading.has_more = true;
                let message = format!(
                    "the list goes on in pages that are not in this file (`{key}`): it is partial"
                );
                reading
                    .log
                    .warning("truncated-list", message, at.part(format_args!("/{key}")));
            }
            _ => {}
        }
    }
    beside
}

/// Whether a field says that there is more: where to ask on, or that the list is cut short.
fn goes_on(raw: &RawValue) -> bool {
    match raw.get() {
        "true" => true,
        "false" => false,
        _ => kinds::is_told(raw),
    }
}

/// One list of an answer.
fn list<'a>(
    key: &str,
    raw: &'a RawValue,
    beside: &Beside<'a>,
    at: &Origin,
    place: &Place,
    reading: &mut Reading,
) {
    let name = camel_case(key);
    let Some(used) = kinds::used(&name) else {
        return unused(key, &name, raw, at, reading);
    };
    if let Some(operation) = &place.operation
        && !used.operations.contains(&operation.as_str())
        && (beside.n_lists == 1 || used.is_about_one)
    {
        let message = format!("`{key}` as `{}` tells it: not used", place.stem);
        reading
            .log
            .warning("other-operation", message, at.part(format_args!("/{key}")));
        return reading.ignore(format!("`{key}` of an operation that is not used"));
    }
    take(used, key, raw, beside, at, reading);
}

/// Reads a list that is used.
fn take<'a>(
    used: &Used,
    key: &str,
    raw: &'a RawValue,
    beside: &Beside<'a>,
    at: &Origin,
    reading: &mut Reading,
) {
    let list = ListAt {
        key,
        at: at.clone(),
        name: used.key,
        kind: used.kind,
    };
    (used.read)(reading, &list, raw, beside);
}

/// A list that is not used: quietly if it is known, with a warning if not.
fn unused(key: &str, name: &str, raw: &RawValue, at: &Origin, reading: &mut Reading) {
    let at = at.part(format_args!("/{key}"));
    if let Some(what) = kinds::unmodelled::of_list(name, raw) {
        not_modelled(what, at, reading);
        reading.ignore(format!("`{name}` is not modelled"));
    } else if kinds::is_unused(name) {
        reading.unused.push((format!("`{name}`"), at));
        reading.ignore(format!("`{name}` is not used"));
    } else {
        let message = format!("unknown kind `{key}` in `{}`: it is not used", reading.file);
        reading.log.warning("unknown-kind", message, at);
        reading.ignore(format!("unknown kind `{key}`"));
    }
}

/// Says that the input holds something on which packets depend and that answers do not heed.
fn not_modelled(what: &'static str, at: Origin, reading: &mut Reading) {
    let message = format!("{what} are not modelled: ways by them are not in the answers");
    reading.log.warning("not-modelled", message, at.clone());
    reading.parts.coverage.note_unmodelled(what, at);
}

/// `network_acls` as `NetworkAcls`; other keys as they are.
fn camel_case(key: &str) -> Cow<'_, str> {
    let is_snake = key
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !is_snake {
        return Cow::Borrowed(key);
    }
    let words = key.split('_').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    Cow::Owned(words.collect())
}

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldsVisitor).map(Fields)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object such as {\"Vpcs\": [...]}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(key) = map.next_key::<Key<'de>>()? {
            fields.push((key.0, map.next_value()?));
        }
        Ok(fields)
    }
}

#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);
