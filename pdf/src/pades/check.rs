//! A signed paper that somebody hands in: whether it is one of ours, unchanged, and signed by who issued it.
//!
//! Stricter than the standard, as only our own papers are to pass: the last signature is the issuer's, it covers everything but
//! what a checker needs years later (the document security store), and the seal within is of the same issuer. What a reader
//! shows is what was signed; nothing that was added after it counts as harmless.

use std::ops::Range;

use jebena_trust::certificate::Certificate;
use jebena_trust::check::{Outcome, check_seal};
use jebena_trust::message::Message;
use jebena_trust::moment::Moment;
use jebena_trust::trust_list::{EntryPurpose, State, Verified};
use jebena_trust::verdict::{Reason, Verdict};
use lopdf::{Dictionary, Document, LoadOptions, Object};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The largest file that is looked at, in bytes: several times the largest paper.
pub const LARGEST: usize = 4 * 1024 * 1024;
/// The largest that a stream of it may inflate to, in bytes: a few kilobytes can unfold into gigabytes.
const LARGEST_STREAM: usize = 4 * 1024 * 1024;
/// A paper has two signatories, and is given to nobody else to sign.
const MOST_SIGNATURES: usize = 4;

/// One signature in a file.
struct Found {
    /// The digits between `<` and `>`, with these.
    place: Range<usize>,
    /// The end of what it covers.
    end: usize,
    message: Vec<u8>,
}

/// Checks a file against a list at a moment, by what it carries with it.
#[must_use]
pub fn check(pdf: &[u8], list: &Verified, at: Moment) -> Outcome {
    let not_ours = |what: &str| Outcome::bare(Verdict::NotAProof, Reason::FileSignature { what: what.to_owned() });
    if pdf.len() > LARGEST {
        return not_ours("the file is larger than any paper");
    }
    let Some(document) = read(pdf) else { return not_ours("the file cannot be read as a PDF") };
    let Some(seal) = attached(&document, "paper.cose") else { return not_ours("no seal is attached to it") };
    let outcome = check_seal(&seal, list, at);
    let Some(issuer) = outcome.claims.as_ref().map(|claims| claims.issuer.clone()) else { return outcome };
    match signatures(pdf, &document).and_then(|found| hold(pdf, &document, &found, &issuer, list)) {
        Ok(()) => {}
        Err((verdict, what)) => return Outcome { verdict, reason: Reason::FileSignature { what }, ..outcome },
    }
    // What machines read is what was sealed.
    match attached(&document, "paper.json").and_then(|json| content_sha256(&json)) {
        Some(hash) => outcome.of_content(&hash),
        None => not_ours("no content is attached to it"),
    }
}

/// A file whose table of objects is whole: what one reader has to guess, another guesses otherwise.
fn read(pdf: &[u8]) -> Option<Document> {
    let bounds = LoadOptions { max_decompressed_size: Some(LARGEST_STREAM), ..LoadOptions::default() };
    Document::load_mem_with_options(pdf, bounds).ok().filter(|document| document.xref_recovery.is_none())
}

type Wrong = (Verdict, String);

fn altered(what: impl Into<String>) -> Wrong {
    (Verdict::Altered, what.into())
}

/// Whether every signature holds, and the last is the issuer's over all that a reader shows.
fn hold(pdf: &[u8], document: &Document, found: &[Found], issuer: &str, list: &Verified) -> Result<(), Wrong> {
    let mut last_by = None;
    for signature in found {
        let message = Message::read(&signature.message).map_err(|error| altered(error.to_string()))?;
        let certificate = message.verify(&covered(pdf, signature)).map_err(|error| altered(error.to_string()))?;
        let at = message.stamped_at(list.root()).map_err(|error| altered(error.to_string()))?;
        let at = at.ok_or_else(|| altered("a signature has no time stamp"))?;
        last_by = Some(trusted(certificate, at, list)?);
    }
    if last_by.as_deref() != Some(issuer) {
        return Err(altered("the last signature is not of who issued the paper"));
    }
    let end = found.last().map_or(0, |last| last.end);
    only_material_since(document, pdf.get(..end).unwrap_or_default())
}

/// Whose certificate it is, when it may sign documents and could at `at`.
fn trusted(certificate: &Certificate, at: Moment, list: &Verified) -> Result<String, Wrong> {
    let unknown = || (Verdict::SignerNotTrusted, "the list names no signer with this certificate".to_owned());
    let (entry, _) = list.find(&jebena_trust::seal::key_id(certificate.fingerprint())).ok_or_else(unknown)?;
    let is_this_one = jebena_trust::text::from_base64(&entry.certificate).is_some_and(|der| der == certificate.der());
    if !is_this_one {
        return Err(unknown());
    }
    if !entry.purposes.contains(&EntryPurpose::Document) || at < entry.not_before || at > entry.not_after {
        let what = "the certificate is not made for signing documents, or was not valid then";
        return Err((Verdict::SignerNotTrusted, what.to_owned()));
    }
    match entry.state {
        State::Suspended { since } if at >= since => {
            Err((Verdict::SignerSuspended, format!("the certificate is out of force since {since}")))
        }
        State::Revoked { since, invalidity_date, .. } => {
            let since = invalidity_date.map_or(since, |earlier| earlier.min(since));
            if at >= since {
                return Err((Verdict::SignerRevoked, format!("the certificate does not count from {since}")));
            }
            Ok(entry.organization.clone())
        }
        State::Good | State::Suspended { .. } => Ok(entry.organization.clone()),
    }
}

/// The signatures of a file in the order in which they were made.
fn signatures(pdf: &[u8], document: &Document) -> Result<Vec<Found>, Wrong> {
    let none = || (Verdict::NotAProof, "the file is not signed".to_owned());
    let catalogue = document.catalog().map_err(|_| none())?;
    let form = dictionary(document, catalogue.get(b"AcroForm").ok()).ok_or_else(none)?;
    let fields = array(document, form.get(b"Fields").ok()).ok_or_else(none)?;
    let mut found = Vec::new();
    for field in fields {
        let field = dictionary(document, Some(field)).ok_or_else(|| altered("a field cannot be read"))?;
        let is_signature = field.get(b"FT").and_then(Object::as_name).is_ok_and(|kind| kind == b"Sig");
        let value = dictionary(document, field.get(b"V").ok()).filter(|_| is_signature);
        found.push(one(pdf, document, value.ok_or_else(|| altered("it has a field that is no signature"))?)?);
    }
    found.sort_by_key(|signature| signature.end);
    if found.is_empty() || found.len() > MOST_SIGNATURES {
        return Err(none());
    }
    Ok(found)
}

/// A signature whose range leaves out nothing but its own digits.
fn one(pdf: &[u8], document: &Document, value: &Dictionary) -> Result<Found, Wrong> {
    let wrong = || altered("a signature does not cover what stands before and behind it");
    let range = array(document, value.get(b"ByteRange").ok()).ok_or_else(wrong)?;
    let numbers: Vec<usize> = range.iter().filter_map(|number| usize::try_from(number.as_i64().ok()?).ok()).collect();
    let &[0, before, behind, length] = numbers.as_slice() else { return Err(wrong()) };
    let end = behind.checked_add(length).filter(|end| *end <= pdf.len()).ok_or_else(wrong)?;
    let digits = pdf.get(before..behind).ok_or_else(wrong)?;
    let [b'<', digits @ .., b'>'] = digits else { return Err(wrong()) };
    let bytes = std::str::from_utf8(digits).ok().and_then(|digits| hex::decode(digits).ok()).ok_or_else(wrong)?;
    // The value has these very digits, and no others.
    let said = value.get(b"Contents").and_then(Object::as_str).map_err(|_| wrong())?;
    if said != bytes.as_slice() {
        return Err(wrong());
    }
    let message = bytes.get(..der_length(&bytes).ok_or_else(wrong)?).ok_or_else(wrong)?.to_vec();
    if bytes.iter().skip(message.len()).any(|byte| *byte != 0) {
        return Err(wrong());
    }
    Ok(Found { place: before..behind, end, message })
}

/// How long the DER value is with which `bytes` begin.
fn der_length(bytes: &[u8]) -> Option<usize> {
    let (&[tag, first], rest) = bytes.split_first_chunk::<2>()?;
    if tag != 0x30 {
        return None;
    }
    if first < 0x80 {
        return Some(2 + usize::from(first));
    }
    let count = usize::from(first & 0x7f);
    let digits = rest.get(..count).filter(|digits| (1..=3).contains(&digits.len()))?;
    let length = digits.iter().fold(0_usize, |length, digit| length << 8 | usize::from(*digit));
    Some(2 + count + length)
}

fn covered(pdf: &[u8], signature: &Found) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(pdf.get(..signature.place.start).unwrap_or_default());
    hash.update(pdf.get(signature.place.end..signature.end).unwrap_or_default());
    hash.finalize().into()
}

/// Whether what was added behind `signed` is the store of what checkers need, and nothing that a reader shows: every object is
/// what it was, but for the catalogue, which names that store.
fn only_material_since(now: &Document, signed: &[u8]) -> Result<(), Wrong> {
    let changed = || altered("the file was changed after it was signed");
    let then = read(signed).ok_or_else(changed)?;
    let root = |document: &Document| document.trailer.get(b"Root").and_then(Object::as_reference).ok();
    let catalogue = root(&then).ok_or_else(changed)?;
    if root(now) != Some(catalogue) {
        return Err(changed());
    }
    for (id, before) in &then.objects {
        let after = now.objects.get(id).ok_or_else(changed)?;
        let is_same = if *id == catalogue {
            without_material(before).zip(without_material(after)).is_some_and(|(before, after)| before == after)
        } else {
            before == after
        };
        if !is_same {
            return Err(changed());
        }
    }
    Ok(())
}

fn without_material(catalogue: &Object) -> Option<Dictionary> {
    let mut catalogue = catalogue.as_dict().ok()?.clone();
    catalogue.remove(b"DSS");
    Some(catalogue)
}

/// A file that is attached under this name.
fn attached(document: &Document, name: &str) -> Option<Vec<u8>> {
    let names = dictionary(document, document.catalog().ok()?.get(b"Names").ok())?;
    let tree = dictionary(document, names.get(b"EmbeddedFiles").ok())?;
    let pairs = array(document, tree.get(b"Names").ok())?;
    let mut found = pairs.chunks_exact(2).filter_map(|pair| {
        let of_name = pair.first()?.as_str().ok()?;
        let file = dictionary(document, pair.get(1)).filter(|_| of_name == name.as_bytes())?;
        let stream = dictionary(document, file.get(b"EF").ok())?.get(b"F").ok()?.as_reference().ok()?;
        let stream = document.get_object(stream).ok()?.as_stream().ok()?;
        stream.get_plain_content_with_limit(LARGEST_STREAM).ok()
    });
    // Of two of one name nobody knows which is meant.
    found.next().filter(|_| found.next().is_none())
}

/// SHA-256 of what a paper says: over its JSON with sorted keys and no spaces.
fn content_sha256(json: &[u8]) -> Option<[u8; 32]> {
    let data: Value = serde_json::from_slice(json).ok()?;
    Some(Sha256::digest(data.get("content")?.to_string()).into())
}

fn dictionary<'a>(document: &'a Document, object: Option<&'a Object>) -> Option<&'a Dictionary> {
    match object? {
        Object::Reference(id) => document.get_object(*id).ok()?.as_dict().ok(),
        object => object.as_dict().ok(),
    }
}

fn array<'a>(document: &'a Document, object: Option<&'a Object>) -> Option<&'a Vec<Object>> {
    match object? {
        Object::Reference(id) => document.get_object(*id).ok()?.as_array().ok(),
        object => object.as_array().ok(),
    }
}

#[cfg(test)]
mod tests {
    use lopdf::{Stream, dictionary};

    use super::super::revision::Revision;
    use super::super::{ValidationMaterial, add_validation_material};
    use super::*;

    /// A page that says something, as a file.
    fn file() -> Vec<u8> {
        let mut document = Document::with_version("1.7");
        let pages = document.new_object_id();
        let content = document.add_object(Stream::new(dictionary! {}, b"BT (100 bags) Tj ET".to_vec()));
        let page = document.add_object(dictionary! { "Type" => "Page", "Parent" => pages, "Contents" => content });
        let tree = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
        document.objects.insert(pages, Object::Dictionary(tree));
        let catalogue = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
        document.trailer.set("Root", catalogue);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        bytes
    }

    fn holds(signed: &[u8], now: &[u8]) -> bool {
        assert!(now.starts_with(signed), "it was only added to");
        only_material_since(&read(now).unwrap(), signed).is_ok()
    }

    #[test]
    fn what_checkers_need_may_be_added_and_nothing_else() {
        let signed = file();
        assert!(holds(&signed, &signed));
        let material = ValidationMaterial { certificates: vec![vec![1, 2, 3]], ..ValidationMaterial::default() };
        assert!(holds(&signed, &add_validation_material(&signed, &material).unwrap()));

        // Another content of the page.
        let mut revision = Revision::of(&signed).unwrap();
        let (page_id, page) = revision.first_page().unwrap();
        let content = page.get(b"Contents").unwrap().as_reference().unwrap();
        revision.put_bytes(content, b"<< /Length 19 >>\nstream\nBT (999 bags) Tj ET\nendstream".to_vec());
        assert!(!holds(&signed, &revision.finish(None).0));

        // Something laid over the page.
        let mut revision = Revision::of(&signed).unwrap();
        let note = revision.number();
        revision.put(note, &Object::Dictionary(dictionary! { "Type" => "Annot", "Subtype" => "FreeText" }));
        let mut covered = page.clone();
        covered.set("Annots", vec![note.into()]);
        revision.put(page_id, &Object::Dictionary(covered));
        assert!(!holds(&signed, &revision.finish(None).0));

        // Something that the file does when it is opened, and other pages in place of these.
        for (key, value) in [("OpenAction", note.into()), ("Pages", Object::from(note))] {
            let mut revision = Revision::of(&signed).unwrap();
            let (id, mut catalogue) = revision.catalogue().unwrap();
            catalogue.set(key, value);
            revision.put(id, &Object::Dictionary(catalogue));
            assert!(!holds(&signed, &revision.finish(None).0), "{key}");
        }
    }

    #[test]
    fn what_is_attached_is_read_as_far_as_a_paper_goes() {
        let with = |bytes: usize| {
            let mut document = Document::load_mem(&file()).unwrap();
            let mut stream = Stream::new(dictionary! {}, vec![b' '; bytes]);
            stream.compress().unwrap();
            let stream = document.add_object(stream);
            let file = document.add_object(dictionary! { "EF" => dictionary! { "F" => stream } });
            let names = vec![Object::string_literal("paper.cose"), file.into()];
            let tree = dictionary! { "EmbeddedFiles" => dictionary! { "Names" => names } };
            document.catalog_mut().unwrap().set("Names", tree);
            attached(&document, "paper.cose").map(|bytes| bytes.len())
        };
        assert_eq!(with(5_000), Some(5_000));
        assert_eq!(with(LARGEST_STREAM + 1), None);
    }

    #[test]
    fn the_length_of_a_message_is_its_own() {
        assert_eq!(der_length(&[0x30, 0x03, 1, 2, 3, 0, 0]), Some(5));
        assert_eq!(der_length(&[0x30, 0x82, 0x01, 0x00]), Some(260));
        for wrong in [&[0x31, 0x03][..], &[0x30], &[0x30, 0x80], &[0x30, 0x84, 0, 0, 0, 1], &[0x30, 0x82, 1]] {
            assert_eq!(der_length(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn what_is_no_paper_is_none_and_stops_nobody() {
        for bytes in [&b""[..], b"%PDF-1.7\n", &[0xff; 64]] {
            assert!(read(bytes).is_none());
        }
    }
}
