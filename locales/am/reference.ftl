### Figures of law and market: parameters, prices, rates, code lists, with their history.
# awaiting native review

nav-reference = መለኪያዎች

reference-title = መለኪያዎችና ዝርዝሮች
reference-lead = ሕግና ገበያ የሚወስኗቸው፣ እያንዳንዳቸው ከሚጸኑበት ቀን ጋር። ምንም ነገር አይሻርም፦ አዲስ ዋጋ ከአንድ ቀን ጀምሮ ይጸናል፤ ማን እንዳስገባው ታሪኩ ይይዛል።
reference-figures = መለኪያዎች
reference-prices = ዝቅተኛ ዋጋዎች
reference-rates = የምንዛሪ ተመኖች
reference-list-countries = አገሮች
reference-list-ports = ወደቦች
reference-list-coffee-types = የቡና ዓይነቶች
reference-list-regions = ክልሎች
reference-list-incoterms = የንግድ ውሎች (Incoterms)
reference-list-hs-codes = HS ኮዶች
reference-list-lead-countries = የገዢዎች አገሮች፣ የዓለም አቀፍ ቡና ድርጅት ከሚሰጣቸው ቁጥር ጋር። ቁጥሩ ባዶ በሆነበት ቦታ ከመዳረሻ ዝርዝሩ ያስገቡ።
reference-list-lead-ports = ወደቦችና ቦታዎች በUN/LOCODE። ሁለቱ አሃዞች ለICO ምስክር ወረቀት ሣጥን 4b ናቸው፤ የኢትዮጵያ ጭነቶች የታሰቡ ናቸው።
reference-list-lead-coffee-types = ውሎችና ምስክር ወረቀቶች እንደሚጠሯቸው የቡና ዓይነቶች በመነሻቸው።
reference-list-lead-regions = የአስተዳደር ክልሎች፤ ዝርዝሩ አልተረጋገጠም።
reference-list-lead-incoterms = የማስረከቢያ ውሎች (Incoterms 2020)። ለባሕር ብቻ የሆኑት ከአየር ጭነት ጋር አይፈቀዱም።
reference-list-lead-hs-codes = ለቡና የተስማማው ሥርዓት (HS) ኮዶች።

reference-head-figure = መለኪያ
reference-head-value = ዋጋ
reference-head-from = የሚጸናበት ቀን
reference-head-basis = መሠረት
reference-head-set-by = የሚወስነው
reference-head-when = መቼ
reference-head-who = ማን
reference-head-key = ምን
reference-head-old = በፊት
reference-head-new = በኋላ
reference-head-day = ቀን
reference-head-week = ሳምንት
reference-head-coffee = ቡና
reference-head-grade = ደረጃ
reference-head-usd = USD/ኪ.ግ
reference-head-cents = የአሜሪካ ሳንቲም/ፓውንድ
reference-head-change = ካለፈው ሳምንት ጋር
reference-head-number = ቁጥር
reference-head-line = መስመር
reference-head-read = የተነበበው
reference-head-code = ኮድ
reference-head-name = ስም
reference-head-amharic = ስም በአማርኛ
reference-head-particulars = ዝርዝር
reference-head-valid = የሚጸናው ከ

reference-unit-days = ቀናት
reference-unit-minutes = ደቂቃዎች
reference-unit-months = ወራት
reference-unit-hours = ሰዓታት
reference-unit-years = ዓመታት
reference-unit-tasters = ቀማሾች
reference-unit-points = ነጥቦች
reference-unit-failures = ውድቀቶች
reference-unit-times = እጥፍ
reference-unit-rows = ረድፎች
reference-unit-files = ፋይሎች

reference-capital = ዝቅተኛ ካፒታል፦ { $kind }
reference-retention = ላኪው ከገቢው የሚያስቀረው ድርሻ
reference-business-private = የግል ላኪ
reference-business-trade-association = ማኅበር ወይም ዩኒየን
reference-business-joint-stock = አክሲዮን ማኅበር
reference-business-llc = ኃላፊነቱ የተወሰነ የግል ማኅበር
reference-business-farmer = አርሶ አደር

reference-assumption = ግምት
reference-assumption-note = ይህን መለኪያ የሚወስን ምንጭ የለም፤ ግምት ነው።
reference-is-assumption = የሚወስነው ምንጭ የለም፤ እንደ ግምት ይታይ
reference-coming = { $value } ከ{ $date } ጀምሮ
reference-in-force = የጸና
reference-to-come = የሚመጣ
reference-past = ያለፈ
reference-ended = ያበቃ
reference-values = ዋጋዎች
reference-history = ታሪክ
reference-history-empty = ሥርዓቱ ከተቋቋመ ጀምሮ የተለወጠ ነገር የለም።
reference-figure-lead = የተወሰነው በዕለቱ በነበረው ዋጋ ይጸናል። ስለዚህ አዲስ ዋጋ ቢያንስ ከዛሬ ጀምሮ ይጸናል።
reference-from-hint = ዛሬ ወይም ከዚያ በኋላ። ለዚያው ቀን አስቀድሞ የተወሰነው ይተካል።
reference-reason = ምክንያት
reference-reason-hint = ቀድሞ የጸና ዋጋ ሲተካ ያስፈልጋል፤ ከ10 እስከ 500 ፊደላት። በመዝገብ ይቆያል።
reference-set = አዲስ ዋጋ ያስገቡ
reference-set-submit = ያስገቡ
reference-withdraw = ገና ያልጸና ዋጋ ይሰርዙ
reference-withdraw-submit = ይሰርዙ
reference-withdrawn-day = ዋጋ
reference-figure-set = ገብቷል። ከ{ $date } ጀምሮ ይጸናል።
reference-figure-withdrawn = ተሰርዟል፦ ከ{ $date } ጀምሮ ሊጸና የነበረው ዋጋ።

reference-rates-lead = ብሔራዊ ባንክ እንደሚያወጣው የእያንዳንዱ ገንዘብ አንድ ክፍል በብር። ቀኑ ተመን ከሌለው ከዚያ በፊት የታወቀው የመጨረሻው ይቆጠራል።
reference-rates-new = የአንድ ቀን ተመኖችን ያስገቡ
reference-rates-new-lead = በዚያ ቀን ተመን የሌለውን ገንዘብ ባዶ ይተዉት። ያለፈ ቀን ተመን ከሌለው ለአንድ ሳምንት ሊሞላ ይችላል፤ ያለው ግን አይተካም።
reference-rates-submit = ምንዛሪዎቹን አስቀምጥ
reference-rates-empty = እስካሁን ተመን የለም።
reference-rates-set = የ{ $date } ተመኖች ገብተዋል።

reference-week = { $week }፣ ከ{ $first } እስከ { $last }
reference-prices-new = የሳምንት ዋጋዎችን ያስገቡ
reference-prices-new-lead = ለእያንዳንዱ ቡናና ደረጃ አንድ መስመር። ሠንጠረዡ ያለውን ወይም ያለፈውን ሳምንት ዋጋ ያሳያል፤ በላዩ ይጻፉ። እንዴት እንደተነበበ ሳያዩ ምንም አይቀመጥም።
reference-table = ሠንጠረዥ
reference-table-hint = ቡና; ደረጃ; የአሜሪካ ዶላር በኪሎ ግራም። ከሠንጠረዥ ወይም ከCSV ፋይል ይለጥፉ፤ በታብ፣ በነጠላ ሰረዝ ወይም በ; ይለዩ።
reference-prices-empty = ለዚህ ሳምንት ዋጋ አልገባም። ውሎች ከታወቀው የመጨረሻ ዋጋ ጋር ይነጻጸራሉ።
reference-prices-check = ሠንጠረዡን ያረጋግጡ
reference-prices-checked = ሠንጠረዡ እንደተነበበ
reference-prices-counts = { $lines } { $lines ->
        [one] መስመር
       *[other] መስመሮች
    }፣ { $wrong ->
        [0] የተሳሳተ የለም
       *[other] { $wrong } የተሳሳቱ
    }። እስካሁን የተቀመጠ የለም።
reference-prices-correct = ሠንጠረዡን ያርሙ
reference-prices-store-title = ሠንጠረዡን ያስቀምጡ
reference-prices-store = ዋጋዎቹን ያስቀምጡ
reference-prices-set = የ{ $week } { $count } ዋጋዎች ተቀምጠዋል።
reference-line-same = አስቀድሞ አለ
reference-line-replaces = ያለውን ይተካል
reference-line-striking = ካለፈው ሳምንት በጣም የራቀ
reference-line-new = አዲስ
reference-line-wrong = ስህተት

reference-entry-new = አዲስ ያስገቡ
reference-entry-edit = { $code }ን ይቀይሩ
reference-entry-lead = ኮድ አይሰረዝም፤ ያበቃል፤ በእሱ የተሰጠው ስሙን ይይዛል። ለውጥ ወዲያው ይጸናል፤ የተሰጡ ወረቀቶች የሚሉት አይለወጥም።
reference-entry-written = { $code } ተቀምጧል።
reference-ends-hint = ሊመረጥ የሚችልበት የመጨረሻ ቀን።
reference-field-ico-code = የICO ቁጥር
reference-field-is-eu = የአውሮፓ ኅብረት አባል
reference-field-country-code = አገር
reference-field-ico-port-code = የICO የወደብ ኮድ
reference-field-sea-only = በባሕርና በውስጥ ውሃ ብቻ
reference-field-seller-insures = ሻጩ ኢንሹራንስ ይገባል
reference-field-coffee-form = የቡና ቅርጽ
reference-field-decaffeinated = ካፌይን የወጣለት
reference-field-valid-from = የሚጸናው ከ
reference-field-valid-to = የሚያበቃው
reference-form-green = ያልተቆላ
reference-form-roasted = የተቆላ
reference-form-husks = ገለባ
reference-form-extract = ጭማቂ

reference-refusal-not-yours = ይህ መለኪያ የሌላ መሥሪያ ቤት ነው፣ ወይም የእርስዎ ኃላፊነት አይደለም።
reference-refusal-stale = እርስዎ ሲያነቡ ሌላ ሰው ቀይሮታል። እንደገና ይመልከቱ።

problem-figure-same = ይህ አስቀድሞ ያለው ነው።
problem-rates-same = ምንም ምንዛሪ አልተቀየረም። ቢያንስ አንዱን ይቀይሩ ወይም ይተዉት።
problem-figure-reason = ያለው ለምን እንደሚተካ ይግለጹ።
problem-rate-over = ቀኑ አልፏል፤ ያለው ተመን አይተካም።
problem-price-coffee = በዝርዝሩ እንዲህ ያለ ቡና የለም።
problem-price-grade = ደረጃ ከ1 እስከ 9 ወይም UG ነው።
problem-price-twice = ይህ ቡናና ደረጃ በሠንጠረዡ ሁለት ጊዜ አለ።
problem-price-over = ሳምንቱ አልፏል፤ ያለው ዋጋ አይተካም።
problem-price-lines = የተሳሳቱ መስመሮች አሉ፦ ከላይ ያለውን ሠንጠረዥ ይመልከቱ። ሁሉም መስመር ሳይስተካከል ምንም አይቀመጥም።
problem-week = ሳምንት 2026-W48 ተብሎ ይጻፋል።
problem-week-range = ዋጋዎች ከ{ $first } እስከ { $last } ላሉ ሳምንታት ይገባሉ።
problem-code-shape = ይህ የዚህ ዝርዝር ኮድ አይደለም።
problem-code-taken = ይህ ኮድ አስቀድሞ በዝርዝሩ አለ።
problem-digits = { $count } አሃዞች ይጠበቃሉ።

currency-usd = የአሜሪካ ዶላር
currency-eur = ዩሮ
currency-etb = የኢትዮጵያ ብር
currency-gbp = የእንግሊዝ ፓውንድ
currency-aed = የኤምሬትስ ድርሃም
currency-sar = የሳዑዲ ሪያል
currency-jpy = የጃፓን የን
currency-cny = የቻይና ዩዋን
