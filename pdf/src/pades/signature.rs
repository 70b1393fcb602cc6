//! A field, its widget, and the place for a signature.

use std::ops::Range;

use chrono::{DateTime, Utc};
use lopdf::{Dictionary, Object, ObjectId, StringFormat, dictionary};
use sha2::{Digest, Sha256};

use super::PadesError;
use super::revision::{Revision, write_object};
use crate::cms::{self, Signer};

/// Bytes for signature, chain and time stamp. A chain of three certificates and a token with two more take about 5,000.
const KEPT: usize = 8_192;
/// Ten digits hold an offset in any file.
const OFFSET: &str = "0000000000";
/// Print and locked; the widget shows nothing.
const FLAGS: i64 = 132;

/// What a signature says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureMeta {
    /// The field: the file has no other of this name.
    pub field: String,
    /// Who signs, as a person reads it.
    pub name: String,
    /// Why.
    pub reason: String,
    /// Where.
    pub location: String,
    /// When, by the signer's own clock; a time stamp proves it.
    pub at: DateTime<Utc>,
    /// Whether it certifies the file: then nothing but further signatures may be added. Only the first signature can.
    pub certifies: bool,
}

/// A file with a place for a signature.
#[derive(Debug, Clone)]
pub struct Prepared {
    file: Vec<u8>,
    /// The digits of the signature, without their angle brackets.
    place: Range<usize>,
    signer: Signer,
}

/// `pdf` with a place for the signature of `meta`, by the key of `certificate` (DER).
///
/// # Errors
/// [`PadesError`] when the file cannot be signed, or has such a field already.
pub fn prepare(pdf: &[u8], meta: &SignatureMeta, certificate: &[u8]) -> Result<Prepared, PadesError> {
    let mut revision = Revision::of(pdf)?;
    let (catalogue_id, mut catalogue) = revision.catalogue()?;
    let (page_id, mut page) = revision.first_page()?;

    let (form_id, mut form) = revision.part(&catalogue, b"AcroForm")?;
    let mut fields = revision.list(&form, b"Fields")?;
    if revision.names(&fields).contains(&text_bytes(&meta.field)) {
        return Err(PadesError::FieldTaken(meta.field.clone()));
    }
    if meta.certifies && !fields.is_empty() {
        return Err(PadesError::SignedBefore);
    }
    let (field_id, value_id) = (revision.number(), revision.number());

    revision.put(field_id, &Object::Dictionary(field(meta, value_id, page_id)));
    revision.put_bytes(value_id, value(meta));

    fields.push(field_id.into());
    form.set("Fields", fields);
    // The file has signatures, and is only ever added to.
    form.set("SigFlags", 3);
    revision.put_part(&mut catalogue, "AcroForm", form_id, form);
    if meta.certifies {
        let (permissions_id, mut permissions) = revision.part(&catalogue, b"Perms")?;
        permissions.set("DocMDP", value_id);
        revision.put_part(&mut catalogue, "Perms", permissions_id, permissions);
    }
    let (extensions_id, mut extensions) = revision.part(&catalogue, b"Extensions")?;
    extensions.set("ESIC", dictionary! { "BaseVersion" => "1.7", "ExtensionLevel" => 2 });
    revision.put_part(&mut catalogue, "Extensions", extensions_id, extensions);
    revision.put(catalogue_id, &Object::Dictionary(catalogue));

    let mut annotations = revision.list(&page, b"Annots")?;
    annotations.push(field_id.into());
    page.set("Annots", annotations);
    // PDF/UA: who goes from one to the next follows the structure.
    page.set("Tabs", "S");
    revision.put(page_id, &Object::Dictionary(page));

    let (mut file, within) = revision.finish(Some(value_id));
    let place = fill_in_range(&mut file, within)?;
    let digest = digest_without(&file, &place);
    Ok(Prepared { file, place, signer: Signer::new(cms::ID_DATA, &digest, certificate)? })
}

impl Prepared {
    /// What is to be signed: ECDSA over its SHA-256, which whoever signs computes, once.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        self.signer.to_be_signed()
    }

    /// The file with its signature.
    ///
    /// `signature` is the ECDSA signature as DER, `chain` the certificates above the signer's (DER; the root may be left
    /// out), `token` a time stamp of the signature ([`crate::tsp`]).
    ///
    /// # Errors
    /// [`PadesError`] when a part is not what it should be, or all of it takes more than the place that was kept.
    pub fn finish(
        mut self,
        signature: &[u8],
        chain: &[impl AsRef<[u8]>],
        token: Option<&[u8]>,
    ) -> Result<Vec<u8>, PadesError> {
        let message = self.signer.signed_data(None, signature, chain, token)?;
        let kept = self.place.len() / 2;
        if message.len() > kept {
            return Err(PadesError::TooLarge { needed: message.len(), kept });
        }
        for (byte, digits) in message.iter().zip(self.file[self.place].chunks_exact_mut(2)) {
            digits.copy_from_slice(&hex(*byte));
        }
        Ok(self.file)
    }
}

fn field(meta: &SignatureMeta, value: ObjectId, page: ObjectId) -> Dictionary {
    dictionary! {
        "Type" => "Annot",
        "Subtype" => "Widget",
        "FT" => "Sig",
        "T" => text(&meta.field),
        "TU" => text(&format!("{}: {}", meta.name, meta.reason)),
        "V" => value,
        "F" => FLAGS,
        "Rect" => vec![0.into(), 0.into(), 0.into(), 0.into()],
        "P" => page,
    }
}

/// The signature's dictionary, with zeros where offsets and signature come.
fn value(meta: &SignatureMeta) -> Vec<u8> {
    let mut dictionary = dictionary! {
        "Type" => "Sig",
        "Filter" => "Adobe.PPKLite",
        "SubFilter" => "ETSI.CAdES.detached",
        "M" => Object::String(meta.at.format("D:%Y%m%d%H%M%SZ").to_string().into_bytes(), StringFormat::Literal),
    };
    for (key, words) in [("Name", &meta.name), ("Reason", &meta.reason), ("Location", &meta.location)] {
        if !words.is_empty() {
            dictionary.set(key, text(words));
        }
    }
    if meta.certifies {
        let parameters = dictionary! { "Type" => "TransformParams", "P" => 2, "V" => "1.2" };
        let reference =
            dictionary! { "Type" => "SigRef", "TransformMethod" => "DocMDP", "TransformParams" => parameters };
        dictionary.set("Reference", vec![Object::Dictionary(reference)]);
    }
    let mut bytes =
        format!("<< /ByteRange [0 {OFFSET} {OFFSET} {OFFSET}] /Contents <{}>", "0".repeat(2 * KEPT)).into_bytes();
    for (key, entry) in &dictionary {
        bytes.extend_from_slice(b" /");
        bytes.extend_from_slice(key);
        bytes.push(b' ');
        write_object(&mut bytes, entry);
    }
    bytes.extend_from_slice(b" >>");
    bytes
}

/// Writes what the signature covers: all but itself. Returns where its digits stand.
fn fill_in_range(file: &mut [u8], within: Range<usize>) -> Result<Range<usize>, PadesError> {
    let at = |needle: &[u8]| {
        let object = &file[within.clone()];
        let found = object.windows(needle.len()).position(|window| window == needle);
        found.map(|position| within.start + position + needle.len()).ok_or(PadesError::Missing("place for a signature"))
    };
    let range = at(b"/ByteRange [0 ")?;
    let start = at(b"/Contents <")?;
    let end = start + 2 * KEPT;
    let (before, after) = (start - 1, end + 1);
    let digits = format!("{before:010} {after:010} {:010}", file.len() - after);
    file[range..range + digits.len()].copy_from_slice(digits.as_bytes());
    Ok(start..end)
}

/// The hash of the file without its signature and the angle brackets around that.
fn digest_without(file: &[u8], place: &Range<usize>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(&file[..place.start - 1]);
    hasher.update(&file[place.end + 1..]);
    hasher.finalize().into()
}

/// A text: ASCII as it is, all else in UTF-16 with its mark.
fn text(words: &str) -> Object {
    Object::String(text_bytes(words), StringFormat::Literal)
}

fn text_bytes(words: &str) -> Vec<u8> {
    if words.is_ascii() {
        return words.as_bytes().to_vec();
    }
    let units = std::iter::once(0xFEFF).chain(words.encode_utf16());
    units.flat_map(u16::to_be_bytes).collect()
}

fn hex(byte: u8) -> [u8; 2] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]
}
