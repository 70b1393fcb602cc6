//! The form that attaches a document, to an export as to an application: how it asks, and how one that was sent is read.

use std::collections::BTreeMap;

use super::intake::Accepted;
use super::upload::{FILE_FIELD, SentFile, Upload};
use super::words;
use crate::i18n::Lang;
use crate::web::components::{Choice, ErrorSummary, Field, FieldGroup, FileLimit, Form};
use crate::web::exchange::Exchange;
use crate::workflow::words::problem;
use crate::workflow::{FieldReader, FormKey};

/// Which document it is.
pub const TYPE_FIELD: &str = "document_type";
/// The number that the paper bears.
const NUMBER_FIELD: &str = "reference_number";
/// What the form asks beside the file.
pub const FIELDS: [&str; 2] = [TYPE_FIELD, NUMBER_FIELD];
/// The column's own limit.
const LONGEST_NUMBER: usize = 60;

/// The form as it was sent, and what is wrong with it by field.
#[derive(Debug, Default)]
pub struct Typed {
    /// What stood in its fields.
    pub fields: BTreeMap<String, String>,
    /// What is wrong.
    pub errors: BTreeMap<&'static str, String>,
}

impl Typed {
    /// `fields`, of which one is wrong.
    #[must_use]
    pub fn faulty(fields: BTreeMap<String, String>, field: &'static str, error: String) -> Self {
        Self { fields, errors: BTreeMap::from([(field, error)]) }
    }
}

/// A document that came with all that it needs.
#[derive(Debug)]
pub struct Sent {
    /// The key of the form.
    pub form: FormKey,
    /// What kind of document the sender says it is.
    pub document_type: String,
    /// The number that the paper bears.
    pub reference_number: Option<String>,
    /// The file.
    pub file: Accepted,
    /// What stood in the fields, for the page that has to show them again.
    pub fields: BTreeMap<String, String>,
}

/// What was sent, of a kind that may be attached; or the form with what is wrong with it.
///
/// # Errors
/// The form, where something is missing or refused.
pub fn read(upload: Upload, may_be: impl FnOnce(&str) -> bool, limit_bytes: u64, lang: Lang) -> Result<Sent, Typed> {
    let mut reader = FieldReader::new(&upload.fields);
    let document_type = reader.raw(TYPE_FIELD).to_owned();
    let reference_number = reader.optional_text(NUMBER_FIELD, LONGEST_NUMBER);
    let mut errors = BTreeMap::new();
    if !may_be(&document_type) {
        errors.insert(TYPE_FIELD, lang.t("documents-choose-type"));
    }
    if let Some(found) = reader.problems.of(NUMBER_FIELD) {
        errors.insert(NUMBER_FIELD, problem(found, lang));
    }
    let file = match &upload.file {
        SentFile::Missing => Err(lang.t("documents-choose-file")),
        SentFile::Refused(refusal) => Err(words::refusal(refusal, limit_bytes, lang)),
        SentFile::Accepted(file) => Ok(upload.request_hash(file)),
    };
    let request_hash = file.map_err(|error| errors.insert(FILE_FIELD, error));
    match (request_hash, upload.file) {
        (Ok(request_hash), SentFile::Accepted(file)) if errors.is_empty() => Ok(Sent {
            form: FormKey { key: upload.token.key, request_hash },
            document_type,
            reference_number,
            file: *file,
            fields: upload.fields,
        }),
        _ => Err(Typed { fields: upload.fields, errors }),
    }
}

/// The form that is sent to `action`: one of `kinds`, its number and a file of at most `limit_bytes`.
#[must_use]
pub fn attach_form(
    exchange: &Exchange,
    action: String,
    kinds: impl Iterator<Item = Choice>,
    limit_bytes: u64,
    typed: &Typed,
) -> Form {
    let lang = exchange.lang();
    let value = |name: &str| typed.fields.get(name).cloned().unwrap_or_default();
    let error = |name: &str| typed.errors.get(name).cloned();
    let choices = std::iter::once(Choice::new("", lang.t("field-choose"))).chain(kinds).collect();
    let document_type =
        Field::select(TYPE_FIELD, lang.t("documents-type"), choices).value(value(TYPE_FIELD)).error(error(TYPE_FIELD));
    let number = Field::text(NUMBER_FIELD, lang.t("documents-number"))
        .optional()
        .value(value(NUMBER_FIELD))
        .error(error(NUMBER_FIELD));
    let file = Field::file(FILE_FIELD, lang.t("documents-file"))
        .hint(lang.fill("documents-file-hint", [("size", words::size(limit_bytes))]))
        .error(error(FILE_FIELD));
    let groups = vec![FieldGroup::plain(vec![document_type, number, file])];
    Form {
        action,
        token: exchange.form_token(None),
        summary: ErrorSummary::of(Vec::new(), groups.iter().flat_map(|group| &group.fields)),
        groups,
        submit: lang.t("documents-upload-button"),
        file_limit: Some(file_limit(limit_bytes, lang)),
        ..Form::default()
    }
}

/// The form of a page that takes one file of data, of at most `limit_bytes`: where it is sent, what its button says, and where one
/// goes without it.
#[must_use]
pub fn data_form(
    exchange: &Exchange,
    file: Field,
    (action, submit, cancel): (&str, String, &str),
    limit_bytes: usize,
) -> Form {
    Form {
        action: action.to_owned(),
        token: exchange.form_token(None),
        summary: ErrorSummary::of(Vec::new(), [&file]),
        groups: vec![FieldGroup::plain(vec![file])],
        submit,
        cancel: Some(cancel.to_owned()),
        file_limit: Some(file_limit(limit_bytes as u64, exchange.lang())),
        ..Form::default()
    }
}

/// That a file may have `max_bytes`, and what is said of a larger one.
fn file_limit(max_bytes: u64, lang: Lang) -> FileLimit {
    FileLimit { max_bytes, too_large: words::too_large(max_bytes, lang) }
}
