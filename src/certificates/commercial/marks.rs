//! What stands on the bags (domain 4.5): seller, PRODUCE OF ETHIOPIA, quality, crop year, country of origin,
//! certificate, ICO mark, net weight. In English and capitals, as it is stencilled. Pure.

use super::facts::MarkFacts;
use super::record::Record;
use crate::quantities::grouped;

/// The lines on each bag, in their order.
#[must_use]
pub fn lines(record: &Record, facts: &MarkFacts) -> Vec<String> {
    let export = &record.export;
    let quality = format!("{} {} GRADE {}", export.coffee_type, export.processing_method, export.grade);
    let mut lines = vec![record.seller.name.to_uppercase()];
    lines.extend(record.terms.mark.iter().map(|mark| mark.to_uppercase()));
    lines.extend(["PRODUCE OF ETHIOPIA".to_owned(), quality.to_uppercase()]);
    lines.extend(record.crop_year.iter().map(|year| format!("CROP YEAR {year}")));
    lines.push("COUNTRY OF ORIGIN: ETHIOPIA".to_owned());
    lines.extend(facts.certification.iter().map(|number| format!("CERT. NO. {}", number.to_uppercase())));
    lines.extend(facts.ico_mark.iter().map(|mark| format!("ICO NO. {mark}")));
    lines.push(format!("NET WEIGHT {} KG", grouped(export.bag_kg.normalize())));
    // Green coffee that enters Canada is so marked (domain 4.8).
    if export.destination_country == "CA" {
        lines.push("FOR FURTHER PREPARATION ONLY".to_owned());
    }
    lines
}

/// The goods in one line, as invoices describe them: `Ethiopian green coffee, Yirgacheffe, washed, grade 1, crop
/// 2025/26`.
#[must_use]
pub fn description(record: &Record) -> String {
    let export = &record.export;
    let mut parts = vec![
        "Ethiopian green arabica coffee".to_owned(),
        export.coffee_type.clone(),
        export.processing_method.to_lowercase(),
        format!("grade {}", export.grade),
    ];
    parts.extend(record.crop_year.iter().map(|year| format!("crop {year}")));
    parts.join(", ")
}

/// The bags in one line: `320 jute bags of 60 kg net, 0.75 kg tare each, with a hermetic liner`.
#[must_use]
pub fn packaging(record: &Record, weights: &super::figures::Weights) -> String {
    let (bags, kg, tare) = (weights.bags, grouped(weights.bag_kg), grouped(weights.tare_kg));
    let liner = if record.terms.has_liner { ", with hermetic liner (GrainPro)" } else { "" };
    format!("{bags} jute bags of {kg} kg net, tare {tare} kg each{liner}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificates::commercial::figures::{Weights, jute};
    use crate::certificates::commercial::samples;
    use crate::dec;

    #[test]
    fn the_bag_says_who_what_whence_and_how_much() {
        let mut record = samples::record();
        let facts =
            MarkFacts { ico_mark: Some("010/1402/0001".to_owned()), certification: Some("et-bio-0042".to_owned()) };
        assert_eq!(
            lines(&record, &facts),
            [
                "ABAY COFFEE EXPORT PLC",
                "BLUE NILE SELECTION",
                "PRODUCE OF ETHIOPIA",
                "YIRGACHEFFE WASHED GRADE 1",
                "CROP YEAR 2025/26",
                "COUNTRY OF ORIGIN: ETHIOPIA",
                "CERT. NO. ET-BIO-0042",
                "ICO NO. 010/1402/0001",
                "NET WEIGHT 60 KG",
            ]
        );
        record.export.destination_country = "CA".to_owned();
        record.terms.mark = None;
        record.crop_year = None;
        let lines = lines(&record, &MarkFacts::default());
        assert_eq!(lines.last().unwrap(), "FOR FURTHER PREPARATION ONLY");
        assert_eq!(lines.len(), 6);
    }

    #[test]
    fn goods_and_bags_are_described_in_a_line() {
        let record = samples::record();
        assert_eq!(description(&record), "Ethiopian green arabica coffee, Yirgacheffe, washed, grade 1, crop 2025/26");
        let weights = Weights::of(record.net, jute(dec!(60)).unwrap());
        assert_eq!(
            packaging(&record, &weights),
            "320 jute bags of 60 kg net, tare 0.75 kg each, with hermetic liner (GrainPro)"
        );
    }
}
