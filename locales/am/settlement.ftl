# Proceeds: receipts, short payments, extensions.

case-settlement = ገቢና ደረሰኞች
settlement-title = የ{ $number } ገቢ
settlement-lead = እያንዳንዱ ገቢ እንደተመዘገበ እዚህ ይታያል። በስህተት የተመዘገበ በራሱ መዝገብ ይመለሳል፤ የሚቀየር ወይም የሚሰረዝ የለም።
settlement-to-case = ወደ ወጪ ንግዱ
settlement-receipts = የገቡ ክፍያዎች
settlement-no-receipts = እስካሁን የገባ የለም
settlement-no-receipts-text = ባንኩ እያንዳንዱን ክፍያ ሲደርስ እዚህ ይመዘግባል።
settlement-extensions = የመክፈያ ቀን ማራዘሚያዎች
settlement-no-extensions = የመክፈያው ቀን አልተራዘመም
settlement-no-extensions-text = ብሔራዊ ባንክ ሊያራዝመው ይችላል፤ እያንዳንዱ ማራዘሚያ ከነምክንያቱ እዚህ ይታያል።
settlement-waits-for-second = { $by } ይህን ወጪ ንግድ በ{ $at } ዘግተዋል፤ ሁለተኛ ባለሙያ በወጪ ንግዱ ገጽ ላይ ማረጋገጥ አለበት። ሌላ ክፍያ ከተመዘገበ ወይም ከተመለሰ ያ መዝጊያ ዋጋ አይኖረውም።
settlement-second-officer = የጎደለው ብዙ ስለሆነ መዝጊያውን ሁለተኛ ባለሙያ ማረጋገጥ አለበት።
settlement-close-short-title = ጎድሎ መዝጋት
settlement-close-short = ጎድሎ ይዝጉ
settlement-close-short-hint = { $missing } ይጎድላል፤ ይህም ከሚገባው { $percent } % ነው። ጎድሎ ሲዘጋ ወጪ ንግዱ ይጠናቀቃል፤ ብሔራዊ ባንክም ምን ለምን እንደጎደለ ያያል። እንደገና አይከፈትም።
settlement-not-closed = ገና ጎድሎ ሊዘጋ አይችልም፦ { $reason }
settlement-evidence-open = ሰነዱን ይክፈቱ
receipt-record-title = ቀጣዩ ክፍያ
receipt-record = ክፍያውን ይመዝግቡ
receipt-take-back = ይመልሱ
receipt-take-back-title = ክፍያ { $receipt }ን መመለስ
receipt-take-back-lead = ተመሳሳይ መጠን ያለው ከዜሮ በታች የሆነ መዝገብ ይጨመራል፤ ሁለቱም በመዝገብ ይቆያሉ። ክፍያውን በትክክል እንደገና ይመዝግቡ።
receipt-reverses = { $receipt }ን ይመልሳል
receipt-reversed = በ{ $receipt } ተመልሷል
receipt-head-number = ቁ.
receipt-head-day = የገባበት ቀን
receipt-head-reference = የባንክ ማጣቀሻ
receipt-head-received = የተቀበለው
receipt-head-charges = የባንክ ክፍያ
receipt-head-retained = ለላኪው የቀረ
receipt-head-surrendered = ለባንክ የተሸጠ፣ በተመን
receipt-head-credited = የተከፈለ ብር
receipt-head-by = የመዘገበው
receipt-head-act = ማስተካከያ
extension-head-to = የተራዘመበት ቀን
extension-head-from = የቀድሞው ቀን
extension-head-reason = ምክንያት
extension-head-by = የፈቀደው
proceeds-outstanding = ቀሪ አለ
proceeds-received = ሙሉ በሙሉ ገብቷል
proceeds-short = ጎድሎ ተዘግቷል
exports-proceeds = ገቢ

lead-settlement = ገቢው ሙሉ በሙሉ ሲገባ ወጪ ንግዱን ያጠናቁ። የገቡ ክፍያዎች በገቢው ገጽ ይመዘገባሉ፤ ጎድሎ የሚዘጋውም እዚያው ነው።
refusal-proceeds-outstanding = ገና { $amount } ይቀራል። የገባውን “ገቢና ደረሰኞች” ውስጥ ይመዝግቡ፣ ወይም እዚያው ጎድሎ ይዝጉት።
refusal-nothing-outstanding = ገቢው ሙሉ በሙሉ ገብቷል፤ ጎድሎ የሚዘጋ የለም።
problem-reference-known = በዚህ ማጣቀሻ የተመዘገበ ክፍያ አስቀድሞ አለ።
problem-more-than-owed = ከሚገባው { $excess } ይበልጣል። ለምን እንደሆነ ይጻፉ ወይም መጠኑን ያስተካክሉ።
action-receive = የገቢ ክፍያ ተመዝግቧል
action-take-back = የገቢ ክፍያ ተመልሷል
flash-receipt-recorded = የ{ $number } ክፍያ { $receipt } ተመዝግቧል።
flash-receipt-taken-back = የ{ $number } ክፍያ { $receipt } ተመልሷል።

field-received-on = የገባበት ቀን
field-received-on-hint = ገንዘቡ የገባበት ቀን። ለላኪው የሚቀረው ድርሻ በዚያ ቀን ደንብ ይወሰናል።
field-received-amount = የተቀበሉት መጠን
field-received-amount-hint = በዛሬው ደንብ ላኪው { $percent } % ይይዛል፤ ቀሪው ለባንክ ይሸጣል።
field-bank-reference-advice = የባንክ ማጣቀሻ (የስዊፍት መልእክት ወይም የገቢ ማስታወቂያ)
field-bank-charges = የባንክ ክፍያ
field-excess-reason = ከሚገባው በላይ ለምን ገባ
field-excess-reason-hint = ከ{ $owed } በላይ ከገባ ብቻ።
field-shortfall-reason = የጎደለ ክፍያ ምክንያት
field-shortfall-remark = በቃላት
field-shortfall-remark-hint = ምን፣ በማንና መቼ እንደተስማሙ። በዝርዝሩ ከሌለ ምክንያት ያስፈልጋል።
field-evidence = የሚያሳየው ሰነድ
field-evidence-hint = የዚህ ወጪ ንግድ ሰነድ፦ የገዢው ቅሬታ፣ ስምምነቱ ወይም የባንክ ማስታወቂያ። አስቀድመው በሰነዶች ገጽ ያያይዙት።

fact-owed = የሚገባው
fact-received = የተቀበለው
fact-receipts = { $receipts ->
    [one] { $receipts } ክፍያ፣ { $day }
   *[other] { $receipts } ክፍያዎች፣ የመጨረሻው { $day }
}
fact-outstanding = ቀሪ
fact-excess = ከሚገባው በላይ
fact-settlement-due = ገቢው የሚጠበቅበት
fact-extended = የተራዘመ ቀን
fact-retained = ለላኪው የቀረ
fact-surrendered = ለባንክ የተሸጠ
fact-bank-charges = የባንክ ክፍያ
fact-shortfall = ጎድሎ የተዘጋው በ
fact-closed-short-by = የተስማሙ
fact-evidence = የሚያሳየው ሰነድ
