//! Coming in: an exporter registers itself, colleagues follow an invitation, and some are shut out again.

use futures::future::join_all;
use http::StatusCode;
use jebena::auth::OrganizationKind;
use jebena::auth::Role;
use jebena::organizations::staff::roles_in;

use crate::rows::Rows;
use crate::site::{Answer, Browser, PASSWORD, TestSite, pairs};
use crate::walk::filled_in;

/// What a stranger types to register.
pub fn newcomer<'a>(firm: &'a str, kind: &'a str, username: &'a str, email: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("business_name", firm),
        ("business_type", kind),
        ("full_name", "Hirut Tadesse"),
        ("email", email),
        ("username", username),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
    ]
}

/// Registers a firm and signs its owner in.
pub async fn register(site: &TestSite, firm: &str, kind: &str, username: &str) -> Browser {
    let mut stranger = Browser::default();
    let form = site.get(&mut stranger, "/register").await;
    let email = format!("{username}@firm.example");
    let fields = filled_in(&form, "/register", "", &newcomer(firm, kind, username, &email));
    let answer = site.post(&mut stranger, "/register", &pairs(&fields)).await;
    assert_eq!(answer.location(), "/sign-in?next=/registration", "{}", answer.text);
    assert_eq!(site.get(&mut stranger, "/staff").await.status, StatusCode::SEE_OTHER, "nobody is signed in by it");
    let credentials = [("username", username), ("password", PASSWORD), ("next", "/registration")];
    let answer = site.post(&mut stranger, "/sign-in", &credentials).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/registration"), "{}", answer.text);
    stranger
}

#[tokio::test]
async fn a_stranger_becomes_the_owner_of_an_exporter_and_nothing_else() {
    let site = TestSite::start().await;
    register(&site, "Wonago Coffee PLC", "LLC", "wonago.owner").await;
    let (kind, name, roles, drafted): (String, String, Vec<String>, serde_json::Value) = sqlx::query_as(
        "select o.kind, o.name, array(select role_name from user_roles r where r.user_id = u.id), d.fields
         from users u join organizations o using (organization_id) join drafts d using (organization_id)
         where u.username = 'wonago.owner' and d.subject = 'PROFILE'",
    )
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!((kind.as_str(), name.as_str(), roles), ("EXPORTER", "Wonago Coffee PLC", vec!["OWNER".to_owned()]));
    assert_eq!(drafted["business_type"], "LLC");
    let recorded = "select count(*) from audit.events where event_type = 'EXPORTER_SIGNED_UP' and compliance_relevant";
    assert_eq!(site.count(recorded).await, 1);
    let stored = "select count(*) from audit.event_private where payload::text like '%good long%'";
    assert_eq!(site.count(stored).await, 0);
}

#[tokio::test]
async fn what_is_wrong_with_a_registration_is_said_at_its_field_and_nothing_is_kept() {
    let site = TestSite::start().await;
    register(&site, "Wonago Coffee PLC", "LLC", "wonago.owner").await;
    let mut sql = site.sql().await;
    let before = Rows::of(&mut sql).await;
    let good = newcomer("Second Coffee PLC", "LLC", "second.owner", "second@firm.example");
    for (field, value, at) in [
        ("business_name", "ab", "business_name"),
        ("business_type", "BANK", "business_type"),
        ("full_name", "", "full_name"),
        ("email", "nobody", "email"),
        ("email", "WONAGO.owner@firm.example", "email"),
        ("username", "two words", "username"),
        ("username", "Wonago.Owner", "username"),
        ("password", "elevenchars", "password"),
        ("password", "a very different one", "password_again"),
    ] {
        let mut stranger = Browser::default();
        let form = site.get(&mut stranger, "/register").await;
        let typed: Vec<_> =
            good.iter().map(|(name, known)| (*name, if *name == field { value } else { *known })).collect();
        let fields = filled_in(&form, "/register", "", &typed);
        let answer = site.post(&mut stranger, "/register", &pairs(&fields)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} = {value}");
        assert!(answer.text.contains(&format!("id=\"{at}-error\"")), "{field} = {value}: {}", answer.text);
        assert!(!answer.text.contains(PASSWORD), "a secret is not shown again");
        assert!(answer.text.contains("Second Coffee PLC") || field == "business_name", "what was typed is kept");
    }
    // A role is no field of the form: nobody's page sends it.
    let mut stranger = Browser::default();
    let form = site.get(&mut stranger, "/register").await;
    let mut fields = filled_in(&form, "/register", "", &good);
    fields.push(("role".to_owned(), "SYSTEM_ADMIN".to_owned()));
    assert_eq!(site.post(&mut stranger, "/register", &pairs(&fields)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(Rows::of(&mut sql).await == before);
}

/// Sends the same form twenty times at once; all get the same answer.
async fn crowd(site: &TestSite, browser: &Browser, path: &str, fields: &[(String, String)]) -> Answer {
    let fields = &pairs(fields);
    let mut answers = join_all((0..20).map(|_| {
        let mut browser = browser.clone();
        async move { site.post(&mut browser, path, fields).await }
    }))
    .await;
    let first = answers.remove(0);
    for answer in &answers {
        assert_eq!((answer.status, answer.location()), (first.status, first.location()), "{}", answer.text);
    }
    first
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_registration_sent_twenty_times_makes_one_firm() {
    let site = TestSite::seeded_for_crowds().await;
    let mut stranger = Browser::default();
    let form = site.get(&mut stranger, "/register").await;
    let fields = newcomer("Wonago Coffee PLC", "FARMER", "wonago.owner", "wonago@firm.example");
    let fields = filled_in(&form, "/register", "", &fields);
    let answer = crowd(&site, &stranger, "/register", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(site.count("select count(*) from organizations where name = 'Wonago Coffee PLC'").await, 1);
    assert_eq!(site.count("select count(*) from audit.events where event_type = 'EXPORTER_SIGNED_UP'").await, 1);
}

/// Invites a colleague; the path of the link.
async fn invite(site: &TestSite, browser: &mut Browser, name: &str, role: &str) -> String {
    let form = site.get(browser, "/staff").await;
    let fields = filled_in(&form, "/staff/invitations", "", &[("full_name", name), ("role", role)]);
    let answer = crowd(site, browser, "/staff/invitations", &fields).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/staff"), "{}", answer.text);
    let mut again = browser.clone();
    site.post(&mut again, "/staff/invitations", &pairs(&fields)).await;
    let shown = site.get(&mut again, "/staff").await.text;
    let link = shown.split("http://localhost:8080/invitations/").nth(1).unwrap_or_else(|| panic!("{shown}"));
    format!("/invitations/{}", link.split_whitespace().next().unwrap().trim_end_matches("</div>"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_colleague_follows_the_link_once_and_can_be_shut_out() {
    let site = TestSite::seeded_for_crowds().await;
    let mut admin = site.sign_in("bank.admin").await;
    let link = invite(&site, &mut admin, "Hirut Tadesse", "OFFICER").await;
    assert_eq!(site.count("select count(*) from invitations").await, 1);
    let token = link.rsplit('/').next().unwrap();
    let stored: bool =
        sqlx::query_scalar("select exists (select from idempotency_keys where flash like '%' || $1 || '%')")
            .bind(token)
            .fetch_one(&mut site.sql().await)
            .await
            .unwrap();
    assert!(!stored, "the link is kept nowhere");

    let mut stranger = Browser::default();
    let page = site.get(&mut stranger, &link).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Hirut Tadesse") && page.text.contains("Gion Commercial Bank"), "{}", page.text);
    let chosen = [("username", "bank.hirut"), ("password", PASSWORD), ("password_again", PASSWORD)];
    let taken = [("username", "bank.admin"), ("password", PASSWORD), ("password_again", PASSWORD)];
    let fields = filled_in(&page, &link, "", &taken);
    let answer = site.post(&mut stranger, &link, &pairs(&fields)).await;
    assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.text.contains("username-error"));
    let fields = filled_in(&page, &link, "", &chosen);
    let answer = crowd(&site, &stranger, &link, &fields).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/sign-in"), "{}", answer.text);
    assert_eq!(site.count("select count(*) from users where username = 'bank.hirut'").await, 1);
    let over = site.get(&mut stranger, &link).await;
    assert_eq!(over.status, StatusCode::NOT_FOUND, "it works once");
    assert!(over.text.contains("This link works no more") && over.text.contains("another invitation"), "{}", over.text);
    assert!(over.text.contains("href=\"/sign-in\"") && !over.text.contains("the export in your list"), "{}", over.text);
    let other = [("username", "bank.other"), ("password", PASSWORD), ("password_again", PASSWORD)];
    let fields = filled_in(&page, &link, "", &other);
    assert_eq!(site.post(&mut stranger, &link, &pairs(&fields)).await.status, StatusCode::CONFLICT);

    let credentials = [("username", "bank.hirut"), ("password", PASSWORD)];
    assert_eq!(site.post(&mut stranger, "/sign-in", &credentials).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get(&mut stranger, "/inbox").await.status, StatusCode::OK);
    let id = crate::walk::user(&site, "bank.hirut").await;
    let account = format!("/staff/{id}/account");
    let staff = site.get(&mut admin, "/staff").await;
    let fields = filled_in(&staff, &account, "", &[]);
    let answer = site.post(&mut admin, &account, &pairs(&fields)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(site.get(&mut stranger, "/inbox").await.status, StatusCode::SEE_OTHER, "signed out at once");
    assert_eq!(site.post(&mut stranger, "/sign-in", &credentials).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_link_ends_after_seven_days_or_when_it_is_withdrawn() {
    let site = TestSite::seeded_for_crowds().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let (first, second) = (
        invite(&site, &mut owner, "Abel Worku", "CLERK").await,
        invite(&site, &mut owner, "Sara Molla", "OWNER").await,
    );
    let mut stranger = Browser::default();
    assert_eq!(site.get(&mut stranger, &second).await.status, StatusCode::OK);
    let id: uuid::Uuid = sqlx::query_scalar("select invitation_id from invitations where full_name = 'Sara Molla'")
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    let withdrawal = format!("/staff/invitations/{id}/withdrawal");
    let staff = site.get(&mut owner, "/staff").await;
    let fields = filled_in(&staff, &withdrawal, "", &[]);
    let mut foreign = site.sign_in("exporter2.owner").await;
    let csrf = site.get(&mut foreign, "/staff").await.hidden("csrf");
    let key = uuid::Uuid::new_v4().to_string();
    let stolen = [("csrf", csrf.as_str()), ("idempotency_key", &key)];
    assert_eq!(site.post(&mut foreign, &withdrawal, &stolen).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.post(&mut owner, &withdrawal, &pairs(&fields)).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get(&mut stranger, &second).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get(&mut stranger, &first).await.status, StatusCode::OK);
    site.clock.advance(chrono::Duration::days(7));
    assert_eq!(site.get(&mut stranger, &first).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_role_of_another_kind_of_organisation_cannot_be_given() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let form = site.get(&mut owner, "/staff").await;
    let fields = filled_in(&form, "/staff/invitations", "", &[("full_name", "Abel Worku"), ("role", "SYSTEM_ADMIN")]);
    let answer = site.post(&mut owner, "/staff/invitations", &pairs(&fields)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert_eq!(site.count("select count(*) from invitations").await, 0);
    // The database has the same table.
    let mut sql = site.sql().await;
    for kind in OrganizationKind::ALL {
        for role in Role::ALL {
            let has: bool = sqlx::query_scalar("select app.has_role($1, $2)")
                .bind(kind.code())
                .bind(role.code())
                .fetch_one(&mut sql)
                .await
                .unwrap();
            assert_eq!(has, roles_in(*kind).any(|known| known == *role), "{kind} {role}");
        }
    }
}

#[tokio::test]
async fn a_name_that_deceives_is_refused_at_its_field() {
    let site = TestSite::seeded().await;
    let mut admin = site.sign_in("bank.admin").await;
    for bad in ["Аlmaz Tesfaye", "<b>Almaz</b>", "Almaz\u{202e}eyafseT", "Almazተስፋ"] {
        let fields = [("full_name", bad), ("role", "OFFICER"), ("email", "")];
        let answer = site.fill_in(&mut admin, "/staff", "/staff/invitations", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        assert!(answer.text.contains("id=\"full_name-error\""), "{bad}: {}", answer.text);
    }
    let invited = "select count(*) from invitations where full_name ilike '%lmaz%'";
    assert_eq!(site.count(invited).await, 0);
    for (field, bad) in [("business_name", "Wоnago Coffee"), ("full_name", "Hirut <Tadesse>")] {
        let mut stranger = Browser::default();
        let form = site.get(&mut stranger, "/register").await;
        let good = newcomer("Wonago Coffee PLC", "LLC", "wonago.owner", "wonago@firm.example");
        let typed: Vec<_> =
            good.iter().map(|(name, known)| (*name, if *name == field { bad } else { *known })).collect();
        let fields = filled_in(&form, "/register", "", &typed);
        let answer = site.post(&mut stranger, "/register", &pairs(&fields)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        assert!(answer.text.contains(&format!("id=\"{field}-error\"")), "{bad}: {}", answer.text);
    }
}

#[tokio::test]
async fn fields_that_no_page_of_people_has_are_refused() {
    let site = TestSite::seeded().await;
    let mut admin = site.sign_in("bank.admin").await;
    let person = crate::walk::user(&site, "bank.officer").await;
    for (page, action, fields) in [
        (
            "/staff",
            "/staff/invitations".to_owned(),
            vec![("full_name", "Abel Worku"), ("role", "OFFICER"), ("email", "")],
        ),
        ("/staff", format!("/staff/{person}/account"), vec![]),
        ("/staff/roles", "/staff/roles/restrictions".to_owned(), vec![]),
        ("/staff/roles", "/staff/roles/grants".to_owned(), vec![]),
    ] {
        let with = [&fields[..], &[("organization_id", "018f0000-0000-7000-8000-000000000000")]].concat();
        let answer = site.fill_in(&mut admin, page, &action, &with).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{action}: {}", answer.text);
        assert!(answer.text.contains("not the form that this page has"), "{action}: {}", answer.text);
    }
    assert_eq!(site.count("select count(*) from invitations where full_name = 'Abel Worku'").await, 0);
    assert_eq!(site.count("select count(*) from users where username = 'bank.officer' and not is_active").await, 0);
}

#[tokio::test]
async fn an_address_is_invited_once_while_its_invitation_is_open() {
    let site = TestSite::seeded().await;
    let mut admin = site.sign_in("bank.admin").await;
    let fields = [("full_name", "Selam Girma"), ("role", "OFFICER"), ("email", "selam@bank.example")];
    let invite = async |admin: &mut Browser| site.fill_in(admin, "/staff", "/staff/invitations", &fields).await;
    assert_eq!(invite(&mut admin).await.status, StatusCode::SEE_OTHER);
    let open: uuid::Uuid =
        sqlx::query_scalar("select invitation_id from invitations where email = 'selam@bank.example'")
            .fetch_one(&mut site.sql().await)
            .await
            .unwrap();
    let again = invite(&mut admin).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text);
    assert!(again.text.contains("id=\"email-error\""), "{}", again.text);
    for part in [format!("href=\"#invitation-{open}\""), format!("id=\"invitation-{open}\"")] {
        assert!(again.text.contains(&part), "{part}: {}", again.text);
    }
    let twin = format!(
        "insert into invitations (invitation_id, organization_id, token_hash, full_name, role_name, invited_by, invited_at, expires_at, email)
         select gen_random_uuid(), organization_id, sha256('twin'), full_name, role_name, invited_by, invited_at, expires_at, email
         from invitations where invitation_id = '{open}'"
    );
    let refused = sqlx::raw_sql(sqlx::AssertSqlSafe(twin)).execute(&mut site.sql().await).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().constraint(), Some("invitations_open_once"));
    // Another organisation may, and so may this one when the time is over.
    let mut other = site.sign_in("nbe.admin").await;
    assert_eq!(invite(&mut other).await.status, StatusCode::SEE_OTHER);
    site.clock.advance(chrono::Duration::days(7));
    let mut admin = site.sign_in("bank.admin").await;
    assert_eq!(invite(&mut admin).await.status, StatusCode::SEE_OTHER);
}
