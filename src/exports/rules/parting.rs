//! Parting an export at loading: what is on board of each lot, and what stayed behind. Pure; together they are what the
//! export had.

use rust_decimal::Decimal;

use crate::dec;
use crate::ids::LotId;

/// The least that may be on board, and that may stay behind, in kilograms: the least of a request.
pub const LEAST_PART_KG: Decimal = dec!(0.1);

/// A lot of an export, with its share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotShare {
    /// Which lot.
    pub lot: LotId,
    /// Its number.
    pub number: String,
    /// Kilograms of it in the export.
    pub kg: Decimal,
}

/// The two parts of an export, each with its lots by id; a lot that is wholly in one is not in the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parted {
    /// What is on board.
    pub on_board: Vec<(LotId, Decimal)>,
    /// What stayed behind.
    pub behind: Vec<(LotId, Decimal)>,
}

impl Parted {
    /// Kilograms on board.
    #[must_use]
    pub fn on_board_kg(&self) -> Decimal {
        self.on_board.iter().map(|(_, kg)| *kg).sum()
    }

    /// Kilograms that stayed behind.
    #[must_use]
    pub fn behind_kg(&self) -> Decimal {
        self.behind.iter().map(|(_, kg)| *kg).sum()
    }
}

/// Parts `lots` by what is on board of them; `None` where more would be on board than there is, or one of the parts would
/// be less than [`LEAST_PART_KG`].
#[must_use]
pub fn part(lots: &[LotShare], on_board: &[(LotId, Decimal)]) -> Option<Parted> {
    if on_board.iter().any(|(lot, _)| !lots.iter().any(|share| share.lot == *lot)) {
        return None;
    }
    let mut parted = Parted { on_board: Vec::new(), behind: Vec::new() };
    for share in lots {
        let loaded: Decimal = on_board.iter().filter(|(lot, _)| *lot == share.lot).map(|(_, kg)| *kg).sum();
        if loaded < Decimal::ZERO || loaded > share.kg {
            return None;
        }
        for (part, kg) in [(&mut parted.on_board, loaded), (&mut parted.behind, share.kg - loaded)] {
            if !kg.is_zero() {
                part.push((share.lot, kg));
            }
        }
    }
    parted.on_board.sort();
    parted.behind.sort();
    let is_enough = parted.on_board_kg() >= LEAST_PART_KG && parted.behind_kg() >= LEAST_PART_KG;
    is_enough.then_some(parted)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn share(kg: Decimal) -> LotShare {
        LotShare { lot: LotId::new(), number: "LOT-1".to_owned(), kg }
    }

    #[test]
    fn a_lot_is_on_board_in_whole_in_part_or_not_at_all() {
        let lots = [share(dec!(300)), share(dec!(200)), share(dec!(100))];
        let parted = part(&lots, &[(lots[0].lot, dec!(300)), (lots[1].lot, dec!(50.5))]).unwrap();
        assert_eq!(parted.on_board, [(lots[0].lot, dec!(300)), (lots[1].lot, dec!(50.5))]);
        assert_eq!(parted.behind, [(lots[1].lot, dec!(149.5)), (lots[2].lot, dec!(100))]);
    }

    #[test]
    fn nothing_is_parted_into_nothing_and_all_or_into_more_than_there_is() {
        let lots = [share(dec!(300))];
        let of = |kg: Decimal| part(&lots, &[(lots[0].lot, kg)]);
        for kg in [dec!(0), dec!(0.099), dec!(299.901), dec!(300), dec!(300.001), dec!(-1)] {
            assert_eq!(of(kg), None, "{kg}");
        }
        assert!(of(dec!(0.1)).is_some() && of(dec!(299.9)).is_some());
        assert_eq!(part(&lots, &[(LotId::new(), dec!(1)), (lots[0].lot, dec!(1))]), None, "that lot is not in it");
    }

    /// What a lot has given, by what was done with it: to open exports, and to shipped ones.
    #[derive(Debug, Default)]
    struct Ledger {
        open: Vec<Vec<LotShare>>,
        shipped: BTreeMap<LotId, Decimal>,
    }

    impl Ledger {
        fn reserved(&self, lot: LotId) -> Decimal {
            let open: Decimal = self.open.iter().flatten().filter(|share| share.lot == lot).map(|share| share.kg).sum();
            open + self.shipped.get(&lot).copied().unwrap_or_default()
        }
    }

    #[derive(Debug, Clone)]
    enum Act {
        Reserve(Vec<u32>),
        /// How much of each lot is on board, in thousandths.
        Ship(usize, Vec<u32>),
        Release(usize),
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            prop::collection::vec(0..500_000_u32, 3).prop_map(Act::Reserve),
            (any::<usize>(), prop::collection::vec(0..=1_000_u32, 3))
                .prop_map(|(which, parts)| Act::Ship(which, parts)),
            any::<usize>().prop_map(Act::Release),
        ]
    }

    proptest! {
        /// Over any sequence of reserving, shipping in whole or in part, and releasing, what a lot has given is what
        /// open and shipped exports have of it.
        #[test]
        fn no_kilogram_is_lost_or_made(acts in prop::collection::vec(act(), 1..40)) {
            let lots = [LotId::new(), LotId::new(), LotId::new()];
            let (mut ledger, mut given) = (Ledger::default(), BTreeMap::<LotId, Decimal>::new());
            for act in acts {
                match act {
                    Act::Reserve(grams) => {
                        let shares = lots.iter().zip(grams).filter(|(_, grams)| *grams > 0);
                        let shares: Vec<LotShare> = shares
                            .map(|(lot, grams)| LotShare { lot: *lot, ..share(Decimal::new(grams.into(), 3)) })
                            .collect();
                        for share in &shares {
                            *given.entry(share.lot).or_default() += share.kg;
                        }
                        ledger.open.push(shares);
                    }
                    Act::Ship(which, parts) if !ledger.open.is_empty() => {
                        let shares = ledger.open.swap_remove(which % ledger.open.len());
                        let on_board: Vec<(LotId, Decimal)> = shares
                            .iter()
                            .zip(parts)
                            .map(|(share, part)| (share.lot, (share.kg * Decimal::new(part.into(), 3)).round_dp(3)))
                            .collect();
                        let whole = shares.iter().map(|share| (share.lot, share.kg)).collect();
                        let parted = part(&shares, &on_board)
                            .unwrap_or(Parted { on_board: whole, behind: Vec::new() });
                        for (lot, kg) in &parted.on_board {
                            prop_assert!(*kg > Decimal::ZERO);
                            *ledger.shipped.entry(*lot).or_default() += kg;
                        }
                        let rest = parted.behind.iter().map(|(lot, kg)| LotShare { lot: *lot, ..share(*kg) });
                        ledger.open.push(rest.collect());
                    }
                    Act::Release(which) if !ledger.open.is_empty() => {
                        for share in ledger.open.swap_remove(which % ledger.open.len()) {
                            *given.entry(share.lot).or_default() -= share.kg;
                        }
                    }
                    Act::Ship(..) | Act::Release(_) => {}
                }
                for lot in lots {
                    prop_assert_eq!(ledger.reserved(lot), given.get(&lot).copied().unwrap_or_default());
                }
            }
        }
    }
}
