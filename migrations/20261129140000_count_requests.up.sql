-- How many requests came from an address, a session or a device in a window of time, of all instances together (reliability
-- 2.3). Two windows are kept; the counts outlive a restart.
create table request_counts (
    bucket text not null check (length(bucket) between 1 and 100),
    window_start timestamptz not null,
    hits bigint not null check (hits > 0),
    primary key (bucket, window_start)
);
create index request_counts_window on request_counts (window_start);
alter table request_counts enable row level security;
alter table request_counts force row level security;
create policy gate_all on request_counts for all to jebena_gate using (true) with check (true);
create policy worker_select on request_counts for select to jebena_worker using (true);
create policy worker_delete on request_counts for delete to jebena_worker using (true);
grant select, insert, update on request_counts to jebena_gate;
grant select, delete on request_counts to jebena_worker;

-- Whether anybody has signed in on a device is asked where an address has used up its requests.
create index known_devices_device on known_devices (device_hash);
