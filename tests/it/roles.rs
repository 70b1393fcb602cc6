//! Roles as data: the catalogue, grants for a time, delegation while absent, what an organisation takes away from a role, and that
//! nobody decides and administers.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use http::StatusCode;
use jebena::auth::permission::{are_kept_apart, permissions_of};
use jebena::auth::{OrganizationKind, Permission, Role};
use jebena::calendar::{eat_date, first_moment};
use jebena::organizations::staff::roles_in;
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use crate::decisions::submitted;
use crate::site::{Answer, Browser, TestSite};
use crate::walk::{user, walk};

const HOME: &str = "/staff/roles";
const OWN: &str = "/account/delegations";

async fn text(site: &TestSite, query: &str) -> Option<String> {
    sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(&mut site.sql().await).await.unwrap()
}

/// The last grant that was made.
async fn last_grant(site: &TestSite) -> Uuid {
    let newest = "select id from user_roles where granted_by is not null order by granted_at desc, id desc limit 1";
    sqlx::query_scalar(newest).fetch_one(&mut site.sql().await).await.unwrap()
}

/// The grant of `username`'s own role.
async fn grant_of(site: &TestSite, username: &str) -> String {
    let query = "select r.id from user_roles r join users u on u.id = r.user_id where u.username = $1 and r.delegated_from is null";
    let id: Uuid = sqlx::query_scalar(query).bind(username).fetch_one(&mut site.sql().await).await.unwrap();
    id.to_string()
}

async fn status(site: &TestSite, browser: &mut Browser, path: &str) -> StatusCode {
    site.get(browser, path).await.status
}

/// Grants `role` to `username` on the page.
async fn grant(
    site: &TestSite,
    admin: &mut Browser,
    (username, role): (&str, &str),
    (from, until): (&str, &str),
) -> Answer {
    let person = user(site, username).await.to_string();
    let fields =
        [("grant_person", person.as_str()), ("grant_role", role), ("grant_from", from), ("grant_until", until)];
    site.fill_in(admin, HOME, "/staff/roles/grants", &fields).await
}

/// Hands the work of `absent` on to `delegate`, on the page of whoever does it.
async fn hand_on(
    site: &TestSite,
    browser: &mut Browser,
    (page, action): (&str, &str),
    (absent, delegate): (&str, &str),
    (from, until): (NaiveDate, NaiveDate),
) -> Answer {
    let (source, delegate) = (grant_of(site, absent).await, user(site, delegate).await.to_string());
    let (from, until) = (from.to_string(), until.to_string());
    let fields = [
        ("delegated_role", source.as_str()),
        ("delegate", &delegate),
        ("delegated_from", &from),
        ("delegated_until", &until),
        ("delegation_reason", "Annual leave"),
    ];
    site.fill_in(browser, page, action, &fields).await
}

async fn end(site: &TestSite, browser: &mut Browser, page: &str, action: &str) -> Answer {
    site.fill_in(browser, page, action, &[]).await
}

fn assert_done(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
}

fn assert_refused(answer: &Answer, field: &str, said: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert!(answer.text.contains(&format!("id=\"{field}-error\"")), "{field}: {}", answer.text);
    assert!(answer.text.contains(said), "{said}: {}", answer.text);
}

#[tokio::test]
async fn the_catalogue_is_the_codes() {
    let site = TestSite::start().await;
    let mut sql = site.sql().await;
    let stored: BTreeSet<(String, String, String)> = sqlx::query_as("select code, area, weight from permissions")
        .fetch_all(&mut sql)
        .await
        .unwrap()
        .into_iter()
        .collect();
    let known = Permission::ALL
        .iter()
        .map(|one| (one.code().to_owned(), one.area().to_owned(), one.weight().code().to_owned()));
    assert_eq!(stored, known.collect());
    let stored: BTreeSet<(String, String, String)> =
        sqlx::query_as("select kind, role_name, permission from role_permissions")
            .fetch_all(&mut sql)
            .await
            .unwrap()
            .into_iter()
            .collect();
    let mut known = BTreeSet::new();
    for kind in OrganizationKind::ALL {
        for role in roles_in(*kind) {
            for one in Permission::ALL.iter().filter(|one| permissions_of(*kind, role).contains(**one)) {
                known.insert((kind.code().to_owned(), role.code().to_owned(), one.code().to_owned()));
            }
        }
    }
    assert_eq!(stored, known);
}

#[tokio::test]
async fn a_grant_holds_from_its_first_moment_until_before_its_last() {
    let site = TestSite::seeded().await;
    let mut admin = site.sign_in("bank.admin").await;
    let today = eat_date(site.now());
    let (from, until) = (today + Duration::days(2), today + Duration::days(4));
    let given = (from.to_string(), until.to_string());
    assert_done(&grant(&site, &mut admin, ("bank.officer", "SUPERVISOR"), (&given.0, &given.1)).await);
    let begins = first_moment(from);
    let ends = first_moment(until + Duration::days(1));
    for (boundary, before, after) in
        [(begins, StatusCode::FORBIDDEN, StatusCode::OK), (ends, StatusCode::OK, StatusCode::FORBIDDEN)]
    {
        // The session runs on over the boundary.
        site.clock.set(boundary - Duration::seconds(1));
        let mut officer = site.sign_in("bank.officer").await;
        assert_eq!(status(&site, &mut officer, "/staff").await, before, "a second before {boundary}");
        let seen = held_by_database(&site, boundary - Duration::microseconds(1)).await;
        assert_eq!(seen, before == StatusCode::OK, "a microsecond before {boundary}");
        site.clock.advance(Duration::seconds(1));
        assert_eq!(status(&site, &mut officer, "/staff").await, after, "at {boundary}");
        assert_eq!(held_by_database(&site, boundary).await, after == StatusCode::OK, "at {boundary}");
    }
    let recorded = "select count(*) from audit.events where event_type = 'ROLE_GRANTED' and severity = 'CRITICAL'
                    and details ->> 'role' = 'SUPERVISOR' and details ? 'until'";
    assert_eq!(site.count(recorded).await, 1);
}

/// Whether the bank's officer may see the staff at a moment, as every query of the database asks it.
async fn held_by_database(site: &TestSite, moment: DateTime<Utc>) -> bool {
    sqlx::query_scalar(
        "select 'organizations:staff:view' = any (app.permissions_at(id, $1)) from users where username = 'bank.officer'",
    )
    .bind(moment)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_role_that_is_given_or_ended_is_so_at_the_next_request() {
    let site = TestSite::seeded().await;
    let mut officer = site.sign_in("bank.officer").await;
    let mut admin = site.sign_in("bank.admin").await;
    assert_eq!(status(&site, &mut officer, "/staff").await, StatusCode::FORBIDDEN);
    assert_done(&grant(&site, &mut admin, ("bank.officer", "SUPERVISOR"), ("", "")).await);
    assert_eq!(status(&site, &mut officer, "/staff").await, StatusCode::OK);
    let twice = grant(&site, &mut admin, ("bank.officer", "SUPERVISOR"), ("", "")).await;
    assert_refused(&twice, "grant_role", "holds the role in that time already");
    let given = last_grant(&site).await;
    let action = format!("/staff/roles/grants/{given}/end");
    assert_done(&end(&site, &mut admin, HOME, &action).await);
    assert_eq!(status(&site, &mut officer, "/staff").await, StatusCode::FORBIDDEN);
    // It stays on the page as what it was, and can be granted again.
    let page = site.get(&mut admin, HOME).await.text;
    assert!(page.contains("Ended in the last 90 days") && page.contains("ended by Saron"), "{page}");
    assert_done(&grant(&site, &mut admin, ("bank.officer", "SUPERVISOR"), ("", "")).await);
    let rows = "select count(*) from user_roles r join users u on u.id = r.user_id
                where u.username = 'bank.officer' and r.role_name = 'SUPERVISOR'";
    assert_eq!(site.count(rows).await, 2);
    // An end that was not granted any more, or that is one's own.
    let again = site.get(&mut admin, HOME).await;
    let (csrf, key) = (again.hidden("csrf"), Uuid::new_v4().to_string());
    let token = [("csrf", csrf.as_str()), ("idempotency_key", &key)];
    assert_eq!(site.post(&mut admin, &action, &token).await.status, StatusCode::NOT_FOUND);
    let own = format!("/staff/roles/grants/{}/end", grant_of(&site, "bank.admin").await);
    assert_eq!(site.post(&mut admin, &own, &token).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_organisation_takes_something_away_from_a_role_and_gives_it_back() {
    let site = TestSite::seeded().await;
    let (mut officer, mut supervisor) = (site.sign_in("nbe.officer").await, site.sign_in("nbe.supervisor").await);
    let mut elsewhere = site.sign_in("ecta.officer").await;
    let mut admin = site.sign_in("nbe.admin").await;
    let action = "/staff/roles/restrictions";
    let wanted = [("restricted", "OFFICER reports:report:view"), ("restriction_reason", "The supervisor reports.")];
    assert_done(&site.fill_in(&mut admin, HOME, action, &wanted).await);
    assert_eq!(status(&site, &mut officer, "/reports").await, StatusCode::FORBIDDEN);
    assert_eq!(status(&site, &mut supervisor, "/reports").await, StatusCode::OK);
    assert_eq!(status(&site, &mut elsewhere, "/reports").await, StatusCode::OK, "elsewhere nothing has changed");
    let page = site.get(&mut admin, HOME).await.text;
    assert!(page.contains("taken away") && page.contains("The supervisor reports."), "{page}");
    for (value, said) in [
        ("OFFICER reports:report:view", "taken away already"),
        // Nobody could give it back, the kind does not have it, and there is no such thing.
        ("ORG_ADMIN organizations:role:manage", "cannot be taken away"),
        ("OFFICER exports:quality:decide", "cannot be taken away"),
        ("OFFICER exports:export:conjure", "restricted-error"),
    ] {
        let fields = [("restricted", value), ("restriction_reason", "The supervisor reports.")];
        assert_refused(&site.fill_in(&mut admin, HOME, action, &fields).await, "restricted", said);
    }
    let id: Uuid = sqlx::query_scalar("select restriction_id from role_restrictions")
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    assert_done(&end(&site, &mut admin, HOME, &format!("{action}/{id}/end")).await);
    assert_eq!(status(&site, &mut officer, "/reports").await, StatusCode::OK);
    let recorded = "select count(*) from audit.events where event_type in ('ROLE_NARROWED', 'ROLE_WIDENED')
                    and details ->> 'permission' = 'reports:report:view'";
    assert_eq!(site.count(recorded).await, 2);
    // For a time: until the end of a day.
    let until = eat_date(site.now()).to_string();
    let fields = [wanted[0], wanted[1], ("restricted_until", until.as_str())];
    assert_done(&site.fill_in(&mut admin, HOME, action, &fields).await);
    assert_eq!(status(&site, &mut officer, "/reports").await, StatusCode::FORBIDDEN);
    site.clock.set(first_moment(eat_date(site.now()) + Duration::days(1)));
    let mut officer = site.sign_in("nbe.officer").await;
    assert_eq!(status(&site, &mut officer, "/reports").await, StatusCode::OK);
}

#[tokio::test]
async fn what_the_table_allows_beyond_the_code_is_not_allowed() {
    let site = TestSite::seeded().await;
    site.execute(
        "insert into role_permissions (kind, role_name, permission) values ('COMMERCIAL_BANK', 'OFFICER', 'organizations:staff:view')",
    )
    .await;
    let mut officer = site.sign_in("bank.officer").await;
    assert_eq!(status(&site, &mut officer, "/staff").await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn nobody_decides_and_administers() {
    let site = TestSite::seeded().await;
    let mut admin = site.sign_in("bank.admin").await;
    let said = "decides no business act";
    for (username, role) in [("bank.officer", "ORG_ADMIN"), ("bank.supervisor", "ORG_ADMIN")] {
        assert_refused(&grant(&site, &mut admin, (username, role), ("", "")).await, "grant_role", said);
        assert_refused(
            &grant(&site, &mut admin, (username, role), ("2027-01-01", "2027-01-02")).await,
            "grant_role",
            said,
        );
    }
    let own = grant(&site, &mut admin, ("bank.admin", "OFFICER"), ("", "")).await;
    assert_refused(&own, "grant_person", "Nobody grants");
}

/// The database says the same as the code of every pair of roles in every kind of organisation, whoever writes.
#[tokio::test]
async fn no_pair_of_roles_that_is_kept_apart_is_one_persons() {
    let site = TestSite::start().await;
    let mut sql = site.sql().await;
    for (number, kind) in OrganizationKind::ALL.iter().enumerate() {
        let role = roles_in(*kind).next().unwrap();
        let person = site.add_user(&format!("pair-{number}"), kind.code(), role.code(), true).await;
        site.execute("delete from user_roles").await;
        for one in Role::ALL {
            for other in Role::ALL {
                let both = format!(
                    "begin; insert into user_roles (user_id, role_name) values ('{person}', '{one}');
                     insert into user_roles (user_id, role_name) values ('{person}', '{other}'); rollback"
                );
                let outcome = sqlx::raw_sql(AssertSqlSafe(both)).execute(&mut sql).await;
                sqlx::raw_sql("rollback").execute(&mut sql).await.unwrap();
                let refused = outcome.err().map(|error| constraint(&error));
                let fits = |role: &Role| roles_in(*kind).any(|known| known == *role);
                let expected = match (fits(one) && fits(other), one == other) {
                    (false, _) => Some("user_roles_fits"),
                    (true, true) => Some("user_roles_held_once"),
                    (true, false) => are_kept_apart(*kind, *one, *other).then_some("user_roles_kept_apart"),
                };
                assert_eq!(refused.as_deref(), expected, "{kind}: {one} and {other}");
            }
        }
    }
}

fn constraint(error: &sqlx::Error) -> String {
    let found = error.as_database_error().and_then(sqlx::error::DatabaseError::constraint);
    found.map_or_else(|| error.to_string(), str::to_owned)
}

#[tokio::test]
async fn of_two_grants_at_once_that_do_not_go_together_one_is_made() {
    let site = TestSite::seeded().await;
    let person = site.add_user("bank9.somebody", "COMMERCIAL_BANK", "OFFICER", true).await;
    site.execute(&format!("delete from user_roles where user_id = '{person}'")).await;
    let write = async |role: &str| {
        let insert =
            format!("insert into user_roles (user_id, role_name) values ('{person}', '{role}'); select pg_sleep(0.2)");
        sqlx::raw_sql(AssertSqlSafe(format!("begin; {insert}; commit"))).execute(&mut site.sql().await).await
    };
    let (one, other) = tokio::join!(write("OFFICER"), write("ORG_ADMIN"));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
}

#[tokio::test]
async fn a_colleague_does_the_work_of_who_is_absent_in_that_time_and_no_longer() {
    let site = TestSite::seeded().await;
    let mut officer = site.sign_in("bank.officer").await;
    let mut supervisor = site.sign_in("bank.supervisor").await;
    let today = eat_date(site.now());
    let (tomorrow, after) = (today + Duration::days(1), today + Duration::days(3));
    let pair = ("bank.supervisor", "bank.officer");
    assert_done(&hand_on(&site, &mut supervisor, (OWN, OWN), pair, (tomorrow, after)).await);
    assert_eq!(status(&site, &mut officer, "/staff").await, StatusCode::FORBIDDEN, "not before its time");
    let page = site.get(&mut officer, OWN).await.text;
    assert!(page.contains("instead of Getachew") && page.contains("planned"), "{page}");
    assert_eq!(site.count("select count(*) from mails where kind = 'ROLE_DELEGATED' and status = 'WAITING'").await, 1);
    let recorded = "select count(*) from audit.events e where event_type = 'ROLE_DELEGATED' and severity = 'CRITICAL'
                    and details ->> 'by' = 'absent' and not details ? 'reason'";
    assert_eq!(site.count(recorded).await, 1);
    for (boundary, before, at) in [
        (first_moment(tomorrow), StatusCode::FORBIDDEN, StatusCode::OK),
        (first_moment(after + Duration::days(1)), StatusCode::OK, StatusCode::FORBIDDEN),
    ] {
        site.clock.set(boundary - Duration::seconds(1));
        let mut officer = site.sign_in("bank.officer").await;
        assert_eq!(status(&site, &mut officer, "/staff").await, before);
        site.clock.advance(Duration::seconds(1));
        assert_eq!(status(&site, &mut officer, "/staff").await, at);
    }
}

#[tokio::test]
async fn a_delegation_ends_early_with_whatever_it_rests_on() {
    let site = TestSite::seeded().await;
    let mut officer = site.sign_in("bank.officer").await;
    let mut supervisor = site.sign_in("bank.supervisor").await;
    let mut admin = site.sign_in("bank.admin").await;
    let today = eat_date(site.now());
    let days = (today, today + Duration::days(5));
    let pair = ("bank.supervisor", "bank.officer");
    // Taken back by who is absent.
    assert_done(&hand_on(&site, &mut supervisor, (OWN, OWN), pair, days).await);
    assert_eq!(status(&site, &mut officer, "/staff").await, StatusCode::OK);
    let given = last_grant(&site).await;
    assert_done(&end(&site, &mut supervisor, OWN, &format!("/account/delegations/{given}/end")).await);
    assert_eq!(status(&site, &mut officer, "/staff").await, StatusCode::FORBIDDEN);
    // Arranged and taken back by who administers.
    site.clock.advance(Duration::seconds(1));
    let by_admin = (HOME, "/staff/roles/delegations");
    assert_done(&hand_on(&site, &mut admin, by_admin, pair, days).await);
    assert_eq!(status(&site, &mut officer, "/staff").await, StatusCode::OK);
    let given = last_grant(&site).await;
    assert_done(&end(&site, &mut admin, HOME, &format!("/staff/roles/grants/{given}/end")).await);
    assert_eq!(status(&site, &mut officer, "/staff").await, StatusCode::FORBIDDEN);
    // The role that it stems from ends.
    site.clock.advance(Duration::seconds(1));
    assert_done(&hand_on(&site, &mut admin, by_admin, pair, days).await);
    let own = grant_of(&site, "bank.supervisor").await;
    assert_done(&end(&site, &mut admin, HOME, &format!("/staff/roles/grants/{own}/end")).await);
    assert_eq!(status(&site, &mut officer, "/staff").await, StatusCode::FORBIDDEN);
    // Who is absent is shut out.
    site.clock.advance(Duration::seconds(1));
    let (mut admin2, mut officer2) = (site.sign_in("bank2.admin").await, site.sign_in("bank2.officer").await);
    assert_done(&hand_on(&site, &mut admin2, by_admin, ("bank2.supervisor", "bank2.officer"), days).await);
    assert_eq!(status(&site, &mut officer2, "/staff").await, StatusCode::OK);
    let account = format!("/staff/{}/account", user(&site, "bank2.supervisor").await);
    assert_done(&end(&site, &mut admin2, "/staff", &account).await);
    assert_eq!(status(&site, &mut officer2, "/staff").await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn work_is_handed_on_to_whom_it_may_be_and_to_nobody_else() {
    let site = TestSite::seeded().await;
    let mut supervisor = site.sign_in("bank.supervisor").await;
    let today = eat_date(site.now());
    let week = (today, today + Duration::days(6));
    let own = (OWN, OWN);
    let long = (today, today + Duration::days(90));
    for (delegate, days, field, said) in [
        ("bank.admin", week, "delegate", "decides no business act"),
        ("bank.supervisor", week, "delegate", "stands in for themselves"),
        ("bank2.officer", week, "delegated_role", "There is no such person"),
        ("bank.officer", long, "delegated_until", "At most 90 days"),
        ("bank.officer", (today, today - Duration::days(1)), "delegated_until", ""),
    ] {
        assert_refused(&hand_on(&site, &mut supervisor, own, ("bank.supervisor", delegate), days).await, field, said);
    }
    // What is somebody else's is not one's own to hand on.
    let others = hand_on(&site, &mut supervisor, own, ("bank.officer2", "bank.officer"), week).await;
    assert_refused(&others, "delegated_role", "There is no such");
    assert_done(&hand_on(&site, &mut supervisor, own, ("bank.supervisor", "bank.officer"), week).await);
    let twice = hand_on(&site, &mut supervisor, own, ("bank.supervisor", "bank.officer"), week).await;
    assert_refused(&twice, "delegate", "holds the role in that time already");
    assert_eq!(site.count("select count(*) from user_roles where delegated_from is not null").await, 1);
    // An exporter's people decide nothing: there is nothing to hand on, and no form.
    let mut owner = site.sign_in("exporter.owner").await;
    let page = site.get(&mut owner, OWN).await.text;
    assert!(!page.contains(&format!("action=\"{OWN}\"")) && page.contains("You hold no role"), "{page}");
    // The database hands nothing on further, or beyond what is held.
    let handed = last_grant(&site).await;
    let third = user(&site, "bank.officer2").await;
    for (source, days) in [(handed.to_string(), 2), (grant_of(&site, "bank.admin").await, 2)] {
        let insert = format!(
            "insert into user_roles (user_id, role_name, granted_at, granted_by, valid_from, valid_until, delegated_from, reason)
             select '{third}', r.role_name, now(), r.user_id, $1, $1 + interval '{days} days', r.id, 'A holiday'
             from user_roles r where r.id = '{source}'"
        );
        let refused =
            sqlx::query(AssertSqlSafe(insert)).bind(site.now()).execute(&mut site.sql().await).await.unwrap_err();
        let name = constraint(&refused);
        assert!(name == "user_roles_delegable" || name == "user_roles_kept_apart", "{name}");
    }
}

#[tokio::test]
async fn two_steps_need_two_people_whatever_was_delegated() {
    let site = TestSite::seeded().await;
    let mut supervisor = site.sign_in("ecta.supervisor").await;
    let today = eat_date(site.now());
    let pair = ("ecta.supervisor", "ecta.officer");
    assert_done(&hand_on(&site, &mut supervisor, (OWN, OWN), pair, (today, today + Duration::days(5))).await);
    let delegation = last_grant(&site).await.to_string();
    let export = submitted(&site).await;
    walk(&site, export, "quality").await;
    // What was done meanwhile says by which delegation, and in which roles.
    let (roles, by): (String, Option<String>) = sqlx::query_as(
        "select details ->> 'actor_role', details ->> 'by_delegation' from audit.events
         where entity_id = $1 and event_type = 'QUALITY_APPROVED'",
    )
    .bind(export)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!((roles.as_str(), by.as_deref()), ("OFFICER, SUPERVISOR", Some(delegation.as_str())));
    let others = "select details ->> 'by_delegation' from audit.events where event_type = 'FX_APPROVED' limit 1";
    assert_eq!(text(&site, others).await, None);
    // The permit is the supervisor's as well, and still not for who has confirmed the quality.
    let mut officer = site.sign_in("ecta.officer").await;
    let page = site.get(&mut officer, &format!("/exports/{export}")).await;
    let version: i32 = sqlx::query_scalar("select version from exports where export_id = $1")
        .bind(export)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    let (csrf, key) = (page.hidden("csrf"), Uuid::new_v4().to_string());
    let (version, until) = (version.to_string(), (today + Duration::days(60)).to_string());
    let fields = [
        ("csrf", csrf.as_str()),
        ("idempotency_key", &key),
        ("version", &version),
        ("decision", "approve"),
        ("valid_until", &until),
    ];
    let answer = site.post(&mut officer, &format!("/exports/{export}/approvals/permit"), &fields).await;
    assert!(answer.status.is_client_error(), "{}: {}", answer.status, answer.text);
    assert_eq!(site.state_of(export).await, ("QUALITY_CERTIFIED".into(), "PERMIT".into()));
    assert_eq!(status(&site, &mut officer, "/staff").await, StatusCode::OK, "the delegation itself holds");
}

#[tokio::test]
async fn a_page_shows_whose_roles_to_whom() {
    let site = TestSite::seeded().await;
    for (username, path, expected) in [
        ("bank.admin", HOME, StatusCode::OK),
        ("bank.supervisor", HOME, StatusCode::OK),
        ("bank.officer", HOME, StatusCode::FORBIDDEN),
        ("exporter.clerk", HOME, StatusCode::FORBIDDEN),
        ("exporter.owner", HOME, StatusCode::OK),
        ("bank.admin", "/staff/roles?organization=BANK2", StatusCode::NOT_FOUND),
        ("auditor", "/staff/roles?organization=BANK2", StatusCode::OK),
        ("admin", "/staff/roles?organization=bank2", StatusCode::OK),
        ("auditor", "/staff/roles?organization=NOBODY", StatusCode::NOT_FOUND),
    ] {
        let mut browser = site.sign_in(username).await;
        let answer = site.get(&mut browser, path).await;
        assert_eq!(answer.status, expected, "{username} {path}: {}", answer.text);
        if path.contains("rganization=") && expected == StatusCode::OK {
            assert!(answer.text.contains("bank2.officer") && answer.text.contains("Natnael"), "{}", answer.text);
            assert!(!answer.text.contains("action=\"/staff/roles/grants"), "who looks elsewhere changes nothing there");
        }
    }
    let mut supervisor = site.sign_in("bank.supervisor").await;
    let page = site.get(&mut supervisor, HOME).await.text;
    assert!(!page.contains("action=\"/staff/roles/"), "who does not administer has no forms");
    assert!(page.contains("Check documents for the bank") && page.contains("decides"), "{page}");
    let mut other = site.sign_in("bank2.admin").await;
    let grant = grant_of(&site, "bank.officer").await;
    let page = site.get(&mut other, HOME).await;
    assert!(!page.text.contains("bank.officer"), "another bank's people");
    let (csrf, key) = (page.hidden("csrf"), Uuid::new_v4().to_string());
    let token = [("csrf", csrf.as_str()), ("idempotency_key", &key)];
    let foreign = format!("/staff/roles/grants/{grant}/end");
    assert_eq!(site.post(&mut other, &foreign, &token).await.status, StatusCode::NOT_FOUND);
    assert_eq!(status(&site, &mut site.sign_in("bank.officer").await, "/inbox").await, StatusCode::OK);
    let person = user(&site, "bank.officer").await.to_string();
    let fields = [token[0], token[1], ("grant_person", person.as_str()), ("grant_role", "SUPERVISOR")];
    assert_refused(&site.post(&mut other, "/staff/roles/grants", &fields).await, "grant_person", "no such person");
}

/// A connection that may what `username` may, as the server's transactions do.
async fn as_viewer(site: &TestSite, username: &str, class: &str) -> PgConnection {
    let mut sql = site.sql().await;
    let viewer = "select set_config('app.org_id', u.organization_id::text, false),
                         set_config('app.user_id', u.id::text, false), set_config('app.org_kind', o.kind, false)
                  from users u join organizations o using (organization_id) where u.username = $1";
    sqlx::query(viewer).bind(username).execute(&mut sql).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!("set role {class}"))).execute(&mut sql).await.unwrap();
    sql
}

/// Behind the handler's filter.
#[tokio::test]
async fn the_database_lets_each_change_what_is_theirs() {
    let site = TestSite::seeded().await;
    let people: Vec<(String, Uuid)> =
        sqlx::query_as("select username, id from users").fetch_all(&mut site.sql().await).await.unwrap();
    let id = |username: &str| people.iter().find(|(name, _)| name == username).unwrap().1;
    let granting = |by: &str, to: &str, role: &str| {
        format!("insert into user_roles (user_id, role_name, granted_by) values ('{}', '{role}', '{}')", id(to), id(by))
    };
    let narrowing = |by: &str, house: &str, what: &str| {
        format!(
            "insert into role_restrictions (restriction_id, organization_id, role_name, permission, valid_from, reason, set_by, set_at)
             values (gen_random_uuid(), (select organization_id from organizations where code = '{house}'), 'OFFICER', '{what}',
                     now(), 'Others do it', '{}', now())",
            id(by)
        )
    };
    let ending = |by: &str, of: &str| {
        format!(
            "update user_roles set revoked_at = now(), revoked_by = '{}' where user_id = '{}' and role_name <> 'SUPERVISOR'",
            id(by),
            id(of)
        )
    };
    let delegating = |by: &str, from: String, to: &str| {
        format!(
            "insert into user_roles (user_id, role_name, granted_by, valid_from, valid_until, delegated_from, reason)
             values ('{}', 'SUPERVISOR', '{}', now(), now() + interval '1 day', '{from}', 'A holiday')",
            id(to),
            id(by)
        )
    };
    let source = grant_of(&site, "bank.supervisor").await;
    let report = "reports:report:view";
    for (who, class, statement, expected) in [
        ("bank.admin", "jebena_party", granting("bank.admin", "bank.officer", "SUPERVISOR"), Some(1)),
        ("bank.admin", "jebena_party", granting("bank.supervisor", "bank.officer", "SUPERVISOR"), None),
        ("bank.admin", "jebena_party", granting("bank.admin", "bank2.officer", "SUPERVISOR"), None),
        ("bank2.admin", "jebena_party", granting("bank2.admin", "bank.officer", "SUPERVISOR"), None),
        ("bank.supervisor", "jebena_party", granting("bank.supervisor", "bank.officer", "SUPERVISOR"), None),
        ("admin", "jebena_admin", granting("admin", "bank.officer", "SUPERVISOR"), None),
        ("bank.supervisor", "jebena_party", delegating("bank.supervisor", source.clone(), "bank.officer"), Some(1)),
        ("bank.officer2", "jebena_party", delegating("bank.officer2", source.clone(), "bank.officer"), None),
        ("bank.admin", "jebena_party", ending("bank.admin", "bank.officer"), Some(1)),
        ("bank2.admin", "jebena_party", ending("bank2.admin", "bank.officer"), Some(0)),
        ("bank.supervisor", "jebena_party", ending("bank.supervisor", "bank.officer"), Some(0)),
        ("admin", "jebena_admin", ending("admin", "bank.officer"), Some(0)),
        (
            "bank.admin",
            "jebena_party",
            format!("delete from user_roles where user_id = '{}'", id("bank.officer")),
            None,
        ),
        ("bank.admin", "jebena_party", narrowing("bank.admin", "BANK", report), Some(1)),
        ("bank.admin", "jebena_party", narrowing("bank.admin", "BANK2", report), None),
        ("bank.officer", "jebena_party", narrowing("bank.officer", "BANK", report), None),
        ("bank.admin", "jebena_party", narrowing("bank.admin", "BANK", "exports:fx:decide"), None),
        ("nbe.admin", "jebena_regulator", narrowing("nbe.admin", "NBE", "exports:settlement:extend"), Some(1)),
    ] {
        let mut sql = as_viewer(&site, who, class).await;
        sqlx::raw_sql("begin").execute(&mut sql).await.unwrap();
        let outcome = sqlx::query(AssertSqlSafe(statement.clone())).execute(&mut sql).await;
        sqlx::raw_sql("rollback").execute(&mut sql).await.unwrap();
        match (outcome, expected) {
            (Ok(done), Some(rows)) => assert_eq!(done.rows_affected(), rows, "{who}: {statement}"),
            (Err(error), None) => {
                assert_eq!(error.as_database_error().unwrap().code().unwrap(), "42501", "{who}: {statement}: {error}");
            }
            (outcome, expected) => panic!("{who}: {statement}: {outcome:?}, expected {expected:?}"),
        }
    }
    // Restrictions are shown to their own house, and to who sees all.
    site.execute(&narrowing("nbe.admin", "NBE", report)).await;
    for (who, class, expected) in [
        ("nbe.officer", "jebena_regulator", 1),
        ("ecta.admin", "jebena_regulator", 0),
        ("bank.admin", "jebena_party", 0),
        ("auditor", "jebena_auditor", 1),
        ("admin", "jebena_admin", 1),
    ] {
        let mut sql = as_viewer(&site, who, class).await;
        let seen: i64 = sqlx::query_scalar("select count(*) from role_restrictions").fetch_one(&mut sql).await.unwrap();
        assert_eq!(seen, expected, "{who}");
    }
    // A grant is never changed, whoever writes.
    for change in ["valid_until = now()", "role_name = 'OFFICER'", "user_id = granted_by"] {
        let change = format!("update user_roles set {change} where id = '{source}'");
        assert!(sqlx::query(AssertSqlSafe(change)).execute(&mut site.sql().await).await.is_err());
    }
}

#[tokio::test]
async fn changes_of_roles_raise_an_alert() {
    let site = TestSite::seeded().await;
    crate::alerts::watch(&site).await;
    site.clock.advance(Duration::seconds(1));
    let mut admin = site.sign_in("bank.admin").await;
    assert_done(&grant(&site, &mut admin, ("bank.officer", "SUPERVISOR"), ("", "")).await);
    crate::alerts::watch(&site).await;
    let raised = "select count(*) from security_alerts a join users u on u.id = a.subject_id
                  join security_alert_events e using (alert_id)
                  where u.username = 'bank.officer' and a.rule = 'PRIVILEGE_CHANGE' and e.event_type = 'ROLE_GRANTED'";
    assert_eq!(site.count(raised).await, 1);
}

/// What somebody's list of news says, once what waits was passed on.
async fn news(site: &TestSite, browser: &mut Browser) -> String {
    while jebena::notifications::deliver(&site.state.db, site.now()).await.unwrap() > 0 {}
    site.get(browser, "/notifications").await.text
}

#[tokio::test]
async fn whoever_is_given_a_role_or_loses_one_hears_of_it() {
    let site = TestSite::seeded().await;
    while jebena::notifications::deliver(&site.state.db, site.now()).await.unwrap() > 0 {}
    site.execute(
        "delete from notifications; delete from mails; update job_schedules set next_run_at = '2100-01-01';
         update users set email = username || '@mail.example', email_verified_at = now() where username like 'bank.%'",
    )
    .await;
    let mut admin = site.sign_in("bank.admin").await;
    let mut officer = site.sign_in("bank.officer").await;
    let given = grant(&site, &mut admin, ("bank.officer", "SUPERVISOR"), ("2026-11-20", "2026-11-22")).await;
    assert_done(&given);
    // One that begins later is not there yet, and its last day is the one that was typed.
    let page = site.get(&mut admin, HOME).await.text;
    assert!(page.contains("has the role from 20 Nov 2026 on"), "{page}");
    assert!(page.contains("22 Nov 2026") && !page.contains("23 Nov 2026"), "{page}");
    let told = news(&site, &mut officer).await;
    assert!(told.contains("You will have the role Supervisor from 20 Nov 2026 to the end of 22 Nov 2026"), "{told}");
    let mailed = "select count(*) from mails where kind = 'NOTIFICATION'";
    assert_eq!(site.count(mailed).await, 1);
    let critical =
        "select count(*) from notifications where event = 'ROLE_CHANGED' and is_critical and mail = 'IMMEDIATE'";
    assert_eq!(site.count(critical).await, 1);
    let action = format!("/staff/roles/grants/{}/end", last_grant(&site).await);
    assert_done(&end(&site, &mut admin, HOME, &action).await);
    let told = news(&site, &mut officer).await;
    assert!(told.contains("Your role Supervisor has ended"), "{told}");

    // Whose work one does has a mail of its own; it ends with whoever is shut out.
    let mut supervisor = site.sign_in("bank.supervisor").await;
    let today = eat_date(site.now());
    let pair = ("bank.supervisor", "bank.officer");
    assert_done(&hand_on(&site, &mut supervisor, (OWN, OWN), pair, (today, today + Duration::days(3))).await);
    let told = news(&site, &mut officer).await;
    assert!(told.contains("You do a colleague’s work as Supervisor from"), "{told}");
    assert_eq!(site.count(mailed).await, 2, "of the grant and its end");
    assert_eq!(site.count("select count(*) from mails where kind = 'ROLE_DELEGATED'").await, 1);
    let absent = user(&site, "bank.supervisor").await;
    let shut = site.fill_in(&mut admin, "/staff", &format!("/staff/{absent}/account"), &[]).await;
    assert_eq!(shut.status, StatusCode::SEE_OTHER, "{}", shut.text);
    let told = news(&site, &mut officer).await;
    assert!(told.contains("You no longer do a colleague’s work as Supervisor"), "{told}");
    // In the calendar of who reads.
    site.execute("update users set calendar = 'ETHIOPIAN' where username = 'bank.officer'").await;
    let mut officer = site.sign_in("bank.officer").await;
    let told = news(&site, &mut officer).await;
    assert!(told.contains("to the end of 13 Hidar 2019"), "{told}");
}
