//! Who may call what: every route as a stranger, and the matrix of routes and roles.

use std::fmt::Write;

use http::{Method, StatusCode};
use jebena::app::routes;
use jebena::auth::permission::permissions_of;
use jebena::auth::{OrganizationKind, Role};
use jebena::web::routes::Access;
use uuid::Uuid;

use crate::site::{Browser, TestSite};

fn filled(path: &str) -> String {
    path.replace("{kind}", "fx")
        .replace("{file}", "app.css")
        .replace("{code}", "AAAAAAAAAAAAAAAAAAAAAAAAAA")
        .split('/')
        .map(|part| if part.starts_with('{') { Uuid::nil().to_string() } else { part.to_owned() })
        .collect::<Vec<_>>()
        .join("/")
}

#[tokio::test]
async fn every_route_is_closed_to_strangers_unless_it_says_public() {
    let site = TestSite::start().await;
    let table = routes();
    for route in table.table() {
        let path = filled(route.path);
        let mut stranger = Browser::default();
        let answer = match route.method {
            Method::GET => site.get(&mut stranger, &path).await,
            _ => site.post(&mut stranger, &path, &[]).await,
        };
        match route.access {
            Access::Public => assert!(
                !matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::INTERNAL_SERVER_ERROR),
                "{} {path}: {}",
                route.method,
                answer.status
            ),
            Access::SignedIn | Access::Needs(_) => {
                if route.method == Method::GET {
                    assert_eq!(answer.status, StatusCode::SEE_OTHER, "GET {path}");
                    assert!(answer.location().starts_with("/sign-in"), "GET {path} leads to {}", answer.location());
                } else {
                    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "POST {path}");
                }
            }
        }
    }
}

#[tokio::test]
async fn everybody_has_an_inbox_and_a_page_to_begin_at() {
    let site = TestSite::seeded().await;
    for username in [
        "exporter.owner",
        "exporter5.clerk",
        "bank.officer",
        "bank2.supervisor",
        "nbe.admin",
        "ecta.supervisor",
        "ecx.officer",
        "shipping.officer",
        "shipping2.admin",
        "customs.supervisor",
        "auditor",
        "admin",
    ] {
        let mut browser = site.sign_in(username).await;
        let home = site.get(&mut browser, "/").await;
        assert_eq!(home.status, StatusCode::SEE_OTHER, "{username}");
        for page in [home.location(), "/inbox", "/help"] {
            let answer = site.get(&mut browser, page).await;
            assert_eq!(answer.status, StatusCode::OK, "{username} at {page}: {}", answer.text);
        }
    }
}

/// Roles that each kind of organisation has.
fn roles_of(kind: OrganizationKind) -> &'static [Role] {
    match kind {
        OrganizationKind::Exporter => &[Role::Owner, Role::Clerk],
        OrganizationKind::Auditor => &[Role::Auditor],
        OrganizationKind::Administration => &[Role::SystemAdmin],
        OrganizationKind::CommercialBank
        | OrganizationKind::NationalBank
        | OrganizationKind::Ecta
        | OrganizationKind::Ecx
        | OrganizationKind::ShippingLine
        | OrganizationKind::Customs => &[Role::Officer, Role::Supervisor, Role::OrgAdmin],
    }
}

#[test]
fn the_matrix_of_routes_and_roles_is_as_agreed() {
    let mut matrix = String::new();
    let table = routes();
    for route in table.table() {
        let who = match route.access {
            Access::Public => "everybody".to_owned(),
            Access::SignedIn => "signed in".to_owned(),
            Access::Needs(permission) => {
                let mut who = String::new();
                for kind in OrganizationKind::ALL {
                    let roles: Vec<&str> = roles_of(*kind)
                        .iter()
                        .filter(|role| permissions_of(*kind, **role).contains(permission))
                        .map(|role| role.code())
                        .collect();
                    if !roles.is_empty() {
                        let _ = write!(who, " {kind}({})", roles.join("+"));
                    }
                }
                format!("{}:{who}", permission.code())
            }
        };
        let _ = writeln!(matrix, "{:4} {:40} {who}", route.method.as_str(), route.path);
    }
    insta::assert_snapshot!(matrix);
}
