//! What the schema before instalments kept of proceeds, one settlement with a sentence and half an approval, finds its place
//! in the schema with them, and the way back stops where that has none.

use http::StatusCode;
use jebena::database::migrate;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::certificates::Walk;
use crate::proceeds::{pay, receipt, record};
use crate::revisions::text;
use crate::site::TestSite;

/// The schema before extensions stood in a table of their own and proceeds came in instalments.
const BEFORE: i64 = 20_261_128_200_100;

const SAID: &str = "The buyer claims that a part of the cargo was wet.";
const DELAYED: &str = "The vessel was delayed at Djibouti.";

const STATE: &str = "select status || ' ' || proceeds from exports where export_id = $1";
const DUE: &str = "select settlement_due_date::text from exports where export_id = $1";
const RECEIPTS: &str =
    "select coalesce(string_agg(concat_ws(' ', receipt_number, currency, received_amount, bank_charges,
        received_on, etb_per_unit, retain_pct, retained_amount, surrendered_amount, etb_credited,
        coalesce(bank_reference, '-'), recorded_by), ', ' order by receipt_number), '')
    from export_settlements where export_id = $1";
const SHORT: &str =
    "select concat_ws('|', due_amount, received_amount, shortfall_reason, remark, coalesce(document_id::text, '-'),
        coalesce(first_officer::text, '-'), closed_by, closed_at at time zone 'UTC')
    from export_shortfalls where export_id = $1";
const EXTENDED: &str =
    "select concat_ws('|', due_from, due_to, reason, granted_by, organization_id, granted_at at time zone 'UTC')
    from settlement_extensions where export_id = $1";

/// The bank and its two officers.
struct Bank {
    id: Uuid,
    officer: Uuid,
    supervisor: Uuid,
}

impl Bank {
    async fn of(walk: &Walk) -> Self {
        let supervisor = Uuid::now_v7();
        walk.site
            .execute(&format!(
                "insert into users (id, username, password_hash, organization_id, role, full_name, is_demo)
                     select '{supervisor}', 'bank.supervisor', password_hash, organization_id, 'SUPERVISOR', 'Person bank.supervisor',
                     is_demo from users where username = 'bank.officer';
                 insert into user_roles (user_id, role_name) values ('{supervisor}', 'SUPERVISOR');"
            ))
            .await;
        Self { id: walk.organizations[1], officer: walk.people[1], supervisor }
    }

    /// What its officer has approved of a settlement of 71,100 dollars, which another has still to confirm.
    fn half_approval(&self, export: Uuid, received: &str) -> String {
        let (approval, Self { id, officer, .. }) = (Uuid::now_v7(), self);
        format!(
            "insert into export_approvals (approval_id, export_id, approval_type, organization, organization_id, status,
                 first_approved_by, first_approved_at, approval_data, created_at, updated_at)
             values ('{approval}', '{export}', 'EXPORT_COMPLETION', 'COMMERCIAL-BANK', '{id}', 'PENDING', '{officer}', '2026-11-11',
                 jsonb_build_object('step', 'settlement', 'received_on', '2026-11-10', 'etb_per_unit', '133.0000',
                     'retain_pct', '50.00', 'shortfall_reason', case when {received} < 71100 then '{SAID}' end,
                     'split', jsonb_build_object('received', '{received}', 'bank_charges', '25.00',
                         'retained', round({received} / 2.0, 2)::text, 'surrendered', ({received} - round({received} / 2.0, 2))::text,
                         'etb_credited', round(({received} - round({received} / 2.0, 2)) * 133, 2)::text)),
                 '2026-11-11', '2026-11-11');"
        )
    }

    /// A settlement as it was completed by its supervisor, after its officer where it took two.
    fn settlement(&self, export: Uuid, received: &str, by_two: bool) -> String {
        let (approved, supervisor) = (self.half_approval(export, received), self.supervisor);
        let alone = if by_two { "" } else { ", first_approved_by = null, first_approved_at = null" };
        format!(
            "{approved}
             update export_approvals set status = 'APPROVED', approved_by = '{supervisor}', approval_date = '2026-11-12'
                 {alone} where export_id = '{export}' and status = 'PENDING';
             insert into export_settlements (export_id, currency, received_amount, bank_charges, received_on, etb_per_unit,
                 retain_pct, retained_amount, surrendered_amount, etb_credited, shortfall_reason, recorded_by, recorded_at)
             select export_id, 'USD', (d #>> '{{split,received}}')::numeric, (d #>> '{{split,bank_charges}}')::numeric,
                 (d ->> 'received_on')::date, (d ->> 'etb_per_unit')::numeric, (d ->> 'retain_pct')::numeric,
                 (d #>> '{{split,retained}}')::numeric, (d #>> '{{split,surrendered}}')::numeric,
                 (d #>> '{{split,etb_credited}}')::numeric, d ->> 'shortfall_reason', approved_by, approval_date
             from (select a.*, a.approval_data as d from export_approvals a
                   where a.export_id = '{export}' and a.approval_type = 'EXPORT_COMPLETION') a;
             update exports set status = 'COMPLETED', stage = 'CLOSED', queue_organization_id = null,
                 completed_by = '{supervisor}', completed_at = '2026-11-12' where export_id = '{export}';"
        )
    }
}

/// An export that waits for its settlement, with its certificate of origin.
async fn at_settlement(walk: &Walk) -> Uuid {
    let export = walk.awaiting_permit().await;
    let mut officer = walk.site.sign_in("ecta.officer").await;
    walk.issue_permit(&mut officer, export).await;
    walk.load_and_sign(export).await;
    let mut supervisor = walk.site.sign_in("ecta.supervisor").await;
    let answer = walk.issue_origin(&mut supervisor, export, "DRY").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    export
}

/// What the National Bank granted, as the history keeps it; the due date itself is another column.
fn extension(walk: &Walk, export: Uuid) -> String {
    let (history, granted_by, organization) = (Uuid::now_v7(), walk.people[2], walk.organizations[2]);
    format!(
        "insert into export_status_history (history_id, export_id, version, old_status, new_status, old_stage, new_stage, action,
             changed_by, organization, organization_id, reason, details, created_at)
         values ('{history}', '{export}', 2, 'QUALITY_CERTIFIED', 'QUALITY_CERTIFIED', 'PERMIT', 'PERMIT', 'extend', '{granted_by}',
             'NATIONAL-BANK', '{organization}', '{DELAYED}', jsonb_build_object('changes', jsonb_build_array(jsonb_build_object(
                 'label', 'fact-settlement-due', 'old', '2026-12-14', 'new', '2027-03-01'))), '2026-10-01');
         update exports set version = 2 where export_id = '{export}';"
    )
}

/// The newest migration that the database has.
async fn newest(site: &TestSite) -> i64 {
    let states = migrate::status(site.admin_options()).await.unwrap();
    states.iter().filter(|state| state.applied).map(|state| state.version).max().unwrap()
}

async fn all<const N: usize>(site: &TestSite, asked: [(&'static str, Uuid); N]) -> Vec<String> {
    let mut found = Vec::new();
    for (query, export) in asked {
        found.push(text(site, query, export).await);
    }
    found
}

#[tokio::test]
async fn proceeds_of_the_schema_before_find_their_place_and_are_not_lost_on_the_way_back() {
    let walk = Walk::start().await;
    let site = &walk.site;
    let bank = Bank::of(&walk).await;
    let (paid, short) = (at_settlement(&walk).await, at_settlement(&walk).await);
    let (half, rounded) = (at_settlement(&walk).await, at_settlement(&walk).await);
    let (extended, looked_at_again) = (walk.awaiting_permit().await, walk.awaiting_permit().await);

    // What was completed and what was granted.
    migrate::down(site.admin_options(), BEFORE).await.unwrap();
    site.execute(&bank.settlement(paid, "71100.01", false)).await;
    site.execute(&bank.settlement(short, "70000", true)).await;
    site.execute(&extension(&walk, extended)).await;
    site.execute(&format!("update exports set settlement_due_date = '2027-03-01' where export_id = '{extended}'"))
        .await;
    // The bank's second look at the documents had set this one's due date anew.
    site.execute(&extension(&walk, looked_at_again)).await;
    migrate::up(site.admin_options()).await.unwrap();

    let (officer, supervisor) = (bank.officer, bank.supervisor);
    let (nbe, nbe_office) = (walk.people[2], walk.organizations[2]);
    let granted = format!("2026-12-14|2027-03-01|{DELAYED}|{nbe}|{nbe_office}|2026-10-01 00:00:00");
    let settled = [
        (STATE, paid),
        (RECEIPTS, paid),
        (STATE, short),
        (RECEIPTS, short),
        (SHORT, short),
        (EXTENDED, extended),
        (DUE, extended),
        (EXTENDED, looked_at_again),
        (DUE, looked_at_again),
        (STATE, half),
        (RECEIPTS, half),
    ];
    let kept = all(site, settled).await;
    let expected = [
        "COMPLETED RECEIVED".to_owned(),
        // An odd cent is the exporter's, as it was recorded.
        format!("1 USD 71100.01 25.00 2026-11-10 133.0000 50.00 35550.01 35550.00 4728150.00 - {supervisor}"),
        "COMPLETED SHORT".to_owned(),
        format!("1 USD 70000.00 25.00 2026-11-10 133.0000 50.00 35000.00 35000.00 4655000.00 - {supervisor}"),
        format!("71100.00|70000.00|OTHER|{SAID}|-|{officer}|{supervisor}|2026-11-12 00:00:00"),
        granted.clone(),
        "2027-03-01".to_owned(),
        granted,
        "2027-03-01".to_owned(),
        "SHIPPED OUTSTANDING".to_owned(),
        String::new(),
    ];
    assert_eq!(kept, expected);
    let mut reader = site.sign_in("bank.officer").await;
    let account = site.get(&mut reader, &format!("/exports/{short}/settlement")).await.text;
    for expected in [SAID, "Closed short", "Person bank.officer, Person bank.supervisor"] {
        assert!(account.contains(expected), "{expected}: {account}");
    }
    let case = site.get(&mut reader, &format!("/exports/{extended}")).await;
    assert!(case.status == StatusCode::OK && case.text.contains(DELAYED), "{}", case.text);

    // All of it has a place in the schema before: the sentence goes back to where it stood.
    migrate::down(site.admin_options(), BEFORE).await.unwrap();
    let sentence = "select coalesce(shortfall_reason, '-') from export_settlements where export_id = $1";
    assert_eq!(all(site, [(sentence, paid), (sentence, short)]).await, ["-", SAID]);
    site.execute(&bank.half_approval(half, "70000")).await;
    site.execute(&bank.half_approval(rounded, "71099.50")).await;
    migrate::up(site.admin_options()).await.unwrap();
    assert_eq!(all(site, settled).await[..9], expected[..9], "there and back it is the same");

    // Half an approval is a receipt: the money is there. Both officers look at the whole again.
    let first = format!("1 USD 70000.00 25.00 2026-11-10 133.0000 50.00 35000.00 35000.00 4655000.00 - {officer}");
    let waiting = "select string_agg(status || ' ' || (superseded_at is null), ' ') from export_approvals
        where export_id = $1 and approval_type = 'EXPORT_COMPLETION'";
    let halves = [(STATE, half), (RECEIPTS, half), (waiting, half), (STATE, rounded), (waiting, rounded)];
    let kept = ["SHIPPED OUTSTANDING", &first, "PENDING false", "SHIPPED RECEIVED", "PENDING false"];
    assert_eq!(all(site, halves).await, kept, "so little as 50 cents is rounding");

    // The way back has no place for it, and stops before it has touched anything.
    let refused = format!("{:?}", migrate::down(site.admin_options(), BEFORE).await.unwrap_err());
    assert!(refused.contains("P0001") && refused.contains("there are receipts or short payments"), "{refused}");
    assert_eq!(newest(site).await, 20_261_128_210_100);
    assert_eq!(all(site, halves).await, kept);
    migrate::up(site.admin_options()).await.unwrap();

    // It goes on from there: the rest comes, and what had come before is taken back like any other receipt.
    let mut desk = site.sign_in("bank.supervisor").await;
    let answer = record(site, &mut desk, half, &receipt(site, "FT-2", Decimal::from(1_000))).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let reversal = format!("/exports/{half}/receipts/1/reversal");
    let why = [("reason", "The credit advice is of another export.")];
    let answer = site.fill_in(&mut desk, &reversal, &reversal, &why).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    pay(site, half).await;
    for export in [half, rounded] {
        let answer = site.decide("bank.supervisor", export, "settlement", &[("decision", "approve")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert_eq!(text(site, STATE, export).await, "COMPLETED RECEIVED");
    }
    let sum = "select sum(received_amount) || ' of ' || count(*) from export_settlements where export_id = $1";
    assert_eq!(text(site, sum, half).await, "71100.00 of 4");

    // Nor is a request thrown away that an exporter has made.
    let mut owner = site.sign_in("farm.owner").await;
    let (case, asking) = (format!("/exports/{extended}"), format!("/exports/{extended}/extension-request"));
    let asked = [("asked_until", "2027-05-15"), ("asking_reason", "The buyer pays after the second inspection.")];
    let answer = site.fill_in(&mut owner, &case, &asking, &asked).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let refused = format!("{:?}", migrate::down(site.admin_options(), BEFORE).await.unwrap_err());
    assert!(refused.contains("P0001") && refused.contains("there are requests for extensions"), "{refused}");
    assert_eq!(newest(site).await, 20_261_128_210_200);
    migrate::up(site.admin_options()).await.unwrap();
    assert!(site.get(&mut owner, &case).await.text.contains("asks for an extension until"));
}
