//! Forms that change something: approvals at once and among pages, sign-ins, uploads.

use std::cell::Cell;
use std::sync::Arc;

use anyhow::{Result, ensure};

use super::cases::Cases;
use super::client::{Ask, Session};
use super::deciding::Desk;
use super::load::{Sample, Target};

/// What came of officers who approve the same exports at the same moment.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub(crate) struct Race {
    pub(crate) exports: usize,
    pub(crate) attempts: usize,
    /// Attempts that were answered with success.
    pub(crate) successes: usize,
    /// Exports that were approved more than once.
    pub(crate) doubles: usize,
    /// Exports that were not approved.
    pub(crate) missing: usize,
}

/// Eight visitors approve each of at most fifty exports at once, each with a form of their own.
pub(crate) async fn race(target: Target, cases: &mut Cases, desk: &Desk) -> Result<Race> {
    const RIVALS: usize = 8;
    let mut waiting = desk.waiting(cases).await?;
    waiting.truncate(50);
    let mut asks = Vec::new();
    for case in &waiting {
        for _ in 0..RIVALS {
            asks.extend(desk.approvals(cases, std::slice::from_ref(case)).await?);
        }
    }
    let sample = target.closed(RIVALS, &|n| asks.get(n).cloned()).await?;
    let counts = cases.approvals("FX_APPROVAL", &waiting).await?;
    Ok(Race {
        exports: waiting.len(),
        attempts: asks.len(),
        successes: sample.answered,
        doubles: counts.iter().filter(|count| **count > 1).count(),
        missing: counts.iter().filter(|count| **count == 0).count(),
    })
}

/// Reads the queue and cases and approves, 60 to 30 to 10, in an open load.
pub(crate) async fn mixed(
    target: Target,
    rate: f64,
    cases: &mut Cases,
    reader: &Arc<Session>,
    approvals: &[Ask],
) -> Result<Sample> {
    const SECONDS: f64 = 10.0;
    ensure!(!approvals.is_empty(), "nothing is left to approve");
    let exports = cases.visible().await?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand requests")]
    let all = ((rate * SECONDS) as usize).min(approvals.len() * 10);
    target
        .open(rate, &|n| {
            (n < all).then(|| match n % 10 {
                0 => approvals[n / 10].clone(),
                1..=3 => Ask::page(format!("/exports/{}", exports[n % exports.len()]), Some(reader)),
                _ => Ask::page("/inbox", Some(reader)),
            })
        })
        .await
}

/// Two hundred people sign in, four at a time.
pub(crate) async fn sign_in(target: Target, password: &str) -> Result<Sample> {
    let sample = target.closed(4, &|n| (n < 200).then(|| Ask::sign_in("nbe.officer", password))).await?;
    ensure!(sample.refused == 0, "{} sign-ins were refused", sample.refused);
    Ok(sample)
}

/// Attaches papers of one megabyte, four at a time, each with other content.
pub(crate) async fn upload(target: Target, cases: &mut Cases, session: &Arc<Session>) -> Result<Sample> {
    let exports = cases.own_open().await?;
    ensure!(!exports.is_empty(), "no export is open");
    let made = Cell::new(0_u64);
    let sample = target
        .closed(4, &|n| {
            (n < 100).then(|| {
                let pdf = pdf(made.replace(made.get() + 1));
                let path = format!("/exports/{}/documents", exports[n % exports.len()]);
                let more = [("document_type", "INVOICE"), ("reference_number", "B-1")];
                Ask::upload(path, session, &more, ("paper.pdf", "application/pdf", &pdf))
            })
        })
        .await?;
    ensure!(sample.answered > 0, "no upload was taken");
    Ok(sample)
}

/// A PDF of one page and a megabyte, different for each `number`.
fn pdf(number: u64) -> Vec<u8> {
    // Noise that does not compress, from a linear congruential generator.
    let mut state = number.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(3_037_000_493);
    let noise = (0..128 * 1_024).flat_map(|_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()
    });
    let noise: Vec<u8> = noise.collect();
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    let content = b"BT ET";
    let objects: [(String, &[u8]); 5] = [
        ("<< /Type /Catalog /Pages 2 0 R >>".to_owned(), b""),
        ("<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(), b""),
        ("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>".to_owned(), b""),
        (format!("<< /Length {} >>", content.len()), content),
        (format!("<< /Length {} >>", noise.len()), &noise),
    ];
    for (number, (dictionary, stream)) in objects.iter().enumerate() {
        offsets.push(pdf.len());
        pdf.extend_from_slice(format!("{} 0 obj\n{dictionary}\n", number + 1).as_bytes());
        if !stream.is_empty() {
            pdf.extend_from_slice(b"stream\n");
            pdf.extend_from_slice(stream);
            pdf.extend_from_slice(b"\nendstream\n");
        }
        pdf.extend_from_slice(b"endobj\n");
    }
    let table = pdf.len();
    let entries: String = offsets.iter().map(|offset| format!("{offset:010} 00000 n \n")).collect();
    let tail = format!(
        "xref\n0 {}\n0000000000 65535 f \n{entries}trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        offsets.len() + 1,
        offsets.len() + 1
    );
    pdf.extend_from_slice(tail.as_bytes());
    pdf
}
