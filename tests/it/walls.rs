//! The walls between organisations: every route with the ids of a real case, as everybody else.

use std::fmt::Write;

use axum::body::Body;
use http::{Method, Request, StatusCode};
use jebena::app::{router, routes};
use jebena::auth::permission::permissions_of;
use jebena::auth::{OrganizationKind, Role};
use jebena::web::routes::{Access, RouteInfo};
use tower::ServiceExt;
use uuid::Uuid;

use crate::documents::{UploadForm, pdf};
use crate::rows::Rows;
use crate::site::{Answer, Browser, TestSite, pairs};
use crate::walk::{Asked, something_to_ask, walk};

use OrganizationKind as K;

/// Everybody but the exporter whose case it is. Whose step it is comes last: their forms may have an effect.
const WHO: [(&str, Option<(K, Role)>); 12] = [
    ("stranger", None),
    ("exporter2.owner", Some((K::Exporter, Role::Owner))),
    ("bank2.officer", Some((K::CommercialBank, Role::Officer))),
    ("shipping2.officer", Some((K::ShippingLine, Role::Officer))),
    ("ecx.officer", Some((K::Ecx, Role::Officer))),
    ("admin", Some((K::Administration, Role::SystemAdmin))),
    ("auditor", Some((K::Auditor, Role::Auditor))),
    ("bank.officer", Some((K::CommercialBank, Role::Officer))),
    ("nbe.officer", Some((K::NationalBank, Role::Officer))),
    ("customs.officer", Some((K::Customs, Role::Officer))),
    ("ecta.officer", Some((K::Ecta, Role::Officer))),
    ("shipping.officer", Some((K::ShippingLine, Role::Officer))),
];

/// Who never learns of the case: those of the list up to the administrator.
const OUTSIDE: usize = 6;

/// A case of the first exporter, bank and carrier, which waits for the carrier.
pub struct Case {
    asked: Asked,
    export: Uuid,
    number: String,
    document: Uuid,
    paper: Uuid,
    code: String,
    plot: Uuid,
    import: Uuid,
}

impl Case {
    pub async fn open(site: &TestSite) -> Self {
        let asked = something_to_ask(site, "EXPORTER", 1_200).await;
        let mut owner = site.sign_in("exporter.owner").await;
        let export = site.request(&mut owner, &asked, "600").await;
        crate::decisions::submit(site, &mut owner, export).await;
        walk(site, export, "permit").await;
        let (number, document, paper, code) = sqlx::query_as(
            "select e.export_number, d.document_id, p.paper_id, p.verify_code
             from exports e join export_documents d using (export_id) join issued_papers p using (export_id)
             where e.export_id = $1 and d.document_type = 'INVOICE'",
        )
        .bind(export)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
        let plots = crate::plots::file(&[crate::plots::feature("Abebe Kebede", "Point", "[38.400001,6.600001]")]);
        site.store_plots(&mut owner, &plots, &[]).await;
        let waiting = crate::plots::file(&[crate::plots::feature("Abebe Kebede", "Point", "[38.400002,6.600001]")]);
        site.send_plots(&mut owner, &waiting).await;
        let (plot, import) = sqlx::query_as(
            "select (select plot_id from plots where organization_id = e.exporter_organization_id
                     and producer_name = 'Abebe Kebede' order by created_at desc limit 1),
                    (select import_id from plot_imports where organization_id = e.exporter_organization_id
                     and status = 'PENDING')
             from exports e where e.export_id = $1",
        )
        .bind(export)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
        Self { asked, export, number, document, paper, code, plot, import }
    }

    /// The path with the ids of this case.
    pub fn path(&self, route: &str) -> String {
        let path = route
            .replace("/papers/{id}", &format!("/papers/{}", self.paper))
            .replace("{id}", &self.export.to_string())
            .replace("{document_id}", &self.document.to_string())
            .replace("{document_type}", "PACKING_LIST")
            .replace("{certificate_id}", &Uuid::nil().to_string())
            .replace("{subject}", "profile")
            .replace("/commercial/{kind}", "/commercial/proforma-invoice")
            .replace("/figures/{code}", "/figures/settlement_days")
            .replace("{list}/entries/{code}", "countries/entries/DE")
            .replace("{list}", "countries")
            .replace("{link_id}", &Uuid::nil().to_string())
            .replace("{plot_id}", &self.plot.to_string())
            .replace("{import_id}", &self.import.to_string())
            .replace("{kind}", "shipment")
            .replace("{code}", &self.code)
            .replace("{token}", &"A".repeat(32))
            .replace("{report}", "expiring")
            .replace("{receipt}", "1")
            .replace("{event}", &"A".repeat(32))
            .replace("{job}", &Uuid::nil().to_string())
            .replace("{erasure}", &Uuid::nil().to_string())
            .replace("{mail}", &Uuid::nil().to_string())
            .replace("{partition}", "events_2024")
            .replace("{hold}", &Uuid::nil().to_string())
            .replace("{alert}", &Uuid::nil().to_string())
            .replace("{step}", "help")
            .replace("{*question}", "MAA=")
            .replace("{organization}", "ECTA")
            .replace("{file}", "app.css");
        assert!(!path.contains('{'), "{route}: what stands for its parts?");
        match route {
            "/live" => format!("{path}?case={}", self.export),
            "/exports/{id}/news" => format!("{path}?since=2026-11-01T00:00:00Z"),
            _ => path,
        }
    }

    /// What the form at `route` asks, filled in so that nothing but who sends it stands against it.
    pub fn fields(&self, route: &str) -> Vec<(String, String)> {
        let fields: &[(&str, &str)] = match route {
            "/exports" => return self.asked.fields("600"),
            "/exports/{id}/amendment" => return self.asked.correction("600", &[]),
            "/exports/{id}/extension" => {
                &[("new_due_date", "2027-04-01"), ("extension_reason", "The vessel was delayed at Djibouti.")]
            }
            "/exports/{id}/extension-request" => {
                &[("asked_until", "2027-04-01"), ("asking_reason", "The vessel was delayed at Djibouti.")]
            }
            "/exports/{id}/extension-refusal" => &[("refusal_reason", "The buyer has paid others meanwhile.")],
            "/exports/{id}/receipts" => &[
                ("received_on", "2026-11-20"),
                ("bank_reference", "FT-1"),
                ("received_amount", "1000"),
                ("etb_per_unit", "133"),
            ],
            "/exports/{id}/receipts/{receipt}/reversal" => &[("reason", "The advice is of another export.")],
            "/exports/{id}/shortfall" => &[("shortfall_reason", "OTHER"), ("remark", "A fire at sea.")],
            "/exports/{id}/roll-over" => {
                &[("vessel_name", "MV Gulf of Tadjoura"), ("voyage_number", "043W"), ("reason", "She omits Djibouti.")]
            }
            "/exports/{id}/letter-of-credit" => &[("amendment", "The expiry is put off."), ("amount", "9000")],
            "/exports/{id}/letter-of-credit/new" => &[("lc_number", "ILC-1"), ("amount", "9000")],
            "/exports/{id}/containers" => &[
                ("container_number_1", "CMAU7021139"),
                ("container_type_1", "20DRY"),
                ("reason", "The container was damaged."),
            ],
            "/exports/{id}/commercial/{kind}" => &[("consignee", "To order")],
            "/papers/{id}/correction" => &[("consignee", "To order"), ("correction_reason", "It names another buyer.")],
            "/papers/{id}/withdrawal" => &[("withdrawal_reason", "The buyer has asked for another.")],
            "/seller" => &[("seller_mark", "Blue Nile Selection")],
            "/seller/accounts" | "/seller/accounts/{id}" => &[("account_number", "1000-1")],
            "/sign-in" => &[("username", ""), ("password", "")],
            "/sign-in/code" | "/account/proof" | "/account/second-factor/confirmation" => &[("code", "")],
            "/account/second-factor" => &[("current_password", "")],
            "/account/second-factor/codes"
            | "/account/second-factor/removal"
            | "/account/second-factor/passkeys/{id}/removal"
            | "/staff/{id}/second-factor" => &[],
            "/forgotten-password" => &[("username", "")],
            "/new-password/{token}" => &[("password", ""), ("password_again", "")],
            "/account/email" => &[("email", ""), ("current_password", "")],
            "/account/second-factor/passkeys" => &[("passkey_name", ""), ("credential", "")],
            "/account/password" => &[("current_password", ""), ("password", ""), ("password_again", "")],
            "/register" => &[
                ("business_name", ""),
                ("business_type", "LLC"),
                ("full_name", ""),
                ("email", ""),
                ("username", ""),
                ("password", ""),
                ("password_again", ""),
            ],
            "/invitations/{token}" => &[("username", "somebody"), ("password", ""), ("password_again", "")],
            "/staff/invitations" => &[("full_name", ""), ("role", "OFFICER"), ("email", "")],
            "/staff/roles/grants" => &[("grant_person", ""), ("grant_role", "OFFICER")],
            "/staff/roles/delegations" | "/account/delegations" => &[
                ("delegated_role", ""),
                ("delegate", ""),
                ("delegated_from", "2026-12-01"),
                ("delegated_until", "2026-12-05"),
                ("delegation_reason", "Annual leave"),
            ],
            "/staff/roles/restrictions" => &[("restricted", ""), ("restriction_reason", "Two sign it here.")],
            "/staff/roles/grants/{id}/end"
            | "/staff/roles/restrictions/{id}/end"
            | "/account/delegations/{id}/end"
            | "/staff/invitations/{id}/withdrawal"
            | "/account/sessions/{id}/end"
            | "/account/sessions/end-others"
            | "/staff/sessions/{id}/end" => &[],
            "/registration/{subject}"
            | "/registration/{subject}/answers"
            | "/registration/{subject}/{id}/answers"
            | "/registration/{subject}/{id}/submission" => &[],
            "/registration/{subject}/{id}/decisions" => {
                &[("decision", "suspend"), ("reason_suspend", "It does what it may not.")]
            }
            "/staff/{id}/account" => &[("active", "no")],
            "/language" => &[("language", "en"), ("next", "/help")],
            "/exports/{id}/approvals/{kind}" => {
                &[("decision", "return"), ("reason", "The vessel is not the carrier's.")]
            }
            "/exports/{id}/cancellation" => &[("cancel_reason", "The buyer has withdrawn from it.")],
            "/exports/{id}/messages" | "/applications/{subject}/{id}/messages" => &[("text", "When does she sail?")],
            "/applications/{subject}/{id}/papers/{document_id}/removal" => &[("reason", "It is of another firm.")],
            "/exports/{id}/documents/{document_id}/check" | "/exports/{id}/waivers/{document_type}/revocation" => &[],
            "/exports/{id}/documents/{document_id}/rejection" => &[("reason", "The signature is not the buyer's.")],
            "/exports/{id}/waivers/{document_type}" => &[("reason", "The buyer has never asked for one.")],
            "/exports/{id}/documents/{document_id}/removal" => &[("reason", "It is of another shipment.")],
            "/reference/figures/{code}" => {
                &[("value", "120"), ("valid_from", "2027-01-01"), ("legal_basis", "A sample"), ("reason", "")]
            }
            "/reference/figures/{code}/withdrawal" => {
                &[("withdrawn_day", "2027-01-01"), ("withdrawal_reason", "It was entered by mistake.")]
            }
            "/reference/rates" => &[("rate_day", "2026-11-25"), ("rate_usd", "150.1"), ("reason", "")],
            "/reference/prices/check" | "/reference/prices" => {
                &[("week", "2026-W50"), ("table", "Sidama; 2; 8"), ("reason", "")]
            }
            "/reference/lists/{list}" => {
                &[("code", "TL"), ("name", "East Timor"), ("name_am", "ቲሞር"), ("valid_from", "2026-12-01")]
            }
            "/reference/lists/{list}/entries/{code}" => &[
                ("name", "Germany"),
                ("name_am", "ጀርመን"),
                ("is_eu", "yes"),
                ("valid_from", "2020-01-01"),
                ("reason", "Its number was published."),
            ],
            "/security/alerts/{alert}/acknowledgement" => &[("note", "It was her new keyboard.")],
            "/help/shortcuts" => &[("shortcuts", "on")],
            "/account/preferences" => {
                &[("language", "en"), ("calendar", "BOTH"), ("density", "COMPACT"), ("shortcuts", "on")]
            }
            "/account/profile" => &[("position", "Clerk"), ("phone", ""), ("tags", "sidama"), ("facts", "Desk: 3")],
            "/account/first-steps/{step}" => &[("says", "done")],
            "/admin/read-only" => &[("read_only", "no")],
            "/admin/jobs/hasten" => &[("kind", "FILL_HOLIDAYS")],
            "/admin/jobs/{job}/retry"
            | "/admin/jobs/{job}/cancel"
            | "/admin/retention/count"
            | "/admin/archives/{partition}/approval"
            | "/admin/archives/{partition}/withdrawal" => &[],
            "/admin/archives/{partition}/drop" => &[("drop_reason", "The disk is full.")],
            "/admin/holds" => &[("hold_subject", "PERSON"), ("hold_name", ""), ("hold_reason", "")],
            "/admin/holds/{hold}/lifting" => &[("lift_reason", "The court has closed the file.")],
            "/pki/requests" => &[("key_made", "HERE"), ("common_name", "Seal of X"), ("years", "3"), ("csr", "")],
            "/pki/requests/{id}/decision" => &[("decision", "reject"), ("reason", "It is nobody's that we know.")],
            "/pki/requests/{id}/withdrawal" | "/pki/acts/{id}/withdrawal" => &[],
            "/pki/certificates/{id}/acts" => &[("kind", "SUSPEND"), ("why", "A laptop with the key was stolen.")],
            "/pki/acts/{id}/decision" => &[("decision", "reject"), ("reason", "It is nobody's that we know.")],
            "/pki/acts/{id}/key" => {
                &[("password", "three goats on a roof"), ("password_again", "three goats on a roof")]
            }
            "/admin/announcement" => &[("banner_en", "Down tonight"), ("banner_am", ""), ("hours", "2")],
            "/applications/{subject}/draft" | "/applications/{subject}/{id}/draft" => &[("business_name", "half a na")],
            "/contracts/new" | "/contracts/{id}/form" => &[("quantity", "19,200")],
            "/contracts" => &[("seen", "nothing")],
            "/contracts/{id}/terms" => &[("reason", "The buyer has asked for it.")],
            "/contracts/{id}/decisions" => &[("decision", "return"), ("reason", "The scan cannot be read.")],
            "/buyers" | "/buyers/{id}/form" => &[("name", "Hafen Kaffee GmbH")],
            "/buyers/{id}/decisions" => &[("decision", "suspend"), ("reason_suspend", "It is not where it says.")],
            "/lots/{id}/samples" => &[("center", "Jimma"), ("grams", "300"), ("drawn_on", "2026-11-18")],
            "/samples/{id}" => &[("moisture", "11")],
            "/samples/{id}/signature" => &[("seen", "nothing")],
            "/samples/{id}/abandonment" => &[("abandon_reason", "It was spoilt by rain.")],
            "/lots/new" | "/lots/{id}/correction" => {
                let today = jebena::calendar::eat_date(crate::site::START);
                return crate::lots::fields_of("ECX-2026-777777", today, 3);
            }
            "/lots/{id}/decisions" => &[("decision", "return"), ("reason", "The receipt is not legible.")],
            "/lots" | "/lots/{id}/resubmission" | "/lots/imports/{id}" => &[],
            "/lots/{id}/division" => &[("quantity_1", "60")],
            "/lots/combination" => &[("derivation", "MERGE"), ("warehouse_location", "Hawassa")],
            "/papers/{id}/revocation" | "/exports/{id}/origin-certificates/{certificate_id}/withdrawal" => {
                &[("withdrawal_reason", "It was made out for another shipment.")]
            }
            "/papers/{id}/replacement" => &[("replacement_reason", "The vessel is another one.")],
            "/papers/{id}/duplicate" => &[("duplicate_reason", "The courier has lost the sheet.")],
            "/exports/{id}/origin-certificates" => &[
                ("kind", "CHAMBER"),
                ("number", "COO-2026-00001"),
                ("issuer", "Addis Chamber"),
                ("issued_on", "2026-11-18"),
            ],
            "/plots" => &[
                ("producer_name", "Tigist Bekele"),
                ("producer_country", "ET"),
                ("production_place", "Dale"),
                ("plot_number", ""),
                ("longitude", "38.412345"),
                ("latitude", "6.712345"),
                ("area", "2"),
                ("cutoff_kind", ""),
                ("cutoff_evidence", ""),
            ],
            "/plots/{plot_id}/revision" => &[
                ("producer_name", "Tigist Bekele"),
                ("producer_country", "ET"),
                ("production_place", "Dale"),
                ("area", "2"),
                ("geometry", ""),
                ("cutoff_kind", ""),
                ("cutoff_evidence", ""),
            ],
            "/lots/{id}/plots" => &[("plots", "PLOT-000001")],
            "/lots/{id}/plots/{link_id}/removal" | "/exports/{id}/eudr/origin" => &[],
            "/exports/{id}/eudr/statement" => &[
                ("reference_number", "26FRYUI34JTQKB"),
                ("verification_number", "A1B2C3D4"),
                ("told_state", ""),
                ("told_on", ""),
            ],
            "/plots/{plot_id}/retirement" => &[("reason", "Coffee was uprooted there.")],
            "/plots/{plot_id}/cut-off" => {
                &[("cutoff_kind", "SATELLITE"), ("cutoff_evidence", "Pictures of 2020 and 2026")]
            }
            "/plots/imports/{import_id}/storing" => &[("cutoff_kind", ""), ("cutoff_evidence", "")],
            "/plots/imports/{import_id}/removal" | "/account/data/{id}/file" => &[],
            "/account/data" | "/account/erasure" => &[("current_password", "")],
            "/account/erasure/withdrawal" | "/erasure/{token}" | "/confirm-email/{token}" => &[],
            "/account/notifications" => &[("quiet_from", ""), ("quiet_until", ""), ("digest_hour", "8")],
            "/notifications/open" => &[("notification", "00000000-0000-0000-0000-000000000000")],
            "/notifications/read" => &[("until", "2026-11-01T00:00:00Z")],
            // A question of a program, which no form asks.
            "/pki/ocsp" => &[],
            // What it asks is a file, which these forms do not send.
            "/v/file" => &[],
            "/sign-out" | "/exports/{id}/submission" | "/exports/{id}/claim" | "/papers/{id}/prints" => &[],
            other => panic!("what does the form at {other} ask?"),
        };
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }
}

/// Somebody at their browser.
struct Person {
    name: &'static str,
    role: Option<(K, Role)>,
    browser: Browser,
    csrf: String,
}

impl Person {
    async fn enter(site: &TestSite, (name, role): (&'static str, Option<(K, Role)>)) -> Self {
        if role.is_none() {
            return Self { name, role, browser: Browser::default(), csrf: "none".to_owned() };
        }
        let mut browser = site.sign_in(name).await;
        let csrf = site.get(&mut browser, "/help").await.hidden("csrf");
        Self { name, role, browser, csrf }
    }

    async fn all(site: &TestSite) -> Vec<Self> {
        let mut people = Vec::new();
        for who in WHO {
            people.push(Self::enter(site, who).await);
        }
        people
    }

    /// Calls `route` with the ids of `case`.
    async fn call(&mut self, site: &TestSite, case: &Case, route: &RouteInfo) -> Answer {
        if route.path == "/sign-out" && self.role.is_some() {
            // Only this once: the person stays.
            let mut again = Self::enter(site, (self.name, self.role)).await;
            return again.post(site, case, route.path).await;
        }
        match route.method {
            Method::GET => self.get(site, &case.path(route.path)).await,
            _ => self.post(site, case, route.path).await,
        }
    }

    /// What `route` answers this person for an id that there is not.
    fn answer_to_no_id(&self, route: &RouteInfo) -> StatusCode {
        match (self.role, route.access) {
            (None, Access::SignedIn | Access::Needs(_)) if route.method == Method::GET => StatusCode::SEE_OTHER,
            (None, Access::SignedIn | Access::Needs(_)) => StatusCode::UNAUTHORIZED,
            (Some((kind, role)), Access::Needs(needed)) if !permissions_of(kind, role).contains(needed) => {
                StatusCode::FORBIDDEN
            }
            (_, Access::Public | Access::SignedIn | Access::Needs(_)) => StatusCode::NOT_FOUND,
        }
    }

    async fn get(&mut self, site: &TestSite, path: &str) -> Answer {
        if !path.starts_with("/live") && path != "/security/live" {
            return site.get(&mut self.browser, path).await;
        }
        // A stream does not end: its beginning is the answer.
        let cookie = self.browser.cookie("jebena").map(|token| format!("jebena={token}")).unwrap_or_default();
        let request = Request::get(path).header("host", "localhost:8080").header("cookie", cookie);
        let app = router(site.state.clone()).unwrap();
        let (parts, _) = app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap().into_parts();
        Answer { status: parts.status, headers: parts.headers, text: String::new(), bytes: Vec::new() }
    }

    async fn post(&mut self, site: &TestSite, case: &Case, route: &str) -> Answer {
        let path = case.path(route);
        let version: i32 = sqlx::query_scalar("select version from exports where export_id = $1")
            .bind(case.export)
            .fetch_one(&mut site.sql().await)
            .await
            .unwrap();
        let (version, key) = (version.to_string(), Uuid::new_v4().to_string());
        if route == "/lots/import" {
            let fields = vec![("csrf", self.csrf.as_str()), ("idempotency_key", key.as_str())];
            let request = UploadForm { fields, file_name: "lots.csv", file: b"source\nECX\n" }.request(&path);
            return site.call(&mut self.browser, request).await;
        }
        if route == "/pki/requests/file" {
            let fields = vec![("csrf", self.csrf.as_str()), ("idempotency_key", key.as_str())];
            let request = UploadForm { fields, file_name: "seal.csr", file: &[0x30, 0] }.request(&path);
            return site.call(&mut self.browser, request).await;
        }
        if matches!(route, "/exports/{id}/documents" | "/applications/{subject}/{id}/papers") {
            let fields = vec![
                ("csrf", self.csrf.as_str()),
                ("idempotency_key", key.as_str()),
                ("document_type", "PACKING_LIST"),
                ("reference_number", ""),
            ];
            let request = UploadForm { fields, file_name: "paper.pdf", file: &pdf() }.request(&path);
            return site.call(&mut self.browser, request).await;
        }
        if route == "/plots/import" {
            let file = crate::plots::file(&[crate::plots::feature("Almaz Tesfaye", "Point", "[38.700001,6.600001]")]);
            let fields = vec![("csrf", self.csrf.as_str()), ("idempotency_key", key.as_str())];
            let request = UploadForm { fields, file_name: "plots.geojson", file: &file }.request(&path);
            return site.call(&mut self.browser, request).await;
        }
        let fields = case.fields(route);
        let mut sent: Vec<(&str, &str)> = vec![("csrf", &self.csrf), ("idempotency_key", &key), ("version", &version)];
        sent.extend(pairs(&fields));
        site.post(&mut self.browser, &path, &sent).await
    }
}

/// Whether the path names a case or something of it.
fn names_a_case(route: &RouteInfo) -> bool {
    ["{id}", "{document_id}", "{plot_id}", "{import_id}"].iter().any(|part| route.path.contains(part))
        || route.path == "/live"
}

/// What has a body says what it is and in which letters; a page of a signed-in person stays in no cache.
fn assert_well_described(answer: &Answer, is_signed_in: bool, what: &str) {
    let header = |name: &str| answer.headers.get(name).map_or("", |value| value.to_str().unwrap());
    let kind = header("content-type");
    assert!(answer.bytes.is_empty() || !kind.is_empty(), "{what} has no type");
    if kind.starts_with("text/") && kind != "text/event-stream" {
        assert!(kind.ends_with("charset=utf-8"), "{what}: {kind}");
    }
    if is_signed_in && kind.starts_with("text/html") {
        assert_eq!(header("cache-control"), "no-store", "{what}");
    }
}

/// What everybody is answered on each of these routes, with the ids of the case.
async fn answers_to(
    site: &TestSite,
    case: &Case,
    people: &mut [Person],
    routes: impl Iterator<Item = &RouteInfo>,
) -> String {
    let mut sql = site.sql().await;
    let mut answers = format!("{:52} {}\n", "", WHO.map(|(name, _)| name).join(" "));
    for route in routes {
        let _ = write!(answers, "{:4} {:47}", route.method.as_str(), route.path);
        let mut before = Rows::besides_the_record(&mut sql).await;
        for (position, person) in people.iter_mut().enumerate() {
            let what = format!("{} {} as {}", route.method, route.path, person.name);
            let answer = person.call(site, case, route).await;
            let _ = write!(answers, " {:width$}", answer.status.as_u16(), width = person.name.len());

            assert!(!answer.status.is_server_error(), "{what}: {}", answer.text);
            assert_well_described(&answer, position > 0, &what);
            if position < OUTSIDE && names_a_case(route) {
                assert_eq!(answer.status, person.answer_to_no_id(route), "{what}: {}", answer.text);
            }
            if answer.status == StatusCode::NOT_FOUND || position < OUTSIDE && route.access != Access::Public {
                assert!(!answer.text.contains(&case.number), "{what} tells of the case: {}", answer.text);
            }
            if route.method == Method::POST {
                let after = Rows::besides_the_record(&mut sql).await;
                if answer.status != StatusCode::SEE_OTHER {
                    assert!(after == before, "{what} has changed {:?}", after.changes_since(&before));
                }
                before = after;
            }
        }
        if route.method == Method::GET {
            let after = Rows::besides_the_record(&mut sql).await;
            assert!(after == before, "reading {} has changed {:?}", route.path, after.changes_since(&before));
        }
        answers.push('\n');
    }
    answers
}

#[tokio::test]
async fn every_form_with_the_ids_of_a_case_as_everybody_else() {
    let site = TestSite::seeded().await;
    let case = Case::open(&site).await;
    let mut people = Person::all(&site).await;
    let table = routes();
    // Last the one that takes the case on to somebody else.
    let mut forms: Vec<_> = table.table().iter().filter(|route| route.method == Method::POST).collect();
    forms.sort_by_key(|route| route.path.contains("/approvals/"));
    insta::assert_snapshot!(answers_to(&site, &case, &mut people, forms.into_iter()).await);
}

#[tokio::test]
async fn every_page_with_the_ids_of_a_case_as_everybody_else() {
    let site = TestSite::seeded().await;
    let case = Case::open(&site).await;
    let mut people = Person::all(&site).await;
    let table = routes();
    let pages = table.table().iter().filter(|route| route.method == Method::GET);
    insta::assert_snapshot!(answers_to(&site, &case, &mut people, pages).await);
    // Who looks for the case by its number finds it only where it is theirs to see.
    for (position, person) in people.iter_mut().enumerate().skip(1) {
        let is_party = position >= OUTSIDE;
        for page in ["/exports?", "/exports?format=csv&", "/inbox?", "/inbox?format=csv&", "/lots?"] {
            let found = person.get(&site, &format!("{page}q={}", case.number)).await;
            assert!(!found.status.is_server_error(), "{page} as {}: {}", person.name, found.text);
            // A page repeats what was looked for; its link would lead to the case, and a single find leads there.
            let link = format!("/exports/{}", case.export);
            let is_there = found.text.contains(&link) || found.location().starts_with(&link);
            assert!(is_party || !is_there, "{page} as {} finds the case: {}", person.name, found.text);
            if page == "/exports?" && is_party {
                assert!(is_there, "{} does not find the case: {}", person.name, found.text);
            }
            if page.contains("csv") && !is_party && found.status == StatusCode::OK {
                assert!(!found.text.contains(&case.number), "{page} as {}: {}", person.name, found.text);
            }
        }
    }
}

/// While a request is being prepared it is its exporter's own: for all others, also its own bank and carrier, it
/// is not there.
#[tokio::test]
async fn a_request_in_preparation_is_nobody_elses() {
    let site = TestSite::seeded().await;
    let shown = Case::open(&site).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let export = site.request(&mut owner, &shown.asked, "600").await;
    let (number, document) = sqlx::query_as(
        "select e.export_number, d.document_id from exports e join export_documents d using (export_id)
         where e.export_id = $1 and d.document_type = 'INVOICE'",
    )
    .bind(export)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    let case = Case { export, number, document, ..shown };
    let mut people = Person::all(&site).await;
    let table = routes();
    let mut sql = site.sql().await;
    let before = Rows::besides_the_record(&mut sql).await;
    let is_elsewhere = |route: &&RouteInfo| ["/papers", "/plots"].iter().any(|start| route.path.starts_with(start));
    for route in table.table().iter().filter(|route| names_a_case(route) && !is_elsewhere(route)) {
        for person in &mut people {
            let answer = person.call(&site, &case, route).await;
            let what = format!("{} {} as {}", route.method, route.path, person.name);
            assert_eq!(answer.status, person.answer_to_no_id(route), "{what}: {}", answer.text);
            assert!(!answer.text.contains(&case.number), "{what}: {}", answer.text);
        }
    }
    let after = Rows::besides_the_record(&mut sql).await;
    assert!(after == before, "{:?}", after.changes_since(&before));
}

/// A lot and a contract are somebody's too: a request names them in its fields, not in its path.
#[tokio::test]
async fn nobody_requests_an_export_of_anothers_coffee() {
    let site = TestSite::seeded().await;
    let theirs = something_to_ask(&site, "EXPORTER", 600).await;
    let own = something_to_ask(&site, "EXPORTER2", 600).await;
    let mut other = Person::enter(&site, WHO[1]).await;
    let mut sql = site.sql().await;
    let before = Rows::besides_the_record(&mut sql).await;
    for (contract, lot, field) in [
        (theirs.contract, theirs.lot, "contract_id"),
        (theirs.contract, own.lot, "contract_id"),
        (own.contract, theirs.lot, "lot_id_1"),
    ] {
        let asked = Asked { contract, lot, ..own.clone() };
        let key = Uuid::new_v4().to_string();
        let fields = asked.fields("600");
        let mut sent: Vec<(&str, &str)> = vec![("csrf", &other.csrf), ("idempotency_key", &key)];
        sent.extend(pairs(&fields));
        let answer = site.post(&mut other.browser, "/exports", &sent).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert!(answer.text.contains(&format!("id=\"{field}-error\"")), "{field}: {}", answer.text);
        assert!(Rows::besides_the_record(&mut sql).await == before, "a refused request has changed something");
    }
}
