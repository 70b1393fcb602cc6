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
lots-reason = ምክንያት
lots-verified-by = ያረጋገጠው
lots-empty-title = ዕጣዎች የሉም
lots-empty-text = እስካሁን ዕጣ የለም፣ ወይም ከመረጡት ጋር የሚስማማ የለም።
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

lots-passed-on = የተላለፈ
lots-part = ክፍል { $row }
lots-more-parts = ተጨማሪ ክፍሎች
lots-split = ዕጣውን ክፈል
lots-split-title = ዕጣ { $number }ን ክፈል
lots-split-lead = እያንዳንዱ ክፍል የራሱ ቁጥር ያለው ዕጣ ይሆናል። ያልተከፈለው ከዚህ ዕጣ ጋር ይቆያል።
lots-split-lead-inspection = ክፍሎቹ እንደዚህ ዕጣ የተረጋገጡ ናቸው፤ ሌላ ምርመራ እስኪተካው ድረስ ምርመራው ለእነሱም ይሠራል።
lots-combine = ዕጣዎቹን አንድ አድርግ
lots-combine-title = ዕጣዎችን ማዋሐድ ወይም ማደባለቅ
lots-combine-lead = ከእያንዳንዱ ዕጣ የሚወስዱት አንድ አዲስ ዕጣ ይሆናል፤ የተዉት ባለበት ይቆያል።
lots-combine-lead-inspection = አዲሱ ዕጣ እንደ ክፍሎቹ የተረጋገጠ ነው። ናሙና ስላልተወሰደለት እንደገና ይመረመራል።
lots-combine-lot = ዕጣ
lots-combine-kg = ከእሱ የተወሰደ ክብደት
lots-combine-warehouse = ቡናው የተቀላቀለበት ቦታ
lots-derivation = የተዘጋጀበት መንገድ
lots-genealogy = ከምን እንደተሠራና ምን እንደሆነ
lots-genealogy-title = የዕጣ { $number } የዘር ሐረግ
lots-genealogy-none = ከሌሎች አልተሠራም፤ ከእሱም የተሠራ የለም
lots-genealogy-none-text = እንዳለ ተመዝግቧል፤ ከእሱ የተከፈለ፣ የተዋሐደ ወይም የተደባለቀ የለም።
lots-made-from = የተሠራበት
lots-passed-on-to = የተላለፈለት
lots-not-yours-to-see = እርስዎ ሊያዩት የማይችሉት ዕጣ
lots-step = ደረጃ
lots-share = የተላለፈ ክብደት
lots-inspection = ምርመራ
lots-draw-sample = ናሙና ውሰድ
lots-flash-split = ዕጣ { $number } ተከፍሏል። ክፍሎቹ ከታች ይታያሉ።
lots-flash-merged = ዕጣ { $number } ተዘጋጅቷል።
lots-flash-blended = ዕጣ { $number } ተደባልቋል።
lots-flash-checked = { $rows } ረድፎች ተነበዋል። እስካሁን ምንም አልተመዘገበም።
lots-flash-imported = { $rows } ዕጣዎች ተመዝግበዋል። እንዲረጋገጡ የመጋዘን ደረሰኞቻቸውን ያቅርቡ።

lots-import-title = ዕጣዎችን አስገባ
lots-import-lead = በእያንዳንዱ ረድፍ አንድ ዕጣ ያለበት ሠንጠረዥ። መጀመሪያ ተነብቦ ይታይዎታል፤ እርስዎ እስኪፈቅዱ ድረስ ምንም አይመዘገብም፤ አንድ የተሳሳተ ረድፍ ሁሉንም ያስቆማል።
lots-import-template = ትክክለኛ ዓምዶች ያሉት ባዶ ሠንጠረዥ፦
lots-import-about = ዓምዶች
lots-import-columns = የሚነበቡ ዓምዶች፦
lots-import-file = ሠንጠረዥ
lots-import-hint = CSV በUTF-8 ወይም XLSX፤ እስከ { $rows } ረድፎችና { $size }። የመጀመሪያው ረድፍ ዓምዶቹን ይሰይማል፤ ቀናት እንደ 2026-11-20 ወይም 20/11/2026።
lots-import-check = ሠንጠረዡን አንብብ
lots-import-rows-title = የሠንጠረዡ ረድፎች
lots-import-rows = ረድፎች
lots-import-row = ረድፍ
lots-import-wrong = ስህተት ያለባቸው ረድፎች
lots-import-every = ሁሉም ረድፎች
lots-import-ignored = ያልተነበቡ ዓምዶች
lots-import-done = የገባበት
lots-import-outcome = ውጤት
lots-import-ok = ትክክል
lots-import-not-ok = ትክክል አይደለም
lots-import-all = ሁሉንም { $rows } ዕጣዎች አስመዝግብ
lots-import-all-lead = እያንዳንዱ ረድፍ ትክክል ነው። ሁሉም በአንድነት ይመዘገባሉ ወይም አንዱም አይመዘገብም።
lots-import-stopped = የተሳሳተ ረድፍ እያለ ምንም ሊመዘገብ አይችልም። ሠንጠረዡን አስተካክለው እንደገና ያስነብቡ።
lots-import-again = ሌላ ሠንጠረዥ አስነብብ
lots-import-unknown = ይህ በUTF-8 የተጻፈ CSV ወይም XLSX አይደለም
lots-import-broken = ይህ ፋይል ሊነበብ አይችልም፤ እንደ XLSX እንደገና ያስቀምጡት
lots-import-unpacked = ይህ ፋይል ሲከፈት ከሚነበበው በላይ ይሆናል
lots-import-empty = ከርዕሱ በታች ረድፎች የሉም
lots-import-too-many-rows = ከ{ $most } በላይ ረድፎች፤ ሠንጠረዡን ይክፈሉት
lots-import-too-many-columns = ከ{ $most } በላይ ዓምዶች፤ በአብነቱ የሌሉትን ይተዉ
lots-import-missing = እነዚህ ዓምዶች ይጎድላሉ፦ { $columns }
lots-import-twice = ሁለት ዓምዶች አንድ ናቸው፦ { $column }

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
lots-refusal-balance = ከአንዱ ዕጣ ያን ያህል አልቀረም። በመካከል ሌላ ሰው ወስዶት ሊሆን ይችላል።
lots-refusal-rows = { $rows } ረድፎች ትክክል አይደሉም። ምንም አልተመዘገበም።
lots-refusal-imported = ይህ ሠንጠረዥ አስቀድሞ ገብቷል።
lots-refusal-number-since = ከቁጥሮቹ አንዱ በመካከል ተመዝግቧል፤ የትኛው እንደሆነ ረድፉ ይናገራል። ምንም አልተመዘገበም።
lots-problem-number-twice = ይህ ቁጥር በረድፍ { $row } አስቀድሞ አለ
lots-problem-no-split = ይህ መላው ዕጣ ነው። ያነሰ ወይም በርካታ ክፍሎች ይክፈሉ
lots-problem-not-alike = ይህ ከመጀመሪያው ዕጣ የተለየ ቡና ነው፦ ዓይነት፣ ክልል፣ አዘገጃጀት፣ የምርት ዘመንና ምንጭ አንድ መሆን አለባቸው። ድብልቅ ሊለያይ ይችላል
lots-problem-alike = እነዚህ ዕጣዎች አንድ ቡና ናቸው፦ ያዋሕዷቸው
lots-problem-twice = ይህ ዕጣ እዚህ ሁለት ጊዜ አለ
lots-problem-unverified = የሚከፈለው፣ የሚዋሐደው ወይም የሚደባለቀው የተረጋገጠ ዕጣ ብቻ ነው
lots-problem-too-deep = ከዚህ ዕጣ ጀርባ በጣም ብዙ ደረጃዎች አሉ
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

lot-source-mixed = በርካታ ምንጮች
lot-derivation-split = የተከፈለ
lot-derivation-merge = የተዋሐደ
lot-derivation-blend = የተደባለቀ
lot-derivation-hint-merge = የአንድ ቡና ዕጣዎች፤ አዲሱ ዕጣ ስሙን ይይዛል።
lot-derivation-hint-blend = በዓይነት፣ በክልል፣ በምርት ዘመን ወይም በምንጭ የሚለያዩ ዕጣዎች፤ አዲሱ ዕጣ ድብልቅ መሆኑን ይናገራል።

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
