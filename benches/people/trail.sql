-- The cases, and who acts on them. A case has a hundred events, which lie among those of three thousand other cases: of about
-- two months, when five years have ten million.
drop schema if exists bench cascade;
create schema bench;
create table bench.cases as
select row_number() over (order by created_at, export_id) - 1 as n, export_id, export_number from exports;
create unique index on bench.cases (n);
create table bench.staff as
select row_number() over (order by id) - 1 as n, id, organization_id, role from users;
create unique index on bench.staff (n);
create table bench.acts as
select row_number() over (order by event_type, details) - 1 as n, event_type, severity, details
from (select distinct event_type, severity, details from audit.events
      where entity_type = 'export' and details ? 'new' order by event_type limit 40) a;
create unique index on bench.acts (n);
analyze bench.cases, bench.staff, bench.acts;

-- `events` events of a year, after the first `before` of all. Their numbers come after all that were given.
create function bench.events_of(year int, events bigint, before bigint) returns setof audit.events language sql stable
set enable_nestloop = off
as $$
    select 1000000000 + before + g.g, md5('event' || (before + g.g)::text)::uuid,
           make_timestamptz(year, 1, 1, 0, 0, 0, 'UTC') + (interval '364 days' / events) * g.g,
           s.id, s.organization_id, a.event_type, 'export', c.export_id, a.severity, true,
           a.details,
           md5('request' || (before + g.g)::text)::uuid, sha256(int8send(before + g.g)), sha256(int8send(g.g))
    from generate_series(1, events) as g (g)
    join bench.cases c
         on c.n = ((before + g.g) / 100 + abs(hashint8extended(before + g.g, 1) % 3000)) % (select count(*) from bench.cases)
    join bench.staff s on s.n = abs(hashint8extended(before + g.g, 2)) % (select count(*) from bench.staff)
    join bench.acts a on a.n = abs(hashint8extended(before + g.g, 3)) % (select count(*) from bench.acts)
$$;
