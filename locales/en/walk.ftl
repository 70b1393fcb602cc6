### The walk of an export: refusals, problems of fields, messages, the fields of each step.

refusal-not-found = There is no such case, or it is not yours to see.
refusal-stale = { $by } changed this case on { $at }, after you opened it. Look at it again before you decide.
refusal-wrong-stage = This case no longer waits for that step. { $by } moved it on { $at }; it is now at: { $stage }.
refusal-not-your-step = This step belongs to another organisation or to another role.
refusal-own-submission = You opened or submitted this request, so somebody else has to decide it (four eyes).
refusal-decided-another-step = You have decided another step of this export ({ $step }), so a colleague has to decide this one (four eyes).
refusal-same-officer = You gave the first approval. A second officer has to confirm it.
refusal-claimed = { $by } has had this case since { $at }: only who has it decides it.
refusal-missing-documents = These documents are still missing: { $documents }.
refusal-delinquent = The exporter is on the National Bank’s list of delinquent exporters.
refusal-not-qualified = The exporter does not meet all conditions for exporting today (profile, capital, laboratory, taster, competence, licence).
refusal-contract-not-approved = The sales contract is not approved.
refusal-not-inspected = A lot of this export has no inspection that it passed.
refusal-grade-below-contract = The inspection found grade { $found }; the contract asks for grade { $asked }.
refusal-permit-used = Permit { $number } has served its export: what has left cannot be called back.
refusal-permit-in-force = Permit { $number } is in force for this export, and one permit serves one export.
refusal-no-certificate = There is no ICO certificate of origin in force. The authority has to issue one in place of the one that was revoked.
refusal-destination-differs = The contract names another destination: { $country }.
refusal-grade-differs = Grade { $certified } was certified, and the inspection in force says grade { $found }. Send the case back, so that the quality is certified anew.
refusal-no-permit = There is no export permit in force.
refusal-permit-expired = The export permit ran out on { $date }. Send the case back: when the exporter resubmits it, the authority is asked for a new permit.
refusal-too-late-to-cancel = It is too late to cancel this export.
refusal-lot-balance = The lot has not that much left. Another request may have taken it meanwhile.
refusal-contract-balance = The contract has not that much left. Another request may have taken it meanwhile.
refusal-quota-balance = The annual quota of the licence has not that much left.
refusal-not-licensed = The export licence does not cover this coffee or this origin.
refusal-lot-does-not-match = The lot is not the coffee that the contract asks for.
refusal-number-in-use = The number is in use already. Try again.
refusal-no-exporter-code = The exporter has no ICO exporter code yet (box 1). The authority gives it with the registration.
refusal-nothing-to-change = Nothing in the form differs from what stands there.
refusal-too-late-to-change = The coffee is on board or the export is closed: what it says can no longer be changed.
refusal-agree-again = With this change what others have agreed to no longer holds: { $steps }. They are asked again; the export goes to: { $stage }. Confirm at the end of the form that you know.
refusal-invalid = Something in the form is missing or wrong.

problem-missing = Fill this in.
problem-too-short = Write at least { $least } characters.
problem-too-long = Write at most { $most } characters.
problem-name-script = Write the name in Latin or Ethiopic letters, each word in one of them.
problem-name-sign = A sign in this name has no place in a name, such as < > = # or *. Leave it out.
problem-strange-characters = This contains invisible or control characters. Type it anew.
problem-not-a-number = Write a number, such as 19,200 or 132.45.
problem-out-of-range = The number has to lie between { $least } and { $most }.
problem-too-fine = At most { $decimals } decimals.
problem-not-a-date = Write a date, such as 2026-11-20.
problem-too-early = Not before { $date }.
problem-too-late = Not after { $date }.
problem-not-a-choice = Choose one from the list.
problem-container-shape = A container number has four letters, the fourth U, J or Z, and seven digits, such as MSCU1234566.
problem-container-digit = The check digit is wrong: with these letters and digits it would be { $expected }.
problem-container-twice = This container is listed twice.
problem-sum-differs = The containers add up to { $sum } kg; the export is { $whole } kg.
problem-not-short = Of the { $kg } kg at least { $least } kg have to be on board, and at least { $least } kg have to stay behind.
problem-gross-below-net = The gross weight is below the net weight.
problem-lot-left = The lot has { $kg } kg left.
problem-contract-left = The contract has { $kg } kg left, tolerance included.
problem-quota-left = The annual quota of the licence has { $kg } kg left.
problem-lots-differ = The lots of one export have one processing method; this one differs from the first.
problem-agree = Tick this to go on, or change the form.
problem-contradicts-record = This contradicts what the record says of the coffee.

flash-done = Done.
flash-requested = Request { $number } is opened. Attach the documents, then submit it.
flash-submitted = { $number } is submitted. It now waits for: { $stage }.
flash-resubmitted = { $number } is resubmitted. It now waits for: { $stage }.
flash-approved = { $number }: “{ $step }” is done.
flash-first-approved = { $number }: your approval of “{ $step }” is recorded. A second officer has to confirm it.
flash-rejected = { $number }: “{ $step }” is rejected. The exporter sees your reason.
flash-sent-back = { $number } is sent back to the exporter with your question.
flash-cancelled = { $number } is cancelled.
flash-claimed = You have taken { $number }.
flash-released = { $number } is back in the queue.
flash-handed-over = { $number } is handed over.
flash-extended = The proceeds of { $number } are now due on { $date }.
flash-corrected = { $number } is changed. What was agreed to holds.
flash-amended = { $number } is amended. It now waits for: { $stage }.
flash-rolled-over = { $number } goes on another vessel. The clearance stands; customs reads the change.
flash-containers-changed = { $number }: the change is on record, and customs reads it.
flash-containers-cleared-again = { $number } is back with customs: the containers are cleared anew.
flash-loaded-short = { $number } is on board in part. What stayed behind is a request of its exporter.
flash-message-sent = Your message is sent.

action-request = Request opened
action-submit = Submitted
action-resubmit = Answered and resubmitted
action-correct = Changed
action-amend = Amended
action-split = Stayed behind at a loading
action-roll-over = Moved to another vessel
action-containers = Containers or seals changed
action-extend = Due date of the proceeds put off
action-cancel = Cancelled
action-cancel-permit = Export permit cancelled by the authority
action-approve = { $step }: approved
action-first-approve = { $step }: first of two approvals
action-reject = { $step }: rejected
action-return = { $step }: sent back with a question

age-today = today
age-days = { $days ->
    [0] less than a working day
    [one] { $days } working day
   *[other] { $days } working days
}
age-due = Waiting here since { $since }. The proceeds are due on { $due }; amber in the last 30 days, red after it.
age-since = Waiting since { $since }. Due after { $warn ->
        [one] { $warn } working day
       *[other] { $warn } working days
    }, late after { $late }.
due-overdue = proceeds overdue by { $days ->
    [one] { $days } day
   *[other] { $days } days
}
due-in = { $days ->
    [0] proceeds due today
    [one] proceeds due in { $days } day
   *[other] proceeds due in { $days } days
}
flag-licence-ends = licence ends { $days ->
    [0] today
    [one] in { $days } day
   *[other] in { $days } days
}
flag-licence-ended = licence ran out
flag-low-price = below the week’s minimum price
flag-resubmitted = { $times ->
    [one] resubmitted once
   *[other] resubmitted { $times } times
}

coffee-grade = grade { $grade }
processing-washed = washed
processing-natural = natural
processing-honey = honey
payment-lc = Letter of credit
payment-cad = Cash against documents
payment-advance = Advance payment
payment-consignment = Consignment
payment-tt = Telegraphic transfer
permit-issued = in force until
permit-used = used; was valid until
permit-expired = expired on
permit-cancelled = cancelled; was valid until
paper-export-permit = Export permit
paper-ico-certificate = ICO certificate of origin
inspection-documents = Documents only
inspection-physical = Physical inspection
green-dry = Dry processed (natural)
green-wet = Wet processed (washed)

lead-bank-check = Confirm that contract, invoice and licence agree, and record the bank permit. The 90 days for the proceeds run from its date.
lead-fx = Approve the foreign exchange of this export at the rate of the day.
lead-quality = Confirm that the quality certificate is valid and matches the contract.
lead-permit = The permit is issued at once, with its number and its paper. It can be used for this export only, once.
lead-shipment = Book vessel, voyage and containers.
lead-customs = Record declaration and clearance.
lead-loading = Confirm what is on board. The permit counts as used from here, and the lots as exported.
lead-origin-signature = Your signature is the first of two under the certificate of origin (box 16).
lead-origin = The ICO certificate of origin is issued at once, with its serial of this coffee year.
approve-bank-check = Documents agree
approve-fx = Approve
approve-quality = Certify
approve-permit = Issue the permit
approve-shipment = Schedule
approve-customs = Clear
approve-loading = Confirm loading
approve-origin-signature = Sign
approve-origin = Issue the certificate
approve-settlement = Complete
panel-confirm = { $by } approved this on { $at }. With your approval the step is done; the facts recorded then are kept.
panel-second-officer = The value is above { $limit }: a second officer has to confirm your approval.
panel-prepared = Attach the documents that the bank needs, then submit. Coffee, contract and quota are reserved for you.
panel-returned = This export came back to you. Answer the question under “Messages” or correct what was refused, then resubmit; it goes on where it was.
panel-returned-because = { $who }, { $office }, { $at }: “{ $reason }”
panel-new-permit = The time of the export permit is over. Resubmitting asks the authority for a new permit; booking and clearance are then done again with it.
panel-submit-title = Submit the request
panel-resubmit-title = Answer and resubmit
panel-submit = Submit
panel-resubmit = Resubmit
cancel-reason-hint = { $least } to { $most } characters. Every party reads it.

field-choose = Choose…
field-free = { $coffee }, { $kg } left
field-contract-id = Sales contract
field-lot-id = Lot
field-quantity = Quantity
field-bank-id = Bank
field-shipping-line-id = Shipping line
field-port-of-loading = Port of loading
field-port-of-discharge = Port of discharge
field-bag-kg = Weight of a bag
field-new-due-date = New due date
field-new-due-date-hint = From { $earliest } to { $latest }
field-notify-address = Notify address
field-exporter-reference = Your reference
field-take-terms = Take over what the contract says now (buyer, destination, price, payment, delivery, grade)
field-undoes = I know that these are asked again: { $steps }
field-price = Price of a kilogram
field-payment-method = Payment
field-incoterm = Incoterm
field-transport-mode = Transport
field-grade = Grade
field-papers-asked = Papers that the buyer asks for
field-bank-reference = The bank’s reference
field-bank-permit-number = Number of the bank permit
field-bank-permit-date = Date of the bank permit
field-bank-permit-date-hint = Not in the future. The proceeds are due { $days } days later.
field-documents-agree = Parties, currency, amount, Incoterm, description and ports agree in all documents
field-etb-per-unit = Birr for one { $currency }
field-conditions = Conditions
field-remarks = Remarks
field-quality-grade = Grade confirmed
field-quality-grade-hint = As the inspection found it.
field-valid-until = Valid until
field-valid-until-hint = At most { $days } days from today (an assumption that ECTA can change).
field-vessel-name = Vessel or airline
field-voyage-number = Voyage or flight
field-booking-number = Booking number
field-departure-date = Estimated departure
field-arrival-date = Estimated arrival
field-containers = Containers
field-container = Container { $number }
field-container-number = Container { $row }
field-container-number-hint = Four letters and seven digits, such as MSCU1234566. The last digit is checked.
field-container-type = Type
field-declaration-number = Number of the customs declaration
field-clearance-date = Date of clearance
field-inspection = Inspection
field-bill-of-lading-number = Number of the bill of lading or air waybill
field-on-board-date = Shipped on board
field-seal-number = Seal
field-packages = Bags
field-net-kg = Net weight
field-gross-kg = Gross weight
field-short-reason = Why the rest stayed behind
field-short-reason-hint = Leave the row of a container empty that stayed behind. What is on board goes on as this export; the rest becomes a request of its own, which the exporter submits or gives up.
field-on-board-kg = On board of { $lot }
field-place = Place of signature
field-ico-port-code = ICO port code (box 4b)
field-ico-port-code-hint = Two digits. The Ethiopian codes are an assumption until the ICO list is at hand.
field-transshipment = Country of trans-shipment (box 8)
field-shipped-in = Shipped in (box 11)
field-shipped-in-bags = Bags
field-shipped-in-bulk = Bulk
field-shipped-in-containers = Containers
field-shipped-in-other = Other
field-green-processing = Processing (box 15)
field-decaffeinated = Decaffeinated
field-organic = Certified organic
field-other-information = Other information (box 17)
amend-title = Change { $number }
amend-lead = Until the coffee is on board everything may be changed. Where somebody has agreed to what you change, they are asked again; before that you are told which approvals no longer hold. What you give up of a lot, contract or quota is free again at once.
amend-undone = No longer holds
amend-permit-cancelled = Export permit that is cancelled
amend-undoes = A change asks again: { $steps }
history-undone = no longer holds: { $steps }
amend-submit = Save the change
roll-over-title = { $number }: another vessel
roll-over-lead = The same containers go on another vessel. The clearance stands, because customs has cleared the containers; customs and all parties read the change and its reason.
roll-over-submit = Move to another vessel
containers-title = { $number }: containers and seals
containers-lead = Customs reads every change. Another container after the clearance is one that customs has not cleared: the export then goes back to customs. To give a container up, empty its number.
containers-submit = Save the change
case-roll-over = Move to another vessel
case-containers = Change containers and seals
case-amend = Change this export
case-extend = Put the due date of the proceeds off
case-extend-lead = The exporter and its bank see the new date and the reason in the history of the case.
case-extend-submit = Put the due date off

group-contract = Under which contract
group-lot = Lot { $row }
group-way = Bank and way
group-more = More
group-short = Less than the whole is on board

case-claimed = { $by } has it since { $at }.
case-claimed-take-over = { $by } has it since { $at }. Take it over, or ask them to release it.
case-claimed-ask = { $by } has it since { $at }. Ask them to release it or to hand it over.
case-take-over = Take it over
case-release = Release
case-facts-record = On record
check-documents-there = The documents that this step needs are there.
check-documents-missing = Missing for this step: { $documents }.
check-delinquent = The exporter is on the National Bank’s list of delinquent exporters.
check-qualified = The exporter meets all conditions for exporting today.
check-not-qualified = The exporter does not meet all conditions for exporting today.
check-licence-expired = The export licence ran out { $days ->
        [one] { $days } day
       *[other] { $days } days
    } ago.
check-licence-ends = The export licence ends { $days ->
        [0] today
        [one] in { $days } day
       *[other] in { $days } days
    }.
check-price-low = { $price } a kilogram is below the minimum export price in the week of the request, { $minimum }.
check-contract-not-approved = The sales contract is not approved.
check-inspection-failed = { $certificate }: the lot did not pass its inspection (grade { $grade }, { $days ->
        [0] today
        [one] { $days } day ago
       *[other] { $days } days ago
    }).
check-inspection-old = { $certificate }: grade { $grade }, but { $days } days old; results older than 30 days count as old.
check-inspection-passed = { $certificate }: passed, grade { $grade }, { $days ->
        [0] today
        [one] { $days } day ago
       *[other] { $days } days ago
    }.
check-rebooked = Changed by the carrier after the clearance, on { $at }: { $changes }.
check-parted = { $kg } kg stayed behind at the loading and are { $number } now. What is on board keeps its approvals, permit and clearance. Papers that were issued before over the whole weight have to be corrected.
check-stayed-behind = This stayed behind at the loading of { $number }. Lots, contract and licence hold its weight, and the quality certificate stands; bank, authorities, carrier and customs are asked again, and it needs a permit of its own.
check-departure-passed = The booked departure of { $day } has passed, and the coffee is not loaded. Ask the shipping line for another vessel, or to confirm the loading.
check-leaves-after-permit = The vessel leaves after { $day }, the last day of the export permit.
check-settlement = Proceeds due { $due }: { $left }.
fact-export = Export
fact-exporter = Exporter
fact-tin = TIN { $tin }
fact-buyer = Buyer
fact-contract = Sales contract
fact-value = Value
fact-price = { $price } a kilogram
fact-payment = Payment and delivery
fact-destination = Destination
fact-bank = Bank
fact-carrier = Shipping line
fact-coffee = Coffee
fact-quantity = Net weight
fact-bags = { $bags } bags of { $kg } kg
fact-lot = Lot
fact-remainder = Stayed behind
fact-parted-from = Stayed behind at the loading of
fact-quality-certificate = Quality certificate
fact-score = grade { $grade }, { $score } of 100 points, moisture { $moisture } %
fact-licensed-for = Licensed for
fact-bank-permit = Bank permit
fact-fx-reference = FX approval
fact-fx-conditions = Conditions of the National Bank
fact-quality-remarks = Remarks on the quality
fact-permit = Export permit
fact-permit-conditions = Conditions of the permit
fact-vessel = Vessel
fact-departure = Departure and arrival
fact-container = Container
fact-declaration = Customs declaration
fact-clearance = Clearance
fact-bill-of-lading = Bill of lading
fact-cancelled-because = Cancelled because
csv-quantity-kg = Quantity (kg)
csv-currency = Currency
csv-waiting-since = Waiting since
csv-more = Only the first { $rows } rows are here. Narrow the list down to have all of it.
exports-from = Opened from
exports-until = Opened until
inbox-from = Waiting since, from
inbox-until = Waiting since, until
dashboard-waiting = Waiting for you
dashboard-open = Open exports
dashboard-by-stage = Open exports by what they wait for
dashboard-by-status = Exports by status
dashboard-as-of = Counts as of { $at }
dashboard-oldest-since = oldest since { $at }
