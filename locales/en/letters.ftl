### Letters of credit of an export.

letter-title = Letter of credit of { $number }
letter-lead = The bank of the export puts the letter on record as it was advised, and each amendment as a version of its own. Its document check holds the export against the version in force.
letter-none = None is on record.
letter-terms = What the letter says
letter-record = Put a letter on record
letter-record-submit = Put on record
letter-amend = Put an amendment on record
letter-amend-submit = Put the amendment on record
letter-another = Another letter takes its place
letter-versions = As issued and as amended
letter-back = Back to the export
letter-issued = Issued on { $date }
letter-amended = Amendment { $number } of { $date }
letter-tolerance = up to { $pct } % more
letter-drawn = Drawn by other exports
letter-drawn-by = { $exports ->
    [one] one export, { $kg } kg
   *[other] { $exports } exports, { $kg } kg
}
letter-partial-allowed = partial shipments allowed
letter-partial-prohibited = partial shipments prohibited
case-facts-letter = Letter of credit
field-letter-id = A letter that is on record for this contract
field-letter-id-hint = Choose it where the export draws on the same letter as another; leave everything below as it is then.
field-lc-number = L/C number
field-issuing-bank = Issuing bank
field-dated-on = Date of issue
field-amended-on = Date of the amendment
field-amendment = What the amendment says
field-amendment-hint = 10 to 500 characters, with the number of the advice. Change below what it changes.
field-currency = Currency
field-amount = Amount
field-amount-tolerance-pct = Tolerance of the amount
field-amount-tolerance-pct-hint = { $pct } where the letter says "about" or "approximately" (UCP 600, article 30 a), otherwise what it says or 0.
field-quantity-kg = Net weight
field-quantity-tolerance-pct = Tolerance of the weight
field-quantity-tolerance-pct-hint = { $pct } where the letter says nothing else (article 30 b), 0 where it counts bags.
field-latest-shipment-on = Latest day of shipment
field-expires-on = Expiry
field-expires-on-hint = The last day for presenting documents (article 6 d), and not more than { $days } days after the shipment (article 14 c).
field-expiry-place = Place of expiry
field-partial-shipments = Partial shipments allowed
flash-letter-recorded = Letter of credit { $number } is on record.
flash-letter-amended = The amendment of letter of credit { $number } is on record.
problem-letter-known = This letter is on record for the contract already: choose it above.
refusal-letter-none = No letter of credit is on record for this export. The bank puts it on record as it was advised.
refusal-letter-expired = Letter of credit { $number } expired on { $date }. The buyer has to have it amended to a later expiry, or another letter takes its place.
refusal-letter-ships-late = The letter of credit allows shipment until { $date }, and the coffee is on board on { $on } at the earliest. Ask the buyer for an amendment to a later day.
refusal-letter-shipped-late = The coffee was on board on { $on }, after { $date }, the latest day of shipment of the letter of credit. Ask the buyer for an amendment, or the issuing bank to waive the discrepancy.
refusal-letter-currency = The letter of credit is in { $letter }, the export in { $export }. Ask the buyer for a letter in the currency of the contract.
refusal-letter-amount = The export is worth { $value }; with its tolerance { $left } of the letter of credit may be drawn. Ask the buyer for an amendment to a higher amount, or amend the export's weight.
refusal-letter-quantity = The export weighs { $kg } kg; with its tolerance { $left } kg may be shipped under the letter of credit. Ask the buyer for an amendment, or amend the export's weight.
refusal-letter-partial = Another export draws on letter of credit { $number }, which prohibits partial shipments. Ask the buyer for an amendment that allows them.
check-letter-covers = Letter of credit { $number } covers the export; it expires on { $date }.
check-letter-ends = { $days ->
    [0] Letter of credit { $number } expires today. Ask the buyer for an amendment if the documents are not presented by then.
    [one] Letter of credit { $number } expires on { $date }, in one day. Ask the buyer for an amendment if the documents are not presented by then.
   *[other] Letter of credit { $number } expires on { $date }, in { $days } days. Ask the buyer for an amendment if the documents are not presented by then.
}
check-letter-present = { $days ->
    [0] The documents under letter of credit { $number } have to be presented today.
    [one] The documents under letter of credit { $number } have to be presented by { $date }, in one day.
   *[other] The documents under letter of credit { $number } have to be presented by { $date }, in { $days } days.
}
check-letter-presented-late = The time for presenting documents under letter of credit { $number } ended on { $date }. What was not presented by then is paid only if the issuing bank waives the discrepancy.
