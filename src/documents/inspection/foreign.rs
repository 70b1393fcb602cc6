//! Signs that a file is a second format as well (a polyglot).
//!
//! Searched where the readers of those formats look: at the head, and for archives at the tail.

use super::FileKind;

/// A format that an upload must not be besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ForeignFormat {
    /// A PDF inside an image.
    Pdf,
    /// A ZIP archive, which office documents and Java programs are too.
    Zip,
    /// Another archive: RAR, 7-Zip, tar.
    Archive,
    /// A page that a browser would run.
    Html,
    /// A script for a server.
    Script,
    /// A program.
    Program,
}

/// How far into a file its format is looked for by tolerant readers.
const HEAD: usize = 1024;

/// How far from the end a ZIP directory's end may stand: a comment of 65,535 bytes may follow it.
const ZIP_TAIL: usize = 65_535 + 22;

/// Where tar archives have their mark.
const TAR_MARK: usize = 257;

pub(super) fn find(bytes: &[u8], kind: FileKind) -> Option<ForeignFormat> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let tail = &bytes[bytes.len().saturating_sub(HEAD)..];
    let zip_tail = &bytes[bytes.len().saturating_sub(ZIP_TAIL)..];
    let in_head = |mark: &[u8]| contains(head, mark);
    let in_ends = |mark: &[u8]| contains(head, mark) || contains(tail, mark);

    if kind != FileKind::Pdf && in_ends(b"%PDF-") {
        return Some(ForeignFormat::Pdf);
    }
    if in_head(b"PK\x03\x04") || contains(zip_tail, b"PK\x05\x06") {
        return Some(ForeignFormat::Zip);
    }
    if in_ends(b"Rar!\x1a\x07") || in_ends(b"7z\xbc\xaf\x27\x1c") || bytes.get(TAR_MARK..TAR_MARK + 5) == Some(b"ustar")
    {
        return Some(ForeignFormat::Archive);
    }
    if [&b"<html"[..], b"<script", b"<!doctype", b"<iframe", b"<svg"].iter().any(|mark| contains_letters(head, mark)) {
        return Some(ForeignFormat::Html);
    }
    if in_ends(b"<?php") || in_ends(b"__HALT_COMPILER") {
        return Some(ForeignFormat::Script);
    }
    if in_head(b"\x7fELF") || in_head(b"This program cannot be run in DOS mode") {
        return Some(ForeignFormat::Program);
    }
    None
}

pub(super) fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(haystack, needle).is_some()
}

fn contains_letters(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle))
}
