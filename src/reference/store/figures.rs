//! The SQL of parameters, capital thresholds and retention rules.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::auth::OrganizationKind;
use crate::reference::model::{Figure, FigureKey, FigureValue, Subject};

struct Row {
    subject: String,
    key: String,
    name: String,
    name_am: String,
    unit: String,
    set_by: OrganizationKind,
    least: Decimal,
    most: Decimal,
    decimals: i32,
    value: Decimal,
    valid_from: NaiveDate,
    legal_basis: String,
    is_assumption: bool,
}

/// Every figure with its values; of one key where it is given. A parameter that has no definition is shown, and within its
/// bounds there is no value to set.
pub(in crate::reference) async fn list_figures(
    connection: &mut PgConnection,
    only: Option<&FigureKey>,
) -> sqlx::Result<Vec<Figure>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select subject as "subject!", key as "key!", name as "name!", name_am as "name_am!", unit as "unit!",
                  set_by as "set_by!: OrganizationKind", least as "least!", most as "most!", decimals as "decimals!",
                  value as "value!", valid_from as "valid_from!", legal_basis as "legal_basis!",
                  is_assumption as "is_assumption!"
           from (
               select 'PARAMETER' as subject, v.key, coalesce(d.name, v.key) as name, coalesce(d.name_am, v.key) as name_am,
                      v.unit, coalesce(d.set_by, 'ADMINISTRATION') as set_by, coalesce(d.least, 0) as least,
                      coalesce(d.most, 0) as most, coalesce(d.decimals, 0) as decimals, v.value, v.valid_from,
                      v.legal_basis, v.is_assumption
               from parameters v
               left join parameter_definitions d on d.key = v.key
               union all
               select 'CAPITAL', t.business_type, '', '', t.currency::text, 'ECTA', 0, 1000000000000, 2, t.amount,
                      t.valid_from, t.legal_basis, false
               from capital_thresholds t
               union all
               select 'RETENTION', 'retention', '', '', '%', 'NATIONAL_BANK', 0, 100, 2, r.retain_pct, r.valid_from,
                      r.note, false
               from fx_retention_rules r) figures
           where $1::text is null or (subject = $1 and key = $2)
           order by subject desc, set_by, key, valid_from"#,
        only.map(|key| key.subject().code()),
        only.map(FigureKey::key),
    )
    .fetch_all(connection)
    .await?;
    let mut figures: Vec<Figure> = Vec::new();
    for row in rows {
        let key = match Subject::from_code(&row.subject) {
            Some(Subject::Capital) => FigureKey::Capital(row.key),
            Some(Subject::Retention) => FigureKey::Retention,
            _ => FigureKey::Parameter(row.key),
        };
        let value = FigureValue {
            value: row.value,
            valid_from: row.valid_from,
            legal_basis: row.legal_basis,
            is_assumption: row.is_assumption,
        };
        match figures.last_mut() {
            Some(figure) if figure.key == key => figure.values.push(value),
            _ => figures.push(Figure {
                key,
                name: row.name,
                name_am: row.name_am,
                unit: row.unit,
                set_by: row.set_by,
                least: row.least,
                most: row.most,
                decimals: row.decimals.unsigned_abs(),
                values: vec![value],
            }),
        }
    }
    Ok(figures)
}

/// The value of a parameter in force on `day`.
pub(in crate::reference) async fn find_parameter(
    connection: &mut PgConnection,
    key: &str,
    day: NaiveDate,
) -> sqlx::Result<Option<Decimal>> {
    sqlx::query_scalar!(
        "select value from parameters where key = $1 and valid_from <= $2 order by valid_from desc limit 1",
        key,
        day
    )
    .fetch_optional(connection)
    .await
}

/// Puts a value down that holds from a day on; the row level's policies refuse a day that is over.
pub(in crate::reference) async fn insert_value(
    connection: &mut PgConnection,
    figure: &Figure,
    new: &FigureValue,
) -> sqlx::Result<()> {
    match &figure.key {
        FigureKey::Parameter(key) => {
            sqlx::query!(
                "insert into parameters (key, value, unit, valid_from, legal_basis, is_assumption)
                 values ($1, $2, $3, $4, $5, $6)",
                key,
                new.value,
                figure.unit,
                new.valid_from,
                new.legal_basis,
                new.is_assumption,
            )
            .execute(connection)
            .await?
        }
        FigureKey::Capital(kind) => sqlx::query!(
            "insert into capital_thresholds (business_type, amount, valid_from, legal_basis) values ($1, $2, $3, $4)",
            kind,
            new.value,
            new.valid_from,
            new.legal_basis,
        )
        .execute(connection)
        .await?,
        FigureKey::Retention => {
            sqlx::query!(
                "insert into fx_retention_rules (valid_from, retain_pct, note) values ($1, $2, $3)",
                new.valid_from,
                new.value,
                new.legal_basis,
            )
            .execute(connection)
            .await?
        }
    };
    Ok(())
}

/// Takes the value away that holds from `day` on; whether there was one that may be taken away.
pub(in crate::reference) async fn delete_value(
    connection: &mut PgConnection,
    key: &FigureKey,
    day: NaiveDate,
) -> sqlx::Result<bool> {
    let deleted = match key {
        FigureKey::Parameter(key) => {
            sqlx::query!("delete from parameters where key = $1 and valid_from = $2", key, day)
                .execute(connection)
                .await?
        }
        FigureKey::Capital(kind) => {
            sqlx::query!("delete from capital_thresholds where business_type = $1 and valid_from = $2", kind, day)
                .execute(connection)
                .await?
        }
        FigureKey::Retention => {
            sqlx::query!("delete from fx_retention_rules where valid_from = $1", day).execute(connection).await?
        }
    };
    Ok(deleted.rows_affected() == 1)
}
