//! The rules of the table, called without a database: nobody is signed in here unless a test says so.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::middleware::from_fn_with_state;
use http::{Request as HttpRequest, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::*;
use crate::auth::factor::FactorRule;
use crate::auth::permission::permissions_of;
use crate::web::form::NoFields;
use crate::{
    auth::{
        ActorOrganization, OrganizationKind, Role,
        session::{SignedIn, Standing, Viewer},
    },
    clock::SystemClock,
    i18n::Lang,
    ids::{OrganizationId, SessionId, UserId},
    web::{
        admission,
        csrf::SessionSecret,
        exchange::{Surroundings, around},
        form::Submission,
        modes::{ModesCell, SystemModes},
        site::Site,
    },
};

fn signed_in(kind: OrganizationKind, role: Role) -> Arc<SignedIn> {
    let organization = ActorOrganization {
        id: OrganizationId::new(),
        kind,
        code: "NBE".to_owned(),
        name_en: "National Bank of Ethiopia".to_owned(),
        name_am: "የኢትዮጵያ ብሔራዊ ባንክ".to_owned(),
    };
    let viewer = Viewer {
        user_id: UserId::new(),
        username: "nbe.officer".to_owned(),
        full_name: "Almaz Tesfaye".to_owned(),
        language: Lang::EN,
        density: crate::web::chrome::Density::default(),
        shortcuts_enabled: true,
        permissions: permissions_of(organization.kind, role),
        unread: 0,
        organization,
        roles: vec![role],
        delegations: Vec::new(),
    };
    let secret = SessionSecret::of(7, &[0; 32]);
    let standing = Standing { session: SessionId::new(), secret, proved_at: None, viewer };
    Arc::new(SignedIn::new(standing, crate::auth::Origin::default()))
}

/// The fields of a form that is read field by field.
type Free = BTreeMap<String, String>;

struct Setting {
    person: Option<Arc<SignedIn>>,
    modes: SystemModes,
    address: &'static str,
}

impl Setting {
    fn stranger() -> Self {
        Self { person: None, modes: SystemModes::default(), address: "http://localhost:8080" }
    }

    fn officer() -> Self {
        Self { person: Some(signed_in(OrganizationKind::NationalBank, Role::Officer)), ..Self::stranger() }
    }

    fn router(&self) -> Router {
        let surroundings = Surroundings {
            site: Arc::new(Site::new(self.address.parse().unwrap(), true, Vec::new())),
            modes: ModesCell::default(),
            clock: Arc::new(SystemClock),
            factor_rule: FactorRule::default(),
        };
        surroundings.modes.replace(self.modes.clone());
        let person = self.person.clone();
        let quick = RouteLimits { time: Duration::from_millis(50), ..RouteLimits::default() };
        let steps = FormFields::by("kind", |kind| (kind == "permit").then(|| vec!["valid_until"].into()));
        let small = RouteLimits { body_bytes: 100, while_read_only: true, ..RouteLimits::default() };
        Routes::new()
            .get("/open", Access::Public, || async { "open" })
            .get("/members", Access::SignedIn, || async { "members" })
            .get("/fx", Access::Needs(Permission::ApproveFx), || async { "fx" })
            .get("/customs", Access::Needs(Permission::ClearCustoms), || async { "customs" })
            .post("/fx", Access::Needs(Permission::ApproveFx), |form: Submission<NoFields>| async move {
                let NoFields {} = form.fields;
                "approved"
            })
            .post_form("/free", Access::SignedIn, ["reason", "lot_id_*"], |form: Submission<Free>| async move {
                form.fields.into_keys().collect::<Vec<_>>().join(" ")
            })
            .post_form("/steps/{kind}", Access::SignedIn, steps, |_: Submission<Free>| async { "decided" })
            .post("/undeclared", Access::SignedIn, |_: Submission<Free>| async { "taken" })
            .post_within("/small", Access::Public, small, |body: String| async move { body.len().to_string() })
            .post_within("/slow", Access::Public, quick, || async {
                tokio::time::sleep(Duration::from_secs(5)).await;
                "slow"
            })
            .get("/broken", Access::Public, || async {
                Err::<(), _>(AppError::internal(anyhow::anyhow!("relation \"secret\" does not exist")))
            })
            .get("/panic", Access::Public, panics)
            .into_router()
            .layer(axum::middleware::from_fn(move |request: Request, next: Next| {
                let person = person.clone();
                async move {
                    if let Some(person) = person {
                        Exchange::of(request.extensions()).unwrap().remember(person);
                    }
                    next.run(request).await
                }
            }))
            .layer(axum::middleware::from_fn(admission::admit))
            .layer(tower_http::catch_panic::CatchPanicLayer::custom(crate::web::error_pages::caught_panic))
            .layer(from_fn_with_state(surroundings, around))
    }

    async fn call(&self, request: HttpRequest<Body>) -> Answer {
        let response = self.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    async fn get(&self, path: &str) -> Answer {
        self.call(request("GET", path).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, body: &str) -> Answer {
        let request = request("POST", path).header("content-type", "application/x-www-form-urlencoded");
        self.call(request.body(Body::from(body.to_owned())).unwrap()).await
    }
}

async fn panics() -> &'static str {
    panic!("out of beans")
}

struct Answer {
    status: StatusCode,
    headers: http::HeaderMap,
    text: String,
}

fn request(method: &str, path: &str) -> http::request::Builder {
    HttpRequest::builder().method(method).uri(path).header("host", "localhost:8080")
}

#[tokio::test]
async fn a_stranger_is_sent_to_sign_in_and_back() {
    let answer = Setting::stranger().get("/members?a=1").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.headers["location"], "/sign-in?next=%2Fmembers%3Fa%3D1");
    assert_eq!(Setting::stranger().get("/open").await.text, "open");
}

#[tokio::test]
async fn a_strangers_form_and_fragment_get_a_401() {
    let form = Setting::stranger().post("/fx", "").await;
    assert_eq!(form.status, StatusCode::UNAUTHORIZED);
    assert!(form.text.contains("<!doctype html>") && form.text.contains("href=\"/sign-in\""), "{}", form.text);

    let fragment = request("GET", "/members")
        .header("hx-request", "true")
        .header("hx-current-url", "http://localhost:8080/members");
    let fragment = Setting::stranger().call(fragment.body(Body::empty()).unwrap()).await;
    assert_eq!(fragment.status, StatusCode::UNAUTHORIZED);
    assert_eq!(fragment.headers["hx-redirect"], "/sign-in?next=%2Fmembers");
    assert!(!fragment.text.contains("<!doctype"), "a fragment, not a page in the page");
}

#[tokio::test]
async fn a_permission_opens_its_route_and_no_other() {
    let officer = Setting::officer();
    assert_eq!(officer.get("/fx").await.text, "fx");
    let refused = officer.get("/customs").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("Almaz Tesfaye"), "the page keeps its frame");
    assert_eq!(refused.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn a_form_without_this_sessions_token_is_refused() {
    let officer = Setting::officer();
    let token = officer.person.as_ref().unwrap().secret.token();
    assert_eq!(officer.post("/fx", "").await.status, StatusCode::FORBIDDEN);
    assert_eq!(officer.post("/fx", "csrf=AAAA").await.status, StatusCode::FORBIDDEN);
    assert_eq!(officer.post("/fx", &format!("csrf={token}")).await.text, "approved");
    let unknown = officer.post("/fx", &format!("csrf={token}&organization=NBE")).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    let json = request("POST", "/fx").header("content-type", "application/json").body(Body::from("{}")).unwrap();
    assert_eq!(officer.call(json).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn a_form_with_free_fields_has_those_that_its_route_declares() {
    let officer = Setting::officer();
    let token = officer.person.as_ref().unwrap().secret.token();
    let send = async |path: &str, fields: &str| officer.post(path, &format!("csrf={token}&version=1&{fields}")).await;
    assert_eq!(send("/free", "reason=x&lot_id_1=y").await.text, "lot_id_1 reason");
    assert_eq!(send("/free", "").await.status, StatusCode::OK);
    for other in ["organization_id=NBE", "lot_id=y", "reason=x&reason=y"] {
        let refused = send("/free", other).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{other}");
        assert!(refused.text.contains("The form cannot be read"), "{other}: {}", refused.text);
    }
    // Whose form it is comes first: nobody else learns which fields there are.
    assert_eq!(officer.post("/free", "organization_id=NBE").await.status, StatusCode::FORBIDDEN);
    assert_eq!(Setting::stranger().post("/free", "organization_id=NBE").await.status, StatusCode::UNAUTHORIZED);

    assert_eq!(send("/steps/permit", "valid_until=x").await.text, "decided");
    assert_eq!(send("/steps/permit", "reason=x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(send("/steps/visa", "valid_until=x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_map_is_not_read_where_nothing_is_declared() {
    let officer = Setting::officer();
    let token = officer.person.as_ref().unwrap().secret.token();
    let answer = officer.post("/undeclared", &format!("csrf={token}")).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{}", answer.text);
}

#[tokio::test]
async fn a_body_has_a_limit_whether_announced_or_not() {
    let stranger = Setting::stranger();
    assert_eq!(stranger.post("/small", &"a".repeat(100)).await.text, "100");
    let announced =
        request("POST", "/small").header("content-length", "101").body(Body::from("a".repeat(101))).unwrap();
    assert_eq!(stranger.call(announced).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let chunks = futures::stream::iter((0..11).map(|_| Ok::<_, std::io::Error>("0123456789")));
    let chunked = request("POST", "/small").body(Body::from_stream(chunks)).unwrap();
    let answer = stranger.call(chunked).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text.contains("<!doctype html>"));
}

#[tokio::test]
async fn a_handler_that_takes_too_long_is_given_up() {
    let answer = Setting::stranger().post("/slow", "").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers["retry-after"], "5");
}

#[tokio::test]
async fn nothing_is_changed_while_everything_is_read_only() {
    let read_only = SystemModes { read_only: true, ..SystemModes::default() };
    let setting = Setting { modes: read_only, ..Setting::officer() };
    assert_eq!(setting.get("/fx").await.status, StatusCode::OK);
    let refused = setting.post("/fx", "").await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.text.contains("Read-only for now"));
    assert_eq!(setting.post("/small", "").await.status, StatusCode::OK, "a route that says so stays open");
}

#[tokio::test]
async fn causes_stay_in_the_log() {
    for path in ["/broken", "/panic"] {
        let answer = Setting::stranger().get(path).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(answer.text.contains("<!doctype html>") && answer.text.contains("Something went wrong"));
        assert!(!answer.text.contains("secret") && !answer.text.contains("beans"), "{}", answer.text);
        let reference = answer.headers["x-request-id"].to_str().unwrap();
        assert!(answer.text.contains(reference), "the page names what the log has");
    }
}

#[tokio::test]
async fn an_unknown_address_gets_a_page_in_the_viewers_language() {
    let amharic = request("GET", "/nowhere").header("accept-language", "am");
    let answer = Setting::stranger().call(amharic.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.text.contains("<html lang=\"am\"") && answer.text.contains("አልተገኘም"));
    let chosen = request("GET", "/nowhere").header("accept-language", "am").header("cookie", "jebena-lang=en");
    assert!(Setting::stranger().call(chosen.body(Body::empty()).unwrap()).await.text.contains("Not found"));
}

#[tokio::test]
async fn methods_hosts_and_encodings_that_nothing_uses_are_refused() {
    let stranger = Setting::stranger();
    let status =
        async |builder: http::request::Builder| stranger.call(builder.body(Body::empty()).unwrap()).await.status;
    assert_eq!(status(request("TRACE", "/open")).await, StatusCode::NOT_IMPLEMENTED);
    assert_eq!(status(request("DELETE", "/open")).await, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(status(request("POST", "/open")).await, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(status(HttpRequest::builder().uri("/open")).await, StatusCode::BAD_REQUEST);
    assert_eq!(status(request("GET", "/open").header("host", "localhost:8080")).await, StatusCode::BAD_REQUEST);
    assert_eq!(
        status(HttpRequest::builder().uri("/open").header("host", "evil.example")).await,
        StatusCode::MISDIRECTED_REQUEST
    );
    assert_eq!(
        status(request("POST", "/small").header("content-encoding", "gzip")).await,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    for path in ["/open", "/nowhere", "/members"] {
        let answer = Setting::stranger().get(path).await;
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
        assert!(answer.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
        assert_eq!(answer.headers["referrer-policy"], "same-origin");
        assert_eq!(answer.headers["cross-origin-opener-policy"], "same-origin");
        assert!(!answer.headers.contains_key("strict-transport-security"), "not over plain HTTP");
        assert!(!answer.headers.contains_key("server"));
    }
}

#[tokio::test]
async fn over_tls_every_answer_asks_for_tls_for_a_year() {
    for path in ["/open", "/nowhere", "/members"] {
        let answer = Setting { address: "https://localhost:8080", ..Setting::stranger() }.get(path).await;
        assert_eq!(answer.headers["strict-transport-security"], "max-age=31536000; includeSubDomains", "{path}");
    }
}

#[test]
fn the_table_knows_every_route() {
    let routes: Routes<()> = Routes::new().get("/a", Access::Public, || async {}).merge(Routes::new().post(
        "/b/{id}",
        Access::Needs(Permission::IssuePermit),
        || async {},
    ));
    let table: Vec<_> = routes.table().iter().map(|r| (r.method.as_str(), r.path, r.access)).collect();
    assert_eq!(table, [("GET", "/a", Access::Public), ("POST", "/b/{id}", Access::Needs(Permission::IssuePermit))]);
}
