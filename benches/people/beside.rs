//! The inbox by itself, and while twenty people a second sign in: three pairs of loads, whose medians are compared.

use anyhow::Result;
use jebena::demo::DEMO_PASSWORD;

use super::client::sign_in;
use super::product::Product;
use super::report::{Bar, Figure, percentile};
use super::sign_ins;

pub(crate) async fn measure(product: &Product) -> Result<Vec<Figure>> {
    let target = product.target()?;
    let session = sign_in(target.address, "nbe.officer", DEMO_PASSWORD).await?;
    let mut pairs = Vec::new();
    for _ in 0..3 {
        pairs.push(sign_ins::queue_beside_sign_ins(target, &session, DEMO_PASSWORD).await?);
    }
    let middle = |values: Vec<f64>| percentile(&mut { values }, 50);
    Ok(vec![
        Figure::of(
            "inbox p50 beside 20 sign-ins/s, of that without",
            middle(pairs.iter().map(|(alone, beside)| beside.p50_ms / alone.p50_ms).collect()),
            "x",
            Bar::Most(2.0),
        ),
        Figure::told("inbox p50, alone", middle(pairs.iter().map(|(alone, _)| alone.p50_ms).collect()), "ms"),
        Figure::told("inbox p50, beside", middle(pairs.iter().map(|(_, beside)| beside.p50_ms).collect()), "ms"),
        Figure::told("inbox p99, alone", middle(pairs.iter().map(|(alone, _)| alone.p99_ms).collect()), "ms"),
        Figure::told("inbox p99, beside", middle(pairs.iter().map(|(_, beside)| beside.p99_ms).collect()), "ms"),
    ])
}
