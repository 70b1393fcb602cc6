//! PostgreSQL is killed at every statement by which a paper gets its seal and its file, the product's and the signer's.

use futures::TryStreamExt;
use jebena::app::chores;
use jebena::documents::reconcile::reconcile;
use jebena::jobs::carry_out_next;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::rows::tables;
use crate::seals::Ground;

/// A database in which the backend that makes the n-th change is ended in the middle of it, as when the server is killed.
struct Mortal {
    sql: PgConnection,
}

impl Mortal {
    async fn new(options: &PgConnectOptions) -> Self {
        let mut sql = PgConnection::connect_with(options).await.unwrap();
        let mut statements = String::from(
            "create sequence chaos_count;
             create table chaos (dies_at bigint);
             insert into chaos values (0);
             create function chaos_trigger() returns trigger language plpgsql security definer as $$
             begin
                 if (select dies_at from public.chaos) = nextval('public.chaos_count') then
                     perform pg_terminate_backend(pg_backend_pid());
                 end if;
                 return null;
             end $$;",
        );
        for table in tables(&mut sql).await {
            statements += &format!(
                "create trigger chaos after insert or update or delete on {table}
                     for each statement execute function chaos_trigger();"
            );
        }
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut sql).await.unwrap();
        Self { sql }
    }

    async fn dies_at(&mut self, position: i64) {
        let statements = format!("update chaos set dies_at = {position}; alter sequence chaos_count restart");
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut self.sql).await.unwrap();
    }

    /// How many changes there were since.
    async fn changes(&mut self) -> i64 {
        let changes = "select case when is_called then last_value else 0 end from chaos_count";
        sqlx::query_scalar(changes).fetch_one(&mut self.sql).await.unwrap()
    }
}

/// Does what is due, however often the database goes down meanwhile.
async fn work(ground: &Ground) {
    let chores = chores(&ground.site.state);
    while carry_out_next(&ground.site.state.db, ground.site.clock.as_ref(), &chores).await.unwrap_or(false) {}
}

#[tokio::test]
async fn a_paper_has_one_seal_and_one_file_wherever_postgresql_was_killed() {
    let ground = Ground::start("secure_for_deaths").await;
    ground.export("permit").await;
    let (paper, _) = ground.newest("EXPORT_PERMIT").await;
    ground.site.execute(&format!("delete from jobs where payload ->> 'paper_id' is distinct from '{paper}'")).await;
    let gone = |table: &str| {
        format!(
            "alter table {table} disable trigger append_only_rows; delete from {table};
             alter table {table} enable always trigger append_only_rows;"
        )
    };
    let again = format!(
        "{} {} delete from job_attempts; update jobs set status = 'WAITING', attempts = 0, run_at = 'epoch', lease_until = null,
             finished_at = null",
        gone("paper_files"),
        gone("paper_seals")
    );

    // Once undisturbed: how many statements there are to die at.
    let mut product = Mortal::new(ground.site.admin_options()).await;
    let mut signer = Mortal::new(&ground.secure).await;
    product.dies_at(0).await;
    signer.dies_at(0).await;
    work(&ground).await;
    assert_eq!(ground.counts().await, (1, 1));
    let (of_product, of_signer) = (product.changes().await, signer.changes().await);
    assert!(of_product >= 4 && of_signer >= 8, "{of_product} {of_signer}");

    for (is_signer, position) in (1..=of_product).map(|at| (false, at)).chain((1..=of_signer).map(|at| (true, at))) {
        ground.site.execute(&again).await;
        let dying = if is_signer { &mut signer } else { &mut product };
        dying.dies_at(position).await;
        work(&ground).await;
        dying.dies_at(0).await;
        // The lease of a worker whose database died runs out, and a try that failed has waited.
        ground.site.clock.advance(chrono::Duration::minutes(2));
        ground.site.execute("update jobs set run_at = 'epoch' where status = 'WAITING'").await;
        work(&ground).await;
        assert_eq!(
            ground.counts().await,
            (1, 1),
            "killed at {position} of the {}",
            if is_signer { "signer" } else { "product" }
        );
        let undone = "select count(*) from jobs where status <> 'DONE'";
        assert_eq!(ground.site.count(undone).await, 0, "killed at {position}");
    }

    // What was stored and has no row goes; what has one stays.
    let (db, storage) = (&ground.site.state.db, &ground.site.state.storage);
    let much_later = ground.site.now() + chrono::Duration::days(400);
    reconcile(db, storage, much_later).await.unwrap();
    let files: Vec<_> = storage.list_older_than(chrono::DateTime::<chrono::Utc>::MAX_UTC).try_collect().await.unwrap();
    let paths: Vec<String> = files.iter().map(|file| file.key.path()).collect();
    let named = "select count(*) from (select storage_key from paper_files union all select document_path from export_documents) f
         where storage_key = any($1)";
    let named: i64 = sqlx::query_scalar(named).bind(&paths).fetch_one(&mut ground.site.sql().await).await.unwrap();
    assert_eq!(usize::try_from(named).unwrap(), paths.len());
    // Every use of a key is on record, in an unbroken chain.
    assert_eq!(ground.signer.authority.keyring().find_record_fault().await.unwrap(), None);

    // A file that the store loses is told, once, as that of the paper.
    let key: String = sqlx::query_scalar("select storage_key from paper_files")
        .fetch_one(&mut ground.site.sql().await)
        .await
        .unwrap();
    assert!(paths.contains(&key));
    storage.delete(&key.parse().unwrap()).await.unwrap();
    for _ in 0..2 {
        reconcile(db, storage, ground.site.now()).await.unwrap();
    }
    let told = "select count(*) from audit.events where event_type = 'DOCUMENT_FILE_MISSING' and entity_type = 'paper'";
    assert_eq!(ground.site.count(told).await, 1);
}
