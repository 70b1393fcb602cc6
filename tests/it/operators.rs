//! What operators do from the command line, and what the server refuses to serve.

use http::StatusCode;
use jebena::auth::password::PasswordHasher;
use jebena::auth::{OrganizationKind, Role};
use jebena::clock::Clock;
use jebena::database::{Db, PoolSettings, PrivilegeError};
use jebena::organizations::institutions::{self, InstitutionError, NewInstitution};
use jebena::organizations::staff::{self, Factor, NewPerson, StaffError, Username};

use crate::site::{Browser, PASSWORD, TestSite};

fn person(organization_code: &str, username: &str, role: Role) -> NewPerson {
    NewPerson {
        organization_code: organization_code.to_owned(),
        username: username.parse().unwrap(),
        full_name: "Hirut Tadesse".to_owned(),
        role,
    }
}

fn institution(code: &str, kind: OrganizationKind) -> NewInstitution {
    NewInstitution {
        code: code.to_owned(),
        kind,
        name: format!("{code} of Ethiopia"),
        name_am: format!("የኢትዮጵያ {code}"),
        email: Some("desk@institution.example".to_owned()),
        phone: None,
        address: None,
    }
}

#[tokio::test]
async fn institutions_are_set_up_once_on_record() {
    use OrganizationKind as K;

    let site = TestSite::start().await;
    let (db, now) = (&site.state.db, site.clock.now());
    institutions::create(db, &institution("NBE", K::NationalBank), now).await.unwrap();
    institutions::create(db, &institution("GION", K::CommercialBank), now).await.unwrap();
    institutions::create(db, &institution("ENTOTO", K::CommercialBank), now).await.unwrap();

    let again = institutions::create(db, &institution("GION", K::CommercialBank), now).await;
    assert!(matches!(again, Err(InstitutionError::Taken(_))), "{again:?}");
    let second = institutions::create(db, &institution("NBE2", K::NationalBank), now).await;
    assert!(matches!(second, Err(InstitutionError::OnlyOne(K::NationalBank))), "{second:?}");
    let firm = institutions::create(db, &institution("ABAY", K::Exporter), now).await;
    assert!(matches!(firm, Err(InstitutionError::RegistersItself)), "{firm:?}");

    let listed = institutions::list(db).await.unwrap();
    assert_eq!(listed.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["ENTOTO", "GION", "NBE"]);
    let hash = PasswordHasher::new().unwrap().hash(PASSWORD.into()).await.unwrap();
    staff::create(db, &person("NBE", "nbe.hirut", Role::Officer), &hash, now).await.unwrap();
    assert_eq!(institutions::list(db).await.unwrap()[2].people, 1);
    let recorded =
        "select count(*) from audit.events where event_type = 'ORGANIZATION_CREATED' and entity_type = 'organization'";
    assert_eq!(site.count(recorded).await, 3, "what failed is not on record");
}

#[tokio::test]
async fn people_are_created_disabled_and_reset_on_record() {
    let site = TestSite::start().await;
    site.execute(
        "insert into organizations (organization_id, code, kind, name, name_am)
         values (gen_random_uuid(), 'NBE', 'NATIONAL_BANK', 'National Bank', 'ብሔራዊ ባንክ')",
    )
    .await;
    let (db, now) = (&site.state.db, site.clock.now());
    let hash = PasswordHasher::new().unwrap().hash(PASSWORD.into()).await.unwrap();
    let officer = person("NBE", "nbe.hirut", Role::Officer);
    staff::create(db, &officer, &hash, now).await.unwrap();

    let again = staff::create(db, &officer, &hash, now).await;
    assert!(matches!(again, Err(StaffError::Taken(_))), "{again:?}");
    let nowhere = staff::create(db, &person("NOWHERE", "nbe.abel", Role::Officer), &hash, now).await;
    assert!(matches!(nowhere, Err(StaffError::NoOrganization(_))), "{nowhere:?}");
    let owner = staff::create(db, &person("NBE", "nbe.abel", Role::Owner), &hash, now).await;
    assert!(matches!(owner, Err(StaffError::RoleDoesNotFit { .. })), "{owner:?}");

    site.execute(
        "insert into user_sessions (user_id, token_hash, created_at, last_activity, expires_at)
         select id, sha256('token'), now(), now(), now() + interval '1 hour' from users",
    )
    .await;
    staff::set_active(db, &officer.username, false, now).await.unwrap();
    assert_eq!(site.count("select count(*) from user_sessions").await, 0, "signed out at once");
    staff::set_active(db, &officer.username, true, now).await.unwrap();
    let reset = async || staff::reset((db, &site.state.passwords), &officer.username, Factor::Kept, now).await.unwrap();
    let (old, path) = (reset().await, reset().await);
    let mut browser = Browser::default();
    assert_eq!(site.get(&mut browser, &old).await.status, StatusCode::NOT_FOUND, "another link is over");
    let fields = [("username", "nbe.hirut"), ("password", PASSWORD)];
    let refused = site.post(&mut browser, "/sign-in", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "the old password opens nothing");
    let new = "kaffa highland rain 77";
    let fields = [("password", new), ("password_again", new)];
    let set = site.fill_in(&mut browser, &path, &path, &fields).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text);
    let fields = [("username", "nbe.hirut"), ("password", new)];
    assert_eq!(site.post(&mut browser, "/sign-in", &fields).await.status, StatusCode::SEE_OTHER, "by their own");
    let nobody: Username = "nobody".parse().unwrap();
    assert!(matches!(staff::set_active(db, &nobody, true, now).await, Err(StaffError::NoUser(_))));

    let listed = staff::list(db).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].username.as_str(), listed[0].is_active), ("nbe.hirut", true));
    assert_eq!(listed[0].roles, ["OFFICER"]);
    let recorded = "select count(*) from audit.events where event_type in
                    ('USER_CREATED', 'USER_DISABLED', 'USER_ENABLED', 'PASSWORD_RESET')";
    assert_eq!(site.count(recorded).await, 5, "what failed is not on record");
}

#[tokio::test]
async fn the_server_refuses_a_powerful_role_and_knows_the_demos_people() {
    let site = TestSite::start().await;
    site.state.db.require_unprivileged().await.unwrap();
    let powerful = Db::connect_lazy(
        site.server_options().username("postgres"),
        &PoolSettings { min_connections: 0, ..PoolSettings::default() },
        site.clock.clone(),
    );
    let refused = powerful.require_unprivileged().await;
    assert!(matches!(refused, Err(PrivilegeError::TooPowerful { .. })), "{refused:?}");
    powerful.close();

    assert!(!staff::has_demo_people(&site.state.db).await.unwrap());
    site.add_user("nbe.officer", "NATIONAL_BANK", "OFFICER", true).await;
    assert!(staff::has_demo_people(&site.state.db).await.unwrap());
}
