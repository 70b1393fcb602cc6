### Sales contracts and the register of buyers.

nav-contracts = Contracts
nav-buyers = Buyers

contract-state-registered = Registered
contract-state-returned = Sent back
contract-state-approved = Approved
contract-state-rejected = Rejected
contract-state-expired = Expired
contract-state-cancelled = Cancelled

contract-part = Part
contract-part-registered = Registered
contract-part-approved = Approved
contract-part-expiring = Expiring
contract-part-returned = Sent back and rejected
contract-part-ended = Ended
contract-part-all = All
contract-search = Number or buyer
contract-head-number = Number
contract-head-state = Status
contract-head-exporter = Exporter
contract-head-buyer = Buyer
contract-head-coffee = Coffee
contract-head-free = Left
contract-head-value = Value
contract-head-ship-by = Ship by
contract-tag-late = registered late
contract-tag-below = below minimum price
contract-tag-amended = amendment { $number }
contract-empty-title = No contracts here
contract-empty-text = Nothing matches. Contracts that you may see appear as soon as they are registered.

contract-new-title = Register a contract
contract-new-lead = A contract is registered within 24 hours of the deal. Before it is handed in you see it once more.
contract-edit-title = Change { $number }
contract-edit-lead = The form shows what the contract says. The next page tells what follows from a change before anything is stored.
contract-why-back = Why it came back
contract-ship-by = Ship by
contract-no-buyers = You have no buyer yet
contract-back = Back to the form
contract-yes = Yes

contract-group-parties = Buyer and deal
contract-group-coffee = Coffee
contract-group-price = Price and payment
contract-group-delivery = Delivery and shipment
contract-group-quality = Packaging and quality
contract-group-papers = Papers that the buyer asks for
contract-group-more = More terms
contract-group-balance = Balance and time

contract-field-buyer-id = Buyer
contract-field-buyer = Buyer
contract-field-buyer-address = Address of the buyer
contract-field-buyer-email = E-mail
contract-field-buyer-phone = Telephone
contract-field-deal-date = Day of the deal
contract-field-coffee-type = Coffee
contract-field-origin-region = Origin
contract-field-processing-method = Processing
contract-field-grade = Grade
contract-field-crop-year = Crop year
contract-field-quantity = Quantity
contract-field-tolerance-pct = Tolerance
contract-field-currency = Currency
contract-field-price-unit = Price for
contract-field-price-quoted = Price
contract-field-price-basis = How the price is agreed
contract-field-differential = Differential
contract-field-basis-month = Month of the exchange
contract-field-contract-value = Value of the contract
contract-field-payment-method = Payment
contract-field-payment-terms = Terms of payment
contract-field-incoterm = Term of delivery
contract-field-named-place = Named place
contract-field-transport-mode = Transport
contract-field-port-of-loading = Port of loading
contract-field-port-of-discharge = Port of discharge
contract-field-shipment-month = Month of shipment
contract-field-delivery-date = Delivery by
contract-field-packaging = Packaging
contract-field-quality-standard = Standard of quality
contract-field-requested-documents = Papers asked for
contract-field-ico-mark-requested = The bags are to bear the ICO mark
contract-field-governing-rules = Governing rules
contract-field-arbitration = Arbitration in
contract-field-commission-pct = Commission

contract-hint-buyer = Buyers that you deal with. A new one is named under Buyers first.
contract-hint-deal = Registration later than 24 hours after it stays on record.
contract-hint-crop = Such as 2025/26
contract-hint-value = Left empty it is worked out. Price times quantity and value agree within 1 %.
contract-hint-differential = Only with a price against the exchange; below it with a minus.
contract-hint-month = Such as 2026-12

contract-unit-kg = per kilogram, in the currency above
contract-unit-cents-lb = US cents per pound
contract-basis-outright = Outright
contract-basis-differential = Differential to the exchange
contract-transport-sea = By sea
contract-transport-air = By air
contract-packaging-jute-60 = Jute bags, 60 kg
contract-packaging-jute-60-liner = Jute bags, 60 kg, with hermetic liner
contract-packaging-jute-50 = Jute bags, 50 kg
contract-packaging-jute-30-liner = Jute bags, 30 kg, with hermetic liner
contract-packaging-vacuum = Vacuum packs in cartons
contract-packaging-bulk = Bulk in a lined container
contract-rules-escc = European Standard Contract for Coffee (ESCC)
contract-rules-gca = Green Coffee Association (GCA)
contract-rules-cisg = UN sales convention (CISG)
contract-rules-own = As the parties have agreed

contract-check-title = Check the contract
contract-check-incomplete = Something is missing or wrong. Go back to the form.
contract-check-no-rate = There is no exchange rate by which the price could be held against the minimum.
contract-check-no-minimum = No minimum price was ever set for this coffee and grade: the desk judges by itself.
contract-check-price-holds = { $price } USD/kg keeps the minimum of { $minimum } ({ $number }): { $gap } % above it.
contract-check-price-below = { $price } USD/kg is { $gap } % below the minimum of { $minimum } ({ $number }).
contract-check-last-known = The week itself has no minimum price: this is the last known, of { $week }.
contract-check-rates = Converted by the rates of the National Bank: 1 { $currency } = { $rate } ETB ({ $day }), 1 USD = { $dollar } ETB ({ $dollar_day }).
contract-check-high = The price is above { $limit } USD/kg: is the decimal point where it belongs?
contract-check-overridden = It was approved below the minimum price by a supervisor. The reason stands in the history.
contract-check-buyer-verified = The buyer is verified in the register.
contract-check-buyer-barred = The buyer is rejected or suspended in the register.
contract-check-buyer-paper = The buyer's proof of business is there; the register has not verified the buyer yet.
contract-check-buyer-unverified = The buyer is not verified in the register.
contract-check-buyer-unknown = The buyer is not verified, and there is no proof of business.
contract-check-late = It was registered more than 24 hours after the deal.
contract-check-ends = { $days ->
    [one] Shipment by { $date }: one day left.
   *[other] Shipment by { $date }: { $days } days left.
  }
contract-check-ended = Shipment was due by { $date }, { $days ->
    [one] a day
   *[other] { $days } days
  } ago. New exports are refused; those under way go on.

contract-balance-free = Left
contract-balance-taken = Taken by exports
contract-balance-running = { $count ->
    [one] one export under way
   *[other] { $count } exports under way
  }
contract-registered-on = Registered on
contract-amendment = Amendment
contract-until = in force until { $date }
contract-past = its time is over
contract-changes = What changes
contract-changed-on = Changed on { $when }
contract-panel-lead = Price, buyer and papers are held against the checks. What you decide is told to the exporter at once.

contract-register-submit = Register the contract
contract-resubmit-submit = Hand in again
contract-amend-submit = Save the change
contract-amend-reason = Why it is changed
contract-amend-agree = I know that the authority has to approve the contract again, and that until then no new export can be requested under it.
contract-amend-again = The authority has to approve the contract again. Until then no new export can be requested under it, and no permit is issued.
contract-amend-stands = Nobody has to agree again: an approval stands.
contract-amend-follow = Running under it: { $count ->
    [one] one export
   *[other] { $count } exports
  }. What runs keeps what it was requested with until their amendment form takes the contract's present terms over; who has to agree again there is told there.
contract-amend-wait = Running under it: { $count ->
    [one] one export
   *[other] { $count } exports
  }. What runs stays as it is; without an export permit it waits for one until the authority has approved the contract again.
contract-amend-apart = Running under it: { $count ->
    [one] one export
   *[other] { $count } exports
  }, not touched by this change.
contract-flash-registered = { $number } is registered. Hand in the contract and the buyer's proof of business.
contract-flash-rewritten = { $number } is with the authority.
contract-flash-corrected = { $number } is corrected. Its approval stands.

contract-seller = Seller
contract-refusal-not-qualified = Your firm does not pass all gates today: profile, capital, laboratory, taster, competence, licence.
contract-refusal-below = The price of { $price } USD/kg is { $gap } % below the minimum of { $minimum } ({ $number }). Only a supervisor approves below it, with a reason.
contract-refusal-not-below = The price is not below the minimum: it is approved in the ordinary way.
contract-refusal-no-rate = There is no exchange rate for { $currency }: the price cannot be held against the minimum.
contract-refusal-buyer = The buyer is rejected or suspended in the register.
contract-refusal-past = Its last day of shipment was { $date }.
contract-refusal-live-permit = An export permit under it can still be used. It has to be cancelled first.
contract-refusal-unseen = The form was changed after this page was shown. Look at it again.
contract-refusal-no-change = Nothing in the form differs from what stands already.
contract-refusal-reserved = Exports have taken { $kg } kg of it: it cannot say less.
contract-refusal-coffee-taken = Exports run under it: it cannot become another coffee.

check-contract-expired = The contract's time is over. It takes no new exports; this one goes on.
check-contract-amended = The contract says something else now than this export was requested with. It keeps its terms until they are taken over by amending it.

problem-contract-not-licensed = The licence in force does not cover this coffee.
problem-contract-value = Price times quantity comes to { $value }: the value differs by more than 1 %.
problem-incoterm-air = { $incoterm } is for sea and inland water only.
problem-cents-dollar = US cents a pound go with US dollars only.
problem-buyer-barred = This buyer is rejected or suspended in the register.
problem-month = A month is written as 2026-12.
problem-shipment-deadline = Shipment has to be possible by { $date }.
problem-crop-year = A crop year is written as 2025/26.
problem-mail-address = This is no mail address.
problem-buyer-at-home = A buyer of exports is abroad.

review-act-approve-below = Approve below the minimum price
review-action-approve-below = approved below the minimum price
review-lead-approve-below = The contract is approved although its price is below the minimum of its week. Your reason stays on record.
review-action-amend = amended
review-action-correct = corrected
review-action-name = named
review-act-verify = Verify
review-action-verify = verified

buyer-state-pending = Not verified
buyer-state-verified = Verified
buyer-state-rejected = Rejected
buyer-state-suspended = Suspended
buyer-list-lead = One register for all exporters. You see the buyers that you may see; the authority verifies each once.
buyer-search = Name
buyer-head-name = Name
buyer-head-state = Status
buyer-head-country = Country
buyer-head-contracts = Contracts
buyer-head-named-by = Named by
buyer-tag-alike = another is called alike
buyer-empty-title = No buyers here
buyer-empty-text = A buyer appears when an exporter names it.
buyer-new-title = Name a buyer
buyer-edit-title = Correct { $name }
buyer-form-lead = Name the firm as it is registered. If it is in the register already, it is added to yours.
buyer-submit = Save
buyer-group = Buyer
buyer-field-name = Name
buyer-field-country = Country
buyer-field-address = Address
buyer-field-email = E-mail
buyer-field-phone = Telephone
buyer-field-registration-number = Number in the register of companies
buyer-panel-lead = The proof of business shows that the firm exists and buys coffee. A verified buyer needs no further proof with each contract.
buyer-check-alike = “{ $name }” ({ $state }) may be the same firm.
buyer-check-proof = A proof of business is there.
buyer-check-no-proof = There is no proof of business yet.
buyer-flash-named = { $name } is named. Hand in a proof of business.
buyer-flash-found = { $name } is in the register already, and is now among your buyers.
buyer-flash-known = { $name } is among your buyers already.
buyer-flash-corrected = { $name } is corrected.
