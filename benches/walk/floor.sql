-- Copies of the tables that an approval writes, with their indexes and nothing else: no row-level security, no
-- foreign keys, no checks, no triggers. What pgbench does to them is the floor.
drop schema if exists floor cascade;
create schema floor;
create table floor.exports (like public.exports including defaults including indexes);
insert into floor.exports select * from public.exports limit 10000;
-- Ids that a script can make.
with numbered as (select export_id, row_number() over () as n from floor.exports)
update floor.exports e set export_id = lpad(n.n::text, 32, '0')::uuid from numbered n where n.export_id = e.export_id;
create table floor.history (like public.export_status_history including defaults including indexes);
create table floor.approvals (like public.export_approvals including defaults including indexes);
create table floor.events (like audit.events including defaults including identity including indexes);
analyze floor.exports;
