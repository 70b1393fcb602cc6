//! Reading the record: who finds what, and what one event says.

use http::StatusCode;
use jebena::audit::{EVENT_TYPES, address, words};
use jebena::i18n::Lang;
use uuid::Uuid;

use crate::decisions::submitted;
use crate::site::{Answer, Browser, TestSite};
use crate::walk::walk;

/// The cells of the second column of a page, from the top: what happened.
fn events(page: &Answer) -> impl Iterator<Item = &str> {
    let rows = page.text.split("<tr data-row").skip(1);
    rows.map(|row| row.split("<td").nth(1).unwrap().split_once('>').unwrap().1.split("</td>").next().unwrap())
}

/// The types of the events on a page, from the top: the notes beside their names.
fn types(page: &Answer) -> Vec<String> {
    events(page).map(|cell| note_of(cell).to_owned()).collect()
}

fn note_of(cell: &str) -> &str {
    cell.split_once("<small>").unwrap().1.split_once("</small>").unwrap().0
}

/// What a person reads in the rows of a page, without the codes in the notes.
fn text_of_rows(page: &Answer) -> String {
    let rows = page.text.split("<tbody").skip(1).map(|rest| rest.split("</tbody>").next().unwrap());
    let mut text = String::new();
    for part in rows.flat_map(|rows| rows.split('<')) {
        let (tag, said) = part.split_once('>').unwrap_or(("", ""));
        if tag != "small" {
            text.push_str(said);
            text.push('\n');
        }
    }
    text
}

fn has_id(text: &str) -> bool {
    text.as_bytes().windows(36).any(|part| Uuid::try_parse_ascii(part).is_ok())
}

async fn column(site: &TestSite, query: &'static str) -> Vec<String> {
    sqlx::query_scalar(query).fetch_all(&mut site.sql().await).await.unwrap()
}

async fn search(site: &TestSite, browser: &mut Browser, query: &str) -> Vec<String> {
    let page = site.get(browser, &format!("/audit?{query}")).await;
    assert_eq!(page.status, StatusCode::OK, "{query}: {}", page.text);
    types(&page)
}

#[tokio::test]
async fn an_auditor_follows_a_case_from_its_number() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    walk(&site, export, "permit").await;
    let paper: Uuid =
        sqlx::query_scalar("select paper_id from issued_papers where export_id = $1 and kind = 'EXPORT_PERMIT'")
            .bind(export)
            .fetch_one(&mut site.sql().await)
            .await
            .unwrap();
    let mut owner = site.sign_in("exporter.owner").await;
    let page = format!("/papers/{paper}");
    let printed = site.fill_in(&mut owner, &page, &format!("{page}/prints"), &[]).await;
    assert_eq!(printed.status, StatusCode::SEE_OTHER, "{}", printed.text);
    let number: String = sqlx::query_scalar("select export_number from exports where export_id = $1")
        .bind(export)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    let mut auditor = site.sign_in("auditor").await;
    let trail = search(&site, &mut auditor, &format!("about={number}")).await;
    // What belongs to it is part of it.
    assert_eq!(trail[0], "CERTIFICATE_PRINTED");
    assert_eq!(
        trail[trail.len() - 4..],
        ["FX_APPROVED", "BANK_DOCUMENTS_APPROVED", "EXPORT_SUBMITTED", "EXPORT_CREATED"]
    );
    // Each says of which export it is, though the first alone has the number on record.
    for event in ["EXPORT_CREATED", "EXPORT_SUBMITTED", "FX_APPROVED"] {
        let page = site.get(&mut auditor, &format!("/audit?about=export+{export}&event={event}")).await;
        assert!(page.text.contains(&format!(">{number}</a> <small>Export</small>")), "{event}: {}", page.text);
    }
    // The same by kind and id, as the links of the page have it; and by who, what and when.
    assert_eq!(search(&site, &mut auditor, &format!("about=export+{export}")).await, trail);
    let by_bank = search(&site, &mut auditor, &format!("about={number}&by=bank.officer")).await;
    assert_eq!(by_bank, ["BANK_DOCUMENTS_APPROVED"]);
    let submitted = search(&site, &mut auditor, &format!("about={number}&event=export+submitted")).await;
    assert_eq!(submitted, ["EXPORT_SUBMITTED"]);
    let day = jebena::calendar::eat_date(site.now());
    let today = format!("about={number}&from={day}&until={day}");
    assert_eq!(search(&site, &mut auditor, &today).await, trail);
    let tomorrow = day.succ_opt().unwrap();
    assert!(search(&site, &mut auditor, &format!("about={number}&from={tomorrow}")).await.is_empty());
    for nothing in ["about=EXP-20200101-999999", "by=nobody", "event=NOTHING_SUCH", "severity=CRITICAL&by=bank.officer"]
    {
        assert!(search(&site, &mut auditor, nothing).await.is_empty(), "{nothing}");
    }
}

#[tokio::test]
async fn one_event_says_what_has_changed_by_whom_and_from_where() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    let returned = [("decision", "reject"), ("reason", "The buyer's name differs from the contract.")];
    site.decide("bank.officer", export, "bank-check", &returned).await;
    let mut auditor = site.sign_in("auditor").await;
    let page = site.get(&mut auditor, &format!("/audit?about=export+{export}&event=BANK_DOCUMENTS_REJECTED")).await;
    let event = page.text.split("href=\"/audit/events/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = site.get(&mut auditor, &format!("/audit/events/{event}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for said in [
        "Documents not approved by the bank</h1>",
        "<dd>BANK_DOCUMENTS_REJECTED</dd>",
        "Bank check",
        "Returned to the exporter",
        "Check the documents: rejected",
        "The buyer&#39;s name differs from the contract.",
        "Network address",
        "<td role=\"cell\" data-label=\"Value\">Officer</td>",
    ] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    for code in ["BANK_CHECK", "RETURNED", "actor_role", "ip_address"] {
        assert!(!page.text.contains(code), "{code}: {}", page.text);
    }
    assert!(page.text.contains(&format!("href=\"/exports/{export}\"")), "the case itself is one step away");
    // Erased, it says so and stays.
    site.execute(
        "set role jebena_owner; alter table audit.event_private no force row level security;
         delete from audit.event_private; alter table audit.event_private force row level security;",
    )
    .await;
    let page = site.get(&mut auditor, &format!("/audit/events/{event}")).await;
    assert!(page.text.contains("The personal part was erased") && page.text.contains("Bank check"), "{}", page.text);
    for other in ["x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let answer = site.get(&mut auditor, &format!("/audit/events/{other}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{other}");
    }
}

#[tokio::test]
async fn the_record_is_read_in_words_in_both_languages() {
    let site = TestSite::seeded().await;
    submitted(&site).await;
    let mut auditor = site.sign_in("auditor").await;
    let name: String = sqlx::query_scalar("select full_name from users where username = 'auditor'")
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    let page = site.get(&mut auditor, "/audit?about=auditor").await;
    let first = events(&page).next().unwrap();
    assert!(first.starts_with("Signed in") && note_of(first) == "LOGIN_SUCCESS", "{first}");
    assert!(page.text.contains(&format!(">{name}</a> <small>Person</small>")), "{}", page.text);

    // Whatever happened, in either language, has a name, and what it says is no id.
    let types = column(&site, "select distinct event_type from audit.events").await;
    assert!(types.len() > 15, "{types:?}");
    let csrf = page.hidden("csrf");
    for &lang in Lang::ALL {
        let language = [("csrf", csrf.as_str()), ("next", "/audit"), ("language", lang.code())];
        site.post(&mut auditor, "/language", &language).await;
        for query in types.iter().map(|code| format!("event={code}")).chain([String::new()]) {
            let page = site.get(&mut auditor, &format!("/audit?{query}")).await;
            let text = text_of_rows(&page);
            assert!(!text.is_empty() && !has_id(&text), "{query}: {text}");
            let shouted =
                text.split(|c: char| !c.is_ascii_uppercase() && c != '_').find(|word| EVENT_TYPES.contains(word));
            assert_eq!(shouted, None, "{query}: {text}");
            for cell in events(&page) {
                assert!(cell.starts_with(&words::event(note_of(cell), lang)), "{cell}");
            }
        }
    }
    // Whatever is known of it has a name.
    let keys = "select distinct jsonb_object_keys(details) from audit.events
                union select distinct jsonb_object_keys(payload) from audit.event_private";
    for key in column(&site, keys).await {
        for &lang in Lang::ALL {
            assert!(lang.find_name("audit-fact", &key).is_some(), "no words for {key}");
        }
    }
}

#[tokio::test]
async fn the_type_is_chosen_by_its_name_and_its_address_keeps_the_code() {
    let site = TestSite::seeded().await;
    let mut auditor = site.sign_in("auditor").await;
    let page = site.get(&mut auditor, "/audit").await;
    let options = |page: &Answer| -> Vec<String> {
        let field = page.text.split_once("id=\"event\"").unwrap().1.split("</select>").next().unwrap().to_owned();
        field
            .split("<option value=\"")
            .skip(1)
            .map(|option| option.split("</option>").next().unwrap().to_owned())
            .collect()
    };
    let all = options(&page);
    assert_eq!((all.len(), all[0].as_str()), (EVENT_TYPES.len() + 1, "\" selected>Any"));
    let names: Vec<&str> = all[1..].iter().map(|option| option.rsplit('>').next().unwrap()).collect();
    assert!(names.is_sorted(), "{names:?}");
    assert!(all.contains(&"LOGIN_SUCCESS\">Signed in".to_owned()), "{all:?}");
    // As it is spoken, too; and what is no type finds nothing and stays in sight.
    for (query, chosen) in [
        ("event=LOGIN_SUCCESS", "LOGIN_SUCCESS\" selected>Signed in"),
        ("event=login+success", "LOGIN_SUCCESS\" selected>Signed in"),
        ("event=NOTHING_SUCH", "NOTHING_SUCH\" selected>nothing such"),
    ] {
        let page = site.get(&mut auditor, &format!("/audit?{query}")).await;
        assert!(options(&page).contains(&chosen.to_owned()), "{query}: {}", page.text);
        assert_eq!(types(&page).is_empty(), query.contains("NOTHING"), "{query}");
    }
}

#[tokio::test]
async fn a_case_leads_to_its_trail_for_who_may_read_the_record() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    let trail = address::trail("export", export);
    for (username, reads) in [("auditor", true), ("exporter.owner", false), ("bank.officer", false)] {
        let mut browser = site.sign_in(username).await;
        let page = site.get(&mut browser, &format!("/exports/{export}")).await;
        assert_eq!(page.status, StatusCode::OK, "{username}: {}", page.text);
        assert_eq!(page.text.contains(&format!("href=\"{trail}\"")), reads, "{username}: {}", page.text);
        if reads {
            let found = types(&site.get(&mut browser, &trail).await);
            assert_eq!(found, ["EXPORT_SUBMITTED", "EXPORT_CREATED"]);
        }
    }
}

#[tokio::test]
async fn who_runs_the_system_finds_people_and_no_business_case_by_its_number() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    let number: String = sqlx::query_scalar("select export_number from exports where export_id = $1")
        .bind(export)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    let mut administrator = site.sign_in("admin").await;
    assert!(search(&site, &mut administrator, &format!("about={number}")).await.is_empty());
    let mut wrong = Browser::default();
    site.post(&mut wrong, "/sign-in", &[("username", "nbe.officer"), ("password", "not the password")]).await;
    assert_eq!(search(&site, &mut administrator, "about=nbe.officer").await, ["LOGIN_FAILED"]);
    // Neither by its id, nor among all, nor behind the handler's own filter.
    for query in [format!("about=export+{export}"), "event=EXPORT_SUBMITTED".to_owned()] {
        assert!(search(&site, &mut administrator, &query).await.is_empty(), "{query}");
    }
    let mut sql = site.sql().await;
    sqlx::raw_sql("set role jebena_admin").execute(&mut sql).await.unwrap();
    let of_business =
        "select (select count(*) from audit.events where entity_type = 'export' and entity_id is not null)
                       + (select count(*) from audit.event_private where payload ? 'reason')";
    let seen: i64 = sqlx::query_scalar(of_business).fetch_one(&mut sql).await.unwrap();
    assert_eq!(seen, 0);
    for username in ["exporter.owner", "bank.supervisor", "nbe.officer", "ecta.supervisor"] {
        let mut other = site.sign_in(username).await;
        assert_eq!(site.get(&mut other, "/audit").await.status, StatusCode::FORBIDDEN, "{username}");
    }
}

#[tokio::test]
async fn pages_follow_each_other_and_a_file_has_all_and_is_on_record() {
    let site = TestSite::seeded().await;
    let mut auditor = site.sign_in("auditor").await;
    let (mut path, mut seen) = ("/audit?event=EXPORT_SUBMITTED".to_owned(), Vec::new());
    let total = site.count("select count(*) from audit.events where event_type = 'EXPORT_SUBMITTED'").await;
    assert!(total > 50, "more than one page: {total}");
    loop {
        let page = site.get(&mut auditor, &path).await;
        let links = page.text.split("href=\"/audit/events/").skip(1);
        seen.extend(links.map(|rest| rest.split('"').next().unwrap().to_owned()));
        let Some(older) =
            page.text.split("href=\"").find(|rest| rest.contains("after=") && rest.starts_with("/audit?"))
        else {
            break;
        };
        path = older.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    }
    assert_eq!(i64::try_from(seen.len()).unwrap(), total);
    seen.sort();
    seen.dedup();
    assert_eq!(i64::try_from(seen.len()).unwrap(), total, "none twice");

    let file = site.get(&mut auditor, "/audit?event=EXPORT_SUBMITTED&format=csv").await;
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        i64::try_from(file.text.lines().filter(|line| line.contains("EXPORT_SUBMITTED")).count()).unwrap(),
        total
    );
    // The code for programs, and the words beside it.
    assert!(file.text.contains(",EXPORT_SUBMITTED,Export submitted,"), "{}", file.text);
    let on_record = "select (details ->> 'rows')::bigint from audit.events
                     where event_type = 'DATA_EXPORT' and details ->> 'list' = 'record'";
    assert_eq!(site.count(on_record).await, total);
}
