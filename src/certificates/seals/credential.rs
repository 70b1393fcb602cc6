//! A paper as a credential for machines (W3C VC 2.0 as a JWT, UNTP digital conformity credential 0.6): quality, origin and
//! competence, which buyers and their authorities take in by program.
//!
//! It says what the seal says, in the words of that vocabulary; whether it still holds, the page of the paper says.

use jebena_trust::claims::Claims;
use jebena_trust::facts::{Fact, Kind, Value};
use jebena_trust::text::base64url;
use serde_json::{Value as Json, json};
use url::Url;

/// The vocabularies.
const CONTEXT: [&str; 2] =
    ["https://www.w3.org/ns/credentials/v2", "https://test.uncefact.org/vocabulary/untp/dcc/0.6.0/"];

/// What one kind of paper attests.
struct Attested {
    /// What it is called.
    name: &'static str,
    /// UNTP's word for what is looked at.
    topic: &'static str,
    /// By which rules.
    regulation: &'static str,
}

const fn attested(kind: Kind) -> Option<Attested> {
    let (name, topic, regulation) = match kind {
        Kind::QualityCertificate => (
            "Certificate of quality of coffee",
            "governance.compliance",
            "Coffee quality inspection and certification, Ethiopian Coffee and Tea Authority",
        ),
        Kind::IcoCertificate => (
            "ICO certificate of origin",
            "governance.compliance",
            "International Coffee Organization, rules on certificates of origin (ICC 102-9)",
        ),
        Kind::CompetenceCertificate => (
            "Certificate of competence for coffee export",
            "governance.compliance",
            "Coffee marketing and quality control, Proclamation 1051/2017",
        ),
        _ => return None,
    };
    Some(Attested { name, topic, regulation })
}

/// The identifier of an organisation on the web of this site (did:web): its document is at `/pki/CODE/did.json`.
pub(in crate::certificates) fn did(origin: &Url, organization: &str) -> String {
    let host = origin.host_str().unwrap_or_default();
    // A colon divides the parts of the identifier, so that the port's is written otherwise.
    let port = origin.port().map(|port| format!("%3A{port}")).unwrap_or_default();
    format!("did:web:{host}{port}:pki:{organization}")
}

/// Header and payload of the credential of a paper with this seal; none for a kind that is none. The seal stands in the header, for
/// whoever checks without a network (`jebena_trust::given`).
pub(super) fn credential(
    (claims, cose): (&Claims, &[u8]),
    issuer_name: &str,
    key_id: &str,
    origin: &Url,
) -> Option<(Json, Json)> {
    let attested = attested(claims.kind)?;
    let issuer = did(origin, &claims.issuer);
    let page = format!("{}/v/{}", origin.origin().ascii_serialization(), claims.code);
    let text = |fact: Fact| claims.facts.get(&fact).and_then(text_of);
    let values: Vec<Json> = claims.facts.iter().filter_map(|(fact, value)| metric(*fact, value)).collect();
    let assessment = json!({
        "type": ["ConformityAssessment", "Declaration"],
        "id": format!("{page}#assessment"),
        "conformityTopic": attested.topic,
        "conformance": true,
        "assessmentDate": claims.issued_at.day(),
        "referenceRegulation": { "type": ["Regulation"], "name": attested.regulation },
        "declaredValue": values,
        "assessedProduct": assessed(claims, &page),
    });
    let subject = json!({
        "type": ["ConformityAttestation", "Attestation"],
        "id": page,
        "name": format!("{} {}", attested.name, claims.number),
        "assessorLevel": "3rdParty",
        "assessmentLevel": "GovtApproval",
        "attestationType": "certification",
        "issuedToParty": {
            "type": ["Entity"],
            "id": format!("{page}#holder"),
            "name": text(Fact::Exporter).or_else(|| text(Fact::Person)),
            "registeredId": text(Fact::Tin),
        },
        "conformityCertificate": {
            "type": ["Link"],
            "linkURL": format!("{page}.pdf"),
            "linkName": "The signed paper",
            "linkType": "application/pdf",
        },
        "assessment": [assessment],
    });
    let payload = json!({
        "@context": CONTEXT,
        "type": ["DigitalConformityCredential", "VerifiableCredential"],
        "id": format!("{page}.vc.jwt"),
        "issuer": { "type": ["CredentialIssuer"], "id": issuer, "name": issuer_name },
        "validFrom": claims.valid_from.unwrap_or(claims.issued_at).to_string(),
        "validUntil": claims.valid_until.map(|until| until.to_string()),
        "name": attested.name,
        "credentialSubject": without_nulls(subject),
    });
    let kid = format!("{issuer}#{key_id}");
    let header = json!({ "alg": "ES256", "cty": "vc", "kid": kid, "seal": base64url(cose), "typ": "vc+jwt" });
    Some((header, without_nulls(payload)))
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Number(_) => None,
    }
}

/// The coffee, of a paper that is about some.
fn assessed(claims: &Claims, page: &str) -> Vec<Json> {
    let text = |fact: Fact| claims.facts.get(&fact).and_then(text_of);
    let Some(coffee) = text(Fact::Coffee) else { return Vec::new() };
    vec![json!({
        "type": ["ProductVerification"],
        "product": {
            "type": ["Product"],
            "id": format!("{page}#coffee"),
            "name": coffee,
            "batchNumber": text(Fact::Lot).or_else(|| text(Fact::IcoMarks)),
            "countryOfProduction": "ET",
        },
        "IDverifiedByCAB": true,
    })]
}

/// A figure with its unit (UN/ECE recommendation 20).
fn metric(fact: Fact, value: &Value) -> Option<Json> {
    let Value::Number(number) = value else { return None };
    let (name, unit, places) = match fact {
        Fact::NetGrams => ("Net weight", "KGM", 3),
        Fact::Bags => ("Bags", "BG", 0),
        Fact::ScoreHundredths => ("Score of 100", "C62", 2),
        _ => return None,
    };
    let value = rust_decimal::Decimal::try_from_i128_with_scale((*number).into(), places).ok()?.normalize();
    let value: serde_json::Number = value.to_string().parse().ok()?;
    Some(json!({
        "type": ["Metric"],
        "metricName": name,
        "metricValue": { "type": ["Measure"], "value": value, "unit": unit },
    }))
}

/// What is not known is left out.
fn without_nulls(json: Json) -> Json {
    match json {
        Json::Object(fields) => fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, without_nulls(value)))
            .collect(),
        Json::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}
