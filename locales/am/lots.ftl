### Lots: registering, verifying, listing. All of this file is awaiting native review.

lots-new = ዕጣ አስመዝግብ
lots-new-lead = እያንዳንዱን መረጃ ከመጋዘን ደረሰኙ ይውሰዱ፤ የሚያረጋግጠው ክፍል ዕጣውን ከደረሰኙ ጋር ያመሳክራል። የጻፉትን በማንኛውም ጊዜ ማስቀመጥ ይችላሉ።
lots-register = ዕጣውን አስመዝግብ
lots-check-title = መልሶችዎን ያረጋግጡ
lots-check-lead = የሚያረጋግጠው ክፍል ከደረሰኙ ጋር የሚያመሳክረው ይህን ነው። ደረሰኙን ራሱን በሚቀጥለው ገጽ ያቅርቡ።
lots-check-receipt-expired = የደረሰኙ ጊዜ አልፏል፦ የምርት ገበያው የደረሰኙ የመጨረሻ ቀን ካለፈ በኋላ ዕጣ አያረጋግጥም።
lots-correction-title = ዕጣ { $number }ን አስተካክል
lots-flash-registered = ዕጣ { $number } ተመዝግቧል። እንዲረጋገጥ የመጋዘን ደረሰኙን ያቅርቡ።
lots-title = ዕጣ { $number }

lots-number = የዕጣ ቁጥር
lots-number-hint = በምርት ገበያው ጨረታ ለተገዛ ቡና ብቻ፤ በደረሰኙ ላይ እንዳለው። ሌሎች ዕጣዎች እዚህ ቁጥር ይሰጣቸዋል።
lots-number-given = ሲመዘገብ ይሰጣል
lots-owner = ባለቤት
lots-receipt = ደረሰኝ፣ መጋዘን
lots-quantity = ክብደት
lots-reserved = የተያዘ
lots-exported = የተላከ
lots-free = ያልተያዘ
lots-status = ቡናው ያለበት
lots-coffee = የቡና ዓይነት
lots-source = ምንጭ
lots-verification = ማረጋገጫ
lots-verified-by = ያረጋገጠው
lots-empty-title = ዕጣዎች የሉም
lots-empty-text = ከመረጡት ጋር የሚስማማ ነገር የለም።
lots-none-waiting = የሚጠብቅ ዕጣ የለም
lots-none-waiting-text = በክፍልዎ ያሉ ዕጣዎች ሁሉ ተወስኖባቸዋል።
lots-tabs = የዕጣዎች ክፍሎች

lots-group-source = የመጣበት
lots-group-coffee = ቡና
lots-group-purchase = ክብደትና ዋጋ
lots-group-weight = ክብደት
lots-receipt-hint = የምርት ገበያው ደረሰኝ ለ{ $days } ቀናት ያገለግላል።
lots-receipt-hint-assumed = የምርት ገበያው ደረሰኝ ለ{ $days } ቀናት ያገለግላል (ግምት፦ የ2013 እ.ኤ.አ. ደንብ፤ አሁንም መስራቱ አልተረጋገጠም)።
lots-receipt-good-until = እስከ { $date } ያገለግላል
lots-symbol-hint = በምርት ገበያው ውል ላይ እንዳለው። የሚታወቁ፦ { $symbols }፤ ሌሎች እንደጻፉት ይቀመጣሉ።
lots-grade-hint = በደረሰኙ ላይ ያለው የመጀመሪያ ደረጃ። የምርት ገበያው ዕጣዎች ሁልጊዜ አላቸው።
lots-crop-hint = ሁለት ዓመታት፤ ለምሳሌ 2025/26።
lots-total-hint = ከሁለቱ ዋጋዎች አንዱ ሌላውን ይሰጣል፤ ሁለቱንም ከሰጡ በ1 በመቶ ውስጥ መስማማት አለባቸው።

lots-seen = በደረሰኙ ላይ ያለው
lots-verify-lead = ደረሰኙ የሚለውን ይጻፉ። እያንዳንዱ መረጃ ተመሳሳይ ሲሆን ዕጣው ይረጋገጣል፤ ልዩነቶች በየመስኮቻቸው ይታያሉ።
lots-verify-lead-elsewhere = ይህ ዕጣ በምርት ገበያው አልመጣም፦ ደረሰኙ የምርት ገበያ ቁጥርም የመጨረሻ ቀንም የለውም።
lots-check-receipt-good = ደረሰኙ እስከ { $date } ያገለግላል።
lots-check-receipt-over = የደረሰኙ ጊዜ በ{ $date } አልፏል።
lots-check-receipt-alone = ይህን ደረሰኝ የሚጠቅስ ሌላ ዕጣ የለም።
lots-check-receipt-shared = { $others ->
    [one] ሌላ አንድ ዕጣ ይህንኑ ደረሰኝ ይጠቅሳል።
   *[other] ሌሎች { $others } ዕጣዎች ይህንኑ ደረሰኝ ይጠቅሳሉ።
}
lots-check-differs = { $field }፦ የተመዘገበው { $registered }፣ በደረሰኙ ላይ { $seen }።

lots-refusal-receipt-expired = የደረሰኙ ጊዜ በ{ $date } አልፏል። ዕጣው ሊመለስ ወይም ውድቅ ሊደረግ እንጂ ሊረጋገጥ አይችልም።
lots-refusal-no-profile = ድርጅትዎ እስካሁን የላኪ መግለጫ የለውም። መጀመሪያ ድርጅቱን ያስመዝግቡ።
lots-refusal-no-draft = የሚቀርብ ነገር የለም፦ አስቀድሞ ቀርቧል ወይም ተጥሏል።
lots-refusal-draft-changed = ሊያቀርቡት የነበረውን የሥራ ባልደረባ ቀይሮታል። እንደገና ያረጋግጡ።

lots-problem-number = ፊደላት፣ አኃዞች፣ ሰረዞችና ነጥቦች ብቻ
lots-problem-number-not-asked = የራሳቸው ቁጥር ያላቸው የምርት ገበያው ዕጣዎች ብቻ ናቸው። ባዶ ይተዉት፤ ቁጥር ይሰጣል።
lots-problem-number-taken = በዚህ ቁጥር ዕጣ አስቀድሞ ተመዝግቧል
lots-problem-crop-year = የሚከታተሉ ሁለት ዓመታት፤ ለምሳሌ 2025/26፤ የመጀመሪያው የጀመረ
lots-problem-symbol = ፊደላትና አኃዞች ብቻ፤ ቢያንስ ሁለት
lots-problem-total = ዋጋና ክብደት { $product } ብር ይሆናሉ፤ ሁለቱ በ1 በመቶ ሊለያዩ ይችላሉ
lots-problem-tin = አሥር አኃዞች
lots-problem-differs = ዕጣው የሚለው፦ { $value }
lots-problem-not-registered = ዕጣው እዚህ ምንም አይልም

lot-in-warehouse = በመጋዘን
lot-inspected = የተመረመረ
lot-reserved-for-export = ለመላክ የተያዘ
lot-exported = የተላከ

lot-verification-pending = ማረጋገጫ ይጠብቃል
lot-verification-verified = የተረጋገጠ
lot-verification-rejected = ውድቅ የተደረገ
lot-verification-returned = የተመለሰ

lot-tab-pending = የሚጠብቁ
lot-tab-verified = የተረጋገጡ
lot-tab-rejected = ውድቅ የተደረጉ
lot-tab-all = ሁሉም

lot-source-ecx = ምርት ገበያ (ECX)
lot-source-vertical = ቀጥታ ትስስር
lot-source-own-farm = የራስ እርሻ
lot-source-union = የኅብረት ሥራ ማኅበራት ዩኒየን

lot-field-source = ቡናው የተገኘበት መንገድ
lot-field-lot-number = የምርት ገበያው የዕጣ ቁጥር
lot-field-warehouse-receipt-number = የመጋዘን ደረሰኝ ቁጥር
lot-field-receipt-date = የደረሰኙ ቀን
lot-field-receipt-expires-on = የደረሰኙ የመጨረሻ ቀን
lot-field-warehouse-location = መጋዘኑ ያለበት ቦታ
lot-field-warehouse-name = መጋዘን
lot-field-coffee-type = የቡና ዓይነት
lot-field-origin-region = የምንጭ ክልል
lot-field-processing-method = አዘገጃጀት
lot-field-crop-year = የምርት ዘመን
lot-field-quantity = ክብደት
lot-field-bags = ኬሻዎች
lot-field-preliminary-grade = የመጀመሪያ ደረጃ
lot-field-coffee-contract-symbol = የቡና ውል ምልክት
lot-field-purchase-date = የተገዛበት ቀን
lot-field-purchase-price = የአንድ ኪሎ ግራም ዋጋ
lot-field-purchase-total = የመላው ዕጣ ዋጋ

lot-seen-seen-number = የዕጣ ቁጥር
lot-seen-seen-receipt = የደረሰኝ ቁጥር
lot-seen-seen-tin = የባለቤቱ የግብር ከፋይ መለያ ቁጥር (TIN)
lot-seen-seen-quantity = ክብደት
lot-seen-seen-grade = ደረጃ
lot-seen-seen-expires-on = የመጨረሻ ቀን
