### Names of the calendar: Ethiopian and Gregorian months, the era, public holidays.

ethiopian-month-1 = Meskerem
ethiopian-month-2 = Tikimt
ethiopian-month-3 = Hidar
ethiopian-month-4 = Tahsas
ethiopian-month-5 = Tir
ethiopian-month-6 = Yekatit
ethiopian-month-7 = Megabit
ethiopian-month-8 = Miazia
ethiopian-month-9 = Ginbot
ethiopian-month-10 = Sene
ethiopian-month-11 = Hamle
ethiopian-month-12 = Nehase
ethiopian-month-13 = Pagume

ethiopian-era = E.C.
# $day and $year are numbers, $month is the month's name.
ethiopian-date = { $day } { $month } { $year } { ethiopian-era }

gregorian-month-1 = Jan
gregorian-month-2 = Feb
gregorian-month-3 = Mar
gregorian-month-4 = Apr
gregorian-month-5 = May
gregorian-month-6 = Jun
gregorian-month-7 = Jul
gregorian-month-8 = Aug
gregorian-month-9 = Sep
gregorian-month-10 = Oct
gregorian-month-11 = Nov
gregorian-month-12 = Dec

holiday-genna = Genna (Christmas)
holiday-timket = Timket (Epiphany)
holiday-adwa = Victory of Adwa
holiday-good-friday = Good Friday
holiday-easter = Easter
holiday-labour = Labour Day
holiday-patriots = Patriots' Victory Day
holiday-derg-downfall = Downfall of the Derg
holiday-new-year = Ethiopian New Year
holiday-meskel = Meskel (Finding of the True Cross)

# Gregorian days and moments as pages show them; the time is East Africa's, on a 24-hour clock.
gregorian-date = { $day } { $month } { $year }
gregorian-moment = { $date }, { $time } EAT
