-- Reasons and remarks, by what was done.
create table demo.reasons (action text primary key, texts text[] not null);
insert into demo.reasons values
    ('bank-check:reject', '{"The letter of credit names another beneficiary than the invoice. Please have it amended by the buyer''s bank."}'),
    ('bank-check:return', '{"The invoice states 320 bags and the contract 300. Which one is right? Please correct the invoice.","The proforma bears no signature. Please upload the signed invoice.","The port of discharge on the invoice differs from the contract. Please clarify."}'),
    ('fx:reject', '{"The price on the invoice is below the contract''s. Please submit the amended invoice or the amended contract.","The payment terms of the contract do not agree with the bank''s advice. Please correct them and submit again."}'),
    ('fx:return', '{"Please add the buyer''s bank and its SWIFT code to the collection instruction."}'),
    ('quality:reject', '{"The sample of the lot shows mould on arrival. Please have the lot inspected again after drying.","The bags in the warehouse do not bear the lot''s number. Please mark them and submit again."}'),
    ('quality:return', '{"Which warehouse holds the second half of the lot now? Please tell us before we confirm.","Please state the ICO quality code that the buyer asks for."}'),
    ('permit:reject', '{"The contract is registered for another crop year. Please clear this with the contracts desk first."}'),
    ('permit:return', '{"Please confirm in writing that the whole quantity goes in one shipment."}'),
    ('shipment:reject', '{"No vessel of ours calls at that port before the contract''s last day of shipment. Please agree on another port."}'),
    ('shipment:return', '{"Please tell us the day on which the containers can be stuffed in Modjo."}'),
    ('customs:reject', '{"The declaration names 18,900 kg, the packing list 19,200 kg. Please amend the declaration.","The seal numbers on the packing list are not those of the declaration. Please amend it."}'),
    ('customs:return', '{"Please upload the packing list with the containers'' numbers."}'),
    ('loading:reject', '{"The containers missed the closing time of the terminal. Please arrange the next voyage with us."}'),
    ('loading:return', '{"One seal is broken according to the terminal. Please send the weighbridge ticket of that container."}'),
    ('origin-signature:reject', '{"The net weight on the bill of lading differs from what we cleared. Please have the bill corrected."}'),
    ('origin-signature:return', '{"Please upload the second page of the bill of lading with the marks."}'),
    ('origin:reject', '{"The notify party is not the one of the contract. Please send the buyer''s instruction."}'),
    ('origin:return', '{"Please tell us whether the lot is certified organic, for box 15."}'),
    ('settlement:reject', '{"The proceeds came from a third party. Please bring the buyer''s declaration of payment."}'),
    ('settlement:return', '{"The SWIFT message lacks the reference of the bank permit. Please send the buyer''s remittance advice."}'),
    ('extend', '{"The buyer''s bank asks for the original documents again, which came late by courier.","The cargo waits for a second inspection at the port of discharge."}'),
    ('ask-extension', '{"The buyer pays after the second inspection of the cargo, which is in four weeks.","The vessel was delayed at Djibouti for three weeks, and the buyer pays on arrival."}'),
    ('take-back', '{"A digit was left out of the amount; the credit advice says ten times as much."}'),
    ('cancel', '{"The buyer has withdrawn from the contract after the fall in price.","The request was opened twice; the other one goes on.","The lot goes to another buyer under a new contract."}'),
    ('shortfall:BANK_CHARGES', '{"The correspondent bank deducted its charges from the remittance."}'),
    ('shortfall:WEIGHT_CLAIM', '{"Weight loss of 0.6 percent at discharge, as the contract allows."}'),
    ('shortfall:QUALITY_CLAIM', '{"Six percent less for moldy bags in two containers, by the surveyor''s report."}');

create table demo.remarks (stage text, question text, answer text);
insert into demo.remarks values
    ('BANK_CHECK', 'Good morning. The original contract is at our counter; shall we keep it until the shipment?', 'Yes please, our driver will collect it after clearance.'),
    ('FX', 'When does the buyer expect to pay?', 'Within thirty days of the documents, as in the last three shipments.'),
    ('QUALITY', 'Our inspector comes to the warehouse tomorrow at nine. Please have somebody there.', 'Our storekeeper will open for him. Thank you.'),
    ('PERMIT', 'Should the permit name both lots?', 'Yes, both are in this shipment.'),
    ('SCHEDULING', 'There is space on the next sailing from Djibouti. Can you deliver the containers by Thursday?', 'Yes, the trucks leave Modjo on Tuesday.'),
    ('CLEARANCE', 'Physical inspection is on Wednesday in Modjo.', 'We will be there with the keys and the packing list.'),
    ('LOADING', 'The vessel is one day late. Loading is now on Saturday.', 'Thank you for telling us; we have informed the buyer.'),
    ('SETTLEMENT', 'The documents went to the collecting bank today by courier.', 'Received, we follow the payment with the buyer.');
