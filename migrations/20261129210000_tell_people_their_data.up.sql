-- What is kept of a person, why and for how long; and the person's right to a copy of it. The register is also the wall: the
-- copy is made by a class of its own that may read the columns named here, of that person's rows, and nothing else.

-- Where a table names a person, by column.
create table processing_register (
    source text not null check (source ~ '^(audit\.)?[a-z_]{3,60}$'),
    person_column text not null check (person_column ~ '^[a-z_]{2,60}$'),
    purpose text not null check (purpose in ('ACCOUNT', 'ADMINISTRATION', 'CORRESPONDENCE', 'OPERATION', 'SECURITY', 'TRADE')),
    legal_basis text not null check (legal_basis in ('LEGAL_OBLIGATION', 'LEGITIMATE_INTEREST', 'SERVICE')),
    kept text not null check (kept in ('WITH_ACCOUNT', 'HOURS_12', 'DAYS_7', 'DAYS_30', 'DAYS_90', 'YEARS_7')),
    -- The columns that the person is told. Never a secret, and nothing of others.
    told text[] not null check (cardinality(told) > 0),
    primary key (source, person_column)
);
grant select on processing_register to jebena_party, jebena_regulator, jebena_auditor, jebena_admin, jebena_worker,
    jebena_privacy;

-- Of trade a person is told what they did and when: the row's key, its state, the moment. The case itself is the firm's.
insert into processing_register (source, person_column, purpose, legal_basis, kept, told)
select c.conrelid::regclass::text, a.attname, 'TRADE', 'LEGAL_OBLIGATION', 'YEARS_7', (
    select array_agg(t.attname::text order by t.attnum)
    from pg_attribute t
    where t.attrelid = c.conrelid and t.attnum > 0 and not t.attisdropped
      and (t.attname in (a.attname, 'status', 'action', 'verdict', 'created_at')
           or t.attname = regexp_replace(a.attname, '_by$', '_at')
           or t.attnum = any ((select k.conkey from pg_constraint k where k.conrelid = c.conrelid and k.contype = 'p')::int2[])))
from pg_constraint c
join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
where c.contype = 'f' and c.confrelid = 'users'::regclass and cardinality(c.conkey) = 1;

-- What is about the person, or in their own words, is told in full.
insert into processing_register (source, person_column, purpose, legal_basis, kept, told) values
    ('users', 'id', 'ACCOUNT', 'SERVICE', 'WITH_ACCOUNT', '{id,username,email,email_verified_at,full_name,organization_id,role,language,
        shortcuts_enabled,is_active,last_login,created_at,updated_at}'),
    ('audit.events', 'actor_id', 'SECURITY', 'LEGAL_OBLIGATION', 'YEARS_7',
        '{event_id,occurred_at,event_type,entity_type,entity_id,severity}'),
    ('audit.event_private', 'event_id', 'SECURITY', 'LEGAL_OBLIGATION', 'YEARS_7', '{event_id,occurred_at,payload}');
update processing_register r set purpose = x.purpose, legal_basis = x.legal_basis, kept = x.kept,
    told = coalesce(x.told::text[], r.told)
from (values
    ('user_roles', 'user_id', 'ACCOUNT', 'SERVICE', 'WITH_ACCOUNT', '{role_name,granted_at}'),
    ('user_roles', 'granted_by', 'ADMINISTRATION', 'LEGITIMATE_INTEREST', 'WITH_ACCOUNT', '{role_name,granted_at}'),
    ('user_sessions', 'user_id', 'SECURITY', 'LEGITIMATE_INTEREST', 'HOURS_12', '{id,ip_address,user_agent,created_at,last_activity,expires_at}'),
    ('known_devices', 'user_id', 'SECURITY', 'LEGITIMATE_INTEREST', 'DAYS_90', '{first_used_at,last_used_at}'),
    ('password_resets', 'user_id', 'SECURITY', 'LEGITIMATE_INTEREST', 'DAYS_30', '{reset_id,asked_at,expires_at,used_at}'),
    ('second_factors', 'user_id', 'SECURITY', 'SERVICE', 'WITH_ACCOUNT', '{factor_id,begun_at,confirmed_at}'),
    ('pending_sign_ins', 'user_id', 'SECURITY', 'LEGITIMATE_INTEREST', 'HOURS_12', '{device_is_known,begun_at,expires_at}'),
    ('idempotency_keys', 'user_id', 'OPERATION', 'SERVICE', 'DAYS_7', '{created_at,location}'),
    ('jobs', 'requested_by', 'OPERATION', 'SERVICE', 'DAYS_90', '{job_id,kind,status,created_at,finished_at}'),
    ('drafts', 'saved_by', 'CORRESPONDENCE', 'SERVICE', 'WITH_ACCOUNT', '{draft_id,subject,fields,saved_at}'),
    ('export_messages', 'author_id', 'CORRESPONDENCE', 'LEGAL_OBLIGATION', 'YEARS_7', '{message_id,export_id,body,created_at}'),
    ('review_messages', 'author_id', 'CORRESPONDENCE', 'LEGAL_OBLIGATION', 'YEARS_7', '{message_id,subject,subject_id,body,created_at}'),
    ('export_status_history', 'changed_by', 'TRADE', 'LEGAL_OBLIGATION', 'YEARS_7', '{history_id,export_id,action,reason,created_at}'),
    ('review_history', 'changed_by', 'TRADE', 'LEGAL_OBLIGATION', 'YEARS_7', '{history_id,subject,subject_id,action,reason,created_at}'),
    ('export_documents', 'uploaded_by', 'TRADE', 'LEGAL_OBLIGATION', 'YEARS_7',
        '{document_id,export_id,document_type,document_name,file_size,sha256,uploaded_at}'),
    ('preregistration_documents', 'uploaded_by', 'TRADE', 'LEGAL_OBLIGATION', 'YEARS_7',
        '{document_id,entity_type,entity_id,document_type,file_name,file_size,sha256,uploaded_at}'),
    ('invitations', 'accepted_by', 'ACCOUNT', 'SERVICE', 'WITH_ACCOUNT', '{invitation_id,full_name,email,role_name,invited_at,accepted_at}'),
    ('invitations', 'invited_by', 'ADMINISTRATION', 'LEGITIMATE_INTEREST', 'WITH_ACCOUNT', '{invitation_id,role_name,invited_at}'),
    ('invitations', 'withdrawn_by', 'ADMINISTRATION', 'LEGITIMATE_INTEREST', 'WITH_ACCOUNT', '{invitation_id,withdrawn_at}'),
    ('security_alerts', 'acknowledged_by', 'ADMINISTRATION', 'LEGITIMATE_INTEREST', 'YEARS_7', '{alert_id,rule,acknowledged_at,note}'),
    ('system_state', 'changed_by', 'ADMINISTRATION', 'LEGITIMATE_INTEREST', 'YEARS_7', null),
    ('reference_changes', 'changed_by', 'ADMINISTRATION', 'LEGAL_OBLIGATION', 'YEARS_7', null)
) x (source, person_column, purpose, legal_basis, kept, told)
where r.source = x.source and r.person_column = x.person_column;

-- A copy that a person has asked for: made by a job, there for a day, handed over once.
create table personal_data_copies (
    copy_id uuid primary key,
    user_id uuid not null references users on delete cascade,
    language text not null check (language in ('en', 'am')),
    asked_at timestamptz not null,
    -- Kinds of records that are in it, of how many.
    parts_done int not null default 0,
    parts_total int not null default 0,
    storage_key text unique,
    size_bytes bigint check (size_bytes > 0),
    sha256 bytea check (length(sha256) = 32),
    ready_at timestamptz check (ready_at >= asked_at),
    expires_at timestamptz check (expires_at > ready_at),
    taken_at timestamptz check (taken_at >= ready_at and taken_at < expires_at),
    -- Given up after so many tries.
    failed_at timestamptz,
    check (parts_done between 0 and parts_total),
    check ((ready_at is null) = (expires_at is null) and (ready_at is null) = (size_bytes is null)
           and (ready_at is null) = (sha256 is null)),
    -- The file is deleted before its row is.
    check (storage_key is null or ready_at is not null),
    check (ready_at is null or failed_at is null)
);
-- One at a time is made.
create unique index personal_data_copies_open on personal_data_copies (user_id) where ready_at is null and failed_at is null;
create index personal_data_copies_user on personal_data_copies (user_id, asked_at desc);
create index personal_data_copies_expiry on personal_data_copies (expires_at) where storage_key is not null;
alter table personal_data_copies enable row level security;
alter table personal_data_copies force row level security;
create policy own_all on personal_data_copies for all to jebena_party, jebena_regulator, jebena_auditor, jebena_admin
    using (user_id = (select app.person())) with check (user_id = (select app.person()));
create policy worker_all on personal_data_copies for all to jebena_worker using (true) with check (true);
grant select, insert, update (taken_at) on personal_data_copies to jebena_party, jebena_regulator, jebena_auditor, jebena_admin;
grant select, update, delete on personal_data_copies to jebena_worker;
insert into processing_register (source, person_column, purpose, legal_basis, kept, told) values
    ('personal_data_copies', 'user_id', 'ACCOUNT', 'LEGAL_OBLIGATION', 'DAYS_90',
        '{copy_id,asked_at,size_bytes,ready_at,expires_at,taken_at}');

-- The class that makes copies: for each table the columns that are told, and the rows that name the person.
grant usage on schema public, audit to jebena_privacy;
grant select (document_path) on export_documents to jebena_privacy;
grant select (storage_key) on preregistration_documents to jebena_privacy;
do $$
declare
    r record;
begin
    for r in
        select source, string_agg(format('%I = (select app.person())', person_column), ' or ') as is_own
        from processing_register where source <> 'audit.event_private' group by source
    loop
        execute format('create policy own_data_select on %s for select to jebena_privacy using (%s)', r.source, r.is_own);
    end loop;
    for r in select source, person_column, told from processing_register loop
        execute format('grant select (%s) on %s to jebena_privacy',
            (select string_agg(distinct quote_ident(c), ', ') from unnest(r.told || r.person_column) c), r.source);
    end loop;
end
$$;
-- Address and browser of an act, beside the act.
create policy own_data_select on audit.event_private for select to jebena_privacy
    using (event_id in (select e.event_id from audit.events e where e.actor_id = (select app.person())));

-- The person's rows of one entry of the register, as they are told. Runs as who asks.
create function app.own_rows(from_source text, by_column text) returns setof jsonb
language plpgsql stable set search_path = pg_catalog
as $$
declare
    columns text;
begin
    select string_agg(quote_ident(c.name), ', ' order by c.place) into strict columns
    from public.processing_register r, unnest(r.told) with ordinality c (name, place)
    where r.source = from_source and r.person_column = by_column;
    return query execute format('select to_jsonb(t) from (select %s from %s where %s) t', columns,
        to_regclass(case when from_source like 'audit.%' then from_source else 'public.' || from_source end),
        -- Of what lies beside an event, the policy knows whose it is.
        case when by_column = 'event_id' then 'true' else format('%I = (select app.person())', by_column) end);
end
$$;
revoke all on function app.own_rows(text, text) from public;
grant execute on function app.own_rows(text, text) to jebena_privacy;

-- The job that has made a copy asks for the mail that tells of it.
grant insert on mails to jebena_worker;
alter table mails drop constraint mails_kind_check,
    add constraint mails_kind_check check (kind in ('INVITATION', 'PASSWORD_RESET', 'PASSWORD_CHANGED', 'SECOND_FACTOR_SET',
        'SECOND_FACTOR_REMOVED', 'RECOVERY_CODES_MADE', 'RECOVERY_CODE_USED', 'DATA_COPY'));
