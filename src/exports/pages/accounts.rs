//! `/proceeds`: what was closed short, the extensions that run, what exporters ask for. For everybody to whom money of
//! exports is shown; a carrier has no such page.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::words;
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::exports::proceeds::Account;
use crate::exports::rules;
use crate::exports::service::extension_requests::{Accounts, AccountsPart, accounts};
use crate::exports::{PutOffLine, ShortLine, Whose};
use crate::i18n::Lang;
use crate::organizations::directory::Names;
use crate::web::components::{EmptyState, Moment, Paging};
use crate::web::exchange::Exchange;
use crate::web::paging::{Cursor, Page};
use crate::web::query::Query;
use crate::web::views::{Cell, Section, Tab, TablePage};

const HERE: &str = "/proceeds";
const PAGE: usize = 25;

impl AccountsPart {
    const ALL: [Self; 3] = [Self::Short, Self::Running, Self::Waiting];

    const fn code(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Running => "running",
            Self::Waiting => "waiting",
        }
    }
}

/// Which list, and where in it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct AccountsQuery {
    part: Option<String>,
    after: Option<Cursor>,
}

/// `GET /proceeds`.
pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<AccountsQuery>,
) -> Result<Response, AppError> {
    if !rules::reads_proceeds(&actor) {
        return Err(AppError::NotFound);
    }
    let lang = exchange.lang();
    let part = AccountsPart::ALL.into_iter().find(|part| Some(part.code()) == query.part.as_deref());
    let part = part.unwrap_or(AccountsPart::Short);
    let after = query.after.map(|cursor| (cursor.at, cursor.id));
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let (found, names) = accounts(&state.db, &state.directory, &actor, part, after, limit).await?;
    let (rows, next) = match found {
        Accounts::Short(lines) => {
            let page = Page::of(lines, PAGE, |line| Cursor { at: line.closed_at, id: line.whose.export.0 });
            (page.rows.iter().map(|line| short(line, &names, lang)).collect::<Vec<_>>(), page.next)
        }
        Accounts::Running(lines) | Accounts::Waiting(lines) => {
            let page = Page::of(lines, PAGE, |line| Cursor { at: line.at, id: line.id });
            (page.rows.iter().map(|line| put_off(line, &exchange, &names, lang)).collect(), page.next)
        }
    };
    let address = |part: AccountsPart| format!("{HERE}?part={}", part.code());
    let heads: &[(&str, bool)] = match part {
        AccountsPart::Short => &[
            ("export", false),
            ("exporter", false),
            ("bank", false),
            ("missing", true),
            ("reason", false),
            ("closed", false),
        ],
        AccountsPart::Running | AccountsPart::Waiting => &[
            ("export", false),
            ("exporter", false),
            ("bank", false),
            ("until", false),
            ("reason", false),
            ("at", false),
        ],
    };
    let title = lang.name_of("accounts-part", part.code());
    let view = TablePage {
        tabs: AccountsPart::ALL
            .into_iter()
            .map(|one| Tab {
                href: address(one),
                label: lang.name_of("accounts-part", one.code()),
                count: None,
                current: one == part,
            })
            .collect(),
        lead: vec![lang.name_of("accounts-lead", part.code())],
        sections: vec![Section {
            id: "proceeds",
            title: title.clone(),
            is_titled: false,
            head: heads.iter().map(|(name, is_figure)| (lang.name_of("accounts-head", name), *is_figure)).collect(),
            rows,
            empty: EmptyState {
                title: lang.t("accounts-empty-title"),
                text: lang.t("accounts-empty-text"),
                action: None,
            },
            paging: Some(Paging {
                newer: query.after.map(|_| address(part)),
                older: next.map(|cursor| format!("{}&after={cursor}", address(part))),
                shown: String::new(),
            }),
        }],
        ..TablePage::of(exchange.chrome(lang.t("nav-proceeds")).wide(), HERE)
    };
    super::html(&view)
}

fn whose(whose: &Whose, page: &str, names: &Names, lang: Lang) -> [Cell; 3] {
    [
        Cell::new(&whose.number).href(format!("/exports/{}{page}", whose.export)),
        Cell::new(&whose.exporter),
        Cell::new(names.of(whose.bank, lang).unwrap_or("–")),
    ]
}

fn short(line: &ShortLine, names: &Names, lang: Lang) -> Vec<Cell> {
    let account = Account { due: line.due, received: line.received, tolerance: rust_decimal::Decimal::ZERO };
    let share = lang.fill(
        "accounts-share",
        [("percent", account.missing_percent().to_string()), ("owed", words::money(&line.currency, line.due))],
    );
    let mut cells = Vec::from(whose(&line.whose, "/settlement", names, lang));
    cells.extend([
        Cell::new(words::money(&line.currency, account.outstanding())).note(share),
        Cell::new(line.reason.name(lang)).note(line.remark.clone().unwrap_or_default()),
        Cell::new(Moment::day(lang, eat_date(line.closed_at)).text),
    ]);
    cells
}

fn put_off(line: &PutOffLine, exchange: &Exchange, names: &Names, lang: Lang) -> Vec<Cell> {
    let before = line.from.map(|from| lang.fill("accounts-before", [("day", Moment::day(lang, from).text)]));
    let mut cells = Vec::from(whose(&line.whose, "", names, lang));
    cells.extend([
        Cell::new(Moment::legal_day(lang, line.to).text).note(before.unwrap_or_default()).tag(words::due_tag(
            line.to,
            eat_date(exchange.now()),
            lang,
        )),
        Cell::new(&line.reason),
        Cell::new(Moment::day(lang, eat_date(line.at)).text),
    ]);
    cells
}
