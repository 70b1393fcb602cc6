//! Decimals written in the source: `dec!(0.75)`, checked by the compiler.

use rust_decimal::Decimal;

/// The decimal that `text` writes down. Only for [`dec!`], which calls it while compiling.
#[doc(hidden)]
#[must_use]
pub const fn decimal(text: &str) -> Decimal {
    let bytes = text.as_bytes();
    let negative = !bytes.is_empty() && bytes[0] == b'-';
    let mut index = if negative { 1 } else { 0 };
    let mut mantissa: u64 = 0;
    let mut scale = 0;
    let mut behind_point = false;
    while index < bytes.len() {
        match bytes[index] {
            b'_' => {}
            b'.' => behind_point = true,
            digit @ b'0'..=b'9' => {
                mantissa = mantissa * 10 + (digit - b'0') as u64;
                if behind_point {
                    scale += 1;
                }
            }
            _ => panic!("a decimal is written with digits, one point and underscores"),
        }
        index += 1;
    }
    Decimal::from_parts((mantissa & 0xffff_ffff) as u32, (mantissa >> 32) as u32, 0, negative, scale)
}

/// A decimal constant, as in `dec!(2.2046226218)`; a slip of the pen does not compile.
#[macro_export]
macro_rules! dec {
    ($value:literal) => {
        const { $crate::quantities::literal::decimal(stringify!($value)) }
    };
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    #[test]
    fn reads_what_is_written() {
        for (constant, text) in [
            (dec!(0), "0"),
            (dec!(0.75), "0.75"),
            (dec!(2.2046226218), "2.2046226218"),
            (dec!(99_999_999_999.999), "99999999999.999"),
            (dec!(-10.50), "-10.50"),
        ] {
            assert_eq!(constant.to_string(), text.parse::<Decimal>().unwrap().to_string());
        }
    }
}
