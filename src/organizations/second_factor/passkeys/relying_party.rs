//! The site as devices know it: by the name under which their keys answer, and under no other.

use std::fmt;
use std::sync::Arc;

use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::web::site::Site;

/// What the browser shows as the site's name.
const SHOWN: &str = "Jebena";

/// Makes challenges for devices, and judges their answers.
#[derive(Clone)]
pub struct RelyingParty(Arc<Webauthn>);

impl fmt::Debug for RelyingParty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RelyingParty")
    }
}

impl RelyingParty {
    /// The site, where it has a name: devices keep no key for a bare address.
    #[must_use]
    pub fn of(site: &Site) -> Option<Self> {
        let origin = site.named_origin()?;
        let built = WebauthnBuilder::new(origin.domain()?, &origin).and_then(|builder| builder.rp_name(SHOWN).build());
        match built {
            Ok(webauthn) => Some(Self(Arc::new(webauthn))),
            Err(error) => {
                tracing::warn!(%error, "there are no passkeys here");
                None
            }
        }
    }
}

impl std::ops::Deref for RelyingParty {
    type Target = Webauthn;

    fn deref(&self) -> &Webauthn {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has_passkeys(url: &str, is_demo: bool) -> bool {
        RelyingParty::of(&Site::new(url.parse().unwrap(), is_demo, Vec::new())).is_some()
    }

    #[test]
    fn a_site_with_a_name_has_passkeys_and_a_bare_address_has_none() {
        assert!(has_passkeys("https://jebena.example", false));
        assert!(!has_passkeys("https://192.0.2.7", false));
        // A demonstration answers under the machine's own name too.
        assert!(has_passkeys("http://127.0.0.1:8080", true));
        assert!(!has_passkeys("http://192.0.2.7:8080", true));
    }
}
