//! For tests: pages with sample data, written to `target/pages` so that a person and a browser can look
//! at them (`tests/browser/samples.test.mjs` looks for barriers).

use std::path::Path;

use uuid::Uuid;

use super::{assets, chrome::Chrome};
use crate::{
    auth::{Actor, ActorOrganization, OrganizationKind, Permissions, Role, permission::permissions_of},
    i18n::Lang,
    ids::{OrganizationId, UserId},
};

/// Writes `html` as `target/pages/{name}.html`, with the assets that it asks for.
pub fn save(name: &str, html: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pages");
    std::fs::create_dir_all(folder.join("static")).unwrap();
    for asset in assets::all() {
        std::fs::write(folder.join(asset.path.trim_start_matches('/')), &asset.body).unwrap();
    }
    std::fs::write(folder.join(format!("{name}.html")), html).unwrap();
}

/// Somebody with `role` in an organisation of `kind`.
pub fn actor(kind: OrganizationKind, role: Role) -> Actor {
    let (code, name_en, name_am) = match kind {
        OrganizationKind::Exporter => ("ABAY", "Abay Coffee Export PLC", "አባይ የቡና ወጪ ንግድ ኃ.የተ.የግ.ማ."),
        OrganizationKind::CommercialBank => ("BANK", "Awash Valley Bank", "አዋሽ ሸለቆ ባንክ"),
        OrganizationKind::ShippingLine => ("SHIP", "Red Sea Lines", "ቀይ ባሕር መርከብ"),
        OrganizationKind::NationalBank => ("NBE", "National Bank of Ethiopia", "የኢትዮጵያ ብሔራዊ ባንክ"),
        OrganizationKind::Ecta => ("ECTA", "Ethiopian Coffee and Tea Authority", "የኢትዮጵያ ቡናና ሻይ ባለሥልጣን"),
        OrganizationKind::Ecx => ("ECX", "Ethiopia Commodity Exchange", "የኢትዮጵያ ምርት ገበያ"),
        OrganizationKind::Customs => ("CUSTOMS", "Ethiopian Customs Commission", "የኢትዮጵያ ጉምሩክ ኮሚሽን"),
        OrganizationKind::Auditor => ("AUDIT", "Office of the Auditor", "የኦዲተር ጽሕፈት ቤት"),
        OrganizationKind::Administration => ("ADMIN", "System administration", "የሥርዓት አስተዳደር"),
    };
    Actor {
        user_id: UserId(Uuid::nil()),
        username: format!("{}.{}", code.to_lowercase(), role.code().to_lowercase()),
        display_name: "Selamawit Bekele".into(),
        organization: ActorOrganization {
            id: OrganizationId(Uuid::nil()),
            kind,
            code: code.into(),
            name_en: name_en.into(),
            name_am: name_am.into(),
        },
        roles: vec![role],
        permissions: Permissions::NONE.union(permissions_of(kind, role)),
        delegations: Vec::new(),
        origin: crate::auth::Origin::default(),
    }
}

/// The frame of a demonstration page for that actor.
pub fn chrome(kind: OrganizationKind, role: Role, lang: Lang, title: &str, path: &str) -> Chrome {
    let mut chrome = Chrome::for_actor(&actor(kind, role), lang, title, path).with_csrf("sample-token");
    chrome.demo = true;
    chrome
}
