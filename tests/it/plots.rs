//! Plots of land: files looked at and stored whole or not at all, points mapped, corrected, taken out of use.

use axum::body::Body;
use http::{Request, StatusCode};

use crate::documents::UploadForm;
use crate::rows::Rows;
use crate::site::{Answer, Browser, TestSite, pairs};

const SQUARE: &str =
    "[[38.400001,6.600001],[38.402001,6.600001],[38.402001,6.602001],[38.400001,6.602001],[38.400001,6.600001]]";

/// A feature of a file.
pub fn feature(producer: &str, geometry: &str, coordinates: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"ProducerName":"{producer}","ProducerCountry":"ET","ProductionPlace":"Aleta Wendo"}},"geometry":{{"type":"{geometry}","coordinates":{coordinates}}}}}"#
    )
}

/// A file of features.
pub fn file(features: &[String]) -> Vec<u8> {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",")).into_bytes()
}

/// A good file: an outline and a point.
fn good() -> Vec<u8> {
    file(&[
        feature("Abebe Kebede", "Polygon", &format!("[{SQUARE}]")),
        feature("Tigist Bekele", "Point", "[38.5000011,6.700001]"),
    ])
}

fn upload(page: &Answer, name: &str, bytes: &[u8]) -> Request<Body> {
    let (csrf, key) = (page.hidden("csrf"), page.hidden("idempotency_key"));
    UploadForm { fields: vec![("csrf", &csrf), ("idempotency_key", &key)], file_name: name, file: bytes }
        .request("/plots/import")
}

/// A site with two exporters and the people who may look at plots.
async fn start() -> TestSite {
    let site = TestSite::start().await;
    for (username, kind, role) in [
        ("exporter.clerk", "EXPORTER", "CLERK"),
        ("other.clerk", "EXPORTER", "CLERK"),
        ("ecta.officer", "ECTA", "OFFICER"),
        ("customs.officer", "CUSTOMS", "OFFICER"),
        ("auditor", "AUDITOR", "AUDITOR"),
        ("bank.officer", "COMMERCIAL_BANK", "OFFICER"),
        ("shipping.officer", "SHIPPING_LINE", "OFFICER"),
        ("nbe.officer", "NATIONAL_BANK", "OFFICER"),
    ] {
        site.add_user(username, kind, role, true).await;
    }
    site
}

impl TestSite {
    /// Sends a file of plots.
    pub async fn send_plots(&self, browser: &mut Browser, bytes: &[u8]) -> Answer {
        let page = self.get(browser, "/plots/import").await;
        self.call(browser, upload(&page, "plots.geojson", bytes)).await
    }

    /// Sends a file of plots and stores it.
    pub async fn store_plots(&self, browser: &mut Browser, bytes: &[u8], more: &[(&str, &str)]) -> Answer {
        let sent = self.send_plots(browser, bytes).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        let page = sent.location().to_owned();
        self.send_form(browser, &page, &format!("{page}/storing"), more).await
    }

    /// Sends the form of `page` at `path` with its hidden fields and `fields`.
    async fn send_form(&self, browser: &mut Browser, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let shown = self.get(browser, page).await;
        assert_eq!(shown.status, StatusCode::OK, "{page}: {}", shown.text);
        let (csrf, key) = (shown.hidden("csrf"), shown.hidden("idempotency_key"));
        let mut sent = vec![("csrf", csrf.as_str()), ("idempotency_key", key.as_str())];
        let version = if shown.text.contains("name=\"version\"") { shown.hidden("version") } else { String::new() };
        if !version.is_empty() {
            sent.push(("version", &version));
        }
        sent.extend(fields);
        self.post(browser, path, &sent).await
    }

    async fn plot(&self, number: &str) -> String {
        let id: uuid::Uuid =
            sqlx::query_scalar("select plot_id from plots where plot_number = $1 and superseded_by is null")
                .bind(number)
                .fetch_one(&mut self.sql().await)
                .await
                .unwrap();
        format!("/plots/{id}")
    }
}

#[tokio::test]
async fn a_file_is_looked_at_first_and_stored_on_a_yes() {
    let site = start().await;
    let mut clerk = site.sign_in("exporter.clerk").await;
    let empty = site.get(&mut clerk, "/plots").await;
    assert!(empty.text.contains("No plots") && empty.text.contains("href=\"/plots/import\""), "{}", empty.text);

    let sent = site.send_plots(&mut clerk, &good()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let page = sent.location().to_owned();
    let preview = site.get(&mut clerk, &page).await;
    for shown in [
        "Nothing is stored yet",
        "Abebe Kebede (ET)",
        "4.8919 ha",
        "Feature 2</strong>: Coordinates with more than six decimals are rounded: 1.",
        "it is taken for 4 hectares",
        "Save 2 plots",
        "<title id=\"file-map-title\">Map of the plots in the file</title>",
    ] {
        assert!(preview.text.contains(shown), "{shown}: {}", preview.text);
    }
    assert_eq!(site.count("select count(*) from plots").await, 0);
    // The policy of the page allows no inline style, and none is there.
    assert!(!preview.text.contains("style="), "{}", preview.text);

    // The same form twice has one effect.
    let (csrf, key) = (preview.hidden("csrf"), preview.hidden("idempotency_key"));
    let fields = [("csrf", csrf.as_str()), ("idempotency_key", key.as_str())];
    let store = format!("{page}/storing");
    // The last form of the page discards the file; the key serves either, once.
    let stored = site.post(&mut clerk, &store, &fields).await;
    assert_eq!((stored.status, stored.location()), (StatusCode::SEE_OTHER, "/plots"), "{}", stored.text);
    let again = site.post(&mut clerk, &store, &fields).await;
    assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, "/plots"), "{}", again.text);
    assert_eq!(site.count("select count(*) from plots").await, 2);

    let list = site.get(&mut clerk, "/plots").await;
    assert!(list.text.contains("PLOT-000001") && list.text.contains("PLOT-000002"), "{}", list.text);
    assert!(list.text.contains("not stated"), "nothing is stated by a file: {}", list.text);
    let rows: Vec<(String, String, String, i32, Option<String>)> = sqlx::query_as(
        "select plot_number, area_ha::text, geometry, west, cutoff_evidence from plots order by plot_number",
    )
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!((rows[0].1.as_str(), rows[0].3, &rows[0].4), ("4.8919", 38_400_001, &None));
    assert_eq!(rows[1].2, r#"{"type":"Point","coordinates":[38.500001,6.700001]}"#);
    assert_eq!(
        site.count(
            "select count(*) from audit.events where event_type = 'PLOTS_IMPORTED' and details ->> 'plots' = '2'"
        )
        .await,
        1
    );
    // The file is let go, and its page says that it was settled.
    assert_eq!(site.count("select count(*) from plot_imports where content is not null").await, 0);
    assert_eq!(site.get(&mut clerk, &page).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_file_with_one_fault_stores_nothing_and_each_fault_is_named() {
    let site = start().await;
    let mut clerk = site.sign_in("exporter.clerk").await;
    let mut sql = site.sql().await;
    let before = Rows::of(&mut sql).await;
    let swapped =
        "[[38.400001,6.600001],[38.402001,6.602001],[38.402001,6.600001],[38.400001,6.602001],[38.400001,6.600001]]";
    let bad = file(&[
        feature("Abebe Kebede", "Polygon", &format!("[{SQUARE}]")),
        feature("Tigist <script>", "Polygon", &format!("[{swapped}]")),
        feature("Almaz Tesfaye", "Point", "[38.4,6.6]"),
    ]);
    let refused = site.send_plots(&mut clerk, &bad).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for shown in [
        "plots.geojson has faults. Nothing was stored.",
        "Faults: 2. Features without fault: 1.",
        "Feature 2, ring 1</th><td role=\"cell\" data-label=\"Coordinates\">[38.401001,6.601001]</td>",
        "The side from position 1 to 2 crosses or touches the side from 3 to 4 here.</td>",
        "Feature 3</th><td role=\"cell\" data-label=\"Coordinates\">[38.400000,6.600000]</td>",
        "The coordinates have 1 decimals; six are needed.</td>",
    ] {
        assert!(refused.text.contains(shown), "{shown}: {}", refused.text);
    }
    for (bytes, sentence) in [
        (b"not json".to_vec(), "This is no JSON: line 1, character 2."),
        (vec![0xFF, 0xFE, 0x00], "byte 1 is not UTF-8"),
        (b"{\"type\":\"FeatureCollection\",\"features\":[]}".to_vec(), "The file has no feature."),
        (Vec::new(), "This is no JSON"),
        (vec![b' '; (10 << 20) + 1], "This file is larger than 10 MB."),
    ] {
        let refused = site.send_plots(&mut clerk, &bytes).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{sentence}");
        assert!(refused.text.contains(sentence), "{sentence}: {}", refused.text);
    }
    let page = site.get(&mut clerk, "/plots/import").await;
    let none = site.call(&mut clerk, upload(&page, "", b"")).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text.contains("Choose"), "{}", none.text);
    assert_eq!(Rows::of(&mut sql).await, before, "what is looked at leaves nothing");
}

#[tokio::test]
async fn a_plot_lies_nowhere_twice() {
    let site = start().await;
    let mut clerk = site.sign_in("exporter.clerk").await;
    // Two browsers of the same firm look at the same file, and both say yes.
    site.add_user("second.clerk", "EXPORTER", "CLERK", true).await;
    site.execute(
        "update users set organization_id = (select organization_id from users where username = 'exporter.clerk')
         where username = 'second.clerk'",
    )
    .await;
    let mut second = site.sign_in("second.clerk").await;
    let waiting = site.send_plots(&mut second, &good()).await.location().to_owned();
    let stored = site.store_plots(&mut clerk, &good(), &[]).await;
    assert_eq!(stored.status, StatusCode::SEE_OTHER, "{}", stored.text);
    let late = site.get(&mut second, &waiting).await;
    assert!(late.text.contains("Your plot PLOT-000001 lies there already."), "{}", late.text);
    let (csrf, key) = (late.hidden("csrf"), late.hidden("idempotency_key"));
    let fields = [("csrf", csrf.as_str()), ("idempotency_key", key.as_str())];
    let refused = site.post(&mut second, &format!("{waiting}/storing"), &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    let discarded = site.send_form(&mut second, &waiting, &format!("{waiting}/removal"), &[]).await;
    assert_eq!((discarded.status, discarded.location()), (StatusCode::SEE_OTHER, "/plots/import"));
    assert_eq!(site.count("select count(*) from plots").await, 2);
    assert_eq!(site.count("select count(*) from plot_imports where status = 'DISCARDED' and content is null").await, 1);

    // A new file takes the place of the one that the same person had waiting.
    let other = file(&[feature("Abebe Kebede", "Point", "[38.900001,6.900001]")]);
    let first = site.send_plots(&mut clerk, &other).await.location().to_owned();
    let next = site.send_plots(&mut clerk, &other).await.location().to_owned();
    assert_eq!(site.get(&mut clerk, &first).await.status, StatusCode::CONFLICT);
    assert_eq!(site.get(&mut clerk, &next).await.status, StatusCode::OK);
}

const POINT: [(&str, &str); 10] = [
    ("producer_name", "Tigist Bekele"),
    ("producer_country", "ET"),
    ("production_place", "Dale, Sidama"),
    ("plot_number", ""),
    ("longitude", "38.412345"),
    ("latitude", "6.7123456"),
    ("area", "2.5"),
    ("cutoff_kind", ""),
    ("cutoff_evidence", ""),
    ("cutoff_stated", ""),
];

fn point<'a>(changes: &[(&'static str, &'a str)]) -> Vec<(&'static str, &'a str)> {
    POINT
        .iter()
        .map(|(name, value)| changes.iter().find(|(other, _)| other == name).copied().unwrap_or((name, value)))
        .collect()
}

#[tokio::test]
async fn a_point_is_mapped_with_every_problem_at_its_field() {
    let site = start().await;
    let mut clerk = site.sign_in("exporter.clerk").await;
    let refused = site
        .send_form(
            &mut clerk,
            "/plots/new",
            "/plots",
            &point(&[("producer_name", ""), ("area", "4.5"), ("plot_number", "PLOT-9"), ("cutoff_stated", "yes")]),
        )
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["producer_name", "plot_number", "latitude", "area", "cutoff_kind", "cutoff_evidence"] {
        assert!(refused.text.contains(&format!("id=\"{field}-error\"")), "{field}: {}", refused.text);
    }
    assert!(refused.text.contains("value=\"Dale, Sidama\"") && refused.text.contains("value=\"6.7123456\""));
    for (longitude, latitude, field) in [
        ("", "6.712345", "longitude"),
        ("38.41", "6.71", "longitude"),
        ("181.000001", "6.712345", "longitude"),
        ("38.412345", "x", "latitude"),
    ] {
        let refused = site
            .send_form(&mut clerk, "/plots/new", "/plots", &point(&[("longitude", longitude), ("latitude", latitude)]))
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{longitude} {latitude}");
        assert!(refused.text.contains(&format!("id=\"{field}-error\"")), "{field}: {}", refused.text);
    }
    assert_eq!(site.count("select count(*) from plots").await, 0);

    let stated = [
        ("latitude", "6.712345"),
        ("plot_number", "AW/17"),
        ("cutoff_stated", "yes"),
        ("cutoff_kind", "FIELD_VISIT"),
        ("cutoff_evidence", "Visit of 3 March 2026, report 12"),
    ];
    let mapped = site.send_form(&mut clerk, "/plots/new", "/plots", &point(&stated)).await;
    assert_eq!(mapped.status, StatusCode::SEE_OTHER, "{}", mapped.text);
    let path = site.plot("AW/17").await;
    assert_eq!(mapped.location(), path);
    let page = site.get(&mut clerk, &path).await;
    for shown in
        ["Plot AW/17", "2.5 ha", "Visit of 3 March 2026, report 12", "E.C.)", "<circle ", "38.412345", "role=\"img\""]
    {
        assert!(page.text.contains(shown), "{shown}: {}", page.text);
    }
    let again = site.send_form(&mut clerk, "/plots/new", "/plots", &point(&stated)).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("You have a plot with the number AW/17 already."), "{}", again.text);
    assert!(again.text.contains("Your plot AW/17 lies there already."), "{}", again.text);

    let file = site.get(&mut clerk, &format!("{path}/file")).await;
    assert_eq!(file.headers["content-type"], "application/geo+json");
    assert!(file.headers["content-disposition"].to_str().unwrap().contains("AW-17.geojson"));
    assert!(file.text.contains(r#""ProducerName":"Tigist Bekele","ProducerCountry":"ET""#), "{}", file.text);
    assert!(file.text.contains("[38.412345,6.712345]"), "{}", file.text);
}

#[tokio::test]
async fn a_correction_supersedes_and_what_was_stated_ends_with_it() {
    let site = start().await;
    let mut clerk = site.sign_in("exporter.clerk").await;
    site.store_plots(
        &mut clerk,
        &good(),
        &[("cutoff_stated", "yes"), ("cutoff_kind", "SATELLITE"), ("cutoff_evidence", "Sentinel-2, before and after")],
    )
    .await;
    assert_eq!(site.count("select count(*) from plots where cutoff_evidence_kind = 'SATELLITE'").await, 2);
    let path = site.plot("PLOT-000001").await;
    let form = format!("{path}/revision");
    let stale = site.get(&mut clerk, &form).await;

    let names = [
        ("producer_name", "Abebe Kebede Alemu"),
        ("producer_country", "ET"),
        ("production_place", "Aleta Wendo"),
        ("area", ""),
        ("cutoff_kind", ""),
        ("cutoff_evidence", ""),
    ];
    let with = |geometry: &'static str| {
        let mut fields = names.to_vec();
        fields.push(("geometry", geometry));
        fields
    };
    let crossing = r#"{"type":"Polygon","coordinates":[[[38.400001,6.600001],[38.402001,6.602001],[38.402001,6.600001],[38.400001,6.602001],[38.400001,6.600001]]]}"#;
    let refused = site.send_form(&mut clerk, &form, &form, &with(crossing)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("crosses or touches"), "{}", refused.text);
    let refused = site.send_form(&mut clerk, &form, &form, &with("{")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);

    let revised = site.send_form(&mut clerk, &form, &form, &with("")).await;
    assert_eq!(revised.status, StatusCode::SEE_OTHER, "{}", revised.text);
    let now = site.plot("PLOT-000001").await;
    assert_ne!(now, path);
    let row: (i32, String, Option<String>) =
        sqlx::query_as("select revision, producer_name, cutoff_evidence from plots where plot_number = 'PLOT-000001' and superseded_by is null")
            .fetch_one(&mut site.sql().await)
            .await
            .unwrap();
    assert_eq!(row, (2, "Abebe Kebede Alemu".to_owned(), None), "nothing is stated of the new revision");
    let old = site.get(&mut clerk, &path).await;
    assert!(old.text.contains("A later revision has taken the place") && old.text.contains(&now), "{}", old.text);

    // The form that was open before is too late, and so is one on the revision in force with another version.
    let (csrf, key, version) = (stale.hidden("csrf"), stale.hidden("idempotency_key"), stale.hidden("version"));
    let mut sent = vec![("csrf", csrf.as_str()), ("idempotency_key", key.as_str()), ("version", version.as_str())];
    let fields = with("");
    sent.extend(pairs(&fields));
    let late = site.post(&mut clerk, &form, &sent).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("A later revision stands in the place"), "{}", late.text);
    assert_eq!(site.get(&mut clerk, &form).await.status, StatusCode::CONFLICT);

    // Stated again, once.
    let cutoff = format!("{now}/cut-off");
    let refused = site.send_form(&mut clerk, &cutoff, &cutoff, &[("cutoff_kind", ""), ("cutoff_evidence", "x")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let stated = [("cutoff_kind", "COOPERATIVE"), ("cutoff_evidence", "Union's register of 2019, page 4")];
    let open = site.get(&mut clerk, &format!("{now}/retirement")).await;
    assert_eq!(site.send_form(&mut clerk, &cutoff, &cutoff, &stated).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get(&mut clerk, &cutoff).await.status, StatusCode::CONFLICT);
    // What was open meanwhile is stale.
    let (csrf, key, version) = (open.hidden("csrf"), open.hidden("idempotency_key"), open.hidden("version"));
    let sent = [
        ("csrf", csrf.as_str()),
        ("idempotency_key", &key),
        ("version", &version),
        ("reason", "Coffee was uprooted there."),
    ];
    let late = site.post(&mut clerk, &format!("{now}/retirement"), &sent).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("The plot has changed since"), "{}", late.text);

    let retirement = format!("{now}/retirement");
    let refused = site.send_form(&mut clerk, &retirement, &retirement, &[("reason", "gone")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let retired =
        site.send_form(&mut clerk, &retirement, &retirement, &[("reason", "Coffee was uprooted there.")]).await;
    assert_eq!(retired.status, StatusCode::SEE_OTHER, "{}", retired.text);
    let page = site.get(&mut clerk, &now).await;
    assert!(page.text.contains("Coffee was uprooted there.") && !page.text.contains("/revision\""), "{}", page.text);
    let list = site.get(&mut clerk, "/plots?status=RETIRED").await;
    assert!(list.text.contains("PLOT-000001") && !list.text.contains("PLOT-000002"), "{}", list.text);
    let events: Vec<String> = sqlx::query_scalar(
        "select event_type from audit.events where entity_type in ('plot', 'plot_import') order by occurred_at, event_id",
    )
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!(events, ["PLOT_FILE_READ", "PLOTS_IMPORTED", "PLOT_REVISED", "PLOT_CUTOFF_STATED", "PLOT_RETIRED"]);
}

#[tokio::test]
async fn plots_are_the_exporters_and_the_authorities_look_on() {
    let site = start().await;
    let mut clerk = site.sign_in("exporter.clerk").await;
    site.store_plots(&mut clerk, &good(), &[]).await;
    let path = site.plot("PLOT-000001").await;
    let waiting = site
        .send_plots(&mut clerk, &file(&[feature("A", "Point", "[38.900001,6.900001]")]))
        .await
        .location()
        .to_owned();
    for (username, sees, may) in [
        ("other.clerk", StatusCode::NOT_FOUND, StatusCode::NOT_FOUND),
        ("ecta.officer", StatusCode::OK, StatusCode::FORBIDDEN),
        ("customs.officer", StatusCode::OK, StatusCode::FORBIDDEN),
        ("auditor", StatusCode::OK, StatusCode::FORBIDDEN),
        ("bank.officer", StatusCode::FORBIDDEN, StatusCode::FORBIDDEN),
        ("shipping.officer", StatusCode::FORBIDDEN, StatusCode::FORBIDDEN),
        ("nbe.officer", StatusCode::FORBIDDEN, StatusCode::FORBIDDEN),
    ] {
        let mut browser = site.sign_in(username).await;
        for page in [path.clone(), format!("{path}/file")] {
            assert_eq!(site.get(&mut browser, &page).await.status, sees, "{username} at {page}");
        }
        let list = site.get(&mut browser, "/plots").await;
        assert_eq!(list.text.contains("PLOT-000001"), sees == StatusCode::OK, "{username}: {}", list.text);
        for page in
            [format!("{path}/revision"), format!("{path}/retirement"), format!("{path}/cut-off"), waiting.clone()]
        {
            assert_eq!(site.get(&mut browser, &page).await.status, may, "{username} at {page}");
        }
    }
    // The second wall: whatever a query asks, the database shows no row.
    let mut sql = site.sql().await;
    for (class, kind, seen) in [
        ("jebena_party", "COMMERCIAL_BANK", 0),
        ("jebena_party", "SHIPPING_LINE", 0),
        ("jebena_party", "ECX", 0),
        ("jebena_party", "EXPORTER", 0),
        ("jebena_regulator", "NATIONAL_BANK", 0),
        ("jebena_regulator", "ECTA", 2),
        ("jebena_regulator", "CUSTOMS", 2),
        ("jebena_auditor", "AUDITOR", 2),
    ] {
        let statement = format!(
            "begin; set local role {class}; set local app.org_kind = '{kind}';
             set local app.org_id = '00000000-0000-0000-0000-000000000001'"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut sql).await.unwrap();
        let rows: i64 = sqlx::query_scalar("select count(*) from plots").fetch_one(&mut sql).await.unwrap();
        assert_eq!(rows, seen, "{class} {kind}");
        sqlx::raw_sql("rollback").execute(&mut sql).await.unwrap();
    }
    let two = site.sign_in("other.clerk").await;
    let mut two = two;
    // The same land may be another's: two exporters buy of one producer.
    assert_eq!(site.store_plots(&mut two, &good(), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.count("select count(*) from plots where plot_number = 'PLOT-000001'").await, 2);
}

#[tokio::test]
async fn the_list_is_narrowed_and_paged() {
    let site = start().await;
    let mut clerk = site.sign_in("exporter.clerk").await;
    let features: Vec<String> = (0..120)
        .map(|n| {
            feature(if n % 2 == 0 { "Abebe" } else { "Bekele" }, "Point", &format!("[38.{:06},6.600001]", 100_001 + n))
        })
        .collect();
    site.store_plots(&mut clerk, &file(&features), &[]).await;
    let mut seen = std::collections::BTreeSet::new();
    let mut next = Some("/plots".to_owned());
    while let Some(path) = next {
        let page = site.get(&mut clerk, &path).await;
        let before = seen.len();
        for number in page.text.split(">PLOT-").skip(1) {
            seen.insert(number[..6].to_owned());
        }
        assert!(seen.len() > before, "{path} shows nothing new");
        next = page
            .text
            .split("rel=\"next\" href=\"")
            .nth(1)
            .map(|rest| rest.split('"').next().unwrap().replace("&#38;", "&"));
    }
    assert_eq!(seen.len(), 120);
    let shown = |text: &str| text.matches(">PLOT-").count();
    let found = site.get(&mut clerk, "/plots?q=plot-000042").await;
    assert_eq!(shown(&found.text), 0, "a number is written as it is given");
    assert_eq!(shown(&site.get(&mut clerk, "/plots?q=PLOT-000042").await.text), 1);
    assert_eq!(shown(&site.get(&mut clerk, "/plots?q=bek").await.text), 50);
    assert_eq!(shown(&site.get(&mut clerk, "/plots?stated=yes").await.text), 0);
    assert_eq!(shown(&site.get(&mut clerk, "/plots?stated=no&status=ACTIVE").await.text), 50);
}
