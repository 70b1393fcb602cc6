//! Papers that prove themselves: sealed and signed behind the decision, by a signer that may be away, for strangers with
//! programs of others.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::Ordering;

use http::StatusCode;
use jebena::certificates::check_given;
use jebena::documents::reconcile::reconcile;
use jebena_pdf::pades::{ValidationMaterial, add_validation_material};
use jebena_signer::policy::Operation;
use jebena_signer::protocol::{Answer, Bytes, Request};
use jebena_signer::x509::list::Reason;
use jebena_trust::certificate::Certificate;
use jebena_trust::claims::Claims;
use jebena_trust::code::Code;
use jebena_trust::moment::Moment;
use jebena_trust::text::{base64url, from_base64url};
use jebena_trust::trust_list::Verified;
use jebena_trust::verdict::Verdict;
use jebena_trust::{given, jws, seal};
use serde_json::Value;
use sqlx::postgres::PgConnectOptions;
use uuid::Uuid;

use crate::pki::list;
use crate::signer::Signer;
use crate::site::{Browser, TestSite};
use crate::walk::{something_to_ask, walk};

/// A site with a signer, where the authority, customs and all exporters have their seals.
pub struct Ground {
    pub site: TestSite,
    pub signer: Signer,
    pub secure: PgConnectOptions,
}

impl Ground {
    pub async fn start(name: &'static str) -> Self {
        let mut site = TestSite::seeded().await;
        // What comes by itself is not tested here.
        site.execute("update job_schedules set next_run_at = '2100-01-01'; delete from jobs").await;
        let (signer, secure) = Signer::start(name, site.now()).await;
        let holders: Vec<Uuid> = sqlx::query_scalar(
            "select organization_id from organizations where kind in ('ECTA', 'CUSTOMS', 'EXPORTER') order by code",
        )
        .fetch_all(&mut site.sql().await)
        .await
        .unwrap();
        for holder in holders {
            signer.seal_of(holder, site.now()).await;
        }
        site.signed_by(signer.client.clone());
        Self { site, signer, secure }
    }

    /// An export that has come to the end of the step `until`.
    pub async fn export(&self, until: &str) -> Uuid {
        let asked = something_to_ask(&self.site, "EXPORTER", 600).await;
        let mut owner = self.site.sign_in("exporter.owner").await;
        let export = self.site.request(&mut owner, &asked, "600").await;
        let submission = format!("/exports/{export}/submission");
        let answer = self.site.fill_in(&mut owner, &format!("/exports/{export}"), &submission, &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        walk(&self.site, export, until).await;
        export
    }

    /// Id and code of the newest paper of this kind.
    pub async fn newest(&self, kind: &str) -> (Uuid, String) {
        sqlx::query_as(
            "select paper_id, verify_code from issued_papers where kind = $1 order by issued_at desc limit 1",
        )
        .bind(kind)
        .fetch_one(&mut self.site.sql().await)
        .await
        .unwrap()
    }

    async fn root(&self) -> ([u8; 32], Vec<u8>) {
        let mut secure = <sqlx::PgConnection as sqlx::Connection>::connect_with(&self.secure).await.unwrap();
        let (print, der): (Vec<u8>, Vec<u8>) =
            sqlx::query_as("select thumbprint_sha256, der_encoded_cert from certificates where profile = 'ROOT_CA'")
                .fetch_one(&mut secure)
                .await
                .unwrap();
        (print.try_into().unwrap(), der)
    }

    async fn list(&self) -> Verified {
        list(&self.site, &self.root().await.0).await
    }

    async fn fetch(&self, path: &str) -> (StatusCode, Vec<u8>) {
        let answer = self.site.get(&mut Browser::default(), path).await;
        (answer.status, answer.bytes)
    }

    fn at(&self) -> Moment {
        Moment::from_unix(self.site.now().timestamp()).unwrap()
    }

    /// A seal by the key of the authority, such as somebody makes who has it.
    async fn forged(&self, claims: Claims) -> Vec<u8> {
        let (certificate, signature) =
            self.signed_by_authority(|certificate| seal::to_be_signed(&claims, certificate.fingerprint())).await;
        seal::assemble(&claims, certificate.fingerprint(), &signature, certificate.key()).unwrap()
    }

    /// What the authority's key makes of a message, with its certificate.
    async fn signed_by_authority(&self, message: impl FnOnce(&Certificate) -> Vec<u8>) -> (Certificate, Vec<u8>) {
        let authority: Uuid = sqlx::query_scalar("select organization_id from organizations where kind = 'ECTA'")
            .fetch_one(&mut self.site.sql().await)
            .await
            .unwrap();
        let Answer::Certificates { certificates } = self.signer.client.ask(&Request::Certificates {}).await.unwrap()
        else {
            panic!("no certificates")
        };
        let of_it = certificates.iter().find(|one| one.organization == Some(authority)).unwrap();
        let certificate = Certificate::from_der(&of_it.certificate.0).unwrap();
        let request = Request::Sign {
            organization: authority,
            operation: Operation::SealPaper,
            about: Uuid::nil(),
            person: None,
            has_second_factor: false,
            message: Bytes(message(&certificate)),
        };
        let signature = self.signer.client.sign(&request).await.unwrap().signature;
        (certificate, signature)
    }

    /// A credential with other facts, signed anew by the key of the authority.
    async fn other_facts(&self, credential: &str) -> Vec<u8> {
        let [header, payload, _] = credential.split('.').collect::<Vec<_>>()[..] else { panic!("{credential}") };
        let mut facts: Value = serde_json::from_slice(&from_base64url(payload).unwrap()).unwrap();
        facts["name"] = "Another paper".into();
        let signed = format!("{header}.{}", base64url(facts.to_string().as_bytes())).into_bytes();
        let (certificate, signature) = self.signed_by_authority(|_| signed.clone()).await;
        jws::assemble(&signed, &signature, certificate.key()).unwrap().into_bytes()
    }

    async fn verdict_on(&self, bytes: &[u8]) -> Verdict {
        given::check(bytes, Ok(&self.list().await), self.at()).verdict
    }

    async fn json(&self, code: &str) -> Value {
        serde_json::from_slice(&self.fetch(&format!("/v/{code}.json")).await.1).unwrap()
    }

    /// Seals what was left, as each minute does.
    async fn seal_what_waits(&self) {
        self.site.execute("update job_schedules set next_run_at = 'epoch' where kind = 'SEAL_PAPERS'").await;
        self.site.do_all().await;
    }

    /// Papers that wait for a seal and are not among those that are known to, and the other way round.
    async fn strays(&self) -> i64 {
        let query = "select count(*) from
                 (select paper_id, issuer_organization_id, issued_at from issued_papers p
                  where not exists (select from paper_seals s where s.paper_id = p.paper_id)) a
             full join (select paper_id, issuer_organization_id, issued_at from unsealed_papers) b
                 using (paper_id, issuer_organization_id, issued_at)
             where a is null or b is null";
        self.site.count(query).await
    }

    /// The signed files of a paper: which, why, their hash and where.
    async fn files(&self, paper: Uuid) -> Vec<(i32, Option<String>, Vec<u8>, String)> {
        sqlx::query_as(
            "select version, reason, sha256, storage_key from paper_files where paper_id = $1 order by version",
        )
        .bind(paper)
        .fetch_all(&mut self.site.sql().await)
        .await
        .unwrap()
    }

    /// The file behind a code, by somebody who asks again when told to, while workers work.
    async fn file(&self, code: &str) -> Vec<u8> {
        let path = format!("/v/{code}.pdf");
        for _ in 0..10 {
            let is_answered = std::cell::Cell::new(false);
            let asking = async {
                let answer = self.fetch(&path).await;
                is_answered.set(true);
                answer
            };
            let (answer, ()) = tokio::join!(asking, async {
                while !is_answered.get() {
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                    self.site.do_all().await;
                }
            });
            if answer.0 != StatusCode::SERVICE_UNAVAILABLE {
                assert_eq!(answer.0, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.1));
                return answer.1;
            }
        }
        panic!("it is not made")
    }

    /// Puts other bytes in the place of a stored file.
    async fn damage(&self, key: &str) {
        let (storage, key) = (&self.site.state.storage, key.parse().unwrap());
        storage.delete(&key).await.unwrap();
        let bytes = futures::stream::iter([Ok::<_, std::io::Error>(bytes::Bytes::from_static(b"%PDF-1.7 damaged"))]);
        let staged = storage.stage(bytes, u64::MAX).await.unwrap();
        storage.commit(staged, &key).await.unwrap();
    }

    pub async fn counts(&self) -> (i64, i64) {
        sqlx::query_as("select (select count(*) from paper_seals), (select count(*) from paper_files)")
            .fetch_one(&mut self.site.sql().await)
            .await
            .unwrap()
    }
}

/// A program of others; `tests/run` installs what is missing.
fn run(program: &str, words: &[&str]) -> (bool, Vec<u8>) {
    let output = Command::new(program).args(words).output();
    let output = output.unwrap_or_else(|error| panic!("{program}: {error}"));
    (output.status.success(), output.stdout)
}

/// What the page says to whoever hands a file in.
async fn hand_in(site: &TestSite, bytes: &[u8]) -> String {
    let mut body = b"--x\r\ncontent-disposition: form-data; name=\"idempotency_key\"\r\n\r\n\
        0195f642-dcb0-7388-9481-60430c6ffea3\r\n\
        --x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"paper.pdf\"\r\n\r\n"
        .to_vec();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let request = http::Request::post("/v/file")
        .header(http::header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(axum::body::Body::from(body))
        .unwrap();
    let answer = site.call(&mut Browser::default(), request).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.text
}

fn path_of(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_paper_is_sealed_and_signed_behind_the_decision_and_strangers_believe_it() {
    let ground = Ground::start("secure_for_papers").await;
    let site = &ground.site;
    ground.export("origin").await;
    let (id, code) = ground.newest("ICO_CERTIFICATE").await;
    assert_eq!(ground.counts().await, (0, 0), "nothing is signed in the transaction that issues");
    let early = site.get(&mut Browser::default(), &format!("/v/{code}.cose")).await;
    assert_eq!((early.status, early.headers["retry-after"].to_str().unwrap()), (StatusCode::SERVICE_UNAVAILABLE, "5"));
    assert!(early.text.contains("has no seal yet") && early.text.contains(&format!("/v/{code}\"")), "{}", early.text);
    let mut officer = site.sign_in("ecta.officer").await;
    let page = site.get(&mut officer, &format!("/papers/{id}")).await.text;
    assert!(page.contains("being sealed") && !page.contains("name=\"csrf\""), "it is not printed without its seal");

    site.do_all().await;
    let issued: i64 = site
        .count(
            "select count(*) from issued_papers p join exports e using (export_id)
         where p.issued_at >= (select max(issued_at) from issued_papers where kind = 'EXPORT_PERMIT')",
        )
        .await;
    let (seals, files) = ground.counts().await;
    assert!(seals >= 2 && seals == files && seals <= issued, "{seals} seals, {files} files, {issued} papers");
    let page = site.get(&mut officer, &format!("/papers/{id}")).await.text;
    assert!(page.contains("paper__foot--sealed") && page.contains("name=\"csrf\""), "{page}");

    // The seal, in every form in which it is given.
    let (status, cose) = ground.fetch(&format!("/v/{code}.cose")).await;
    assert_eq!((status, ground.verdict_on(&cose).await), (StatusCode::OK, Verdict::Valid));
    let (status, json) = ground.fetch(&format!("/v/{code}.json")).await;
    assert_eq!((status, ground.verdict_on(&json).await), (StatusCode::OK, Verdict::Valid));
    let said = ground.json(&code).await;
    assert_eq!((&said["state"], &said["seal_verdict"]), (&"VALID".into(), &"VALID".into()), "{said}");
    assert_eq!(said["claims"]["content_sha256"], said["content_sha256"]);
    assert_eq!(said["claims"]["signatories"].as_array().unwrap().len(), 2, "customs and the authority");
    let page = site.get(&mut Browser::default(), &format!("/v/{code}")).await.text;
    assert!(page.contains(&format!("/v/{code}.pdf")) && page.contains("Signed file (PDF)"), "{page}");

    // The file, with two signatures and the seal in its QR code.
    let (status, pdf) = ground.fetch(&format!("/v/{code}.pdf")).await;
    assert_eq!(status, StatusCode::OK);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("paper.pdf"), &pdf).unwrap();
    std::fs::write(folder.path().join("root.der"), ground.root().await.1).unwrap();
    let (file, root) = (path_of(&folder, "paper.pdf"), path_of(&folder, "root.der"));
    let checkers = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = checkers.join("target/checkers/pdf/bin/python");
    let script = checkers.join("pdf/tests/checkers/verdict.py");
    let words = [script.to_str().unwrap(), "plain", &file, &root, &site.now().to_rfc3339()];
    let (_, verdict) = run(python.to_str().unwrap(), &words);
    let verdict = String::from_utf8(verdict).unwrap();
    assert_eq!(
        verdict.lines().collect::<Vec<_>>(),
        [
            "Customs: GOOD VALID INTACT TRUSTED CERTIFIED ENTIRE_REVISION FORM_FILLING STAMPED",
            "Issuer: GOOD VALID INTACT TRUSTED APPROVAL ENTIRE_REVISION LTA_UPDATES STAMPED",
        ]
    );
    let picture = path_of(&folder, "page");
    assert!(run("pdftoppm", &["-r", "150", "-gray", "-png", "-singlefile", &file, &picture]).0);
    let (_, read) = run("zbarimg", &["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", &format!("{picture}.png")]);
    let address = String::from_utf8(read).unwrap();
    assert!(address.contains(&format!("/v/{code}#")), "{address}");
    assert_eq!(ground.verdict_on(address.trim().as_bytes()).await, Verdict::Valid);

    // Our own check says the same, and sees what was changed: in the file, behind it, or in what it carries.
    let trusted = ground.list().await;
    let outcome = check_given(&pdf, Ok(&trusted), ground.at());
    assert_eq!(outcome.verdict, Verdict::Valid, "{}", outcome.reason);
    let check = |bytes: &[u8]| check_given(bytes, Ok(&trusted), ground.at()).verdict;
    for at in [pdf.len() / 5, pdf.len() / 3, pdf.len() / 2] {
        let mut changed = pdf.clone();
        changed[at] ^= 1;
        assert_ne!(check(&changed), Verdict::Valid, "byte {at}");
    }
    let answer = hand_in(site, &pdf).await;
    assert!(
        answer.contains("word--good") && answer.contains("VALID") && answer.contains(&format!("/v/{code}")),
        "{answer}"
    );

    // What the authority's key has signed and the authority has not issued: the record has the last word.
    let claims = seal::parse(&cose).unwrap().claims;
    let elsewhere = Claims { code: Code::of_bytes([7; 16]), ..claims.clone() };
    let answer = hand_in(site, &ground.forged(elsewhere).await).await;
    assert!(answer.contains("NOT ISSUED HERE") && answer.contains("word--bad"), "{answer}");
    for changed in [
        Claims { content_sha256: [7; 32], ..claims.clone() },
        Claims { number: "ICO-2026-999999".to_owned(), ..claims },
    ] {
        let answer = hand_in(site, &ground.forged(changed).await).await;
        assert!(answer.contains("ALTERED") && answer.contains("of other content"), "{answer}");
    }

    // The credential, by the document that its issuer's identifier leads to.
    let (status, credential) = ground.fetch(&format!("/v/{code}.vc.jwt")).await;
    assert_eq!(status, StatusCode::OK);
    let (status, document) = ground.fetch("/pki/ECTA/did.json").await;
    assert_eq!(status, StatusCode::OK);
    std::fs::write(folder.path().join("did.json"), &document).unwrap();
    let judged = |credential: &[u8]| {
        std::fs::write(folder.path().join("paper.jwt"), credential).unwrap();
        let python = checkers.join("target/checkers/trust/bin/python");
        let script = checkers.join("trust/tests/checkers/credential.py");
        let words = [script.to_str().unwrap(), &path_of(&folder, "paper.jwt"), &path_of(&folder, "did.json")];
        String::from_utf8(run(python.to_str().unwrap(), &words).1).unwrap()
    };
    assert_eq!(
        judged(&credential).trim(),
        "VALID DigitalConformityCredential+VerifiableCredential ICO certificate of origin"
    );
    let mut forged = credential.clone();
    let last = forged.len() - 10;
    forged[last] = if forged[last] == b'A' { b'B' } else { b'A' };
    assert_eq!(judged(&forged).trim(), "REFUSED");
    // And by the seal that it has with it, as everything else that the site gives out.
    for (file, verdict, is_good) in [(&credential, "VALID", true), (&forged, "ALTERED", false)] {
        let answer = hand_in(site, file).await;
        assert!(answer.contains(verdict) && answer.contains("word--good") == is_good, "{answer}");
    }
    assert_eq!(ground.verdict_on(&credential).await, Verdict::Valid);
    assert_eq!(ground.verdict_on(&forged).await, Verdict::Altered);
    assert_eq!(ground.fetch("/pki/NOBODY/did.json").await.0, StatusCode::NOT_FOUND);
    // Other facts beside the true seal, by the authority's own key: its signatures hold, and it was never given out.
    let other = ground.other_facts(std::str::from_utf8(&credential).unwrap()).await;
    assert_eq!(ground.verdict_on(&other).await, Verdict::Valid);
    let answer = hand_in(site, &other).await;
    assert!(answer.contains("ALTERED") && answer.contains("not what was given out"), "{answer}");

    // The seal of one paper on another.
    let (_, other) = ground.newest("EXPORT_PERMIT").await;
    let forged = address.replace(&code, &other);
    assert_eq!(ground.verdict_on(forged.trim().as_bytes()).await, Verdict::Altered);

    // Asking again changes nothing.
    site.execute(&format!(
        "insert into jobs (job_id, kind, payload, status, run_at, attempts, attempts_allowed, created_at)
         select gen_random_uuid(), 'SEAL_PAPER', jsonb_build_object('paper_id', '{id}'), 'WAITING', run_at, 0, 3, created_at
         from jobs where kind = 'SEAL_PAPER' limit 1"
    ))
    .await;
    site.do_all().await;
    assert_eq!(ground.counts().await, (seals, files));
    assert_eq!(ground.fetch(&format!("/v/{code}.pdf")).await.1, pdf);

    // A file to which its reader has added what a checker needs is the one that was given out; one that was signed by the same keys
    // and is on no record is not.
    let more =
        ValidationMaterial { certificates: vec![ground.root().await.1.repeat(2)], ..ValidationMaterial::default() };
    let longer = add_validation_material(&pdf, &more).unwrap();
    assert!(longer.len() > pdf.len() && hand_in(site, &longer).await.contains("word--good"));
    site.execute("alter table paper_files disable trigger user; delete from paper_files; alter table paper_files enable trigger user").await;
    let again = ground.file(&code).await;
    assert!(hand_in(site, &again).await.contains("word--good"));
    let answer = hand_in(site, &pdf).await;
    assert_eq!(check(&pdf), Verdict::Valid, "its signatures hold");
    assert!(answer.contains("ALTERED") && answer.contains("not what was given out"), "{answer}");

    // A key that is not to be trusted says so on the page within seconds.
    let Answer::Certificates { certificates } = ground.signer.client.ask(&Request::Certificates {}).await.unwrap()
    else {
        panic!("no certificates")
    };
    let ecta: Uuid = sqlx::query_scalar("select organization_id from organizations where kind = 'ECTA'")
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    let revoked = certificates.iter().find(|one| one.organization == Some(ecta)).unwrap().certificate_id;
    let since = Some(site.now() - chrono::Duration::hours(1));
    ground.signer.authority.revoke(revoked, Reason::KeyCompromise, since, None, site.now()).await.unwrap();
    let begun = std::time::Instant::now();
    while ground.json(&code).await["seal_verdict"] == "VALID" {
        assert!(begun.elapsed() < std::time::Duration::from_secs(30), "the page does not learn of it");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    assert_eq!(ground.json(&code).await["seal_verdict"], "SIGNER_REVOKED");
}

/// What a private key on P-256 or P-384 begins with (RFC 5915), in hexadecimal digits as a dump writes bytes.
const KEY_BEGINS: [&str; 3] = ["0201010420", "0201010430", "PRIVATE KEY"];

/// Every row of every table of a database, as text.
async fn dump(database: &PgConnectOptions) -> String {
    let mut connection = <sqlx::PgConnection as sqlx::Connection>::connect_with(database).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    assert!(tables.len() > 6, "{tables:?}");
    let mut all = String::new();
    for table in tables {
        let rows = format!("select coalesce(string_agg(t::text, E'\\n'), '') from {table} t");
        let rows: String = sqlx::query_scalar(sqlx::AssertSqlSafe(rows)).fetch_one(&mut connection).await.unwrap();
        all += &rows;
    }
    all
}

#[tokio::test]
async fn no_dump_of_a_database_holds_a_key_that_can_be_used() {
    let ground = Ground::start("secure_for_dumps").await;
    ground.export("permit").await;
    ground.site.do_all().await;
    assert!(ground.counts().await.0 >= 1, "keys were used");
    for (name, database) in [("secure", &ground.secure), ("product", ground.site.admin_options())] {
        let dump = dump(database).await;
        assert!(dump.len() > 10_000, "{name}");
        for begins in KEY_BEGINS {
            assert!(!dump.contains(begins), "{name}: {begins}");
        }
    }
}

#[tokio::test]
async fn a_signer_that_is_away_stops_no_coffee_and_no_paper_is_forgotten() {
    let mut ground = Ground::start("secure_for_absence").await;
    ground.signer.end().await;
    ground.export("permit").await;
    let (id, code) = ground.newest("EXPORT_PERMIT").await;
    ground.site.do_all().await;
    assert_eq!(ground.counts().await, (0, 0));
    assert_eq!(ground.json(&code).await["state"], "VALID", "a paper is in force without its seal");

    // Its job was lost too: the round finds the paper, and seals it. The file comes when somebody asks for it.
    assert_eq!(ground.strays().await, 0);
    ground.site.execute("delete from jobs").await;
    ground.signer.serve().await;
    ground.site.clock.advance(chrono::Duration::minutes(3));
    ground.seal_what_waits().await;
    assert_eq!(ground.strays().await, 0);
    let (seals, files) = ground.counts().await;
    assert!(seals >= 1 && files == 0, "{seals} {files}");
    let cose = ground.fetch(&format!("/v/{code}.cose")).await.1;
    assert_eq!(ground.verdict_on(&cose).await, Verdict::Valid);

    let given = ground.file(&code).await;
    assert!(given.starts_with(b"%PDF-"));
    let stored: (Vec<u8>, i64) = sqlx::query_as(
        "select s.cose, f.size_bytes from paper_seals s join paper_files f using (paper_id) where paper_id = $1",
    )
    .bind(id)
    .fetch_one(&mut ground.site.sql().await)
    .await
    .unwrap();
    assert_eq!((stored.0, usize::try_from(stored.1).unwrap()), (cose, given.len()), "the seal stayed");
}

#[tokio::test]
async fn a_signer_that_hangs_keeps_nobody_from_checking_a_paper() {
    let mut ground = Ground::start("secure_for_hanging").await;
    ground.export("permit").await;
    ground.site.do_all().await;
    let (_, code) = ground.newest("EXPORT_PERMIT").await;
    assert_eq!(ground.json(&code).await["seal_verdict"], "VALID");
    let asked = ground.signer.hang().await;
    // What was said a moment ago is believed for three seconds.
    tokio::time::sleep(std::time::Duration::from_millis(3_100)).await;
    let visitors = (0..8).map(|_| ground.json(&code));
    for said in futures::future::join_all(visitors).await {
        assert_eq!(said["seal_verdict"], "VALID", "the list of before is good: {said}");
    }
    let asked = asked.load(Ordering::Relaxed);
    assert!((1..4).contains(&asked), "{asked} of eight visitors asked a signer that hangs");
}

#[tokio::test]
async fn what_was_issued_before_there_was_a_certificate_has_no_seal_and_says_so_by_having_none() {
    let ground = Ground::start("secure_for_history").await;
    ground.site.clock.advance(chrono::Duration::minutes(3));
    ground.seal_what_waits().await;
    assert_eq!(ground.counts().await, (0, 0));
    let (_, code) = ground.newest("EXPORT_PERMIT").await;
    let said = ground.json(&code).await;
    assert!(said["seal"].is_null() && said["claims"].is_null(), "{said}");
    let page = ground.site.get(&mut Browser::default(), &format!("/v/{code}")).await;
    assert!(page.status == StatusCode::OK && !page.text.contains(".pdf"), "{}", page.text);
    assert_eq!(ground.fetch("/v/ABCDEFGHIJKLMNOPQRSTUVWXYQ.pdf").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_waited_while_its_issuer_got_another_certificate_is_sealed_with_that() {
    let mut ground = Ground::start("secure_for_replaced_keys").await;
    let authority = crate::walk::organization(&ground.site, "ECTA").await;
    let Answer::Certificates { certificates } = ground.signer.client.ask(&Request::Certificates {}).await.unwrap()
    else {
        panic!("no certificates")
    };
    let before = certificates.iter().find(|one| one.organization == Some(authority)).unwrap().certificate_id;
    ground.signer.end().await;
    ground.export("permit").await;
    let (paper, code) = ground.newest("EXPORT_PERMIT").await;
    // The signer is away for three hours; meanwhile the authority's keys are replaced.
    ground.site.execute("delete from jobs").await;
    ground.site.clock.advance(chrono::Duration::hours(3));
    let now = ground.site.now();
    let next = ground.signer.seal_of(authority, now).await;
    ground.signer.authority.revoke(before, Reason::Superseded, None, None, now).await.unwrap();
    ground.signer.serve_at(now + chrono::Duration::minutes(1)).await;
    ground.site.clock.advance(chrono::Duration::minutes(1));
    ground.seal_what_waits().await;
    let by: Vec<u8> = sqlx::query_scalar("select certificate_sha256 from paper_seals where paper_id = $1")
        .bind(paper)
        .fetch_one(&mut ground.site.sql().await)
        .await
        .unwrap();
    let successor = Certificate::from_der(&next.der).unwrap();
    assert_eq!(by, successor.fingerprint());
    let cose = ground.fetch(&format!("/v/{code}.cose")).await.1;
    assert_eq!(ground.verdict_on(&cose).await, Verdict::Valid);
    let said = seal::parse(&cose).unwrap().claims.issued_at;
    assert_eq!(said.unix(), u64::try_from(now.timestamp()).unwrap(), "not before the certificate was there");
    // What was issued before the authority had any stays without.
    let older = "select count(*) from paper_seals s join issued_papers p using (paper_id)
                 where p.issued_at < (select max(issued_at) from issued_papers) - interval '1 day'";
    assert_eq!(ground.site.count(older).await, 0);
    let seeded =
        "select count(*) from unsealed_papers u join organizations o on o.organization_id = u.issuer_organization_id
                  where o.kind = 'ECTA'";
    assert!(ground.site.count(seeded).await > 0);
    assert_eq!(ground.strays().await, 0);
}

#[tokio::test]
async fn a_file_that_is_lost_or_damaged_is_given_to_nobody_and_made_again() {
    let ground = Ground::start("secure_for_lost_files").await;
    let (db, storage) = (&ground.site.state.db, &ground.site.state.storage);
    ground.export("permit").await;
    let (paper, code) = ground.newest("EXPORT_PERMIT").await;
    ground.site.do_all().await;
    let first = ground.file(&code).await;
    let cose = ground.fetch(&format!("/v/{code}.cose")).await.1;

    // Damaged: whoever asks is given another one.
    let files = ground.files(paper).await;
    assert_eq!(files.len(), 1);
    ground.damage(&files[0].3).await;
    let second = ground.file(&code).await;
    assert_ne!(second, first);
    let trusted = ground.list().await;
    let outcome = check_given(&second, Ok(&trusted), ground.at());
    assert_eq!(outcome.verdict, Verdict::Valid, "{}", outcome.reason);
    let files = ground.files(paper).await;
    let whys: Vec<_> = files.iter().map(|file| (file.0, file.1.as_deref())).collect();
    assert_eq!(whys, [(1, None), (2, Some("DAMAGED"))]);
    assert_eq!(ground.fetch(&format!("/v/{code}.cose")).await.1, cose, "the seal stays");
    assert!(
        storage.exists(&files[0].3.parse().unwrap()).await.unwrap(),
        "the damaged one is kept for who looks into it"
    );
    let (old, new): (String, String) = sqlx::query_as(
        "select details ->> 'old_sha256', details ->> 'new_sha256' from audit.events
         where event_type = 'PAPER_FILE_MADE_AGAIN' and entity_type = 'paper' and entity_id = $1",
    )
    .bind(paper)
    .fetch_one(&mut ground.site.sql().await)
    .await
    .unwrap();
    assert_eq!((old, new), (hex::encode(&files[0].2), hex::encode(&files[1].2)));

    // Lost, and damaged again: found by who compares, nobody asking for it.
    storage.delete(&files[1].3.parse().unwrap()).await.unwrap();
    reconcile(db, storage, ground.site.now()).await.unwrap();
    ground.site.do_all().await;
    let files = ground.files(paper).await;
    assert_eq!(files.last().map(|file| file.1.as_deref()), Some(Some("LOST")));
    ground.damage(&files[2].3).await;
    // Some at a time; what is found twice is told and made once.
    for _ in 0..6 {
        reconcile(db, storage, ground.site.now()).await.unwrap();
    }
    ground.site.do_all().await;
    let files = ground.files(paper).await;
    assert_eq!(files.len(), 4);
    for _ in 0..6 {
        reconcile(db, storage, ground.site.now()).await.unwrap();
    }
    ground.site.do_all().await;
    assert_eq!(ground.files(paper).await.len(), 4, "a whole one is left alone");
    let on_record = "select count(*) from audit.events where entity_type = 'paper' and severity = 'CRITICAL'
                     and event_type in ('DOCUMENT_FILE_MISSING', 'DOCUMENT_FILE_DAMAGED')";
    assert_eq!(ground.site.count(on_record).await, 3, "each once");
    let last = ground.file(&code).await;
    assert_eq!(check_given(&last, Ok(&trusted), ground.at()).verdict, Verdict::Valid);
    assert_eq!(ground.fetch(&format!("/v/{code}.cose")).await.1, cose);
}
