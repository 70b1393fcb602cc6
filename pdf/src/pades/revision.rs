//! A revision of a PDF: objects that are added to the end of the file, which itself stays byte for byte as it was.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;

use lopdf::xref::XrefType;
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat, dictionary};
use sha2::{Digest, Sha256};

use super::PadesError;

/// What is to be added to a file.
pub(super) struct Revision<'a> {
    before: &'a [u8],
    document: Document,
    /// Objects as bytes, new and in place of others.
    added: BTreeMap<ObjectId, Vec<u8>>,
    next: u32,
}

impl<'a> Revision<'a> {
    /// A revision of the file `before`, with nothing in it yet.
    pub fn of(before: &'a [u8]) -> Result<Self, PadesError> {
        let document = Document::load_mem(before).map_err(|error| PadesError::NotReadable(error.to_string()))?;
        if document.trailer.has(b"Encrypt") {
            return Err(PadesError::Encrypted);
        }
        // What a lenient reader had to guess another reader guesses otherwise: that is how signed files are made to lie.
        if document.xref_recovery.is_some() {
            return Err(PadesError::NotReadable("its table of objects is broken".to_owned()));
        }
        let next = document.max_id.max(document.reference_table.size.saturating_sub(1)) + 1;
        Ok(Self { before, document, added: BTreeMap::new(), next })
    }

    /// The catalogue with its number.
    pub fn catalogue(&self) -> Result<(ObjectId, Dictionary), PadesError> {
        let root = self.document.trailer.get(b"Root").and_then(Object::as_reference);
        let id = root.map_err(|_| PadesError::Missing("catalogue"))?;
        Ok((id, self.dictionary(id)?))
    }

    /// The first page with its number.
    pub fn first_page(&self) -> Result<(ObjectId, Dictionary), PadesError> {
        let id = self.document.page_iter().next().ok_or(PadesError::Missing("page"))?;
        Ok((id, self.dictionary(id)?))
    }

    /// The dictionary with a number, as the file has it.
    fn dictionary(&self, id: ObjectId) -> Result<Dictionary, PadesError> {
        let object = self.document.get_object(id).and_then(Object::as_dict);
        object.cloned().map_err(|_| PadesError::Missing("dictionary"))
    }

    /// The dictionary under `key`, whether it stands there or is pointed to, with its number in the latter case.
    pub fn part(&self, of: &Dictionary, key: &[u8]) -> Result<(Option<ObjectId>, Dictionary), PadesError> {
        match of.get(key) {
            Err(_) => Ok((None, Dictionary::new())),
            Ok(Object::Reference(id)) => Ok((Some(*id), self.dictionary(*id)?)),
            Ok(Object::Dictionary(part)) => Ok((None, part.clone())),
            Ok(_) => Err(PadesError::Missing("dictionary")),
        }
    }

    /// The list under `key`, whether it stands there or is pointed to.
    pub fn list(&self, of: &Dictionary, key: &[u8]) -> Result<Vec<Object>, PadesError> {
        let Ok(found) = of.get(key) else { return Ok(Vec::new()) };
        let (_, found) = self.document.dereference(found).map_err(|_| PadesError::Missing("list"))?;
        found.as_array().cloned().map_err(|_| PadesError::Missing("list"))
    }

    /// The names of the fields in a list of them.
    pub fn names(&self, fields: &[Object]) -> Vec<Vec<u8>> {
        let dictionaries = fields.iter().filter_map(|field| self.document.dereference(field).ok()?.1.as_dict().ok());
        dictionaries.filter_map(|field| Some(field.get(b"T").ok()?.as_str().ok()?.to_vec())).collect()
    }

    /// The bytes of the stream at `object`.
    pub fn stream(&self, object: &Object) -> Option<Vec<u8>> {
        let (_, found) = self.document.dereference(object).ok()?;
        let stream = found.as_stream().ok()?;
        Some(stream.decompressed_content().unwrap_or_else(|_| stream.content.clone()))
    }

    /// A number that nothing has.
    pub fn number(&mut self) -> ObjectId {
        let id = (self.next, 0);
        self.next += 1;
        id
    }

    /// `object` under the number `id`.
    pub fn put(&mut self, id: ObjectId, object: &Object) {
        let mut bytes = Vec::new();
        write_object(&mut bytes, object);
        self.added.insert(id, bytes);
    }

    /// `bytes` as they are under the number `id`.
    pub fn put_bytes(&mut self, id: ObjectId, bytes: Vec<u8>) {
        self.added.insert(id, bytes);
    }

    /// A stream of `content`, and where it is.
    pub fn add_stream(&mut self, content: &[u8]) -> Object {
        let id = self.number();
        let mut bytes = Vec::with_capacity(content.len() + 64);
        write_stream(&mut bytes, &dictionary! {}, content);
        self.added.insert(id, bytes);
        Object::Reference(id)
    }

    /// Changes what stands under `key` of `parent`: in an object of its own where it is one, else within.
    pub fn put_part(&mut self, parent: &mut Dictionary, key: &str, place: Option<ObjectId>, part: Dictionary) {
        match place {
            Some(id) => self.put(id, &Object::Dictionary(part)),
            None => parent.set(key, Object::Dictionary(part)),
        }
    }

    /// The file with this revision, and where in it the object `wanted` stands.
    pub fn finish(mut self, wanted: Option<ObjectId>) -> (Vec<u8>, Range<usize>) {
        let mut file = self.before.to_vec();
        if file.last() != Some(&b'\n') {
            file.push(b'\n');
        }
        let mut places = BTreeMap::new();
        let mut found = 0..0;
        for (id, object) in &self.added {
            places.insert(*id, file.len());
            let start = file.len();
            put(&mut file, format_args!("{} {} obj\n", id.0, id.1));
            file.extend_from_slice(object);
            file.extend_from_slice(b"\nendobj\n");
            if Some(*id) == wanted {
                found = start..file.len();
            }
        }
        let fresh = Sha256::digest(&file[self.before.len()..]);
        let mut trailer = Dictionary::new();
        for key in ["Root", "Info"] {
            if let Ok(value) = self.document.trailer.get(key.as_bytes()) {
                trailer.set(key, value.clone());
            }
        }
        let ids = self.document.trailer.get(b"ID").and_then(Object::as_array).ok();
        if let Some(first) = ids.and_then(|ids| ids.first()) {
            let second = Object::String(fresh[..16].to_vec(), StringFormat::Hexadecimal);
            trailer.set("ID", vec![first.clone(), second]);
        }
        trailer.set("Prev", i64::try_from(self.document.xref_start).unwrap_or(i64::MAX));
        let table = file.len();
        match self.document.reference_table.cross_reference_type {
            XrefType::CrossReferenceTable => {
                trailer.set("Size", i64::from(self.next));
                write_table(&mut file, &places, &trailer);
            }
            XrefType::CrossReferenceStream => {
                let id = self.number();
                places.insert(id, table);
                trailer.set("Size", i64::from(self.next));
                write_table_stream(&mut file, id, &places, trailer);
            }
        }
        put(&mut file, format_args!("startxref\n{table}\n%%EOF\n"));
        (file, found)
    }
}

/// The runs of numbers that follow each other, with where each object is.
fn runs(places: &BTreeMap<ObjectId, usize>) -> Vec<(u32, Vec<(u16, usize)>)> {
    let mut runs: Vec<(u32, Vec<(u16, usize)>)> = Vec::new();
    for (&(number, generation), &place) in places {
        match runs.last_mut() {
            Some((first, run)) if usize::try_from(number - *first) == Ok(run.len()) => run.push((generation, place)),
            _ => runs.push((number, vec![(generation, place)])),
        }
    }
    runs
}

fn write_table(file: &mut Vec<u8>, places: &BTreeMap<ObjectId, usize>, trailer: &Dictionary) {
    file.extend_from_slice(b"xref\n");
    for (first, run) in runs(places) {
        put(file, format_args!("{first} {}\n", run.len()));
        for (generation, place) in run {
            put(file, format_args!("{place:010} {generation:05} n \n"));
        }
    }
    file.extend_from_slice(b"trailer\n");
    write_dictionary(file, trailer);
    file.push(b'\n');
}

fn write_table_stream(file: &mut Vec<u8>, id: ObjectId, places: &BTreeMap<ObjectId, usize>, trailer: Dictionary) {
    let mut rows = Vec::new();
    let mut index = Vec::new();
    for (first, run) in runs(places) {
        index.extend([Object::Integer(first.into()), Object::Integer(i64::try_from(run.len()).unwrap_or(i64::MAX))]);
        for (generation, place) in run {
            rows.push(1);
            rows.extend_from_slice(&u32::try_from(place).unwrap_or(u32::MAX).to_be_bytes());
            rows.extend_from_slice(&generation.to_be_bytes());
        }
    }
    let mut dictionary = trailer;
    dictionary.set("Type", "XRef");
    dictionary.set("W", vec![1.into(), 4.into(), 2.into()]);
    dictionary.set("Index", index);
    put(file, format_args!("{} {} obj\n", id.0, id.1));
    write_stream(file, &dictionary, &rows);
    file.extend_from_slice(b"\nendobj\n");
}

fn write_stream(out: &mut Vec<u8>, dictionary: &Dictionary, content: &[u8]) {
    let mut dictionary = dictionary.clone();
    dictionary.set("Length", i64::try_from(content.len()).unwrap_or(i64::MAX));
    write_dictionary(out, &dictionary);
    out.extend_from_slice(b"\nstream\n");
    out.extend_from_slice(content);
    out.extend_from_slice(b"\nendstream");
}

pub(super) fn write_object(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(value) => put(out, format_args!("{value}")),
        Object::Integer(value) => put(out, format_args!("{value}")),
        Object::Real(value) => put(out, format_args!("{value}")),
        Object::Name(name) => write_name(out, name),
        Object::String(bytes, _) => {
            out.push(b'<');
            bytes.iter().for_each(|byte| put(out, format_args!("{byte:02X}")));
            out.push(b'>');
        }
        Object::Array(items) => {
            out.push(b'[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(b' ');
                }
                write_object(out, item);
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => write_dictionary(out, dictionary),
        Object::Stream(stream) => write_stream(out, &stream.dict, &stream.content),
        Object::Reference((number, generation)) => put(out, format_args!("{number} {generation} R")),
    }
}

pub(super) fn write_dictionary(out: &mut Vec<u8>, dictionary: &Dictionary) {
    out.extend_from_slice(b"<<");
    for (key, value) in dictionary {
        out.push(b' ');
        write_name(out, key);
        out.push(b' ');
        write_object(out, value);
    }
    out.extend_from_slice(b" >>");
}

fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for &byte in name {
        if byte.is_ascii_alphanumeric() || b"-_.+".contains(&byte) {
            out.push(byte);
        } else {
            put(out, format_args!("#{byte:02X}"));
        }
    }
}

/// Writing to memory does not fail.
fn put(out: &mut Vec<u8>, words: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(words);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_written_as_a_reader_reads_them() {
        let mut out = Vec::new();
        let object = dictionary! {
            "A b" => vec![Object::Null, 1.into(), Object::Reference((3, 0))],
            "S" => Object::string_literal("(x)"),
        };
        write_dictionary(&mut out, &object);
        assert_eq!(String::from_utf8(out).unwrap(), "<< /A#20b [null 1 3 0 R] /S <287829> >>");
    }

    #[test]
    fn numbers_that_follow_each_other_are_one_run() {
        let places = BTreeMap::from([((2, 0), 10), ((3, 0), 20), ((7, 1), 30)]);
        assert_eq!(runs(&places), [(2, vec![(0, 10), (0, 20)]), (7, vec![(1, 30)])]);
    }
}
