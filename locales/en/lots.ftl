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
lots-status = Where the coffee is
lots-coffee = Coffee type
lots-source = Source
lots-verification = Verification
lots-reason = Reason
lots-verified-by = Verified by
lots-empty-title = No lots
lots-empty-text = There are no lots yet, or none that fits what you have chosen.
lots-none-waiting = No lot waits
lots-none-waiting-text = Every lot of your desk has been decided on.
lots-tabs = Parts of the lots

lots-group-source = Where it comes from
lots-group-coffee = Coffee
lots-group-purchase = Weight and price
lots-group-weight = Weight
lots-receipt-hint = A receipt of the exchange is good for { $days } days.
lots-receipt-hint-assumed = A receipt of the exchange is good for { $days } days (an assumption: by a rule of 2013).
lots-receipt-good-until = good until { $date }
lots-symbol-hint = As on the contract of the exchange. Known: { $symbols }; others are kept as you type them.
lots-grade-hint = The preliminary grade on the receipt. Lots of the exchange always have one.
lots-crop-hint = Two years, such as 2025/26.
lots-total-hint = One of the two prices gives the other; where you give both, they have to agree to 1 percent.

lots-passed-on = Passed on
lots-part = Part { $row }
lots-more-parts = More parts
lots-split = Split the lot
lots-split-title = Split lot { $number }
lots-split-lead = Each part becomes a lot with a number of its own. What you do not split off stays with this lot.
lots-split-lead-inspection = The parts are verified as this lot is, and its inspection holds for them until another takes its place.
lots-combine = Put the lots together
lots-combine-title = Merge or blend lots
lots-combine-lead = What you take of each lot becomes one new lot; what you leave stays where it is.
lots-combine-lead-inspection = The new lot is verified as its parts are. It is inspected anew: no sample has been drawn of it.
lots-combine-lot = Lot
lots-combine-kg = Weight taken of it
lots-combine-warehouse = Place where the coffee was put together
lots-derivation = How it was made
lots-genealogy = What it was made of, and what became of it
lots-genealogy-title = Genealogy of lot { $number }
lots-genealogy-none = Not made of others, and nothing was made of it
lots-genealogy-none-text = It was registered as it is, and none of it was split off, merged or blended.
lots-made-from = Made from
lots-passed-on-to = Passed on to
lots-not-yours-to-see = A lot that is not yours to see
lots-step = Step
lots-share = Weight passed on
lots-inspection = Inspection
lots-draw-sample = Draw a sample
lots-flash-split = Lot { $number } is split. Its parts stand below it.
lots-flash-merged = Lot { $number } is made.
lots-flash-blended = Lot { $number } is blended.
lots-flash-checked = { $rows } rows were read. Nothing is registered yet.
lots-flash-imported = { $rows } lots are registered. Hand their warehouse receipts in, so that they can be verified.

lots-import-title = Import lots
lots-import-lead = A table of lots, one a row. It is read and shown to you first; nothing is registered until you say so, and one wrong row stops all.
lots-import-template = An empty table with the right columns:
lots-import-about = Columns
lots-import-columns = Columns that are read:
lots-import-file = Table
lots-import-hint = CSV in UTF-8 or XLSX, up to { $rows } rows and { $size }. The first row names the columns; dates as 2026-11-20 or 20/11/2026.
lots-import-check = Read the table
lots-import-rows-title = Rows of the table
lots-import-rows = Rows
lots-import-row = Row
lots-import-wrong = Rows with errors
lots-import-every = All rows
lots-import-ignored = Columns that were not read
lots-import-done = Imported
lots-import-outcome = Outcome
lots-import-ok = in order
lots-import-not-ok = not in order
lots-import-all = Register all { $rows } lots
lots-import-all-lead = Every row is in order. All are registered together, or none.
lots-import-stopped = Nothing can be registered while a row is wrong. Correct the table and read it again.
lots-import-again = Read another table
lots-import-unknown = This is neither CSV in UTF-8 nor an XLSX workbook
lots-import-broken = This workbook cannot be read; save it anew as XLSX
lots-import-unpacked = This workbook unpacks to more than is read
lots-import-empty = There are no rows under the header
lots-import-too-many-rows = More than { $most } rows; split the table
lots-import-too-many-columns = More than { $most } columns; leave those out that the template does not have
lots-import-missing = These columns are missing: { $columns }
lots-import-twice = Two columns say the same: { $column }

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
lots-refusal-balance = A lot has not that much left. Somebody may have taken it meanwhile.
lots-refusal-rows = { $rows } rows are not in order. Nothing was registered.
lots-refusal-imported = This table has been imported already.
lots-refusal-number-since = One of the numbers was registered since; the row says which. Nothing was registered.
lots-problem-number-twice = This number stands in row { $row } already
lots-problem-no-split = That is the whole lot. Split off less, or several parts
lots-problem-not-alike = This is other coffee than that of the first lot: type, region, processing, harvest and source have to be the same. A blend may differ
lots-problem-alike = These lots are the same coffee: merge them
lots-problem-twice = This lot stands here twice
lots-problem-unverified = Only a verified lot can be split, merged or blended
lots-problem-too-deep = Too many steps lie behind this lot already
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

lot-source-mixed = Several sources
lot-derivation-split = Split off
lot-derivation-merge = Merged
lot-derivation-blend = Blended
lot-derivation-hint-merge = Lots of the same coffee; the new lot keeps its name.
lot-derivation-hint-blend = Lots that differ in type, region, harvest or source; the new lot says that it is a blend.

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
