//! PDF (ISO 32000): parsed whole, then searched for whatever acts by itself, hides or cannot be read.

use std::collections::BTreeSet;

use lopdf::xref::XrefRecovery;
use lopdf::{Dictionary, Document, Object, ObjectId};

use super::foreign::contains;
use super::{ActiveContent, Extent, FileKind, MOST_PADDING, UploadRefusal, pdf_budget};

const DAMAGED: UploadRefusal = UploadRefusal::Damaged { kind: FileKind::Pdf };

pub(super) fn inspect(bytes: &[u8]) -> Result<Extent, UploadRefusal> {
    refuse_missing_end(bytes)?;
    refuse_raw_names(bytes)?;
    let document = pdf_budget::load(bytes)?;
    // One that opens with an empty password was decrypted on loading; the next reader may not be so kind.
    if document.was_encrypted() || document.trailer.has(b"Encrypt") {
        return Err(UploadRefusal::Encrypted);
    }
    // Objects found by searching may come from an older revision than the one a reader shows.
    if document.xref_recovery == Some(XrefRecovery::Reconstructed) {
        return Err(DAMAGED);
    }
    for object in document.objects.values() {
        refuse_active(object, &document)?;
    }
    let catalog = document.catalog().map_err(|_| DAMAGED)?;
    refuse_open_action(catalog, &document)?;
    match count_pages(&document, catalog) {
        0 => Err(DAMAGED),
        pages => Ok(Extent::Pages(pages)),
    }
}

/// The file ends with its end mark and at most some padding: a cut-off file does not.
fn refuse_missing_end(bytes: &[u8]) -> Result<(), UploadRefusal> {
    const MARK: &[u8] = b"%%EOF";
    let tail_start = bytes.len().saturating_sub(MOST_PADDING + MARK.len());
    let tail = &bytes[tail_start..];
    let is_padding = |byte: &u8| *byte == 0 || byte.is_ascii_whitespace();
    match tail.windows(MARK.len()).rposition(|window| window == MARK) {
        None => Err(DAMAGED),
        Some(at) => {
            let rest = &tail[at + MARK.len()..];
            if rest.iter().all(is_padding) {
                Ok(())
            } else {
                Err(UploadRefusal::TrailingData { kind: FileKind::Pdf, bytes: rest.len() as u64 })
            }
        }
    }
}

/// Names that have no business in a paper, searched in the plain bytes: readers disagree about which of
/// several revisions counts, so that an object which our parser does not see may still be run by another.
/// Only names too long to turn up in compressed data by chance.
fn refuse_raw_names(bytes: &[u8]) -> Result<(), UploadRefusal> {
    for (name, active) in [
        (&b"/JavaScript"[..], ActiveContent::JavaScript),
        (b"/Launch", ActiveContent::Launch),
        (b"/EmbeddedFile", ActiveContent::EmbeddedFile),
        (b"/RichMedia", ActiveContent::Media),
    ] {
        if contains(bytes, name) {
            return Err(UploadRefusal::Active(active));
        }
    }
    Ok(())
}

fn refuse_active(object: &Object, document: &Document) -> Result<(), UploadRefusal> {
    match object {
        Object::Array(items) => items.iter().try_for_each(|item| refuse_active(item, document)),
        Object::Dictionary(dictionary) => refuse_active_dictionary(dictionary, document),
        Object::Stream(stream) => refuse_active_dictionary(&stream.dict, document),
        _ => Ok(()),
    }
}

fn refuse_active_dictionary(dictionary: &Dictionary, document: &Document) -> Result<(), UploadRefusal> {
    for (key, value) in dictionary {
        let active = match key.as_slice() {
            b"JavaScript" | b"JS" => Some(ActiveContent::JavaScript),
            b"EmbeddedFiles" | b"EmbeddedFile" | b"EF" => Some(ActiveContent::EmbeddedFile),
            b"Launch" => Some(ActiveContent::Launch),
            b"XFA" => Some(ActiveContent::Form),
            // The kind of an action, of an object, of an annotation; possibly a reference to the name.
            b"S" | b"Type" | b"Subtype" => name_of(value, document).and_then(active_kind),
            _ => None,
        };
        if let Some(active) = active {
            return Err(UploadRefusal::Active(active));
        }
        refuse_active(value, document)?;
    }
    Ok(())
}

fn name_of<'a>(value: &'a Object, document: &'a Document) -> Option<&'a [u8]> {
    document.dereference(value).ok()?.1.as_name().ok()
}

fn active_kind(name: &[u8]) -> Option<ActiveContent> {
    match name {
        b"JavaScript" => Some(ActiveContent::JavaScript),
        b"Launch" => Some(ActiveContent::Launch),
        b"EmbeddedFile" | b"FileAttachment" | b"GoToE" => Some(ActiveContent::EmbeddedFile),
        b"SubmitForm" | b"ImportData" => Some(ActiveContent::Form),
        b"RichMedia" | b"Rendition" | b"Movie" | b"Sound" | b"Screen" | b"3D" => Some(ActiveContent::Media),
        _ => None,
    }
}

/// Office programs write the page to begin with as an open action; only that is harmless.
fn refuse_open_action(catalog: &Dictionary, document: &Document) -> Result<(), UploadRefusal> {
    let Ok(action) = catalog.get(b"OpenAction") else { return Ok(()) };
    let harmless = match document.dereference(action) {
        Ok((_, Object::Array(_))) => true,
        Ok((_, Object::Dictionary(action))) => {
            action.get(b"S").ok().and_then(|kind| name_of(kind, document)) == Some(b"GoTo") && !action.has(b"Next")
        }
        _ => false,
    };
    if harmless { Ok(()) } else { Err(UploadRefusal::Active(ActiveContent::OpenAction)) }
}

/// Counts the leaves of the page tree, each node once: a tree that shares its branches could have more
/// leaves than there are atoms.
fn count_pages(document: &Document, catalog: &Dictionary) -> u32 {
    let mut seen: BTreeSet<ObjectId> = BTreeSet::new();
    let mut waiting: Vec<ObjectId> = catalog.get(b"Pages").and_then(Object::as_reference).into_iter().collect();
    let mut pages = 0;
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        let Ok(node) = document.get_dictionary(id) else { continue };
        match node.get(b"Kids").and_then(|kids| document.dereference(kids)).and_then(|(_, kids)| kids.as_array()) {
            Ok(kids) => waiting.extend(kids.iter().filter_map(|kid| kid.as_reference().ok())),
            Err(_) => pages += 1,
        }
    }
    pages
}
