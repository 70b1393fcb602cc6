### Lots: registering, verifying, listing.

lots-new = Register a lot
lots-new-lead = Take every figure from the warehouse receipt: the desk holds the lot against it. What you have typed can be kept at any time.
lots-register = Register the lot
lots-check-title = Check your answers
lots-check-lead = This is what the desk will hold against the receipt. Hand the receipt itself in on the next page.
lots-check-receipt-expired = The receipt has run out: the exchange does not verify a lot after its receipt's last day.
lots-correction-title = Correct lot { $number }
lots-flash-registered = Lot { $number } is registered. Hand in its warehouse receipt, so that it can be verified.
lots-title = Lot { $number }

lots-number = Lot number
lots-number-hint = Only for coffee of the exchange's auction, as on its receipt. All other lots are given a number here.
lots-number-given = given when it is registered
lots-owner = Owner
lots-receipt = Receipt, warehouse
lots-quantity = Weight
lots-reserved = Reserved
lots-exported = Exported
lots-free = Free
lots-status = Coffee
lots-coffee = Coffee type
lots-source = Source
lots-verification = Verification
lots-verified-by = Verified by
lots-empty-title = No lots
lots-empty-text = Nothing here matches what you have chosen.
lots-none-waiting = No lot waits
lots-none-waiting-text = Every lot of your desk has been decided on.
lots-tabs = Parts of the lots

lots-group-source = Where it comes from
lots-group-coffee = Coffee
lots-group-purchase = Weight and price
lots-group-weight = Weight
lots-receipt-hint = A receipt of the exchange is good for { $days } days.
lots-receipt-hint-assumed = A receipt of the exchange is good for { $days } days (assumed: a rule of 2013; whether it still holds was not found).
lots-receipt-good-until = good until { $date }
lots-symbol-hint = As on the contract of the exchange. Known: { $symbols }; others are kept as you type them.
lots-grade-hint = The preliminary grade on the receipt. Lots of the exchange always have one.
lots-crop-hint = Two years, such as 2025/26.
lots-total-hint = One of the two prices gives the other; where you give both, they have to agree to 1 percent.

lots-seen = What stands on the receipt
lots-verify-lead = Type in what the receipt says. The lot is verified when every figure is the same; differences are shown at their fields.
lots-verify-lead-elsewhere = This lot did not come through the exchange: its receipt has no number of the exchange and no end.
lots-check-receipt-good = The receipt is good until { $date }.
lots-check-receipt-over = The receipt ran out on { $date }.
lots-check-receipt-alone = No other lot names this receipt.
lots-check-receipt-shared = { $others ->
    [one] One other lot names the same receipt.
   *[other] { $others } other lots name the same receipt.
}
lots-check-differs = { $field }: registered { $registered }, on the receipt { $seen }.

lots-refusal-receipt-expired = The receipt ran out on { $date }. The lot can be sent back or rejected, not verified.
lots-refusal-no-profile = Your organisation has no exporter's profile yet. Register the firm first.
lots-refusal-no-draft = There is nothing to hand in: it has been handed in already, or was thrown away.
lots-refusal-draft-changed = A colleague has changed what you were about to hand in. Check it again.

lots-problem-number = Letters, digits, hyphens, slashes and points only
lots-problem-number-not-asked = Only lots of the exchange have a number of their own. Leave this empty; a number is given.
lots-problem-number-taken = A lot with this number is registered already
lots-problem-crop-year = Two years that follow each other, such as 2025/26, the first of which has begun
lots-problem-symbol = Letters and digits only, at least two
lots-problem-total = Price and weight make { $product } birr; the two may differ by 1 percent
lots-problem-tin = Ten digits
lots-problem-differs = The lot says: { $value }
lots-problem-not-registered = The lot says nothing here

lot-in-warehouse = In the warehouse
lot-inspected = Inspected
lot-reserved-for-export = Reserved for export
lot-exported = Exported

lot-verification-pending = Waits for verification
lot-verification-verified = Verified
lot-verification-rejected = Rejected
lot-verification-returned = Sent back

lot-tab-pending = Pending
lot-tab-verified = Verified
lot-tab-rejected = Rejected
lot-tab-all = All

lot-source-ecx = Exchange (ECX)
lot-source-vertical = Vertical integration
lot-source-own-farm = Own farm
lot-source-union = Union of cooperatives

lot-field-source = How the coffee was obtained
lot-field-lot-number = Lot number of the exchange
lot-field-warehouse-receipt-number = Warehouse receipt number
lot-field-receipt-date = Date of the receipt
lot-field-receipt-expires-on = Last day of the receipt
lot-field-warehouse-location = Place of the warehouse
lot-field-warehouse-name = Warehouse
lot-field-coffee-type = Coffee type
lot-field-origin-region = Region of origin
lot-field-processing-method = Processing
lot-field-crop-year = Harvest
lot-field-quantity = Weight
lot-field-bags = Bags
lot-field-preliminary-grade = Preliminary grade
lot-field-coffee-contract-symbol = Coffee contract symbol
lot-field-purchase-date = Date of purchase
lot-field-purchase-price = Price for a kilogram
lot-field-purchase-total = Price for the whole lot

lot-seen-seen-number = Lot number
lot-seen-seen-receipt = Receipt number
lot-seen-seen-tin = Owner's tax number (TIN)
lot-seen-seen-quantity = Weight
lot-seen-seen-grade = Grade
lot-seen-seen-expires-on = Last day
