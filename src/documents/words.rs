//! Documents in words: why an upload is refused, how large a file is. No rule is here.

use super::inspection::{ActiveContent, FileKind, ForeignFormat, UploadRefusal};
use crate::i18n::Lang;

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

/// `212 KB`, `1.5 MB`: rounded up, so that nothing is 0 KB.
#[must_use]
pub fn size(bytes: u64) -> String {
    const KB: u64 = 1 << 10;
    const MB: u64 = 1 << 20;
    if bytes < KB {
        format!("{bytes} B")
    } else if bytes < MB {
        format!("{} KB", bytes.div_ceil(KB))
    } else {
        let tenths = (bytes * 10).div_ceil(MB);
        let (whole, rest) = (tenths / 10, tenths % 10);
        if rest == 0 { format!("{whole} MB") } else { format!("{whole}.{rest} MB") }
    }
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
        let text = refusal(&UploadRefusal::TooLarge { limit_bytes: 10 << 20 }, 10 << 20, Lang::EN);
        assert!(text.contains("10 MB"), "{text}");
    }
}
