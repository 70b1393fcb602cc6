//! What is left of a lot. The rules of the weights, pure; the CHECKs of `coffee_lots` hold the same in the database.

use rust_decimal::Decimal;

/// A lot's weights, in kilograms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// All of it.
    pub quantity: Decimal,
    /// What exports have taken; the exported part is among it.
    pub reserved: Decimal,
    /// What has left the country.
    pub exported: Decimal,
    /// What is other lots' now.
    pub passed_on: Decimal,
}

/// There is not that much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{left} kg are there")]
pub struct NotThere {
    /// How much there is.
    pub left: Decimal,
}

impl Balance {
    /// A lot of which nothing has been taken.
    #[must_use]
    pub const fn whole(quantity: Decimal) -> Self {
        Self { quantity, reserved: Decimal::ZERO, exported: Decimal::ZERO, passed_on: Decimal::ZERO }
    }

    /// What is neither reserved nor passed on.
    #[must_use]
    pub fn free(&self) -> Decimal {
        self.quantity - self.reserved - self.passed_on
    }

    /// Whether the weights can be those of a lot.
    #[must_use]
    pub fn holds(&self) -> bool {
        let parts = [self.reserved, self.exported, self.passed_on];
        self.quantity > Decimal::ZERO
            && parts.iter().all(|part| *part >= Decimal::ZERO)
            && self.exported <= self.reserved
            && self.free() >= Decimal::ZERO
    }

    /// Whether nothing of it is left here, and some of it went abroad by itself.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.exported > Decimal::ZERO && self.exported + self.passed_on == self.quantity
    }

    /// An export takes `kg`.
    ///
    /// # Errors
    /// When less is free.
    pub fn reserve(self, kg: Decimal) -> Result<Self, NotThere> {
        take(kg, self.free()).map(|()| Self { reserved: self.reserved + kg, ..self })
    }

    /// An export gives `kg` back.
    ///
    /// # Errors
    /// When less is reserved and still here.
    pub fn release(self, kg: Decimal) -> Result<Self, NotThere> {
        take(kg, self.reserved - self.exported).map(|()| Self { reserved: self.reserved - kg, ..self })
    }

    /// `kg` of what was reserved leave the country.
    ///
    /// # Errors
    /// When less is reserved and still here.
    pub fn ship(self, kg: Decimal) -> Result<Self, NotThere> {
        take(kg, self.reserved - self.exported).map(|()| Self { exported: self.exported + kg, ..self })
    }

    /// `kg` become another lot's.
    ///
    /// # Errors
    /// When less is free.
    pub fn pass_on(self, kg: Decimal) -> Result<Self, NotThere> {
        take(kg, self.free()).map(|()| Self { passed_on: self.passed_on + kg, ..self })
    }
}

fn take(kg: Decimal, left: Decimal) -> Result<(), NotThere> {
    if kg > Decimal::ZERO && kg <= left { Ok(()) } else { Err(NotThere { left }) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::dec;

    #[test]
    fn the_second_of_two_who_ask_for_more_than_there_is_gets_nothing() {
        let lot = Balance::whole(dec!(19_200)).reserve(dec!(12_000)).unwrap();
        assert_eq!(lot.reserve(dec!(8_000)), Err(NotThere { left: dec!(7_200) }));
        assert_eq!(lot.pass_on(dec!(7_200.001)), Err(NotThere { left: dec!(7_200) }));
        let lot = lot.pass_on(dec!(7_200)).unwrap();
        assert_eq!((lot.free(), lot.is_gone()), (Decimal::ZERO, false));
        assert!(lot.ship(dec!(12_000)).unwrap().is_gone());
        assert!(!Balance::whole(dec!(5)).pass_on(dec!(5)).unwrap().is_gone(), "it went on under other numbers");
    }

    #[test]
    fn nothing_and_less_than_nothing_is_never_taken() {
        let lot = Balance::whole(dec!(10)).reserve(dec!(5)).unwrap();
        for kg in [Decimal::ZERO, dec!(-1)] {
            assert!(lot.reserve(kg).is_err() && lot.release(kg).is_err());
            assert!(lot.ship(kg).is_err() && lot.pass_on(kg).is_err());
        }
    }

    /// One act of a random sequence: what, with which lot, and how much in parts of a thousand of what is there.
    #[derive(Debug, Clone)]
    enum Act {
        Reserve(usize, u32),
        Release(usize, u32),
        Ship(usize, u32),
        Split(usize, Vec<u32>),
        Combine(Vec<(usize, u32)>),
    }

    fn act() -> impl Strategy<Value = Act> {
        // Up to a fifth more than there is, so that refusals happen too.
        let part = 0_u32..1_200;
        prop_oneof![
            (any::<usize>(), part.clone()).prop_map(|(lot, part)| Act::Reserve(lot, part)),
            (any::<usize>(), part.clone()).prop_map(|(lot, part)| Act::Release(lot, part)),
            (any::<usize>(), part.clone()).prop_map(|(lot, part)| Act::Ship(lot, part)),
            (any::<usize>(), prop::collection::vec(part.clone(), 1..4)).prop_map(|(lot, parts)| Act::Split(lot, parts)),
            prop::collection::vec((any::<usize>(), part), 2..4).prop_map(Act::Combine),
        ]
    }

    fn share(of: Decimal, part: u32) -> Decimal {
        (of * Decimal::from(part) / dec!(1000)).round_dp(3)
    }

    /// All or nothing, as a transaction has it.
    fn perform(lots: &mut Vec<Balance>, act: &Act) -> Result<(), NotThere> {
        let at = |n: usize| n % lots.len();
        let mut after = lots.clone();
        match act {
            Act::Reserve(n, part) => after[at(*n)] = after[at(*n)].reserve(share(after[at(*n)].free(), *part))?,
            Act::Release(n, part) => {
                let lot = after[at(*n)];
                after[at(*n)] = lot.release(share(lot.reserved - lot.exported, *part))?;
            }
            Act::Ship(n, part) => {
                let lot = after[at(*n)];
                after[at(*n)] = lot.ship(share(lot.reserved - lot.exported, *part))?;
            }
            Act::Split(n, parts) => {
                let free = after[at(*n)].free();
                for part in parts {
                    let kg = share(free, *part);
                    after[at(*n)] = after[at(*n)].pass_on(kg)?;
                    after.push(Balance::whole(kg));
                }
            }
            Act::Combine(parents) => {
                let mut sum = Decimal::ZERO;
                for (n, part) in parents {
                    let kg = share(after[at(*n)].free(), *part);
                    after[at(*n)] = after[at(*n)].pass_on(kg)?;
                    sum += kg;
                }
                after.push(Balance::whole(sum));
            }
        }
        *lots = after;
        Ok(())
    }

    proptest! {
        #[test]
        fn weight_is_conserved_whatever_is_done(
            begun in prop::collection::vec(1_u32..40_000_000, 1..5),
            acts in prop::collection::vec(act(), 0..60),
        ) {
            let mut lots: Vec<Balance> =
                begun.iter().map(|grams| Balance::whole(Decimal::new(i64::from(*grams), 3))).collect();
            let bought: Decimal = lots.iter().map(|lot| lot.quantity).sum();
            let mut gone = Decimal::ZERO;
            for act in &acts {
                let before = lots.clone();
                if perform(&mut lots, act).is_err() {
                    prop_assert_eq!(&before, &lots, "what is refused changes nothing");
                }
                prop_assert!(lots.iter().all(Balance::holds), "{:?} after {:?}", lots, act);
                // What was bought lies free, is reserved, or has left; what was passed on is counted where it went.
                let here: Decimal = lots.iter().map(|lot| lot.free() + lot.reserved).sum();
                prop_assert_eq!(here, bought);
                let exported: Decimal = lots.iter().map(|lot| lot.exported).sum();
                prop_assert!(exported >= gone && exported <= bought, "what has left does not come back");
                gone = exported;
            }
        }
    }
}
