//! Row-level security against the same condition written into the query.
//!
//! One connection asks the same, turn and turn about: as a party, whose rows the policies choose, and as a superuser, who passes
//! the policies by, with the policy's condition in the query. It is one, because two backends lie on two cores, which are not
//! equally free. CPU is that of the backend, to the nanosecond; of all turns the middle one counts, so that a turn in which the
//! machine did something else does not. Plans are made once and kept, as the product has them.

use anyhow::{Context, Result, ensure};
use sqlx::{Connection as _, PgConnection, Row};
use uuid::Uuid;

use super::process;
use super::product::Product;
use super::report::{Bar, Figure, percentile};

/// How often each reads, after a tenth of that to warm up.
const TIMES: usize = 4_000;
/// Readings in a turn.
const TURN: usize = 100;

/// The same question twice: `$1` is what is read, `$2` the organisation that reads, which the policies know by themselves.
struct Question {
    what: &'static str,
    under_policies: &'static str,
    with_condition: &'static str,
    /// What is read: ids that the organisation may see.
    ids: &'static str,
}

const QUESTIONS: [Question; 4] = [
    Question {
        what: "an export by id",
        under_policies: "select export_id, export_number, exporter_name, coffee_type, quantity, status, stage, version
                         from exports e where export_id = $1",
        with_condition: "select export_id, export_number, exporter_name, coffee_type, quantity, status, stage, version
                         from exports e where export_id = $1
                           and (exporter_organization_id = $2
                                or stage <> 'PREPARATION' and $2 in (bank_organization_id, shipping_organization_id))",
        ids: "select export_id from exports where bank_organization_id = $1 and stage <> 'PREPARATION'
              order by md5(export_id::text) limit 500",
    },
    Question {
        what: "the newest 25 exports of a bank",
        under_policies: "select export_id, export_number, exporter_name, coffee_type, quantity, status, stage, version
                         from exports e where bank_organization_id = $1
                         order by created_at desc, export_id desc limit 25",
        with_condition: "select export_id, export_number, exporter_name, coffee_type, quantity, status, stage, version
                         from exports e where bank_organization_id = $1
                           and (exporter_organization_id = $2
                                or stage <> 'PREPARATION' and $2 in (bank_organization_id, shipping_organization_id))
                         order by created_at desc, export_id desc limit 25",
        ids: "select organization_id from organizations where organization_id = $1",
    },
    Question {
        what: "a move of an export by id, by way of the export",
        under_policies: "select history_id, export_id, new_status, new_stage, changed_by, created_at
                         from export_status_history h where history_id = $1",
        with_condition: "select history_id, export_id, new_status, new_stage, changed_by, created_at
                         from export_status_history h where history_id = $1
                           and exists (select from exports e where e.export_id = h.export_id
                                       and (e.exporter_organization_id = $2 or e.stage <> 'PREPARATION'
                                            and $2 in (e.bank_organization_id, e.shipping_organization_id)))",
        ids: "select h.history_id from exports e join export_status_history h using (export_id)
              where e.bank_organization_id = $1 and e.stage <> 'PREPARATION' order by md5(e.export_id::text) limit 500",
    },
    Question {
        what: "the history of an export, by way of the export",
        under_policies: "select history_id, export_id, new_status, new_stage, changed_by, created_at
                         from export_status_history h where export_id = $1 order by version",
        with_condition: "select history_id, export_id, new_status, new_stage, changed_by, created_at
                         from export_status_history h where export_id = $1
                           and exists (select from exports e where e.export_id = h.export_id
                                       and (e.exporter_organization_id = $2 or e.stage <> 'PREPARATION'
                                            and $2 in (e.bank_organization_id, e.shipping_organization_id)))
                         order by version",
        ids: "select export_id from exports where bank_organization_id = $1 and stage <> 'PREPARATION'
              order by md5(export_id::text) limit 500",
    },
];

/// Asks as whoever it was told to be.
struct Reader {
    connection: PgConnection,
    backend: u32,
}

impl Reader {
    async fn open(url: &str, settings: String) -> Result<Self> {
        let mut connection = PgConnection::connect(url).await?;
        let backend: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut connection).await?;
        sqlx::raw_sql(sqlx::AssertSqlSafe(settings)).execute(&mut connection).await?;
        Ok(Self { connection, backend: u32::try_from(backend)? })
    }

    /// Reads each once, as `role` says; rows, and CPU microseconds of a reading. Becoming somebody is not counted.
    async fn turn(
        &mut self,
        role: &'static str,
        text: &'static str,
        ids: &[Uuid],
        by: Option<Uuid>,
    ) -> Result<(usize, f64)> {
        sqlx::raw_sql(role).execute(&mut self.connection).await?;
        let before = process::of_backend(self.backend)?;
        let mut rows = 0;
        for id in ids {
            let query = sqlx::query(text).bind(id);
            let query = if let Some(by) = by { query.bind(by) } else { query };
            rows += query.fetch_all(&mut self.connection).await?.len();
        }
        let cpu = process::of_backend(self.backend)?.saturating_sub(before);
        Ok((rows, cpu.as_secs_f64() * 1e6 / ids.len() as f64))
    }
}

pub(crate) async fn measure(product: &Product) -> Result<Vec<Figure>> {
    let url = product.database_url()?;
    let mut above = PgConnection::connect(&url).await?;
    let (bank, user): (Uuid, Uuid) = {
        let row = sqlx::query(
            "select o.organization_id, u.id from organizations o join users u using (organization_id)
             where u.username = 'bank.officer'",
        )
        .fetch_one(&mut above)
        .await?;
        (row.try_get(0)?, row.try_get(1)?)
    };
    let settings = format!(
        "set plan_cache_mode = force_generic_plan; set app.user_id = '{user}'; set app.org_id = '{bank}';
         set app.org_kind = 'COMMERCIAL_BANK'"
    );
    let mut reader = Reader::open(&url, settings).await?;
    let mut figures = Vec::new();
    for question in &QUESTIONS {
        let ids: Vec<Uuid> = sqlx::query_scalar(question.ids).bind(bank).fetch_all(&mut above).await?;
        let ids: Vec<Uuid> = ids.iter().copied().cycle().take(TIMES + TIMES / 10).collect();
        ensure!(!ids.is_empty(), "nothing to read");
        let (mut under, mut with) = (Vec::new(), Vec::new());
        for turn in ids.chunks(TURN) {
            let (seen, cpu) = reader.turn("set role jebena_party", question.under_policies, turn, None).await?;
            under.push(cpu);
            let (expected, cpu) = reader.turn("reset role", question.with_condition, turn, Some(bank)).await?;
            with.push(cpu);
            ensure!(seen == expected && seen > 0, "{}: {seen} rows, and {expected}", question.what);
        }
        // The first turns warm up.
        let first = TIMES / 10 / TURN;
        let (under, with) = (percentile(&mut under[first..], 50), percentile(&mut with[first..], 50));
        figures.push(Figure::of(
            format!("{}: under policies, of with the condition", question.what),
            under / with,
            "x",
            Bar::Most(1.4),
        ));
        figures.push(Figure::told(format!("{}: under policies", question.what), under, "µs"));
        figures.push(Figure::told(format!("{}: with the condition", question.what), with, "µs"));
    }
    reader.connection.close().await.context("closing")?;
    above.close().await.context("closing")?;
    Ok(figures)
}
