//! Who takes part in the demo: organisations, their staff, and the firms beside them. Names are invented.

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use crate::auth::{OrganizationKind, Role};
use crate::ids::OrganizationId;

/// An organisation of the demo.
#[derive(Debug, Clone, Copy)]
pub struct DemoOrganization {
    /// Its code.
    pub code: &'static str,
    /// What it is.
    pub kind: OrganizationKind,
    /// Its English name.
    pub name: &'static str,
    /// Its Amharic name; those that `domain.md` does not mark as read in a source await a native reviewer.
    pub name_am: &'static str,
    /// Where its desk is.
    pub address: &'static str,
    /// Its people: role in the account's name, full name.
    pub staff: &'static [(&'static str, &'static str)],
}

use OrganizationKind as K;

/// Everyone whom one can sign in as, in the order of the walk.
#[rustfmt::skip]
pub const ORGANIZATIONS: &[DemoOrganization] = &[
    DemoOrganization { code: "EXPORTER", kind: K::Exporter, name: "Abay Coffee Export PLC", name_am: "ዓባይ ቡና ላኪ ኃ/የተ/የግ/ማ", address: "Gotera, Kirkos, Addis Ababa",
        staff: &[("owner", "Tewodros Alemu Desta"), ("clerk", "Hiwot Girma Tadesse")] },
    DemoOrganization { code: "EXPORTER2", kind: K::Exporter, name: "Selam Trading", name_am: "ሰላም ንግድ", address: "Merkato, Addis Ketema, Addis Ababa",
        staff: &[("owner", "Selamawit Bekele Worku"), ("clerk", "Yared Tesfaye Molla")] },
    DemoOrganization { code: "EXPORTER3", kind: K::Exporter, name: "Gedeo Highland Union", name_am: "የጌዴኦ ደጋ ኅብረት ሥራ ዩኒየን", address: "Dilla, South Ethiopia",
        staff: &[("owner", "Bereket Udo Gemede"), ("clerk", "Aster Dukale Shiferaw")] },
    DemoOrganization { code: "EXPORTER4", kind: K::Exporter, name: "Kaffa Forest Farm", name_am: "የካፋ ጫካ ቡና እርሻ", address: "Bonga, South West Ethiopia Peoples",
        staff: &[("owner", "Asefa Haile Gebreyes"), ("clerk", "Meseret Asefa Haile")] },
    DemoOrganization { code: "EXPORTER5", kind: K::Exporter, name: "Nile Arabica S.C.", name_am: "ናይል አራቢካ አ.ማ.", address: "Bole, Addis Ababa",
        staff: &[("owner", "Dawit Mekonnen Abate"), ("clerk", "Rahel Solomon Kebede")] },
    DemoOrganization { code: "BANK", kind: K::CommercialBank, name: "Gion Commercial Bank S.C.", name_am: "ግዮን ንግድ ባንክ አ.ማ.", address: "Ras Desta Damtew Street, Addis Ababa",
        staff: &[("officer", "Mahlet Assefa Gebre"), ("supervisor", "Getachew Lemma Wolde"), ("officer2", "Hirut Mamo Getahun"), ("admin", "Saron Yohannes Tilahun")] },
    DemoOrganization { code: "BANK2", kind: K::CommercialBank, name: "Entoto Commercial Bank S.C.", name_am: "እንጦጦ ንግድ ባንክ አ.ማ.", address: "Arat Kilo, Addis Ababa",
        staff: &[("officer", "Biruk Fikadu Mengistu"), ("supervisor", "Tigist Hailu Demissie"), ("officer2", "Ermias Tolosa Regasa"), ("admin", "Natnael Zewdu Alemayehu")] },
    DemoOrganization { code: "NBE", kind: K::NationalBank, name: "National Bank of Ethiopia", name_am: "የኢትዮጵያ ብሔራዊ ባንክ", address: "Sudan Street, Addis Ababa",
        staff: &[("officer", "Kidist Wondimu Ayele"), ("supervisor", "Solomon Tsegaye Beyene"), ("officer2", "Azeb Kifle Mamuye"), ("admin", "Elias Nigussie Feyisa")] },
    DemoOrganization { code: "ECTA", kind: K::Ecta, name: "Ethiopian Coffee and Tea Authority", name_am: "የኢትዮጵያ ቡናና ሻይ ባለሥልጣን", address: "Kera, Addis Ababa",
        staff: &[("officer", "Almaz Gudeta Jaleta"), ("supervisor", "Teshome Regassa Dinku"), ("officer2", "Girma Bulcha Deressa"), ("admin", "Bethlehem Zerihun Asrat")] },
    DemoOrganization { code: "ECX", kind: K::Ecx, name: "Ethiopia Commodity Exchange", name_am: "የኢትዮጵያ ምርት ገበያ", address: "Mexico Square, Addis Ababa",
        staff: &[("officer", "Fasil Tamrat Hundessa"), ("supervisor", "Genet Abera Sima"), ("officer2", "Senait Hagos Berhe"), ("admin", "Yonas Berhanu Tolossa")] },
    DemoOrganization { code: "SHIPPING", kind: K::ShippingLine, name: "Red Sea and Gulf Lines", name_am: "ቀይ ባሕር የመርከብ ድርጅት", address: "La Gare, Addis Ababa",
        staff: &[("officer", "Abdi Mohammed Ousman"), ("supervisor", "Lidya Kassahun Bogale"), ("officer2", "Mekdes Abate Zeleke"), ("admin", "Henok Tadele Wassie")] },
    DemoOrganization { code: "SHIPPING2", kind: K::ShippingLine, name: "Tadjoura Ocean Carriers", name_am: "ታጁራ የመርከብ ድርጅት", address: "Kazanchis, Addis Ababa",
        staff: &[("officer", "Hamdi Ali Robleh"), ("supervisor", "Martha Desalegn Ejigu"), ("officer2", "Idris Osman Waberi"), ("admin", "Samuel Ashenafi Hirpa")] },
    DemoOrganization { code: "CUSTOMS", kind: K::Customs, name: "Ethiopian Customs Commission", name_am: "የጉምሩክ ኮሚሽን", address: "Megenagna, Addis Ababa",
        staff: &[("officer", "Mulugeta Shibru Negash"), ("supervisor", "Zinash Teferi Gurmu"), ("officer2", "Tsehay Gebremariam Alula"), ("admin", "Robel Haftu Gidey")] },
    DemoOrganization { code: "AUDITOR", kind: K::Auditor, name: "Consortium Audit Office", name_am: "የኅብረቱ የኦዲት ጽሕፈት ቤት", address: "Sarbet, Addis Ababa",
        staff: &[("", "Wubit Amare Kifle")] },
    DemoOrganization { code: "ADMIN", kind: K::Administration, name: "Consortium Administration", name_am: "የኅብረቱ አስተዳደር", address: "Sarbet, Addis Ababa",
        staff: &[("", "Dereje Wolde Michael")] },
];

/// A firm beside them, each with one gate that it fails or is about to fail (domain 8).
pub(super) struct Firm {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) name_am: &'static str,
    pub(super) owner: &'static str,
    /// As in `registration.sql`.
    pub(super) flaw: &'static str,
}

#[rustfmt::skip]
pub(super) const FIRMS: &[Firm] = &[
    Firm { code: "FIRM-AMARO", name: "Amaro Mountain Coffee PLC", name_am: "አማሮ ተራራ ቡና", owner: "Workneh Ayano Boru", flaw: "NO_CAPITAL" },
    Firm { code: "FIRM-BALE", name: "Bale Harenna Export PLC", name_am: "ባሌ ሐረና ላኪ", owner: "Chaltu Tolera Gemechu", flaw: "TASTER_EXPIRED" },
    Firm { code: "FIRM-GIMBI", name: "Gimbi Valley Coffee PLC", name_am: "ጊምቢ ሸለቆ ቡና", owner: "Lemi Bayissa Duguma", flaw: "LICENSE_REVOKED" },
    Firm { code: "FIRM-LIMU", name: "Limu Kossa Coffee PLC", name_am: "ሊሙ ኮሳ ቡና", owner: "Firehiwot Abdissa Oljira", flaw: "COMPETENCE_DUE" },
    Firm { code: "FIRM-TEPPI", name: "Teppi Green Gold PLC", name_am: "ቴፒ አረንጓዴ ወርቅ", owner: "Getahun Masresha Lule", flaw: "LABORATORY_EXPIRED" },
    Firm { code: "FIRM-HARAR", name: "Harar Gate Trading PLC", name_am: "ሐረር በር ንግድ", owner: "Nejat Ahmed Yusuf", flaw: "COMPETENCE_EXPIRED" },
    Firm { code: "FIRM-YEKI", name: "Yeki Forest Coffee PLC", name_am: "የኪ ጫካ ቡና", owner: "Mitiku Woldeyes Arage", flaw: "SUSPENDED" },
];

/// An account's name, such as `nbe.officer`; the auditor's and the administrator's have no role in theirs.
#[must_use]
pub fn username(organization: &str, role: &str) -> String {
    let organization = organization.to_lowercase();
    if role.is_empty() { organization } else { format!("{organization}.{role}") }
}

/// Who has a second factor from the beginning: those who administer their organisations.
pub fn with_second_factor() -> impl Iterator<Item = String> {
    ORGANIZATIONS.iter().flat_map(|organization| {
        let admins = organization.staff.iter().filter(|(role, _)| *role == "admin");
        admins.map(|(role, _)| username(organization.code, role))
    })
}

/// The roles behind an account. Four eyes on three steps of the authority need three people who decide there; who administers
/// the desk is none of them.
fn roles_of(kind: OrganizationKind, role: &str) -> &'static [Role] {
    match (kind, role) {
        (_, "owner") => &[Role::Owner],
        (_, "clerk") => &[Role::Clerk],
        (_, "supervisor") => &[Role::Supervisor],
        (_, "admin") => &[Role::OrgAdmin],
        (OrganizationKind::Auditor, _) => &[Role::Auditor],
        (OrganizationKind::Administration, _) => &[Role::SystemAdmin],
        _ => &[Role::Officer],
    }
}

/// Writes organisations, people and their roles.
pub(super) async fn insert(connection: &mut PgConnection, password_hash: &str) -> sqlx::Result<()> {
    for (position, organization) in ORGANIZATIONS.iter().enumerate() {
        let id = insert_organization(
            connection,
            organization.code,
            organization.kind,
            (organization.name, organization.name_am),
            organization.address,
            position,
        )
        .await?;
        for (role, full_name) in organization.staff {
            let name = username(organization.code, role);
            insert_person(connection, id, &name, full_name, roles_of(organization.kind, role), password_hash).await?;
        }
    }
    for (position, firm) in FIRMS.iter().enumerate() {
        let names = (firm.name, firm.name_am);
        let position = position + ORGANIZATIONS.len();
        let id = insert_organization(connection, firm.code, K::Exporter, names, "Bole, Addis Ababa", position).await?;
        let name = username(firm.code, "owner");
        insert_person(connection, id, &name, firm.owner, &[Role::Owner], password_hash).await?;
    }
    Ok(())
}

/// An organisation that seals its papers.
pub struct Holder {
    /// Its id.
    pub id: OrganizationId,
    /// Its code.
    pub code: String,
    /// Its English name.
    pub name: String,
}

/// Every organisation of the demo, past every wall.
///
/// # Errors
/// When the database fails.
pub async fn list_organizations(admin: &PgConnectOptions) -> sqlx::Result<Vec<Holder>> {
    let mut connection = PgConnection::connect_with(admin).await?;
    let holders = sqlx::query_as!(
        Holder,
        r#"select organization_id as "id: OrganizationId", code, name from organizations order by created_at, code"#
    )
    .fetch_all(&mut connection)
    .await?;
    connection.close().await?;
    Ok(holders)
}

async fn insert_organization(
    connection: &mut PgConnection,
    code: &str,
    kind: OrganizationKind,
    (name, name_am): (&str, &str),
    address: &str,
    position: usize,
) -> sqlx::Result<Uuid> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into organizations (organization_id, code, kind, name, name_am, contact_email, contact_phone, address)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id,
        code,
        kind.code(),
        name,
        name_am,
        format!("desk@{}.example", code.to_lowercase()),
        format!("+251911000{:03}", position + 1),
        address,
    )
    .execute(connection)
    .await?;
    Ok(id)
}

async fn insert_person(
    connection: &mut PgConnection,
    organization: Uuid,
    username: &str,
    full_name: &str,
    roles: &[Role],
    password_hash: &str,
) -> sqlx::Result<()> {
    let codes: Vec<String> = roles.iter().map(|role| role.code().to_owned()).collect();
    sqlx::query!(
        "with person as (
             insert into users (id, username, email, password_hash, organization_id, role, full_name, is_demo)
             values ($1, $2, $3, $4, $5, $6, $7, true)
             returning id)
         insert into user_roles (user_id, role_name)
         select person.id, code from person cross join unnest($8::text[]) as code",
        Uuid::now_v7(),
        username,
        format!("{username}@jebena.example"),
        password_hash,
        organization,
        codes.first().map_or("", String::as_str),
        full_name,
        &codes,
    )
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_named_by_organisation_and_role() {
        let names: Vec<String> =
            ORGANIZATIONS.iter().flat_map(|o| o.staff.iter().map(|(role, _)| username(o.code, role))).collect();
        for expected in
            ["exporter.owner", "exporter5.clerk", "bank2.officer", "ecta.officer2", "ecta.admin", "auditor", "admin"]
        {
            assert!(names.iter().any(|name| name == expected), "{expected}");
        }
        let mut unique = names.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), names.len());
    }

    #[test]
    fn every_desk_that_decides_has_three_people() {
        for organization in ORGANIZATIONS {
            let people = organization.staff.iter();
            let deciders = people.filter(|(role, _)| {
                roles_of(organization.kind, role).iter().any(|r| matches!(r, Role::Officer | Role::Supervisor))
            });
            match organization.kind {
                K::Exporter | K::Auditor | K::Administration => assert_eq!(deciders.count(), 0),
                K::CommercialBank | K::NationalBank | K::Ecta | K::Ecx | K::ShippingLine | K::Customs => {
                    assert_eq!(deciders.count(), 3, "{}", organization.code);
                }
            }
        }
    }
}
