//! The server refuses to work as a role for which row-level security is only a suggestion.

use thiserror::Error;

use super::Db;

/// Why a role may not serve.
#[derive(Debug, Error)]
pub enum PrivilegeError {
    /// The role could see or change what no viewer may.
    #[error("the role {role} {what}; let the server sign in as jebena_app, and keep {role} for `jebena migrate`")]
    TooPowerful {
        /// The role.
        role: String,
        /// What it is or can, as a verb and its object.
        what: &'static str,
    },
    /// The role is a member of nothing that a transaction needs.
    #[error(
        "the role {role} may not act for anybody here; let the server sign in as jebena_app, after `jebena migrate`"
    )]
    Powerless {
        /// The role.
        role: String,
    },
    /// The database was not asked.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl Db {
    /// Makes sure that the connections' role is no superuser, bypasses no policy, and neither owns tables nor
    /// can become their owner.
    ///
    /// # Errors
    /// [`PrivilegeError`].
    pub async fn require_unprivileged(&self) -> Result<(), PrivilegeError> {
        let mut connection = self.acquire().await?;
        // `session_user`, since a transaction takes other roles on the way.
        let role = sqlx::query!(
            r#"select r.rolname::text as "name!", r.rolsuper as "is_superuser!", r.rolbypassrls as "bypasses!",
                      r.rolcreaterole as "creates_roles!",
                      exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                              where c.relowner = r.oid and c.relkind in ('r', 'p') and c.relpersistence = 'p'
                                and n.nspname not like 'pg\_%') as "owns_tables!",
                      exists (select from pg_roles o where o.rolname in ('jebena_owner', 'jebena_definer')
                                and pg_has_role(r.oid, o.oid, 'member')) as "can_become_owner!",
                      exists (select from pg_roles g where g.rolname = 'jebena_gate'
                                and pg_has_role(r.oid, g.oid, 'member')) as "is_member!"
               from pg_roles r
               where r.rolname = session_user"#
        )
        .fetch_one(&mut *connection)
        .await?;
        connection.commit().await?;
        let powers = [
            (role.is_superuser, "is a superuser"),
            (role.bypasses, "bypasses row-level security"),
            (role.creates_roles, "may create roles"),
            (role.owns_tables, "owns tables"),
            (role.can_become_owner, "can become the owner of the tables"),
        ];
        match powers.into_iter().find(|(has, _)| *has) {
            Some((_, what)) => Err(PrivilegeError::TooPowerful { role: role.name, what }),
            None if !role.is_member => Err(PrivilegeError::Powerless { role: role.name }),
            None => Ok(()),
        }
    }
}
