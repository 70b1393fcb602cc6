//! What a checker needs years later: the certificates of the chains, and what shows that they had not been revoked (the
//! document security store of ETSI EN 319 142-1, 5.4). With it and a time stamp a signature is PAdES B-LT.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Object};
use sha2::{Digest, Sha256};

use super::PadesError;
use super::revision::Revision;

/// Certificates, revocation lists and answers of OCSP, each as DER.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValidationMaterial {
    /// Of all chains: signers, time stamp authority, authorities of both, root.
    pub certificates: Vec<Vec<u8>>,
    /// One for each authority.
    pub crls: Vec<Vec<u8>>,
    /// Answers about single certificates, where they are newer.
    pub ocsp_responses: Vec<Vec<u8>>,
}

/// `pdf` with a further revision that holds `material`, beside what earlier ones hold; nothing is put in twice.
///
/// # Errors
/// [`PadesError`] when the file cannot be read.
pub fn add_validation_material(pdf: &[u8], material: &ValidationMaterial) -> Result<Vec<u8>, PadesError> {
    let mut revision = Revision::of(pdf)?;
    let (catalogue_id, mut catalogue) = revision.catalogue()?;
    let (store_id, mut store) = revision.part(&catalogue, b"DSS")?;
    store.set("Type", "DSS");
    let mut added = 0;
    for (key, items) in
        [("Certs", &material.certificates), ("CRLs", &material.crls), ("OCSPs", &material.ocsp_responses)]
    {
        added += add(&mut revision, &mut store, key, items)?;
    }
    if added == 0 {
        return Ok(pdf.to_vec());
    }
    match store_id {
        Some(id) => revision.put(id, &Object::Dictionary(store)),
        None => {
            let id = revision.number();
            revision.put(id, &Object::Dictionary(store));
            catalogue.set("DSS", id);
            revision.put(catalogue_id, &Object::Dictionary(catalogue));
        }
    }
    Ok(revision.finish(None).0)
}

/// Adds the items that the list under `key` does not have yet, and says how many.
fn add(revision: &mut Revision<'_>, store: &mut Dictionary, key: &str, items: &[Vec<u8>]) -> Result<usize, PadesError> {
    let mut list = revision.list(store, key.as_bytes())?;
    let there = list.iter().filter_map(|item| revision.stream(item));
    let mut seen: BTreeSet<[u8; 32]> = there.map(|bytes| Sha256::digest(bytes).into()).collect();
    let fresh: Vec<&Vec<u8>> = items.iter().filter(|item| seen.insert(Sha256::digest(item).into())).collect();
    for item in &fresh {
        list.push(revision.add_stream(item));
    }
    if !list.is_empty() {
        store.set(key, list);
    }
    Ok(fresh.len())
}
