//! A form is taken only with the fields that its page has: what pages draw is declared, and what is not is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use http::{Method, StatusCode};
use jebena::app::routes;
use jebena::auth::permission::permissions_of;
use jebena::auth::{OrganizationKind, Role};
use jebena::web::form_fields::FieldNames;
use jebena::web::routes::{Access, RouteInfo};
use uuid::Uuid;

use crate::rows::Rows;
use crate::site::{Answer, Browser, TestSite, pairs};
use crate::walls::Case;

/// What every form may have, and what the page that asks for a code adds to the form that it keeps.
const EVERY_FORM: [&str; 4] = ["csrf", "idempotency_key", "version", "factor_code"];

/// What somebody may try to change beside what a form asks.
const OTHERS: [&str; 6] = ["status", "organization_id", "role", "user_id", "is_demo", "unasked_1"];

/// The routes of forms that have a file, of which the reader of uploads takes the fields, and of what is no form.
const NO_FORMS: [&str; 7] = [
    "/exports/{id}/documents",
    "/applications/{subject}/{id}/papers",
    "/lots/import",
    "/plots/import",
    "/pki/requests/file",
    "/v/file",
    "/pki/ocsp",
];

fn forms() -> &'static [RouteInfo] {
    static FORMS: OnceLock<Vec<RouteInfo>> = OnceLock::new();
    FORMS.get_or_init(|| routes().table().iter().filter(|route| route.method == Method::POST).cloned().collect())
}

/// The parts of `path` by their names in `route`, if it is an address of that route.
fn parts_of<'a>(route: &'static str, path: &'a str) -> Option<BTreeMap<&'static str, &'a str>> {
    let mut found = BTreeMap::new();
    let (mut asked, mut given) = (route.split('/'), path.split('/'));
    loop {
        match (asked.next(), given.next()) {
            (None, None) => return Some(found),
            (Some(asked), Some(given)) => match asked.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) => {
                    found.insert(name, given);
                }
                None if asked == given => {}
                None => return None,
            },
            (Some(_), None) | (None, Some(_)) => return None,
        }
    }
}

/// The route of a form's address; one that is spelled out comes before one with open parts.
fn route_of(path: &str) -> Option<(&'static RouteInfo, BTreeMap<&'static str, &str>)> {
    let found = forms().iter().filter_map(|route| Some((route, parts_of(route.path, path)?)));
    found.min_by_key(|(_, parts)| parts.len())
}

/// The declared names of the form at `path`; none where its fields are those of a struct.
fn declared(path: &str) -> Option<FieldNames> {
    let (route, parts) = route_of(path).unwrap_or_else(|| panic!("no form is taken at {path}"));
    let fields = route.fields.as_ref()?;
    Some(fields.names(|part| parts.get(part).copied()).unwrap_or_else(|| panic!("no form is taken at {path}")))
}

/// The values of an attribute in a piece of a page.
fn values<'a>(html: &'a str, attribute: &str) -> impl Iterator<Item = &'a str> {
    let start = format!(" {attribute}=\"");
    let starts: Vec<usize> = html.match_indices(&start).map(|(at, _)| at + start.len()).collect();
    starts.into_iter().filter_map(|at| html[at..].split('"').next())
}

/// Every form of the page has only fields that its address takes. Each page that a test opens is held against this.
pub fn assert_declared(page: &str) {
    for form in page.split("<form ").skip(1) {
        let form = form.split("</form>").next().unwrap_or_default();
        let tag = form.split('>').next().unwrap_or_default();
        if !tag.contains("method=\"post\"") {
            continue;
        }
        let tag = format!(" {form}");
        let addresses: BTreeSet<&str> =
            ["action", "formaction", "hx-post"].iter().flat_map(|attribute| values(&tag, attribute)).collect();
        assert!(!addresses.is_empty(), "a form leads nowhere: {form}");
        for address in addresses {
            let path = address.split('?').next().unwrap_or_default();
            let Some(names) = declared(path) else { continue };
            let strangers: Vec<&str> =
                values(form, "name").filter(|name| !EVERY_FORM.contains(name) && !names.have(name)).collect();
            assert_eq!(strangers, Vec::<&str>::new(), "{path} does not declare what its page has");
        }
    }
}

/// Whoever of the demonstration may do something, each at a browser of their own.
struct Cast {
    people: Vec<(String, OrganizationKind, Role)>,
    signed_in: BTreeMap<String, (Browser, String)>,
}

impl Cast {
    async fn of(site: &TestSite) -> Self {
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "select u.username, o.kind, u.role from users u join organizations o using (organization_id) where u.is_active
             order by u.username = 'exporter.owner' desc, u.username",
        )
        .fetch_all(&mut site.sql().await)
        .await
        .unwrap();
        let known = |(name, kind, role): (String, String, String)| {
            Some((name, OrganizationKind::from_code(&kind)?, Role::from_code(&role)?))
        };
        let mut cast = Self { people: rows.into_iter().filter_map(known).collect(), signed_in: BTreeMap::new() };
        // Whoever signs in leaves rows: they are there before anything is compared.
        for route in forms() {
            if let Some(name) = cast.who_may(route.access) {
                cast.enter(site, &name).await;
            }
        }
        cast
    }

    /// Somebody who may call a route; nobody in particular, where everybody may.
    fn who_may(&self, access: Access) -> Option<String> {
        let found = match access {
            Access::Public => return None,
            Access::SignedIn => self.people.first(),
            Access::Needs(needed) => {
                self.people.iter().find(|(_, kind, role)| permissions_of(*kind, *role).contains(needed))
            }
        };
        Some(found.unwrap_or_else(|| panic!("nobody may {access:?}")).0.clone())
    }

    async fn enter(&mut self, site: &TestSite, name: &str) {
        if !self.signed_in.contains_key(name) {
            let mut browser = site.sign_in(name).await;
            let csrf = site.get(&mut browser, "/help").await.hidden("csrf");
            self.signed_in.insert(name.to_owned(), (browser, csrf));
        }
    }

    /// Sends the form of a route with its own fields and these.
    async fn send(&mut self, site: &TestSite, case: &Case, route: &RouteInfo, more: &[(&str, &str)]) -> Answer {
        let (mut browser, csrf) = match self.who_may(route.access) {
            Some(name) => self.signed_in[&name].clone(),
            None => (Browser::default(), String::new()),
        };
        let (key, fields) = (Uuid::new_v4().to_string(), case.fields(route.path));
        let mut sent = vec![("csrf", csrf.as_str()), ("idempotency_key", key.as_str()), ("version", "1")];
        sent.extend(pairs(&fields));
        sent.extend(more);
        site.post(&mut browser, &case.path(route.path), &sent).await
    }
}

fn is_unreadable(answer: &Answer) -> bool {
    answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.text.contains("not the form that this page has")
}

#[tokio::test]
async fn a_field_that_no_page_has_is_refused_on_every_form() {
    let site = TestSite::seeded().await;
    let case = Case::open(&site).await;
    let mut cast = Cast::of(&site).await;
    let mut sql = site.sql().await;
    let before = Rows::of(&mut sql).await;
    let on_record = "select (select count(*) from audit.events) + (select count(*) from outbox)";
    let count = site.count(on_record).await;
    let asked: Vec<&RouteInfo> = forms().iter().filter(|route| !NO_FORMS.contains(&route.path)).collect();
    for route in &asked {
        let (path, own) = (case.path(route.path), case.fields(route.path));
        let names = declared(&path);
        let has =
            |name: &str| own.iter().any(|(own, _)| own == name) || names.as_ref().is_some_and(|names| names.have(name));
        for other in OTHERS.into_iter().filter(|other| !has(other)) {
            let answer = cast.send(&site, &case, route, &[(other, "1")]).await;
            assert!(is_unreadable(&answer), "{} with {other}: {} {}", route.path, answer.status, answer.text);
            assert_eq!(site.count(on_record).await, count, "{} with {other} is on record", route.path);
        }
    }
    let after = Rows::of(&mut sql).await;
    assert!(after == before, "a refused form has changed {:?}", after.changes_since(&before));

    // It is the other field that they are refused for: without it they are read, whatever comes of them then.
    let mut unreadable = Vec::new();
    for route in asked {
        if is_unreadable(&cast.send(&site, &case, route, &[]).await) {
            unreadable.push(route.path);
        }
    }
    assert_eq!(unreadable, Vec::<&str>::new());
}

#[test]
fn every_name_of_a_form_says_something() {
    for route in forms() {
        let Some(fields) = &route.fields else { continue };
        // Of forms that share an address, those of one kind stand for all.
        let kinds = ["permit", "proforma-invoice", "profile", "lot", "countries"];
        let all: Vec<FieldNames> = kinds.iter().filter_map(|kind| fields.names(|_| Some(*kind))).collect();
        assert!(!all.is_empty(), "{}: which kind is there?", route.path);
        for name in all.iter().flat_map(FieldNames::iter) {
            let plain = name.strip_suffix('*').unwrap_or(name);
            let is_plain = plain.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            assert!(is_plain && plain.len() > 2, "{}: {name}", route.path);
            assert!(!EVERY_FORM.contains(&name), "{}: every form has {name}", route.path);
        }
    }
}
