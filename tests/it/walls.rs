//! The walls between organisations: every route with the ids of a real case, as everybody else.

use std::fmt::Write;

use axum::body::Body;
use http::{Method, Request, StatusCode};
use jebena::app::{router, routes};
use jebena::auth::permission::permissions_of;
use jebena::auth::{OrganizationKind, Role};
use jebena::web::routes::Access;
use tower::ServiceExt;
use uuid::Uuid;

use crate::documents::{UploadForm, pdf};
use crate::rows::Rows;
use crate::site::{Answer, Browser, TestSite};
use crate::walk::{Asked, something_to_ask, walk};

/// Everybody but the exporter whose case it is. Whose step it is comes last: their forms may have an effect.
const WHO: [&str; 12] = [
    "",
    "exporter2.owner",
    "bank2.officer",
    "shipping2.officer",
    "ecx.officer",
    "admin",
    "auditor",
    "bank.officer",
    "nbe.officer",
    "customs.officer",
    "ecta.officer",
    "shipping.officer",
];

/// Of the same kinds as the parties of the case, and no parties of it.
const FOREIGN: [(&str, OrganizationKind, Role); 3] = [
    ("exporter2.owner", OrganizationKind::Exporter, Role::Owner),
    ("bank2.officer", OrganizationKind::CommercialBank, Role::Officer),
    ("shipping2.officer", OrganizationKind::ShippingLine, Role::Officer),
];

/// Who never learns of the case.
const OUTSIDE: [&str; 6] = ["", "exporter2.owner", "bank2.officer", "shipping2.officer", "ecx.officer", "admin"];

/// A case of the first exporter, bank and carrier, which waits for the carrier.
struct Case {
    asked: Asked,
    export: Uuid,
    number: String,
    document: Uuid,
    paper: Uuid,
    code: String,
}

impl Case {
    async fn open(site: &TestSite) -> Self {
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
        Self { asked, export, number, document, paper, code }
    }

    /// The path with the ids of this case.
    fn path(&self, route: &str) -> String {
        let path = route
            .replace("/papers/{id}", &format!("/papers/{}", self.paper))
            .replace("{id}", &self.export.to_string())
            .replace("{document_id}", &self.document.to_string())
            .replace("{kind}", "shipment")
            .replace("{code}", &self.code)
            .replace("{file}", "app.css");
        assert!(!path.contains('{'), "{route}: what stands for its parts?");
        if path == "/live" { format!("/live?case={}", self.export) } else { path }
    }

    /// What the form at `route` asks, filled in so that nothing but who sends it stands against it.
    fn fields(&self, route: &str) -> Vec<(String, String)> {
        let fields: &[(&str, &str)] = match route {
            "/exports" => return self.asked.fields("600"),
            "/sign-in" => &[("username", ""), ("password", "")],
            "/language" => &[("language", "en"), ("next", "/help")],
            "/exports/{id}/approvals/{kind}" => {
                &[("decision", "return"), ("reason", "The vessel is not the carrier's.")]
            }
            "/exports/{id}/cancellation" => &[("cancel_reason", "The buyer has withdrawn from it.")],
            "/exports/{id}/messages" => &[("text", "When does she sail?")],
            "/exports/{id}/documents/{document_id}/removal" => &[("reason", "It is of another shipment.")],
            "/help/shortcuts" => &[("shortcuts", "on")],
            "/admin/read-only" => &[("read_only", "no")],
            "/admin/announcement" => &[("banner_en", "Down tonight"), ("banner_am", ""), ("hours", "2")],
            "/sign-out" | "/exports/{id}/submission" | "/exports/{id}/claim" | "/papers/{id}/prints" => &[],
            other => panic!("what does the form at {other} ask?"),
        };
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }
}

/// Somebody at their browser.
struct Person {
    name: &'static str,
    browser: Browser,
    csrf: String,
}

impl Person {
    async fn enter(site: &TestSite, name: &'static str) -> Self {
        if name.is_empty() {
            return Self { name, browser: Browser::default(), csrf: "none".to_owned() };
        }
        let mut browser = site.sign_in(name).await;
        let csrf = site.get(&mut browser, "/help").await.hidden("csrf");
        Self { name, browser, csrf }
    }

    async fn get(&mut self, site: &TestSite, path: &str) -> Answer {
        if !path.starts_with("/live") {
            return site.get(&mut self.browser, path).await;
        }
        // A stream does not end: its beginning is the answer.
        let cookie = self.browser.cookie("jebena").map(|token| format!("jebena={token}")).unwrap_or_default();
        let request = Request::get(path).header("host", "localhost:8080").header("cookie", cookie);
        let app = router(site.state.clone()).unwrap();
        let (parts, _) = app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap().into_parts();
        Answer { status: parts.status, headers: parts.headers, text: String::new() }
    }

    async fn post(&mut self, site: &TestSite, case: &Case, route: &str) -> Answer {
        let path = case.path(route);
        let version: i32 = sqlx::query_scalar("select version from exports where export_id = $1")
            .bind(case.export)
            .fetch_one(&mut site.sql().await)
            .await
            .unwrap();
        let (version, key) = (version.to_string(), Uuid::new_v4().to_string());
        if route == "/exports/{id}/documents" {
            let fields = vec![
                ("csrf", self.csrf.as_str()),
                ("idempotency_key", key.as_str()),
                ("document_type", "PACKING_LIST"),
                ("reference_number", ""),
            ];
            let request = UploadForm { fields, file_name: "paper.pdf", file: &pdf() }.request(&path);
            return site.call(&mut self.browser, request).await;
        }
        let fields = case.fields(route);
        let mut sent: Vec<(&str, &str)> = vec![("csrf", &self.csrf), ("idempotency_key", &key), ("version", &version)];
        sent.extend(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        site.post(&mut self.browser, &path, &sent).await
    }
}

/// What a route answers to people of a kind that has the case's permission, and to those that have not: the
/// same as for an id that there is not.
fn answer_to_foreigner(access: Access, kind: OrganizationKind, role: Role) -> StatusCode {
    match access {
        Access::Needs(permission) if !permissions_of(kind, role).contains(permission) => StatusCode::FORBIDDEN,
        Access::Needs(_) | Access::SignedIn | Access::Public => StatusCode::NOT_FOUND,
    }
}

#[tokio::test]
async fn every_route_with_the_ids_of_a_case_as_everybody_else() {
    let site = TestSite::seeded().await;
    let case = Case::open(&site).await;
    let mut people = Vec::new();
    for name in WHO {
        people.push(Person::enter(&site, name).await);
    }
    let table = routes();
    // Pages first, then forms, and last the one that takes the case on to somebody else.
    let (read, mut sent): (Vec<_>, Vec<_>) = table.table().iter().partition(|route| route.method == Method::GET);
    sent.sort_by_key(|route| route.path.contains("/approvals/"));
    let mut sql = site.sql().await;
    let mut answers = String::new();
    let header: Vec<&str> = WHO.iter().map(|name| if name.is_empty() { "stranger" } else { name }).collect();
    let _ = writeln!(answers, "{:52} {}", "", header.join(" "));
    for route in read.iter().chain(&sent) {
        let path = case.path(route.path);
        let mut line = format!("{:4} {:47}", route.method.as_str(), route.path);
        let mut before = Rows::of(&mut sql).await;
        for person in &mut people {
            let what = format!("{} {} as {:?}", route.method, route.path, person.name);
            let answer = if route.path == "/sign-out" && !person.name.is_empty() {
                let mut again = Person::enter(&site, person.name).await;
                again.post(&site, &case, route.path).await
            } else if route.method == Method::GET {
                person.get(&site, &path).await
            } else {
                person.post(&site, &case, route.path).await
            };
            let width = if person.name.is_empty() { "stranger".len() } else { person.name.len() };
            let _ = write!(line, " {:width$}", answer.status.as_u16());

            assert!(!answer.status.is_server_error(), "{what}: {}", answer.text);
            if let Some((_, kind, role)) = FOREIGN.iter().find(|(name, ..)| *name == person.name)
                && (route.path.contains("{id}") || route.path.contains("{document_id}"))
            {
                assert_eq!(answer.status, answer_to_foreigner(route.access, *kind, *role), "{what}: {}", answer.text);
            }
            if OUTSIDE.contains(&person.name) && route.access != Access::Public {
                assert!(!answer.text.contains(&case.number), "{what} tells of the case: {}", answer.text);
            }
            if answer.status == StatusCode::NOT_FOUND {
                assert!(!answer.text.contains(&case.number), "{what}: {}", answer.text);
            }
            if route.method == Method::POST {
                let after = Rows::of(&mut sql).await;
                if answer.status != StatusCode::SEE_OTHER {
                    assert!(after == before, "{what} has changed {:?}", after.changes_since(&before));
                }
                before = after;
            }
        }
        let _ = writeln!(answers, "{}", line.trim_end());
    }
    insta::assert_snapshot!(answers);
    // Nobody outside has left anything on the case.
    let others: i64 = sqlx::query_scalar(
        "select (select count(*) from export_messages m join users u on u.id = m.author_id
                 where m.export_id = $1 and u.username = any($2))
              + (select count(*) from export_documents d join users u on u.id = d.uploaded_by
                 where d.export_id = $1 and u.username = any($2))
              + (select count(*) from export_status_history h join users u on u.id = h.changed_by
                 where h.export_id = $1 and u.username = any($2))",
    )
    .bind(case.export)
    .bind(OUTSIDE.map(str::to_owned).to_vec())
    .fetch_one(&mut sql)
    .await
    .unwrap();
    assert_eq!(others, 0);
}

/// A lot and a contract are somebody's too: a request names them in its fields, not in its path.
#[tokio::test]
async fn nobody_requests_an_export_of_anothers_coffee() {
    let site = TestSite::seeded().await;
    let theirs = something_to_ask(&site, "EXPORTER", 600).await;
    let own = something_to_ask(&site, "EXPORTER2", 600).await;
    let mut other = Person::enter(&site, "exporter2.owner").await;
    let mut sql = site.sql().await;
    let before = Rows::of(&mut sql).await;
    for (contract, lot, field) in [
        (theirs.contract, theirs.lot, "contract_id"),
        (theirs.contract, own.lot, "contract_id"),
        (own.contract, theirs.lot, "lot_id_1"),
    ] {
        let asked = Asked { contract, lot, ..own.clone() };
        let key = Uuid::new_v4().to_string();
        let fields = asked.fields("600");
        let mut sent: Vec<(&str, &str)> = vec![("csrf", &other.csrf), ("idempotency_key", &key)];
        sent.extend(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let answer = site.post(&mut other.browser, "/exports", &sent).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert!(answer.text.contains(&format!("id=\"{field}-error\"")), "{field}: {}", answer.text);
        assert!(Rows::of(&mut sql).await == before, "a refused request has changed something");
    }
}
