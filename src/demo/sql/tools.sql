-- The workshop in which the demo's data are made: the schema `demo`, thrown away at the end. Nothing in it is
-- part of the product's schema. All chance comes from hashes of the export's number, so that the same moment
-- and the same count make the same demo.
-- A number from 0 to upto - 1, settled by k and by what it is for.
create function demo.pick(k bigint, salt bigint, upto int) returns int language sql immutable parallel safe
    return ((hashint8extended(k, salt) % upto) + upto)::int % upto;

-- An UUIDv7 of that moment whose random part is settled by k and salt.
create function demo.id(k bigint, salt bigint, moment timestamptz) returns uuid language sql immutable parallel safe
    return encode(
        int8send(((date_part('epoch', moment) * 1000)::bigint << 16) | 28672 | (hashint8extended(k, salt) & 4095))
        || int8send((-9223372036854775808) | (hashint8extended(k, salt + 1000) & 4611686018427387903)), 'hex')::uuid;

-- A number with leading zeros. What is longer stays whole; lpad alone would cut it off.
create function demo.padded(n bigint, width int) returns text language sql immutable parallel safe
    return lpad(n::text, greatest(width, length(n::text)), '0');

-- The day in Addis Ababa.
create function demo.day(moment timestamptz) returns date language sql immutable parallel safe
    return (moment at time zone 'UTC' + interval '3 hours')::date;

create function demo.year(moment timestamptz) returns text language sql immutable parallel safe
    return to_char(moment at time zone 'UTC' + interval '3 hours', 'YYYY');

-- The coffee year, from 1 October (ICC 102-9), as it is printed: 2026/27.
create function demo.coffee_year(moment timestamptz) returns text language sql immutable parallel safe
    return to_char(moment at time zone 'UTC' + interval '3 hours' - interval '9 months', 'YYYY') || '/'
        || to_char(moment at time zone 'UTC' + interval '3 hours' + interval '3 months', 'YY');

-- The harvest that is sold at that moment: picked from October on, exported from the new year.
create function demo.crop_year(moment timestamptz) returns text language sql immutable parallel safe
    return demo.coffee_year(moment - interval '3 months');

-- Birr for a dollar, drifting slowly upwards.
create function demo.rate(day date) returns numeric language sql immutable parallel safe
    return round(148 + 0.0115 * (day - date '2026-01-01') + 0.11 * demo.pick(day - date '2000-01-01', 3, 9), 4);

-- A container number with its check digit (ISO 6346): letters count from 10 without the multiples of 11, each
-- place counts twice the one before it.
create function demo.container(owner text, serial int) returns text language sql immutable parallel safe
    return owner || lpad(serial::text, 6, '0') || (
        select sum(value << (place - 1)::int) % 11 % 10
        from (select place, case when letter between '0' and '9' then letter::int
                                 else ascii(letter) - 55 + (ascii(letter) - 56) / 10 end as value
              from regexp_split_to_table(owner || lpad(serial::text, 6, '0'), '') with ordinality as parts (letter, place)) worth);

-- What a kind of organisation's number of staff is: officer 0, supervisor 1, second officer 2, who administers 3; at exporters
-- clerk 0, owner 1.
create table demo.staff as
select o.organization_id, o.code as organization, o.kind, u.id as user_id, u.full_name, u.role,
       case split_part(u.username, '.', 2) when 'officer' then 0 when 'clerk' then 0 when 'supervisor' then 1
            when 'owner' then 1 when 'admin' then 3 else 2 end as person
from users u
join organizations o using (organization_id);
create unique index on demo.staff (organization_id, person);

-- Working days, numbered; the last one is the present moment, whatever day it is. Moves of a day begin at eight
-- in Addis Ababa and follow each other by `spacing`; those of the present happened in the last three hours.
create table demo.workdays as
select row_number() over (order by day)::int as number, day,
       (day + time '05:00') at time zone 'UTC' as begins, interval '25 minutes' as spacing, interval '1 minute' as unit
from (select generate_series(greatest(today - span_days, date '2024-01-08'), today - 1, interval '1 day')::date as day
      from demo.settings) days
where extract(isodow from day) < 6 and not exists (select from holidays h where h.holiday = days.day);
insert into demo.workdays
select max(number) + 1, s.today, s.now - interval '3 hours', interval '5 minutes', interval '12 seconds'
from demo.workdays, demo.settings s
group by s.today, s.now;
create unique index on demo.workdays (number);

-- A reason as people write it.
create function demo.reason(action text, k bigint) returns text language sql stable parallel safe
    return (select texts[1 + demo.pick(k, 99, cardinality(texts))] from demo.reasons r where r.action = $1);

-- What binds a private reason to its event (audit::Prepared): SHA-256 of a salt and of the payload as it is kept.
create function demo.salt(k bigint, version int) returns bytea language sql immutable parallel safe
    return decode(md5(k || '/' || version), 'hex');
create function demo.commitment(k bigint, version int, reason text) returns bytea language sql stable parallel safe
    return sha256(demo.salt(k, version) || convert_to('{"reason":' || to_json(reason)::text || '}', 'UTF8'));

create function demo.declaration(k bigint, moment timestamptz) returns text language sql immutable parallel safe
    return 'E100-' || demo.year(moment) || '-' || demo.padded(k, 7);

create function demo.lading(k bigint, moment timestamptz) returns text language sql immutable parallel safe
    return 'BL' || demo.year(moment) || demo.padded(k, 8);
analyze demo.staff, demo.workdays, demo.reasons;
