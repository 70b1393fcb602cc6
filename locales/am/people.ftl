### መመዝገብ፣ ግብዣ፣ የድርጅት ሠራተኞች። Everything in this file is awaiting native review.

register-title = እንደ ቡና ላኪ ይመዝገቡ
register-lead = የኢትዮጵያን ቡና ለሚልኩ ድርጅቶች፣ ዩኒየኖችና ገበሬዎች። ቀጥሎ መገለጫዎን ይሞላሉ፤ ከዚያ የቡናና ሻይ ባለሥልጣን ይወስናል።
register-staff = እዚህ ያለ ድርጅት ሠራተኞች በድርጅታቸው አስተዳዳሪ ይጋበዛሉ።
register-firm = ድርጅትዎ
register-person = እርስዎ
register-account = መለያዎ
register-full-name = ሙሉ ስምዎ
register-submit = ይመዝገቡ
register-done = ድርጅትዎ ተመዝግቧል። እንደ { $username } ገብተው መገለጫውን ይቀጥሉ።
sign-in-register = እንደ ቡና ላኪ ይመዝገቡ

account-username = የተጠቃሚ ስም
account-username-hint = ከ3 እስከ 80 ፊደላት፦ a–z፣ 0–9፣ ነጥብ፣ ሰረዝ፣ የታች መስመር።
account-password = አዲስ የይለፍ ቃል
account-password-hint = ቢያንስ { $least } ፊደላት፤ ብዙ ቃላት ለማስታወስ ቀላል ናቸው።
account-password-again = አዲሱ የይለፍ ቃል እንደገና

problem-username-shape = ከ3 እስከ 80 ፊደላት ይጠቀሙ፦ a–z፣ 0–9፣ ነጥብ፣ ሰረዝ፣ የታች መስመር።
problem-username-taken = ይህ የተጠቃሚ ስም ተይዟል። ሌላ ይምረጡ።
problem-password-guessable = ይህ የይለፍ ቃል በቀላሉ ይገመታል፦ የተለመደ ነው ወይም ሌሎች በሚያውቋቸው ስሞችና ቃላት የተሠራ ነው። እርስ በርስም ከእርስዎም ጋር የማይገናኙ ጥቂት ቃላት ይምረጡ።
problem-password-differs = ይህ ከመጀመሪያው ይለያል።
problem-email-shape = የኢሜይል አድራሻ ይጻፉ፣ ለምሳሌ name@firm.example።
problem-email-taken = ይህን አድራሻ መጠቀም አይቻልም። ከዚህ በፊት ተመዝግበው ከሆነ ይግቡ።

field-business-name = የድርጅቱ ስም
field-business-type = የድርጅቱ ዓይነት
field-email = ኢሜይል

business-type-private = ግለሰብ ነጋዴ
business-type-trade-association = ዩኒየን ወይም ማኅበር
business-type-joint-stock = አክሲዮን ማኅበር
business-type-llc = ኃላፊነቱ የተወሰነ የግል ማኅበር
business-type-farmer = የራሱን ቡና የሚልክ ገበሬ

nav-staff = ሠራተኞች
staff-title = ሠራተኞች
staff-name = ስም
staff-role = ሚና
staff-account = መለያ
staff-last-login = መጨረሻ የገቡበት
staff-never = አያውቅም
staff-active = የሚሠራ
staff-inactive = የተዘጋ
staff-enable = ክፈት
staff-disable = ዝጋ
staff-until = የሚያገለግልበት የመጨረሻ ቀን
staff-withdraw = ግብዣውን ሰርዝ
staff-open-invitations = የተጋበዙ
staff-invite-title = ባልደረባ ይጋብዙ
staff-invite-lead = ባልደረባዎ አንድ ጊዜ ብቻና ለሰባት ቀናት የሚሠራ አገናኝ ያገኛል፤ በእሱ የተጠቃሚ ስምና የይለፍ ቃል ይመርጣል።
staff-invite = ጋብዝ
staff-invited = { $name } ተጋብዘዋል።
staff-invited-by-mail = { $name } ተጋብዘዋል፤ አገናኙን የያዘ ኢሜይል በመንገድ ላይ ነው።
staff-email-hint = አገናኙ ወደዚያ ይላካል፤ ሌላ ማንም አያየውም። አድራሻ ከሌለ አገናኙ ለእርስዎ ይታያል።
staff-invited-link = አገናኙ የሚታየው አሁን ብቻ ነው፤ በአካል ወይም በሚያምኑት መንገድ ለባልደረባዎ ይስጡ፦ { $link }
staff-withdrawn = የ{ $name } ግብዣ ተመልሷል።
staff-enabled = { $name } እንደገና መግባት ይችላሉ።
staff-disabled = { $name } ከእንግዲህ መግባት አይችሉም፣ ወጥተዋልም።
staff-invited-open = ለዚህ አድራሻ ያለውን ክፍት ግብዣ ይመልከቱ
problem-invited-already = በዚህ አድራሻ አስቀድሞ የተጋበዘ ሰው አለ። ያንን ግብዣ ያንሱ፣ ወይም ጊዜው እስኪያልፍ ይጠብቁ።
staff-erased = ይህ ሰው ተሰርዟል፤ እንደገና ሊገባ አይችልም። እንደገና የሚሠራ ሰው ይጋበዛል።
staff-not-oneself = የራስዎን መለያ መዝጋት አይችሉም። የእርስዎ ሚና ያለው ባልደረባ ይችላል።

invitation-title = ተጋብዘዋል
invitation-lead = የሚገቡበትን የተጠቃሚ ስምና የይለፍ ቃል ይምረጡ።
invitation-organization = ድርጅት
invitation-submit = መለያዬን ፍጠር
invitation-done = መለያዎ ተዘጋጅቷል። ይግቡ።
invitation-gone = ይህ አገናኝ ጥቅም ላይ ውሏል፣ ተመልሷል፣ ወይም ከሰባት ቀናት በላይ ሆኖታል። አስተዳዳሪዎን ሌላ ይጠይቁ።

account-title = የእርስዎ መለያ
sessions-title = የገቡባቸው ቦታዎች
sessions-lead = አንድ ክፍለ ጊዜ ለመጨረሻ ጊዜ ከተጠቀሙበት ከ{ $idle } ደቂቃ በኋላ፣ በማንኛውም ሁኔታ ደግሞ ከ{ $hours } ሰዓት በኋላ ያበቃል። በአንድ ጊዜ በ{ $most } ቦታ መግባት ይችላሉ፤ ከዚያ በላይ ሲሆን ለረጅም ጊዜ ያልተጠቀሙበት ያበቃል። የማያውቁትን ያቋርጡ።
sessions-end-others = ሌሎቹን ሁሉ አቋርጥ
sessions-ended = ያበቁ ሌሎች ክፍለ ጊዜዎች፦ { $count }።
sessions-of-staff = የገቡ ሠራተኞች
sessions-of-staff-lead = ክፍለ ጊዜን ማቋረጥ ያንን ሰው ወዲያውኑ ከዚያ ያስወጣዋል። ዳግም መግባት የሌለበት በሠራተኞች ገጽ ላይ ይዘጋል።
session-device = መሣሪያ
session-device-unknown = ያልታወቀ መሣሪያ
session-address = አድራሻ
session-begun = የገቡበት
session-last = መጨረሻ የተጠቀሙበት
session-here = ይህ
session-end = አቋርጥ
session-ended = የ{ $name } ክፍለ ጊዜ አብቅቷል።
account-change-password = የይለፍ ቃል ለውጥ
account-change-password-lead = ከዚያ በኋላ እዚህ ብቻ ገብተው ይቆያሉ፤ በሌሎች ቦታዎች ያሉ ክፍለ ጊዜዎችዎ ያበቃሉ።
account-password-current = የአሁኑ የይለፍ ቃል
account-password-wrong = ይህ የአሁኑ የይለፍ ቃልዎ አይደለም።
account-password-of-demo = የሠርቶ ማሳያው መለያዎች ሁሉም እንዲጠቀምባቸው አንድ የይለፍ ቃል ይጋራሉ። እርስዎ የሚመዘግቡት ወይም የሚጋበዙበት መለያ የራሱ የይለፍ ቃል አለው።
account-password-changed = የይለፍ ቃልዎ ተለውጧል፤ ከሌሎች ቦታዎች ሁሉ ወጥተዋል።
