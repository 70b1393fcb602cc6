//! Good files are taken, odd ones are told what is wrong. Every file is made here.

use std::io::Cursor;
use std::io::Write as _;

use ::image::{DynamicImage, ImageFormat};
use lopdf::{
    Dictionary, Document, EncryptionState, EncryptionVersion, Object, ObjectId, Permissions, Stream, StringFormat,
    dictionary,
};

use super::*;

const LIMIT: u64 = 10 << 20;

fn document() -> (Document, ObjectId) {
    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let content = document.add_object(Stream::new(Dictionary::new(), b"BT ET".to_vec()));
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
        "Contents" => content,
    });
    document.objects.insert(
        pages,
        Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    (document, catalog)
}

fn saved(mut document: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

pub(crate) fn pdf() -> Vec<u8> {
    saved(document().0)
}

/// A PDF whose catalog says something more.
fn pdf_with(key: &str, value: impl Into<Object>) -> Vec<u8> {
    let (mut document, catalog) = document();
    document.get_dictionary_mut(catalog).unwrap().set(key, value);
    saved(document)
}

fn picture(format: ImageFormat) -> Vec<u8> {
    let mut picture = DynamicImage::new_rgb8(40, 30);
    for (x, y, pixel) in picture.as_mut_rgb8().unwrap().enumerate_pixels_mut() {
        pixel.0 = [(x * 6) as u8, (y * 8) as u8, 90];
    }
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn jpeg() -> Vec<u8> {
    picture(ImageFormat::Jpeg)
}

fn png() -> Vec<u8> {
    picture(ImageFormat::Png)
}

fn refusal(bytes: &[u8]) -> UploadRefusal {
    inspect(bytes, LIMIT).unwrap_err()
}

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

#[test]
fn takes_a_document_and_both_kinds_of_image() {
    let taken = |bytes: &[u8]| inspect(bytes, LIMIT).unwrap();
    assert_eq!(taken(&pdf()), Inspection { kind: FileKind::Pdf, extent: Extent::Pages(1) });
    assert_eq!(taken(&jpeg()), Inspection { kind: FileKind::Jpeg, extent: Extent::Pixels(40, 30) });
    assert_eq!(taken(&png()), Inspection { kind: FileKind::Png, extent: Extent::Pixels(40, 30) });
}

#[test]
fn takes_a_document_with_compressed_objects() {
    let (document, _) = document();
    let mut bytes = Vec::new();
    let mut document = document;
    document.save_modern(&mut bytes).unwrap();
    assert!(foreign::contains(&bytes, b"ObjStm"));
    assert_eq!(inspect(&bytes, LIMIT).unwrap().extent, Extent::Pages(1));
}

#[test]
fn takes_a_document_that_opens_at_a_page() {
    let destination = vec![Object::Reference((3, 0)), "Fit".into()];
    assert!(inspect(&pdf_with("OpenAction", destination.clone()), LIMIT).is_ok());
    assert!(inspect(&pdf_with("OpenAction", dictionary! { "S" => "GoTo", "D" => destination }), LIMIT).is_ok());
}

#[test]
fn takes_padding_and_the_previews_that_phones_append() {
    assert!(inspect(&joined(&[&pdf(), b"\r\n\0\0"]), LIMIT).is_ok());
    assert!(inspect(&joined(&[&png(), &[0; 512]]), LIMIT).is_ok());
    assert!(inspect(&joined(&[&jpeg(), &[0; 512]]), LIMIT).is_ok());
    assert!(inspect(&joined(&[&jpeg(), &[0; 16], &jpeg()]), LIMIT).is_ok());
}

#[test]
fn refuses_nothing_and_too_much() {
    assert_eq!(refusal(b""), UploadRefusal::Empty);
    let bytes = png();
    let limit_bytes = bytes.len() as u64 - 1;
    assert_eq!(inspect(&bytes, limit_bytes), Err(UploadRefusal::TooLarge { limit_bytes }));
    assert!(inspect(&bytes, limit_bytes + 1).is_ok());
}

#[test]
fn refuses_what_is_none_of_the_three() {
    for bytes in [
        &b"MZ\x90\0 a program renamed invoice.pdf"[..],
        b"\x7fELF",
        b"GIF89a",
        b"PK\x03\x04",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"  %PDF-1.7",
        b"x",
    ] {
        assert_eq!(refusal(bytes), UploadRefusal::UnknownType);
    }
}

#[test]
fn refuses_files_that_were_cut_off() {
    for (bytes, kind) in [(pdf(), FileKind::Pdf), (jpeg(), FileKind::Jpeg), (png(), FileKind::Png)] {
        for part in [bytes.len() / 4, bytes.len() / 2, bytes.len() - 12] {
            assert_eq!(refusal(&bytes[..part]), UploadRefusal::Damaged { kind }, "{kind:?} {part}");
        }
        assert_eq!(refusal(kind.magic()), UploadRefusal::Damaged { kind });
    }
}

#[test]
fn never_panics_whatever_byte_is_changed() {
    for bytes in [pdf(), jpeg(), png()] {
        for index in 0..bytes.len() {
            for value in [0xff, bytes[index] ^ 1] {
                let mut changed = bytes.clone();
                changed[index] = value;
                let _ = inspect(&changed, LIMIT);
            }
        }
    }
}

#[test]
fn refuses_a_disguise() {
    assert_eq!(refusal(b"%PDF-1.7\nhello\n%%EOF\n"), UploadRefusal::Damaged { kind: FileKind::Pdf });
    let mut swapped = png();
    swapped[16] ^= 0x40;
    assert!(matches!(refusal(&swapped), UploadRefusal::Damaged { .. } | UploadRefusal::TooManyPixels { .. }));
}

#[test]
fn refuses_documents_that_act() {
    let action = |kind: &str| dictionary! { "S" => kind, "JS" => Object::string_literal("app.alert(1)") };
    let open = |kind: &str| refusal(&pdf_with("OpenAction", dictionary! { "S" => kind }));
    let script = UploadRefusal::Active(ActiveContent::JavaScript);
    assert_eq!(refusal(&pdf_with("OpenAction", action("JavaScript"))), script);
    assert_eq!(refusal(&pdf_with("Names", dictionary! { "JavaScript" => dictionary! {} })), script);
    assert_eq!(refusal(&pdf_with("AA", dictionary! { "WC" => dictionary! { "JS" => "x" } })), script);
    assert_eq!(open("Launch"), UploadRefusal::Active(ActiveContent::Launch));
    assert_eq!(open("SubmitForm"), UploadRefusal::Active(ActiveContent::Form));
    assert_eq!(open("Named"), UploadRefusal::Active(ActiveContent::OpenAction));
    assert_eq!(
        refusal(&pdf_with("Names", dictionary! { "EmbeddedFiles" => dictionary! {} })),
        UploadRefusal::Active(ActiveContent::EmbeddedFile)
    );
    assert_eq!(
        refusal(&pdf_with("Extra", dictionary! { "Type" => "Filespec", "EF" => dictionary! {} })),
        UploadRefusal::Active(ActiveContent::EmbeddedFile)
    );
    assert_eq!(
        refusal(&pdf_with("AcroForm", dictionary! { "XFA" => Object::string_literal("x") })),
        UploadRefusal::Active(ActiveContent::Form)
    );
    assert_eq!(
        refusal(&pdf_with("Extra", dictionary! { "Subtype" => "RichMedia" })),
        UploadRefusal::Active(ActiveContent::Media)
    );
}

#[test]
fn finds_a_script_whose_name_is_written_in_disguise() {
    let plain = pdf_with("OpenAction", dictionary! { "S" => "Xava" });
    let at = plain.windows(5).position(|window| window == b"/Xava").unwrap();
    let mut bytes = plain[..at].to_vec();
    bytes.extend_from_slice(b"/J#61vaScript");
    bytes.extend_from_slice(&plain[at + 5..]);
    assert_eq!(refusal(&bytes), UploadRefusal::Active(ActiveContent::JavaScript));
}

#[test]
fn finds_a_script_in_an_older_revision() {
    let shadowed = b"99 0 obj <</S /JavaScript>> endobj\n";
    let bytes = pdf();
    let at = bytes.windows(4).position(|window| window == b"xref").unwrap();
    let hidden = joined(&[&bytes[..at], shadowed, &bytes[at..]]);
    assert_eq!(refusal(&hidden), UploadRefusal::Active(ActiveContent::JavaScript));
}

#[test]
fn finds_a_script_among_compressed_objects() {
    let (mut document, catalog) = document();
    let action = document.add_object(dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("x") });
    document.get_dictionary_mut(catalog).unwrap().set("OpenAction", action);
    let mut bytes = Vec::new();
    document.save_modern(&mut bytes).unwrap();
    assert!(!foreign::contains(&bytes, b"JavaScript"));
    assert_eq!(refusal(&bytes), UploadRefusal::Active(ActiveContent::JavaScript));
}

#[test]
fn refuses_encrypted_documents_with_and_without_a_password() {
    for user_password in ["", "secret"] {
        let (mut document, _) = document();
        let id = Object::String(vec![7; 16], StringFormat::Literal);
        document.trailer.set("ID", vec![id.clone(), id]);
        let version = EncryptionVersion::V2 {
            document: &document,
            owner_password: "owner",
            user_password,
            key_length: 128,
            permissions: Permissions::all(),
        };
        let state = EncryptionState::try_from(version).unwrap();
        document.encrypt(&state).unwrap();
        assert_eq!(refusal(&saved(document)), UploadRefusal::Encrypted, "{user_password:?}");
    }
}

#[test]
fn refuses_what_is_two_formats_at_once() {
    let zip_end = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    for (bytes, kind) in [(pdf(), FileKind::Pdf), (jpeg(), FileKind::Jpeg), (png(), FileKind::Png)] {
        let also = ForeignFormat::Zip;
        assert_eq!(refusal(&joined(&[&bytes, zip_end])), UploadRefusal::SecondFormat { kind, also });
    }
    let also = ForeignFormat::Pdf;
    let kind = FileKind::Png;
    assert_eq!(refusal(&joined(&[&png(), &pdf()])), UploadRefusal::SecondFormat { kind, also });

    // A comment segment right after the start of a JPEG, where other readers look.
    let picture = jpeg();
    for (comment, also) in [
        (&b"<script>alert(1)</script>"[..], ForeignFormat::Html),
        (b"<?php system('id');", ForeignFormat::Script),
        (b"%PDF-1.7", ForeignFormat::Pdf),
    ] {
        let length = u16::try_from(comment.len() + 2).unwrap().to_be_bytes();
        let bytes = joined(&[&picture[..2], b"\xff\xfe", &length, comment, &picture[2..]]);
        assert_eq!(refusal(&bytes), UploadRefusal::SecondFormat { kind: FileKind::Jpeg, also });
    }
}

#[test]
fn refuses_what_follows_the_end() {
    let extra = [b'x'; 100];
    for (bytes, kind) in [(pdf(), FileKind::Pdf), (jpeg(), FileKind::Jpeg), (png(), FileKind::Png)] {
        assert!(
            matches!(refusal(&joined(&[&bytes, &extra])), UploadRefusal::TrailingData { kind: found, bytes } if found == kind && bytes >= 100)
        );
    }
    let bytes = MOST_PADDING as u64 + 1;
    let filled = joined(&[&png(), &vec![0; MOST_PADDING + 1]]);
    assert_eq!(refusal(&filled), UploadRefusal::TrailingData { kind: FileKind::Png, bytes });
}

/// A PNG that declares `side` pixels each way and has next to no data.
fn declared_png(side: u32) -> Vec<u8> {
    let chunk = |kind: &[u8], data: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(kind);
        crc.update(data);
        joined(&[&u32::try_from(data.len()).unwrap().to_be_bytes(), kind, data, &crc.sum().to_be_bytes()])
    };
    let header = joined(&[&side.to_be_bytes(), &side.to_be_bytes(), &[8, 2, 0, 0, 0]]);
    let mut data = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    data.write_all(&[0; 1000]).unwrap();
    let data = data.finish().unwrap();
    joined(&[FileKind::Png.magic(), &chunk(b"IHDR", &header), &chunk(b"IDAT", &data), &chunk(b"IEND", b"")])
}

#[test]
fn refuses_images_that_are_huge_when_shown() {
    let limit_pixels = MOST_PIXELS;
    assert_eq!(refusal(&declared_png(6325)), UploadRefusal::TooManyPixels { width: 6325, height: 6325, limit_pixels });
    assert_eq!(
        refusal(&declared_png(60_000)),
        UploadRefusal::TooManyPixels { width: 60_000, height: 60_000, limit_pixels }
    );
    assert_eq!(refusal(&declared_png(6324)), UploadRefusal::Damaged { kind: FileKind::Png });

    let mut bytes = jpeg();
    let frame = bytes.windows(2).position(|marker| marker == b"\xff\xc0").unwrap();
    bytes[frame + 5..frame + 9].copy_from_slice(&[0xfd, 0xe8, 0xfd, 0xe8]);
    assert_eq!(refusal(&bytes), UploadRefusal::TooManyPixels { width: 65_000, height: 65_000, limit_pixels });
}

/// A PDF with `copies` containers of compressed objects.
fn pdf_with_containers(copies: usize, index: &str, body: &[u8], count: i64) -> Vec<u8> {
    let mut data = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    data.write_all(index.as_bytes()).unwrap();
    data.write_all(body).unwrap();
    let dictionary = dictionary! {
        "Type" => "ObjXtm", "N" => count, "First" => index.len() as i64, "Filter" => "FlateDecode",
    };
    let (mut document, _) = document();
    let container = Stream::new(dictionary, data.finish().unwrap());
    for _ in 0..copies {
        document.add_object(container.clone());
    }
    // The library does not write containers that it has not made; so they are renamed afterwards.
    let mut bytes = saved(document);
    while let Some(at) = bytes.windows(6).position(|window| window == b"ObjXtm") {
        bytes[at..at + 6].copy_from_slice(b"ObjStm");
    }
    bytes
}

/// Some kilobytes that unfold into megabytes.
pub(crate) fn bomb() -> Vec<u8> {
    pdf_with_containers(1, "900 0 ", &vec![b' '; 5 << 20], 1)
}

#[test]
fn refuses_documents_that_unfold_without_measure() {
    let too_complex = UploadRefusal::TooComplex { kind: FileKind::Pdf };
    assert_eq!(refusal(&bomb()), too_complex);

    // Ninety objects, each nearly the whole container.
    let index: String = (0..90).map(|number| format!("{} {number} ", 1000 + number)).collect();
    let body = joined(&[&[b'['; 90], &b"1 ".repeat(10_000), &[b']'; 90]]);
    assert_eq!(refusal(&pdf_with_containers(1, &index, &body, 90)), too_complex);

    // Honest objects, but more than the budget has room for.
    let body = joined(&[b"[", &b"1 ".repeat(10_000), b"]"]);
    let one = pdf_with_containers(1, "1000 0 ", &body, 1);
    let two = pdf_with_containers(2, "1000 0 ", &body, 1);
    assert!(pdf_budget::load_within(&one, 1_000_000).is_ok());
    assert_eq!(pdf_budget::load_within(&two, 1_000_000).unwrap_err(), too_complex);
}

#[test]
fn a_page_tree_that_shares_its_branches_is_counted_once() {
    let (mut document, catalog) = document();
    let mut top = document.get_dictionary(catalog).unwrap().get(b"Pages").unwrap().clone();
    for _ in 0..60 {
        let kids = vec![top.clone(), top];
        top = document.add_object(dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => 1 }).into();
    }
    document.get_dictionary_mut(catalog).unwrap().set("Pages", top);
    assert_eq!(inspect(&saved(document), LIMIT).unwrap().extent, Extent::Pages(1));
}

#[tokio::test]
async fn inspects_a_file_on_disk() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&pdf()).unwrap();
    let inspection = inspect_file(file.path().to_owned(), LIMIT).await.unwrap();
    assert_eq!(inspection.kind, FileKind::Pdf);
    assert!(matches!(
        inspect_file(file.path().to_owned(), 10).await,
        Err(InspectError::Refused(UploadRefusal::TooLarge { limit_bytes: 10 }))
    ));
    assert!(matches!(inspect_file("/nowhere".into(), LIMIT).await, Err(InspectError::Disk(_))));
}

#[test]
fn kinds_read_back_from_their_media_type() {
    for kind in FileKind::ALL {
        assert_eq!(FileKind::from_media_type(kind.media_type()), Some(kind));
    }
    assert_eq!(FileKind::from_media_type("text/html"), None);
}
