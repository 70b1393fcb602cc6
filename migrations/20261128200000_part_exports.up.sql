-- What is not on board when the carrier confirms the loading becomes an export of its own: a request of its exporter under
-- the same contract and licence, which keeps its balances and is submitted, or cancelled and so released.
alter table exports add column split_from uuid references exports on delete restrict;
create index exports_split_from on exports (split_from) where split_from is not null;
alter table exports add constraint exports_split_from_another check (split_from <> export_id);

insert into legal_moves (subject, from_state, action, to_state) values
    ('EXPORT', '', 'split', 'PENDING:PREPARATION');
alter table export_status_history
    add constraint export_status_history_split check (action <> 'split' or reason is not null);

-- The carrier confirms the loading; lots and requests are the exporter's, so the system parts them.
create policy system_insert on exports for insert to jebena_system
    with check (split_from is not null and stage = 'PREPARATION' and version = 1);
grant insert on exports to jebena_system;
create policy system_insert on export_status_history for insert to jebena_system with check (action = 'split');
grant insert on export_status_history to jebena_system;
create policy system_insert on export_lots for insert to jebena_system with check (true);
create policy system_delete on export_lots for delete to jebena_system using (true);
grant insert, delete on export_lots to jebena_system;
