//! Documents in words: why an upload is refused, how large a file is. No rule is here.

use super::inspection::{ActiveContent, FileKind, ForeignFormat, UploadRefusal};
use super::scan::Scan;
use super::service::NotKept;
use super::share::Exceeded;
use super::upload::SentData;
use crate::i18n::Lang;
use crate::quantities::grouped;
use crate::web::components::Moment;

/// Why an upload is refused and what to do about it, as a sentence that names the limit.
#[must_use]
pub fn refusal(refusal: &UploadRefusal, limit_bytes: u64, lang: Lang) -> String {
    let fill = |id: &str, values: &[(&'static str, String)]| lang.fill(id, values.iter().cloned());
    match refusal {
        UploadRefusal::Empty => lang.t("upload-refused-empty"),
        UploadRefusal::TooLarge { limit_bytes } => fill("upload-refused-too-large", &[("size", size(*limit_bytes))]),
        UploadRefusal::UnknownType => fill("upload-refused-unknown-type", &[("size", size(limit_bytes))]),
        UploadRefusal::Damaged { kind } => fill("upload-refused-damaged", &[("kind", name(*kind))]),
        UploadRefusal::Encrypted => lang.t("upload-refused-encrypted"),
        UploadRefusal::Active(content) => fill("upload-refused-active", &[("content", active(*content, lang))]),
        UploadRefusal::SecondFormat { kind, also } => {
            fill("upload-refused-second-format", &[("kind", name(*kind)), ("also", foreign(*also, lang))])
        }
        UploadRefusal::TrailingData { kind, bytes } => {
            fill("upload-refused-trailing-data", &[("kind", name(*kind)), ("size", size(*bytes))])
        }
        UploadRefusal::TooManyPixels { width, height, limit_pixels } => fill(
            "upload-refused-too-many-pixels",
            &[
                ("width", width.to_string()),
                ("height", height.to_string()),
                ("limit", (limit_pixels / 1_000_000).to_string()),
            ],
        ),
        UploadRefusal::TooComplex { kind } => fill("upload-refused-too-complex", &[("kind", name(*kind))]),
    }
}

/// That a file is larger than the most that is taken.
#[must_use]
pub fn too_large(limit_bytes: u64, lang: Lang) -> String {
    lang.fill("documents-too-large", [("size", size(limit_bytes))])
}

/// A file of data by name and content, or why there is none.
///
/// # Errors
/// The sentence that says so.
pub fn sent_data(file: &SentData, lang: Lang) -> Result<(&str, &[u8]), String> {
    match file {
        SentData::Missing => Err(lang.t("documents-choose-file")),
        SentData::TooLarge { limit_bytes } => Err(too_large(*limit_bytes as u64, lang)),
        SentData::Received { name, bytes } => Ok((name, bytes)),
    }
}

/// Why a file is not kept and what to do about it.
#[must_use]
pub fn not_kept(why: &NotKept, lang: Lang) -> String {
    match why {
        NotKept::Infected { signature } => lang.fill("upload-refused-infected", [("name", signature)]),
        NotKept::NoRoom(exceeded) => {
            let (text_id, values) = no_room(exceeded);
            lang.fill(text_id, values)
        }
    }
}

/// That there is no room, as a sentence and the values in it.
#[must_use]
pub fn no_room(exceeded: &Exceeded) -> (&'static str, Vec<(&'static str, String)>) {
    match exceeded {
        Exceeded::Bytes { used, limit } => {
            ("upload-refused-no-room-bytes", vec![("used", size(*used)), ("limit", size(*limit))])
        }
        Exceeded::Files { limit } => ("upload-refused-no-room-files", vec![("limit", grouped((*limit).into()))]),
        Exceeded::Today { limit } => ("upload-refused-no-room-today", vec![("limit", grouped((*limit).into()))]),
    }
}

/// What a scanner has said of a file.
#[must_use]
pub fn scan(scan: &Scan, lang: Lang) -> String {
    match scan {
        Scan::NotScanned => lang.t("documents-tag-not-scanned"),
        Scan::Waiting => lang.t("documents-tag-waiting"),
        Scan::Clean { at, .. } => lang.fill("documents-tag-clean", [("at", Moment::at(lang, *at).text)]),
        Scan::Infected { at, signature, .. } => {
            lang.fill("documents-tag-infected", [("name", signature.clone()), ("at", Moment::at(lang, *at).text)])
        }
    }
}

/// What to know of files before one opens them.
#[must_use]
pub fn notice(has_scanner: bool, lang: Lang) -> String {
    lang.t(if has_scanner { "documents-scanned" } else { "documents-not-scanned" })
}

/// `212 KB`, `1.5 MB`: rounded up, so that nothing is 0 KB.
#[must_use]
pub fn size(bytes: u64) -> String {
    const KB: u64 = 1 << 10;
    const MB: u64 = 1 << 20;
    const GB: u64 = 1 << 30;
    if bytes < KB {
        format!("{bytes} B")
    } else if bytes < MB {
        format!("{} KB", bytes.div_ceil(KB))
    } else if bytes < GB {
        tenths(bytes, MB, "MB")
    } else {
        tenths(bytes, GB, "GB")
    }
}

fn tenths(bytes: u64, unit: u64, name: &str) -> String {
    let tenths = (u128::from(bytes) * 10).div_ceil(unit.into());
    let (whole, rest) = (tenths / 10, tenths % 10);
    if rest == 0 { format!("{whole} {name}") } else { format!("{whole}.{rest} {name}") }
}

fn name(kind: FileKind) -> String {
    match kind {
        FileKind::Pdf => "PDF",
        FileKind::Jpeg => "JPEG",
        FileKind::Png => "PNG",
    }
    .to_owned()
}

fn active(content: ActiveContent, lang: Lang) -> String {
    lang.t(match content {
        ActiveContent::JavaScript => "upload-content-script",
        ActiveContent::OpenAction => "upload-content-open-action",
        ActiveContent::Launch => "upload-content-launch",
        ActiveContent::EmbeddedFile => "upload-content-embedded-file",
        ActiveContent::Form => "upload-content-form",
        ActiveContent::Media => "upload-content-media",
    })
}

fn foreign(format: ForeignFormat, lang: Lang) -> String {
    lang.t(match format {
        ForeignFormat::Pdf => "upload-also-pdf",
        ForeignFormat::Zip | ForeignFormat::Archive => "upload-also-archive",
        ForeignFormat::Html => "upload-also-html",
        ForeignFormat::Script => "upload-also-script",
        ForeignFormat::Program => "upload-also-program",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short_and_never_zero() {
        for (bytes, text) in [
            (1, "1 B"),
            (1_024, "1 KB"),
            (1_025, "2 KB"),
            (10 << 20, "10 MB"),
            ((10 << 20) + 1, "10.1 MB"),
            (1_572_864, "1.5 MB"),
            (2 << 30, "2 GB"),
            ((2 << 30) - 1, "2 GB"),
            (u64::MAX, "17179869184 GB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn every_refusal_is_a_sentence_in_both_languages() {
        let kind = FileKind::Pdf;
        let mut refusals = vec![
            UploadRefusal::Empty,
            UploadRefusal::TooLarge { limit_bytes: 10 << 20 },
            UploadRefusal::UnknownType,
            UploadRefusal::Damaged { kind },
            UploadRefusal::Encrypted,
            UploadRefusal::TrailingData { kind, bytes: 7 },
            UploadRefusal::TooManyPixels { width: 9_000, height: 9_000, limit_pixels: 40_000_000 },
            UploadRefusal::TooComplex { kind },
        ];
        refusals.extend(
            [
                ActiveContent::JavaScript,
                ActiveContent::OpenAction,
                ActiveContent::Launch,
                ActiveContent::EmbeddedFile,
                ActiveContent::Form,
                ActiveContent::Media,
            ]
            .map(UploadRefusal::Active),
        );
        for also in [
            ForeignFormat::Pdf,
            ForeignFormat::Zip,
            ForeignFormat::Archive,
            ForeignFormat::Html,
            ForeignFormat::Script,
            ForeignFormat::Program,
        ] {
            refusals.push(UploadRefusal::SecondFormat { kind: FileKind::Png, also });
        }
        for &lang in Lang::ALL {
            for refused in &refusals {
                let text = refusal(refused, 10 << 20, lang);
                assert!(text.chars().count() > 20 && !text.contains('{'), "{text}");
            }
        }
        for why in [
            NotKept::Infected { signature: "Eicar".to_owned() },
            NotKept::NoRoom(Exceeded::Bytes { used: 1, limit: 2 }),
            NotKept::NoRoom(Exceeded::Files { limit: 20_000 }),
            NotKept::NoRoom(Exceeded::Today { limit: 500 }),
        ] {
            for &lang in Lang::ALL {
                let text = not_kept(&why, lang);
                assert!(text.chars().count() > 20 && !text.contains('{'), "{text}");
            }
        }
        let text = refusal(&UploadRefusal::TooLarge { limit_bytes: 10 << 20 }, 10 << 20, Lang::EN);
        assert!(text.contains("10 MB"), "{text}");
    }
}
