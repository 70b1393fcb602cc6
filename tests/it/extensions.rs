//! The National Bank's extensions of the time for the proceeds: what it granted holds, and is told.

use http::StatusCode;

use crate::revisions::{amend, approve, requested, text};
use crate::site::TestSite;
use crate::walk::walk;

pub const GRANTED: [(&str, &str); 2] =
    [("new_due_date", "2027-06-01"), ("extension_reason", "The buyer's country has closed its banks for a month.")];

const DUE: &str = "select settlement_due_date::text from exports where export_id = $1";

#[tokio::test]
async fn a_second_look_at_the_documents_keeps_what_the_national_bank_granted() {
    let site = TestSite::seeded().await;
    let (export, asked, mut owner) = requested(&site).await;
    walk(&site, export, "permit").await;
    let case = format!("/exports/{export}");
    let mut nbe = site.sign_in("nbe.officer").await;
    let answer = site.fill_in(&mut nbe, &case, &format!("{case}/extension"), &GRANTED).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(text(&site, DUE, export).await, "2027-06-01");

    let fields = asked.correction("540", &[("reason", crate::revisions::REASON)]);
    let answer = amend(&site, &mut owner, export, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(site.state_of(export).await.1, "BANK_CHECK");
    approve(&site, export, &["bank-check"]).await;
    assert_eq!(text(&site, DUE, export).await, "2027-06-01", "an extension outlives a new look at the documents");
}
