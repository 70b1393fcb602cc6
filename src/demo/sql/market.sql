-- The market: the ten coffees of domain section 8 with their weights and prices, invented buyers, the weekly
-- minimum prices and the rates of exchange.
create table demo.coffees (coffee int primary key, coffee_type text, region text, processing text, grade int, kg numeric, cents_lb numeric,
    raw_score numeric, cup_score numeric, primary_defects int, secondary_defects int, center text, warehouse text);
insert into demo.coffees values
    (1, 'Yirgacheffe', 'South Ethiopia', 'WASHED', 1, 19200, 517.00, 36.00, 51.00, 1, 2, 'Dilla', 'Dilla'),
    (2, 'Sidama', 'Sidama', 'WASHED', 2, 19200, 435.50, 33.00, 45.50, 2, 6, 'Hawassa', 'Hawassa'),
    (3, 'Guji', 'Oromia', 'NATURAL', 1, 9600, 539.75, 35.50, 50.50, 1, 2, 'Dilla', 'Bule Hora'),
    (4, 'Limu', 'Oromia', 'WASHED', 2, 19200, 412.75, 33.50, 44.00, 2, 7, 'Jimma', 'Jimma'),
    (5, 'Jimma', 'Oromia', 'NATURAL', 5, 38400, 254.00, 17.00, 25.00, 15, 45, 'Jimma', 'Jimma'),
    (6, 'Harar', 'Oromia', 'NATURAL', 4, 19200, 304.00, 22.00, 33.00, 9, 24, 'Dire Dawa', 'Dire Dawa'),
    (7, 'Lekempti', 'Oromia', 'NATURAL', 4, 19200, 281.25, 21.00, 32.50, 10, 25, 'Addis Ababa', 'Nekemte'),
    (8, 'Kaffa', 'South West Ethiopia Peoples', 'NATURAL', 3, 9000, 358.25, 27.00, 40.00, 5, 12, 'Jimma', 'Bonga'),
    (9, 'Bench Maji', 'South West Ethiopia Peoples', 'NATURAL', 4, 18000, 290.25, 23.00, 34.00, 9, 22, 'Jimma', 'Mizan Teferi'),
    (10, 'Bale', 'Oromia', 'NATURAL', 3, 19200, 344.75, 28.00, 41.00, 5, 11, 'Addis Ababa', 'Gore');

create table demo.buyers (buyer int primary key, name text, country char(2), port char(5), address text, email text, transit_days int,
    payment_methods text[], incoterms text[], asks_for text[]);
insert into demo.buyers values
    (0, 'Hanse Kaffee Kontor GmbH', 'DE', 'DEHAM', 'Sandtorkai 18, 20457 Hamburg', 'import@hanse-kaffee.example', 24, '{CAD,LC}', '{FOB,CIF}', '{WEIGHT_CERTIFICATE}'),
    (1, 'Al Waha Foods', 'SA', 'SAJED', 'King Fahd Road 210, Jeddah', 'coffee@alwaha-foods.example', 6, '{LC,ADVANCE}', '{FOB,CFR}', '{FUMIGATION_CERTIFICATE}'),
    (2, 'Blue Heron Roasters', 'US', 'USNYC', '44 Pier Street, New York', 'green@blueheron-roasters.example', 31, '{CAD,LC}', '{FOB}', '{}'),
    (3, 'Sakura Coffee K.K.', 'JP', 'JPYOK', '2-4-1 Minato Mirai, Yokohama', 'mameya@sakura-coffee.example', 27, '{LC}', '{FOB,CIF}', '{WEIGHT_CERTIFICATE}'),
    (4, 'Zwin Trading NV', 'BE', 'BEANR', 'Napelsstraat 79, 2000 Antwerpen', 'desk@zwin-trading.example', 23, '{CAD}', '{FOB}', '{}'),
    (5, 'Caffetteria Belriguardo S.r.l.', 'IT', 'ITTRS', 'Riva del Mandracchio 4, Trieste', 'acquisti@belriguardo.example', 19, '{CAD,TT}', '{FOB,CFR}', '{}'),
    (6, 'Northwold Green Coffee Ltd', 'GB', 'GBFXT', '12 Dock Lane, Felixstowe', 'buying@northwold-green.example', 24, '{CAD,LC}', '{FOB}', '{}'),
    (7, 'Hangang Beans Co.', 'KR', 'KRPUS', '88 Haeun-daero, Busan', 'import@hangang-beans.example', 28, '{LC,TT}', '{FOB,CIF}', '{PHYTOSANITARY_CERTIFICATE}'),
    (8, 'Maison Tilleul SARL', 'FR', 'FRLEH', '7 quai de Southampton, Le Havre', 'achats@maison-tilleul.example', 24, '{CAD}', '{FOB}', '{}'),
    (9, 'Nilewater Trading Co.', 'SD', 'SDPZU', 'Harbour Road 3, Port Sudan', 'office@nilewater.example', 4, '{ADVANCE,TT}', '{FOB}', '{}'),
    (10, 'Polder Koffie B.V.', 'NL', 'NLRTM', 'Wilhelminakade 31, Rotterdam', 'inkoop@polder-koffie.example', 24, '{CAD}', '{FOB,CIF}', '{WEIGHT_CERTIFICATE}'),
    (11, 'Jiangnan Coffee Imports Ltd', 'CN', 'CNSHA', '1200 Pudong Avenue, Shanghai', 'trade@jiangnan-coffee.example', 26, '{LC,TT}', '{FOB,CIF}', '{FUMIGATION_CERTIFICATE}'),
    (12, 'Marsa Roastery LLC', 'AE', 'AEJEA', 'South Zone 4, Jebel Ali, Dubai', 'green@marsa-roastery.example', 7, '{ADVANCE,CAD}', '{FOB,CFR}', '{}'),
    (13, 'Southerly Coffee Pty Ltd', 'AU', 'AUMEL', '5 Lorimer Street, Melbourne', 'origin@southerly-coffee.example', 30, '{CAD,TT}', '{FOB}', '{}');

create table demo.vessels (vessel int primary key, name text);
insert into demo.vessels values (0, 'MV Red Sea Trader'), (1, 'MV Tana Star'), (2, 'MV Gulf of Tadjoura'), (3, 'MV Bab el Mandeb'),
    (4, 'MV Awash Express'), (5, 'MV Danakil Wind'), (6, 'MV Sheba Horizon');

insert into fx_rates (currency, rate_date, etb_per_unit)
select c.currency, day::date, round(demo.rate(day::date) * c.dollars, 4)
from demo.settings s
cross join lateral generate_series((select min(w.day) from demo.workdays w) - 5, s.today, interval '1 day') as day
cross join (values ('USD', 1.0), ('EUR', 1.087), ('GBP', 1.271), ('AED', 0.2723), ('SAR', 0.2666), ('JPY', 0.0067), ('CNY', 0.1402)) as c (currency, dollars);

insert into minimum_export_prices (price_number, coffee_type, grade, usd_per_kg, iso_year, iso_week)
select 'MP-' || c.grade || '-' || upper(replace(c.coffee_type, ' ', '')) || '-' || to_char(monday, 'IYYY') || '-W' || to_char(monday, 'IW'),
    c.coffee_type, c.grade::text,
    round(c.cents_lb * 2.2046226218 / 100 * (0.92 + 0.005 * demo.pick(c.coffee, to_char(monday, 'IYYYIW')::bigint, 4)), 4),
    to_char(monday, 'IYYY')::int, to_char(monday, 'IW')::int
from demo.settings s
cross join lateral generate_series(date_trunc('week', (select min(w.day) from demo.workdays w) - 40), date_trunc('week', s.today + 7), interval '7 days') as monday
cross join demo.coffees c;
