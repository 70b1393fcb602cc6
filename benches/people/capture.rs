//! Transactions of the product, taken from the log of its PostgreSQL and done again.
//!
//! What is measured is then what the product sends, today's statements with today's parameters, and no copy of them that grows
//! old. Done again, a transaction is sent as the product sends it: prepared once for each connection, planned once.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::postgres::{PgArguments, PgTypeInfo};
use sqlx::{
    Arguments, AssertSqlSafe, Connection as _, Either, Executor, PgConnection, SqlSafeStr, Statement, TypeInfo,
};
use uuid::Uuid;

use super::client::{Ask, Connection};
use super::process;
use super::product::Product;

/// What the product sends in a transaction.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Without parameters, such as `begin`.
    Command(String),
    /// With parameters, as PostgreSQL prints them.
    Statement { text: String, values: Vec<Option<String>> },
}

/// Asks `ask` and returns the transaction that it led to in which a statement has `needle`.
pub(crate) async fn transaction(product: &Product, ask: &Ask, needle: &str) -> Result<Vec<Step>> {
    let mut database = PgConnection::connect(&product.database_url()?).await?;
    sqlx::raw_sql("alter system set log_statement = 'all'").execute(&mut database).await?;
    sqlx::raw_sql("select pg_reload_conf()").execute(&mut database).await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let before = std::fs::read(product.log())?.len();
    let answer = Connection::new(product.target()?.address).send(ask).await?;
    ensure!(answer.status == ask.expects, "answered with {}", answer.status);
    tokio::time::sleep(Duration::from_millis(500)).await;
    sqlx::raw_sql("alter system reset log_statement").execute(&mut database).await?;
    sqlx::raw_sql("select pg_reload_conf()").execute(&mut database).await?;
    database.close().await?;
    let log = std::fs::read(product.log())?;
    let log = String::from_utf8_lossy(&log[before..]).into_owned();
    of_log(&log, needle).context("the transaction is not in the log")
}

fn of_log(log: &str, needle: &str) -> Option<Vec<Step>> {
    // An entry goes on in lines that begin with a tab.
    let mut entries: Vec<String> = Vec::new();
    for line in log.lines() {
        match (line.strip_prefix('\t'), entries.last_mut()) {
            (Some(more), Some(entry)) => {
                entry.push('\n');
                entry.push_str(more);
            }
            _ => entries.push(line.to_owned()),
        }
    }
    let mut transactions: HashMap<String, Vec<Step>> = HashMap::new();
    for entry in &entries {
        let Some((backend, rest)) = entry.split_once(" [").and_then(|(_, rest)| rest.split_once("] ")) else {
            continue;
        };
        let steps = transactions.entry(backend.to_owned()).or_default();
        if let Some(command) = rest.strip_prefix("LOG:  statement: ") {
            if command.starts_with("begin") {
                steps.clear();
            }
            steps.push(Step::Command(command.to_owned()));
            let is_it = |step: &Step| matches!(step, Step::Statement { text, .. } if text.contains(needle));
            if command == "commit" && steps.iter().any(is_it) {
                return transactions.remove(backend);
            }
        } else if let Some((_, text)) = rest.strip_prefix("LOG:  execute ").and_then(|rest| rest.split_once(": ")) {
            steps.push(Step::Statement { text: text.to_owned(), values: Vec::new() });
        } else if let (Some(printed), Some(Step::Statement { values, .. })) =
            (rest.strip_prefix("DETAIL:  parameters: "), steps.last_mut())
        {
            *values = parameters(printed);
        }
    }
    None
}

/// `$1 = 'one', $2 = NULL`, with quotation marks doubled.
fn parameters(printed: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    let mut rest = printed;
    while let Some((_, after)) = rest.split_once(" = ") {
        let Some(mut quoted) = after.strip_prefix('\'') else {
            values.push(None);
            rest = after;
            continue;
        };
        let mut value = String::new();
        while let Some((part, after)) = quoted.split_once('\'') {
            value.push_str(part);
            quoted = after;
            let Some(after) = quoted.strip_prefix('\'') else { break };
            value.push('\'');
            quoted = after;
        }
        values.push(Some(value));
        rest = quoted;
    }
    values
}

/// Does transactions again, over a connection of its own.
pub(crate) struct Replay {
    connection: PgConnection,
    backend: u32,
    types: HashMap<String, Vec<PgTypeInfo>>,
}

impl Replay {
    /// Connects as a superuser, whose transactions take the product's roles as the product's do.
    pub(crate) async fn open(url: &str) -> Result<Self> {
        let mut connection = PgConnection::connect(url).await?;
        sqlx::raw_sql("set plan_cache_mode = force_generic_plan").execute(&mut connection).await?;
        let backend: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut connection).await?;
        Ok(Self { connection, backend: u32::try_from(backend)?, types: HashMap::new() })
    }

    /// CPU time of its backend so far.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        process::of_backend(self.backend)
    }

    /// Does the steps, with each value as `with` has it; how long each step took.
    pub(crate) async fn run(&mut self, steps: &[Step], with: &dyn Fn(&str) -> Option<String>) -> Result<Vec<Duration>> {
        let mut times = Vec::with_capacity(steps.len());
        for step in steps {
            let begun = Instant::now();
            match step {
                Step::Command(text) => {
                    sqlx::raw_sql(AssertSqlSafe(text.clone())).execute(&mut self.connection).await.map(drop)?;
                }
                Step::Statement { text, values } => {
                    let arguments = self.arguments(text, values, with).await.with_context(|| text.clone())?;
                    let query = sqlx::query_with(AssertSqlSafe(text.clone()), arguments);
                    query.fetch_all(&mut self.connection).await.with_context(|| text.clone())?;
                }
            }
            times.push(begun.elapsed());
        }
        Ok(times)
    }

    async fn arguments(
        &mut self,
        text: &str,
        values: &[Option<String>],
        with: &dyn Fn(&str) -> Option<String>,
    ) -> Result<PgArguments> {
        if !self.types.contains_key(text) {
            let statement = self.connection.prepare(AssertSqlSafe(text.to_owned()).into_sql_str()).await?;
            let Some(Either::Left(types)) = statement.parameters() else { bail!("no types") };
            self.types.insert(text.to_owned(), types.to_vec());
        }
        let mut arguments = PgArguments::default();
        for (kind, value) in self.types[text].iter().zip(values) {
            let value = value.as_ref().map(|value| with(value).unwrap_or_else(|| value.clone()));
            add(&mut arguments, kind, value.as_deref()).with_context(|| format!("{value:?}"))?;
        }
        Ok(arguments)
    }
}

fn add(arguments: &mut PgArguments, kind: &PgTypeInfo, value: Option<&str>) -> Result<()> {
    let items = |value: &str| -> Vec<String> {
        let inner = value.trim_start_matches('{').trim_end_matches('}');
        inner.split(',').filter(|item| !item.is_empty()).map(|item| item.trim_matches('"').to_owned()).collect()
    };
    let added = match kind.name() {
        "TEXT" | "VARCHAR" | "CHAR" => arguments.add(value.map(str::to_owned)),
        "UUID" => arguments.add(value.map(str::parse::<Uuid>).transpose()?),
        "BOOL" => arguments.add(value.map(|value| value == "t")),
        "INT2" => arguments.add(value.map(str::parse::<i16>).transpose()?),
        "INT4" => arguments.add(value.map(str::parse::<i32>).transpose()?),
        "INT8" => arguments.add(value.map(str::parse::<i64>).transpose()?),
        "NUMERIC" => arguments.add(value.map(str::parse::<Decimal>).transpose()?),
        "DATE" => arguments.add(value.map(str::parse::<NaiveDate>).transpose()?),
        "TIMESTAMPTZ" => arguments.add(value.map(moment).transpose()?),
        "JSONB" | "JSON" => arguments.add(value.map(serde_json::from_str::<serde_json::Value>).transpose()?),
        "BYTEA" => arguments.add(value.map(|value| hex::decode(value.trim_start_matches("\\x"))).transpose()?),
        "UUID[]" => {
            let ids = value.map(|value| items(value).iter().map(|id| id.parse()).collect::<Result<Vec<Uuid>, _>>());
            arguments.add(ids.transpose()?)
        }
        "TEXT[]" => arguments.add(value.map(items)),
        other => bail!("a parameter of the type {other}"),
    };
    added.map_err(|error| anyhow::anyhow!("cannot be sent: {error}"))
}

/// Such as `2026-11-29 13:01:43.713925+00`.
fn moment(printed: &str) -> Result<DateTime<Utc>> {
    Ok(DateTime::parse_from_str(printed, "%Y-%m-%d %H:%M:%S%.f%#z")?.to_utc())
}
