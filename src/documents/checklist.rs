//! Which documents an export needs, by payment method, Incoterm, destination and what the buyer asks for
//! (domain 4.8). Pure; the rules are rows of `document_requirements`.

/// One rule: a document, and when it is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Such as `INVOICE`.
    pub document_type: String,
    /// `ALWAYS`, `PAYMENT_METHOD`, `INCOTERM`, `DESTINATION`, `DESTINATION_EU`, `TRANSPORT_MODE`, `REQUESTED`.
    pub condition: String,
    /// With what the condition compares.
    pub condition_value: String,
    /// The stage that asks for it.
    pub needed_for_stage: String,
    /// Who normally brings it.
    pub provided_by: String,
}

/// What the rules look at.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// LC, CAD, ADVANCE, CONSIGNMENT or TT.
    pub payment_method: &'a str,
    /// Incoterms 2020.
    pub incoterm: &'a str,
    /// ISO 3166 code.
    pub destination: &'a str,
    /// Whether that is a member of the European Union.
    pub destination_is_eu: bool,
    /// SEA or AIR.
    pub transport_mode: &'a str,
    /// Documents that the buyer asks for.
    pub requested: &'a [String],
}

impl Requirement {
    /// Whether these terms call for the document.
    #[must_use]
    pub fn applies(&self, terms: &Terms<'_>) -> bool {
        match self.condition.as_str() {
            "ALWAYS" => true,
            "PAYMENT_METHOD" => self.condition_value == terms.payment_method,
            "INCOTERM" => self.condition_value == terms.incoterm,
            "DESTINATION" => self.condition_value == terms.destination,
            "DESTINATION_EU" => terms.destination_is_eu,
            "TRANSPORT_MODE" => self.condition_value == terms.transport_mode,
            "REQUESTED" => terms.requested.contains(&self.document_type),
            // The CHECK of the table has no other; an unknown one asks rather than lets pass.
            _ => true,
        }
    }
}

/// The rules that these terms call for, each document once, in the order given.
#[must_use]
pub fn required<'r>(rules: &'r [Requirement], terms: &Terms<'_>) -> Vec<&'r Requirement> {
    let mut needed: Vec<&Requirement> = Vec::new();
    for rule in rules.iter().filter(|rule| rule.applies(terms)) {
        if !needed.iter().any(|other| other.document_type == rule.document_type) {
            needed.push(rule);
        }
    }
    needed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(document: &str, condition: &str, value: &str) -> Requirement {
        Requirement {
            document_type: document.to_owned(),
            condition: condition.to_owned(),
            condition_value: value.to_owned(),
            needed_for_stage: "CLEARANCE".to_owned(),
            provided_by: "EXPORTER".to_owned(),
        }
    }

    const TERMS: Terms<'_> = Terms {
        payment_method: "LC",
        incoterm: "FOB",
        destination: "JP",
        destination_is_eu: false,
        transport_mode: "SEA",
        requested: &[],
    };

    #[test]
    fn payment_incoterm_and_destination_decide() {
        let rules = [
            rule("INVOICE", "ALWAYS", ""),
            rule("LETTER_OF_CREDIT", "PAYMENT_METHOD", "LC"),
            rule("COLLECTION_INSTRUCTION", "PAYMENT_METHOD", "CAD"),
            rule("INSURANCE_POLICY", "INCOTERM", "CIF"),
            rule("PHYTOSANITARY_CERTIFICATE", "DESTINATION", "JP"),
            rule("EUDR_STATEMENT", "DESTINATION_EU", ""),
        ];
        let names: Vec<&str> = required(&rules, &TERMS).iter().map(|r| r.document_type.as_str()).collect();
        assert_eq!(names, ["INVOICE", "LETTER_OF_CREDIT", "PHYTOSANITARY_CERTIFICATE"]);
        let german = Terms { destination: "DE", destination_is_eu: true, incoterm: "CIF", ..TERMS };
        let names: Vec<&str> = required(&rules, &german).iter().map(|r| r.document_type.as_str()).collect();
        assert_eq!(names, ["INVOICE", "LETTER_OF_CREDIT", "INSURANCE_POLICY", "EUDR_STATEMENT"]);
    }

    #[test]
    fn a_document_that_two_rules_ask_for_is_asked_for_once() {
        let rules = [
            rule("PHYTOSANITARY_CERTIFICATE", "DESTINATION", "JP"),
            rule("PHYTOSANITARY_CERTIFICATE", "REQUESTED", ""),
        ];
        let requested = ["PHYTOSANITARY_CERTIFICATE".to_owned()];
        assert_eq!(required(&rules, &Terms { requested: &requested, ..TERMS }).len(), 1);
    }
}
