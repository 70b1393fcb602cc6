### Figures of law and market: parameters, prices, rates, code lists, with their history.

nav-reference = Figures

reference-title = Figures and lists
reference-lead = What law and market set, each with the day from which it holds. Nothing is overwritten: a new value holds from a day on, and the history keeps who set it.
reference-figures = Parameters
reference-prices = Minimum prices
reference-rates = Exchange rates
reference-list-countries = Countries
reference-list-ports = Ports
reference-list-coffee-types = Coffees
reference-list-regions = Regions
reference-list-incoterms = Incoterms
reference-list-hs-codes = HS codes
reference-list-lead-countries = Countries of buyers, with the number that the International Coffee Organization gives them. Where a number is empty, enter it from its list of destinations.
reference-list-lead-ports = Ports and places by UN/LOCODE. The two digits are for box 4b of the ICO certificate; those of Ethiopian shipments are assumed.
reference-list-lead-coffee-types = Types of coffee by their origin, as contracts and certificates name them.
reference-list-lead-regions = Administrative regions; the list is not verified.
reference-list-lead-incoterms = Terms of delivery (Incoterms 2020). Those for sea alone are refused with transport by air.
reference-list-lead-hs-codes = Codes of the Harmonized System for coffee.

reference-head-figure = Figure
reference-head-value = Value
reference-head-from = Holds from
reference-head-basis = Basis
reference-head-set-by = Set by
reference-head-when = When
reference-head-who = Who
reference-head-key = What
reference-head-old = Before
reference-head-new = After
reference-head-day = Day
reference-head-week = Week
reference-head-coffee = Coffee
reference-head-grade = Grade
reference-head-usd = USD/kg
reference-head-cents = US cents/lb
reference-head-change = Against the week before
reference-head-number = Number
reference-head-line = Line
reference-head-read = Read as
reference-head-code = Code
reference-head-name = Name
reference-head-amharic = Name in Amharic
reference-head-particulars = Particulars
reference-head-valid = Valid from

reference-unit-days = days
reference-unit-minutes = minutes
reference-unit-months = months
reference-unit-hours = hours
reference-unit-years = years
reference-unit-tasters = tasters
reference-unit-points = points
reference-unit-failures = failures
reference-unit-times = times
reference-unit-rows = rows
reference-unit-files = files

reference-capital = Minimum capital: { $kind }
reference-retention = Share of the proceeds that an exporter keeps
reference-business-private = private exporter
reference-business-trade-association = union or association
reference-business-joint-stock = share company
reference-business-llc = private limited company
reference-business-farmer = farmer

reference-assumption = assumption
reference-assumption-note = No source settles this figure: it is an assumption.
reference-is-assumption = No source settles it: show it as an assumption
reference-coming = { $value } from { $date }
reference-in-force = In force
reference-to-come = to come
reference-past = past
reference-ended = ended
reference-values = Values
reference-history = History
reference-history-empty = Nothing has been changed since the system was set up.
reference-figure-lead = What has been decided stands on the value of its day. A new value therefore holds from today at the earliest.
reference-from-hint = Today or later. What is set for the same day already is replaced.
reference-reason = Reason
reference-reason-hint = Needed where a value that stands already is replaced; 10 to 500 characters. It stays on record.
reference-set = Set a new value
reference-set-submit = Set
reference-withdraw = Withdraw a value that has not come into force
reference-withdraw-submit = Withdraw
reference-withdrawn-day = Value
reference-figure-set = Set. It holds from { $date }.
reference-figure-withdrawn = Withdrawn: the value that was to hold from { $date }.

reference-rates-lead = Birr for one unit of each currency, as the National Bank publishes them. Where a day has none, the last known before it counts.
reference-rates-new = Enter the rates of a day
reference-rates-new-lead = Leave a currency empty that has no rate on that day. A day that is over can be filled in for a week where it has none; what stands for it is not replaced.
reference-rates-submit = Save the rates
reference-rates-empty = There are no rates yet.
reference-rates-set = The rates of { $date } are entered.

reference-week = { $week }, { $first } to { $last }
reference-prices-new = Enter a week's prices
reference-prices-new-lead = One line for each coffee and grade. The table shows what stands, or the prices of the week before, to be typed over. Nothing is stored before you have seen how it is read.
reference-table = Table
reference-table-hint = Coffee; grade; US dollars per kilogram. Paste from a spreadsheet or a CSV file; tabs, semicolons or commas separate.
reference-prices-empty = No prices have been entered for this week. Contracts are then held against the last known price.
reference-prices-check = Check the table
reference-prices-checked = The table as it is read
reference-prices-counts = { $lines ->
        [one] { $lines } line
       *[other] { $lines } lines
    }, { $wrong ->
        [0] none of them wrong
       *[other] { $wrong } of them wrong
    }. Nothing has been stored yet.
reference-prices-correct = Correct the table
reference-prices-store-title = Save the table
reference-prices-store = Save the prices
reference-prices-set = { $count } prices of { $week } are stored.
reference-line-same = stands already
reference-line-replaces = replaces what stands
reference-line-striking = far from the week before
reference-line-new = new
reference-line-wrong = wrong

reference-entry-new = Add an entry
reference-entry-edit = Change { $code }
reference-entry-lead = A code is never deleted: it ends, and what was issued with it keeps its name. A change takes effect at once; papers that were issued keep what they say.
reference-entry-written = { $code } is stored.
reference-ends-hint = The last day on which it can be chosen.
reference-field-ico-code = ICO number
reference-field-is-eu = Member of the European Union
reference-field-country-code = Country
reference-field-ico-port-code = ICO port code
reference-field-sea-only = Sea and inland water only
reference-field-seller-insures = The seller insures
reference-field-coffee-form = Form of coffee
reference-field-decaffeinated = Decaffeinated
reference-field-valid-from = Valid from
reference-field-valid-to = Valid to
reference-form-green = Green
reference-form-roasted = Roasted
reference-form-husks = Husks
reference-form-extract = Extract

reference-refusal-not-yours = This figure is another authority's, or your role does not include setting it.
reference-refusal-stale = Somebody else has changed it while you were reading. Look at it again.

problem-figure-same = This is what stands already.
problem-rates-same = No rate was changed. Change at least one rate, or cancel.
problem-figure-reason = Say why what stands is replaced.
problem-rate-over = The day is over: the rate that stands for it is not replaced.
problem-price-coffee = There is no such coffee in the list.
problem-price-grade = A grade is 1 to 9 or UG.
problem-price-twice = This coffee and grade stand in the table twice.
problem-price-over = The week is over: the price that stands is not replaced.
problem-price-lines = Lines are wrong: see the table above. Nothing is stored before every line is right.
problem-week = A week is written as 2026-W48.
problem-week-range = Prices are entered for the weeks { $first } to { $last }.
problem-code-shape = This is no code of this list.
problem-code-taken = This code is in the list already.
problem-digits = { $count } digits are expected.

currency-usd = US dollar
currency-eur = Euro
currency-etb = Ethiopian birr
currency-gbp = Pound sterling
currency-aed = UAE dirham
currency-sar = Saudi riyal
currency-jpy = Yen
currency-cny = Renminbi yuan
