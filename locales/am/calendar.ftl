### Names of the calendar: Ethiopian and Gregorian months, the era, public holidays.

# awaiting native review
ethiopian-month-1 = መስከረም
# awaiting native review
ethiopian-month-2 = ጥቅምት
# awaiting native review
ethiopian-month-3 = ኅዳር
# awaiting native review
ethiopian-month-4 = ታኅሣሥ
# awaiting native review
ethiopian-month-5 = ጥር
# awaiting native review
ethiopian-month-6 = የካቲት
# awaiting native review
ethiopian-month-7 = መጋቢት
# awaiting native review
ethiopian-month-8 = ሚያዝያ
# awaiting native review
ethiopian-month-9 = ግንቦት
# awaiting native review
ethiopian-month-10 = ሰኔ
# awaiting native review
ethiopian-month-11 = ሐምሌ
# awaiting native review
ethiopian-month-12 = ነሐሴ
# awaiting native review
ethiopian-month-13 = ጳጉሜን

# awaiting native review
ethiopian-era = ዓ.ም.
# $day and $year are numbers, $month is the month's name.
ethiopian-date = { $day } { $month } { $year } { ethiopian-era }

# awaiting native review
gregorian-month-1 = ጃንዩወሪ
# awaiting native review
gregorian-month-2 = ፌብሩወሪ
# awaiting native review
gregorian-month-3 = ማርች
# awaiting native review
gregorian-month-4 = ኤፕሪል
# awaiting native review
gregorian-month-5 = ሜይ
# awaiting native review
gregorian-month-6 = ጁን
# awaiting native review
gregorian-month-7 = ጁላይ
# awaiting native review
gregorian-month-8 = ኦገስት
# awaiting native review
gregorian-month-9 = ሴፕቴምበር
# awaiting native review
gregorian-month-10 = ኦክቶበር
# awaiting native review
gregorian-month-11 = ኖቬምበር
# awaiting native review
gregorian-month-12 = ዲሴምበር

# awaiting native review
holiday-genna = ገና
# awaiting native review
holiday-timket = ጥምቀት
# awaiting native review
holiday-adwa = የዓድዋ ድል በዓል
# awaiting native review
holiday-good-friday = ስቅለት
# awaiting native review
holiday-easter = ፋሲካ
# awaiting native review
holiday-labour = የሠራተኞች ቀን
# awaiting native review
holiday-patriots = የአርበኞች ቀን
# awaiting native review
holiday-derg-downfall = ደርግ የወደቀበት ቀን
# awaiting native review
holiday-new-year = እንቁጣጣሽ
# awaiting native review
holiday-meskel = መስቀል

# Gregorian days and moments as pages show them; the time is East Africa's, on a 24-hour clock.
gregorian-date = { $day } { $month } { $year }
gregorian-moment = { $date }፣ { $time } EAT
