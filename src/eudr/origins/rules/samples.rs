//! What the tests of this area look at.

use chrono::DateTime;

use crate::auth::permission::permissions_of;
use crate::auth::{Actor, ActorOrganization, OrganizationKind, Role};
use crate::dec;
use crate::eudr::model::By;
use crate::eudr::origins::model::{Consignment, Origin, Share, Statement, StatementState, TracedLot};
use crate::ids::{ExportId, LotId, OrganizationId, PlotId, StatementId, UserId};
use crate::sourcing::lots::{LotStatus, Source, Verification};
use rust_decimal::Decimal;

pub(in crate::eudr::origins) fn share(number: &str, kg: Option<Decimal>) -> Share {
    // A place of its own for each number.
    let step = number.bytes().map(usize::from).sum::<usize>();
    Share {
        plot: PlotId::new(),
        number: number.to_owned(),
        kg,
        is_stated: true,
        producer_name: "Abebe Dukamo".to_owned(),
        producer_country: "ET".to_owned(),
        production_place: "Aleta Wendo".to_owned(),
        area: dec!(1.5),
        geometry: match number {
            "A-1" => r#"{"type":"Point","coordinates":[38.400001,6.600001]}"#.to_owned(),
            _ => format!(r#"{{"type":"Point","coordinates":[38.41{step:04},6.600003]}}"#),
        },
        link: None,
    }
}

pub(in crate::eudr::origins) fn origin(number: &str, shares: Vec<Share>) -> Origin {
    Origin { lot: LotId::new(), number: number.to_owned(), source: Source::Union, quantity: dec!(100), shares }
}

pub(in crate::eudr::origins) fn consignment() -> Consignment {
    Consignment {
        id: ExportId::new(),
        number: "EXP-20261128-000001".to_owned(),
        owner: OrganizationId::new(),
        exporter_name: "Abay Coffee Export PLC".to_owned(),
        buyer_name: "Rösterei Nord GmbH".to_owned(),
        buyer_country: "DE".to_owned(),
        destination: "DE".to_owned(),
        is_eu: true,
        border_country: "DE".to_owned(),
        coffee_type: "Sidama".to_owned(),
        processing_method: "WASHED".to_owned(),
        quantity: dec!(600.000),
        is_open: true,
        is_cancelled: false,
        arrives_on: None,
        origin_at: Some(DateTime::UNIX_EPOCH),
    }
}

pub(in crate::eudr::origins) fn lot() -> TracedLot {
    TracedLot {
        id: LotId::new(),
        number: "LOT-1".to_owned(),
        source: Source::Union,
        owner: OrganizationId::new(),
        generation: 0,
        quantity: dec!(100),
        status: LotStatus::Inspected,
        verification: Verification::Verified,
    }
}

pub(in crate::eudr::origins) fn statement(told: Option<StatementState>) -> Statement {
    let by = By { name: "Almaz Tesfaye".to_owned(), at: DateTime::UNIX_EPOCH };
    Statement {
        id: StatementId::new(),
        reference: "26FRYUI34JTQKB".to_owned(),
        verification: "A1B2C3D4".to_owned(),
        told: told.map(|state| (state, by.at.date_naive())),
        by,
    }
}

pub(in crate::eudr::origins) fn actor(kind: OrganizationKind, role: Role, organization: OrganizationId) -> Actor {
    Actor {
        user_id: UserId::new(),
        username: "somebody".to_owned(),
        display_name: "Almaz Tesfaye".to_owned(),
        organization: ActorOrganization {
            id: organization,
            kind,
            code: kind.code().to_owned(),
            name_en: "Sample".to_owned(),
            name_am: "ናሙና".to_owned(),
        },
        roles: vec![role],
        permissions: permissions_of(kind, role),
        delegations: Vec::new(),
        origin: crate::auth::Origin::default(),
    }
}
