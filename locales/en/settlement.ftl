# Proceeds: receipts, short payments, extensions.

case-settlement = Proceeds and receipts
settlement-title = Proceeds of { $number }
settlement-lead = Each receipt stands here as it was recorded. What was recorded wrongly is taken back by an entry of its own; nothing is changed or deleted.
settlement-to-case = To the export
settlement-receipts = Receipts
settlement-no-receipts = Nothing has come yet
settlement-no-receipts-text = The bank records each receipt here when it arrives.
settlement-extensions = Extensions of the due date
settlement-no-extensions = The due date has not been put off
settlement-no-extensions-text = The National Bank may put it off; each extension is shown here with its reason.
settlement-waits-for-second = { $by } closed this export on { $at }, and a second officer has to confirm it on the page of the export. Another receipt, or one that is taken back, makes that closing void.
settlement-second-officer = So much is missing that a second officer has to confirm the closing.
settlement-close-short-title = Close short
settlement-close-short = Close short
settlement-close-short-hint = { $missing } is missing, which is { $percent } % of what is owed. Closed short, the export is completed and the National Bank sees what is missing and why. It is not opened again.
settlement-not-closed = It cannot be closed short yet: { $reason }
settlement-evidence-open = Open the document
receipt-record-title = The next receipt
receipt-record = Record the receipt
receipt-take-back = Take back
receipt-take-back-title = Take receipt { $receipt } back
receipt-take-back-lead = An entry with the same amounts below zero is added, and both stay on record. Record the receipt again as it should read.
receipt-reverses = takes back { $receipt }
receipt-reversed = taken back by { $receipt }
receipt-head-number = No.
receipt-head-day = Date value
receipt-head-reference = Bank’s reference
receipt-head-received = Received
receipt-head-charges = Bank charges
receipt-head-retained = Kept by the exporter
receipt-head-surrendered = Surrendered, at the rate of
receipt-head-credited = Credited
receipt-head-by = Recorded by
receipt-head-act = Correct
extension-head-to = Put off to
extension-head-from = Due before
extension-head-reason = Reason
extension-head-by = Granted by
proceeds-outstanding = Outstanding
proceeds-received = Received in full
proceeds-short = Closed short
exports-proceeds = Proceeds

lead-settlement = Complete the export when its proceeds have come in full. Receipts are recorded on the page of the proceeds; there it is also closed short.
refusal-proceeds-outstanding = { $amount } is still outstanding. Record what has come under “Proceeds and receipts”, or close the export short there.
refusal-nothing-outstanding = The proceeds have come in full: there is nothing to close short.
problem-reference-known = A receipt with this reference stands here already.
problem-more-than-owed = { $excess } more than owed would have come. Say why, or correct the amount.
action-receive = Receipt of proceeds recorded
action-take-back = Receipt of proceeds taken back
flash-receipt-recorded = Receipt { $receipt } of { $number } is recorded.
flash-receipt-taken-back = Receipt { $receipt } of { $number } is taken back.

field-received-on = Date value
field-received-on-hint = The day on which the money was credited. The share that the exporter keeps goes by the rule of that day.
field-received-amount = Amount received
field-received-amount-hint = By today’s rule the exporter keeps { $percent } %; the rest is surrendered.
field-bank-reference-advice = Bank’s reference (SWIFT message or credit advice)
field-bank-charges = Bank charges
field-excess-reason = Why more came than is owed
field-excess-reason-hint = Only when more than { $owed } came.
field-shortfall-reason = Reason for the short payment
field-shortfall-remark = In words
field-shortfall-remark-hint = What was agreed, by whom and when. Needed for another reason than those of the list.
field-evidence = What shows it
field-evidence-hint = A document of this export: the buyer’s claim, the agreement, the bank’s advice. Attach it on the page of the documents first.

fact-owed = Owed
fact-received = Received
fact-receipts = { $receipts ->
    [one] { $receipts } receipt, { $day }
   *[other] { $receipts } receipts, the last on { $day }
}
fact-outstanding = Outstanding
fact-excess = More than owed
fact-settlement-due = Proceeds due
fact-extended = Due date put off
fact-retained = Kept by the exporter
fact-surrendered = Surrendered
fact-bank-charges = Bank charges
fact-shortfall = Closed short by
fact-closed-short-by = Agreed by
fact-evidence = What shows it
