### Letters of credit of an export. All of this file is awaiting native review.

letter-title = የ{ $number } ሌተር ኦፍ ክሬዲት
letter-lead = የጭነቱ ባንክ ሌተር ኦፍ ክሬዲቱን እንደደረሰው ይመዘግባል፤ እያንዳንዱን ማሻሻያ ደግሞ ራሱን የቻለ ቅጂ አድርጎ ይመዘግባል። የሰነድ ምርመራው ጭነቱን በሥራ ላይ ካለው ቅጂ ጋር ያነጻጽራል።
letter-none = የተመዘገበ የለም።
letter-terms = ሌተር ኦፍ ክሬዲቱ የሚለው
letter-record = ሌተር ኦፍ ክሬዲት መዝግብ
letter-record-submit = መዝግብ
letter-amend = ማሻሻያ መዝግብ
letter-amend-submit = ማሻሻያውን መዝግብ
letter-another = ሌላ ሌተር ኦፍ ክሬዲት ይተካዋል
letter-versions = እንደተከፈተና እንደተሻሻለ
letter-back = ወደ ጭነቱ ተመለስ
letter-issued = የተከፈተው { $date }
letter-amended = ማሻሻያ { $number }፣ { $date }
letter-tolerance = እስከ { $pct } % ብልጫ
letter-drawn = ሌሎች ጭነቶች የወሰዱት
letter-drawn-by = { $exports } ጭነቶች፣ { $kg } ኪ.ግ
letter-partial-allowed = በከፊል መጫን ይፈቀዳል
letter-partial-prohibited = በከፊል መጫን አይፈቀድም
case-facts-letter = ሌተር ኦፍ ክሬዲት
field-letter-id = ለዚህ ውል የተመዘገበ ሌተር ኦፍ ክሬዲት
field-letter-id-hint = ጭነቱ ከሌላ ጭነት ጋር አንድ ሌተር ኦፍ ክሬዲት የሚጠቀም ከሆነ ይምረጡት፤ ከዚያ በታች ያለውን እንዳለ ይተዉት።
field-lc-number = የሌተር ኦፍ ክሬዲት ቁጥር
field-issuing-bank = የከፈተው ባንክ
field-dated-on = የተከፈተበት ቀን
field-amended-on = የማሻሻያው ቀን
field-amendment = ማሻሻያው የሚለው
field-amendment-hint = ከ10 እስከ 500 ፊደላት፣ ከማስታወቂያው ቁጥር ጋር። ማሻሻያው የሚቀይረውን ከታች ይቀይሩ።
field-currency = ገንዘብ
field-amount = መጠን
field-amount-tolerance-pct = በገንዘቡ መጠን የሚፈቀድ ልዩነት
field-amount-tolerance-pct-hint = «about» ወይም «approximately» ካለ { $pct } (UCP 600 አንቀጽ 30 ሀ)፤ አለበለዚያ የሚለው ወይም 0።
field-quantity-kg = የተጣራ ክብደት
field-quantity-tolerance-pct = በክብደቱ የሚፈቀድ ልዩነት
field-quantity-tolerance-pct-hint = ሌላ ካልተባለ { $pct } (አንቀጽ 30 ለ)፤ በጆንያ የሚቆጥር ከሆነ 0።
field-latest-shipment-on = የመጨረሻው የመጫኛ ቀን
field-expires-on = ማብቂያ
field-expires-on-hint = ሰነዶች የሚቀርቡበት የመጨረሻ ቀን (አንቀጽ 6 መ)፤ ከተጫነ በኋላም ከ{ $days } ቀናት አይበልጥም (አንቀጽ 14 ሐ)።
field-expiry-place = የሚያበቃበት ቦታ
field-partial-shipments = በከፊል መጫን ይፈቀዳል
flash-letter-recorded = ሌተር ኦፍ ክሬዲት { $number } ተመዝግቧል።
flash-letter-amended = የሌተር ኦፍ ክሬዲት { $number } ማሻሻያ ተመዝግቧል።
problem-letter-known = ይህ ሌተር ኦፍ ክሬዲት ለውሉ አስቀድሞ ተመዝግቧል፤ ከላይ ይምረጡት።
refusal-letter-none = ለዚህ ጭነት የተመዘገበ ሌተር ኦፍ ክሬዲት የለም። ባንኩ እንደደረሰው ይመዘግበዋል።
refusal-letter-expired = ሌተር ኦፍ ክሬዲት { $number } በ{ $date } ጊዜው አልፏል። ገዢው ማብቂያውን ማራዘም አለበት፤ ወይም ሌላ ሌተር ኦፍ ክሬዲት ይተካዋል።
refusal-letter-ships-late = ሌተር ኦፍ ክሬዲቱ መጫን የሚፈቅደው እስከ { $date } ነው፤ ቡናው ቢፈጥን የሚጫነው { $on } ነው። ገዢው ወደ ሌላ ቀን እንዲያሻሽለው ይጠይቁ።
refusal-letter-shipped-late = ቡናው የተጫነው { $on } ሲሆን የሌተር ኦፍ ክሬዲቱ የመጨረሻ የመጫኛ ቀን { $date } ነበር። ገዢው እንዲያሻሽለው ወይም የከፈተው ባንክ ልዩነቱን እንዲያልፈው ይጠይቁ።
refusal-letter-currency = ሌተር ኦፍ ክሬዲቱ በ{ $letter }፣ ጭነቱ በ{ $export } ነው። በውሉ ገንዘብ የተከፈተ እንዲሆን ገዢውን ይጠይቁ።
refusal-letter-amount = ጭነቱ { $value } ያወጣል፤ ልዩነቱን ጨምሮ ከሌተር ኦፍ ክሬዲቱ ሊወሰድ የሚችለው { $left } ነው። ገዢው መጠኑን እንዲያሳድግ ይጠይቁ፤ ወይም የጭነቱን ክብደት ያሻሽሉ።
refusal-letter-quantity = ጭነቱ { $kg } ኪ.ግ ነው፤ ልዩነቱን ጨምሮ በሌተር ኦፍ ክሬዲቱ ሊጫን የሚችለው { $left } ኪ.ግ ነው። ገዢው እንዲያሻሽለው ይጠይቁ፤ ወይም የጭነቱን ክብደት ያሻሽሉ።
refusal-letter-partial = ሌላ ጭነት ሌተር ኦፍ ክሬዲት { $number }ን ይጠቀማል፤ እርሱ ደግሞ በከፊል መጫንን አይፈቅድም። እንዲፈቅድ ገዢው እንዲያሻሽለው ይጠይቁ።
check-letter-covers = ሌተር ኦፍ ክሬዲት { $number } ጭነቱን ይሸፍናል፤ የሚያበቃው { $date } ነው።
check-letter-ends = { $days ->
    [0] ሌተር ኦፍ ክሬዲት { $number } ዛሬ ያበቃል። ሰነዶቹ እስከዚያ ካልቀረቡ ገዢው እንዲያሻሽለው ይጠይቁ።
   *[other] ሌተር ኦፍ ክሬዲት { $number } በ{ $date }፣ ከ{ $days } ቀን በኋላ ያበቃል። ሰነዶቹ እስከዚያ ካልቀረቡ ገዢው እንዲያሻሽለው ይጠይቁ።
}
check-letter-present = { $days ->
    [0] በሌተር ኦፍ ክሬዲት { $number } የሚቀርቡት ሰነዶች ዛሬ መቅረብ አለባቸው።
   *[other] በሌተር ኦፍ ክሬዲት { $number } የሚቀርቡት ሰነዶች እስከ { $date }፣ በ{ $days } ቀን ውስጥ መቅረብ አለባቸው።
}
check-letter-presented-late = በሌተር ኦፍ ክሬዲት { $number } ሰነዶች የሚቀርቡበት ጊዜ በ{ $date } አልፏል። እስከዚያ ያልቀረበው የሚከፈለው የከፈተው ባንክ ልዩነቱን ካለፈው ብቻ ነው።
