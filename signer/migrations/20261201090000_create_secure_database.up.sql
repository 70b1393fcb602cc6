-- Keys and certificates (certificate-lifecycle seed: its seven tables and two views). A database of its own: nothing here refers
-- to the product's by a foreign key; organisations and people are known by their ids. The signer reads and writes as
-- jebena_signer; nobody else has a grant, and jebena_signer deletes nothing.

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% of % is refused: the rows stay as they were written', tg_op, tg_table_name using errcode = '42501';
end
$$;

create function touch() returns trigger language plpgsql as $$
begin
    new.updated_at := greatest(new.updated_at, old.updated_at);
    return new;
end
$$;

-- What was done, and by whom, before it was done -------------------------------------------------------
create table secure_audit_log (
    seq bigint generated always as identity primary key,
    event_id uuid not null unique,
    -- Such as KEY_USED.
    event_type text not null check (event_type ~ '^[A-Z][A-Z_]{2,49}$'),
    event_category text not null
        check (event_category in ('key_access', 'cert_access', 'key_rotation', 'revocation', 'csr', 'export')),
    severity text not null check (severity in ('info', 'warning', 'error', 'critical')),
    resource_type text not null,
    resource_id uuid,
    action text not null,
    -- Of the product's database.
    user_id uuid,
    ip_address inet,
    user_agent text,
    session_id uuid,
    -- No personal data and no key material.
    event_data jsonb not null default '{}',
    result text not null check (result in ('success', 'failure', 'partial')),
    error_message text,
    event_timestamp timestamptz not null,
    -- SHA-256 over the row before and this one: a row that was taken out or changed shows.
    previous_hash bytea not null check (length(previous_hash) = 32),
    row_hash bytea not null check (length(row_hash) = 32)
);
create index secure_audit_log_resource on secure_audit_log (resource_type, resource_id, seq desc);
create index secure_audit_log_time on secure_audit_log using brin (event_timestamp);

create function hash_of_event(event secure_audit_log) returns bytea language sql stable
    return sha256(event.previous_hash || convert_to(jsonb_build_array(
        event.event_id, event.event_type, event.event_category, event.severity, event.resource_type,
        event.resource_id, event.action, event.user_id, host(event.ip_address), event.user_agent, event.session_id,
        event.event_data, event.result, event.error_message,
        (extract(epoch from event.event_timestamp) * 1000000)::bigint)::text, 'UTF8'));

-- One writer, the signer, so that a lock on the head costs nobody anything; the number is that of the lock.
create function chain_event() returns trigger language plpgsql security definer set search_path = public, pg_catalog as $$
begin
    perform pg_advisory_xact_lock(7238190045);
    new.previous_hash := coalesce((select row_hash from secure_audit_log order by seq desc limit 1), sha256('jebena secure log'));
    new.row_hash := hash_of_event(new);
    return new;
end
$$;
create trigger chain_event before insert on secure_audit_log for each row execute function chain_event();
create trigger append_only_rows before update or delete on secure_audit_log for each row execute function refuse_change();
create trigger append_only_table before truncate on secure_audit_log for each statement execute function refuse_change();
alter table secure_audit_log enable always trigger chain_event;
alter table secure_audit_log enable always trigger append_only_rows;
alter table secure_audit_log enable always trigger append_only_table;

-- Keys that seal keys ----------------------------------------------------------------------------------
create table encryption_keys (
    key_id uuid primary key,
    key_type text not null check (key_type in ('master', 'data')),
    -- Whose keys a data key seals; none for what belongs to the consortium.
    organization_id uuid,
    algorithm text not null default 'AES-256-GCM' check (algorithm = 'AES-256-GCM'),
    key_version int not null check (key_version > 0),
    key_status text not null check (key_status in ('active', 'rotating', 'retired', 'revoked')),
    -- A master key's material is never here: by this alone it is recognised.
    fingerprint bytea check (length(fingerprint) = 32),
    -- Nonce, sealed key and tag of a data key.
    encrypted_key_material bytea check (length(encrypted_key_material) = 12 + 32 + 16),
    key_wrap_algorithm text check (key_wrap_algorithm = 'AES-256-GCM'),
    wrapped_by uuid references encryption_keys,
    rotation_schedule_days int not null default 365 check (rotation_schedule_days between 1 and 3650),
    last_rotated_at timestamptz,
    next_rotation_at timestamptz not null,
    created_by_user_id uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    constraint encryption_keys_master check ((key_type = 'master') = (fingerprint is not null)),
    constraint encryption_keys_material check (
        (key_type = 'data') = (encrypted_key_material is not null)
        and num_nulls(encrypted_key_material, key_wrap_algorithm, wrapped_by) in (0, 3)),
    constraint encryption_keys_master_is_nobodys check (key_type = 'data' or organization_id is null),
    constraint encryption_keys_gone check (deleted_at is null or key_status in ('retired', 'revoked'))
);
create unique index encryption_keys_version on encryption_keys (key_type, organization_id, key_version) nulls not distinct;
create unique index encryption_keys_active on encryption_keys (key_type, organization_id) nulls not distinct
    where key_status = 'active';
create index encryption_keys_wrapped_by on encryption_keys (wrapped_by);
create trigger touch before update on encryption_keys for each row execute function touch();

-- Certificates -----------------------------------------------------------------------------------------
create table certificates (
    certificate_id uuid primary key,
    common_name text not null,
    -- CSR workflow and mail certificates of the seed have no use here.
    certificate_type text not null check (certificate_type in ('root', 'intermediate', 'leaf')),
    profile text not null
        check (profile in ('ROOT_CA', 'ISSUING_CA', 'ORGANIZATION_SEAL', 'OFFICER', 'OCSP_RESPONDER', 'TIME_STAMPING',
                           'TRUST_LIST')),
    -- Whose it is; none for what belongs to the consortium.
    organization_id uuid,
    owner_user_id uuid,
    -- None for one that is signed by itself or by somebody outside.
    issuer_certificate_id uuid references certificates,
    der_encoded_cert bytea not null check (length(der_encoded_cert) between 100 and 65536),
    -- Hexadecimal, without leading zeros.
    serial_number text not null check (serial_number ~ '^[1-9a-f][0-9a-f]{0,39}$'),
    thumbprint_sha256 bytea not null unique check (length(thumbprint_sha256) = 32),
    thumbprint_sha1 bytea not null check (length(thumbprint_sha1) = 20),
    subject_key_identifier bytea not null,
    authority_key_identifier bytea,
    issuer_dn text not null,
    subject_dn text not null,
    subject_alternative_names jsonb not null default '[]',
    key_algorithm text not null,
    key_size int not null,
    signature_algorithm text not null,
    not_before timestamptz not null,
    not_after timestamptz not null,
    -- Whether it is expiring or expired is a matter of the day, and said by the views.
    status text not null default 'active' check (status in ('active', 'suspended', 'revoked')),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint certificates_validity check (not_before < not_after),
    constraint certificates_serial unique (issuer_dn, serial_number),
    constraint certificates_types check (
        (certificate_type = 'root') = (profile = 'ROOT_CA') and (certificate_type = 'intermediate') = (profile = 'ISSUING_CA')),
    constraint certificates_owner check (
        (profile in ('ORGANIZATION_SEAL', 'OFFICER')) = (organization_id is not null)
        and (profile = 'OFFICER') = (owner_user_id is not null)),
    constraint certificates_issuer check (certificate_type <> 'leaf' or issuer_certificate_id is not null)
);
create index certificates_issuer on certificates (issuer_certificate_id);
create index certificates_organization on certificates (organization_id, profile, not_after desc);
create index certificates_expiry on certificates (not_after) where status <> 'revoked';
create trigger touch before update on certificates for each row execute function touch();

-- Keys -------------------------------------------------------------------------------------------------
create table private_keys (
    private_key_id uuid primary key,
    -- A key is there before its certificate.
    certificate_id uuid unique references certificates,
    organization_id uuid,
    profile text not null,
    -- SHA-256 of the public key (SubjectPublicKeyInfo): no key serves twice.
    public_key_sha256 bytea not null unique check (length(public_key_sha256) = 32),
    encrypted_key_material bytea,
    encryption_key_id uuid references encryption_keys,
    encryption_algorithm text not null default 'AES-256-GCM' check (encryption_algorithm = 'AES-256-GCM'),
    encryption_iv bytea check (length(encryption_iv) = 12),
    encryption_auth_tag bytea check (length(encryption_auth_tag) = 16),
    key_algorithm text not null check (key_algorithm = 'ECDSA'),
    curve_name text not null check (curve_name in ('P-256', 'P-384')),
    key_format text not null default 'PKCS8' check (key_format = 'PKCS8'),
    is_exportable boolean not null default false,
    is_hsm_backed boolean not null default false,
    hsm_key_id text,
    hsm_slot_id bigint,
    -- allowed_operations, allowed_user_ids, max_uses_per_day, require_mfa.
    access_policy jsonb not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    -- Its material is gone; the row stays.
    deleted_at timestamptz,
    constraint private_keys_place check (
        case when is_hsm_backed
             then hsm_key_id is not null and hsm_slot_id is not null
                  and num_nonnulls(encrypted_key_material, encryption_key_id, encryption_iv, encryption_auth_tag) = 0
             else num_nonnulls(hsm_key_id, hsm_slot_id) = 0
                  and (deleted_at is not null
                       or num_nulls(encrypted_key_material, encryption_key_id, encryption_iv, encryption_auth_tag) = 0)
        end)
);
create index private_keys_encryption_key on private_keys (encryption_key_id);
create index private_keys_organization on private_keys (organization_id, profile);
create trigger touch before update on private_keys for each row execute function touch();

-- How often each key was used on a day: held against max_uses_per_day under the row's own lock. The seed's
-- last_accessed_at and access_count are sums of it.
create table private_key_uses (
    private_key_id uuid not null references private_keys,
    used_on date not null,
    use_count int not null check (use_count > 0),
    last_used_at timestamptz not null,
    primary key (private_key_id, used_on)
);

-- Requests and issuance --------------------------------------------------------------------------------
create table certificate_requests (
    request_id uuid primary key,
    organization_id uuid,
    owner_user_id uuid,
    profile text not null,
    -- The key of a request that was made here.
    private_key_id uuid references private_keys,
    der_encoded_csr bytea not null check (length(der_encoded_csr) between 50 and 65536),
    common_name text not null,
    subject_dn text not null,
    subject_alternative_names jsonb not null default '[]',
    public_key_sha256 bytea not null check (length(public_key_sha256) = 32),
    requested_validity_days int not null check (requested_validity_days between 1 and 7305),
    status text not null check (status in ('pending', 'approved', 'rejected', 'fulfilled', 'expired', 'cancelled')),
    rejection_reason text,
    issued_certificate_id uuid unique references certificates,
    requester_user_id uuid,
    requested_at timestamptz not null,
    approved_at timestamptz,
    fulfilled_at timestamptz,
    updated_at timestamptz not null,
    constraint certificate_requests_rejected check ((status = 'rejected') = (rejection_reason is not null)),
    constraint certificate_requests_fulfilled check (
        (status = 'fulfilled') = (issued_certificate_id is not null) and (status = 'fulfilled') = (fulfilled_at is not null))
);
create index certificate_requests_open on certificate_requests (status, requested_at) where status in ('pending', 'approved');
create index certificate_requests_key on certificate_requests (private_key_id);
create trigger touch before update on certificate_requests for each row execute function touch();

-- What is about to be signed is written down first: a signature without its intent is not made, and an intent
-- without its certificate is finished or given up, and in either case known.
create table certificate_issuances (
    issuance_id uuid primary key,
    request_id uuid references certificate_requests,
    issuer_certificate_id uuid references certificates,
    profile text not null,
    serial_number text not null check (serial_number ~ '^[1-9a-f][0-9a-f]{0,39}$'),
    -- The bytes that are signed (TBSCertificate).
    to_be_signed bytea not null,
    -- What the twin's examination found; nothing may stand here when it is signed.
    findings text[] not null default '{}',
    certificate_id uuid unique references certificates,
    state text not null check (state in ('INTENDED', 'ISSUED', 'REFUSED', 'GIVEN_UP')),
    intended_at timestamptz not null,
    decided_at timestamptz,
    constraint certificate_issuances_serial unique (issuer_certificate_id, serial_number),
    constraint certificate_issuances_issued check ((state = 'ISSUED') = (certificate_id is not null)),
    constraint certificate_issuances_decided check ((state = 'INTENDED') = (decided_at is null)),
    constraint certificate_issuances_clean check (state <> 'ISSUED' or findings = '{}')
);
create index certificate_issuances_request on certificate_issuances (request_id);
create index certificate_issuances_open on certificate_issuances (intended_at) where state = 'INTENDED';

-- Revocation -------------------------------------------------------------------------------------------
create table certificate_revocations (
    revocation_id uuid primary key,
    certificate_id uuid not null references certificates,
    revocation_date timestamptz not null,
    revocation_reason text not null
        check (revocation_reason in ('unspecified', 'key_compromise', 'ca_compromise', 'affiliation_changed', 'superseded',
                                     'cessation_of_operation', 'certificate_hold', 'privilege_withdrawn', 'aa_compromise')),
    -- From when on signatures are not to be relied on, where that is earlier.
    invalidity_date timestamptz,
    -- A hold that was lifted; every other revocation is final.
    lifted_at timestamptz,
    revoked_by_user_id uuid,
    constraint certificate_revocations_invalidity check (invalidity_date <= revocation_date),
    constraint certificate_revocations_lifted check (lifted_at is null or revocation_reason = 'certificate_hold')
);
create unique index certificate_revocations_standing on certificate_revocations (certificate_id) where lifted_at is null;
create index certificate_revocations_certificate on certificate_revocations (certificate_id);

create table certificate_revocation_lists (
    issuer_certificate_id uuid not null references certificates,
    crl_number bigint not null check (crl_number > 0),
    -- Of a delta list: the full list that it adds to.
    base_crl_number bigint check (base_crl_number < crl_number),
    this_update timestamptz not null,
    next_update timestamptz not null,
    entry_count int not null check (entry_count >= 0),
    der_encoded_crl bytea not null,
    primary key (issuer_certificate_id, crl_number),
    constraint certificate_revocation_lists_time check (this_update < next_update)
);
create index certificate_revocation_lists_full on certificate_revocation_lists (issuer_certificate_id, crl_number desc)
    where base_crl_number is null;

-- Rotation ---------------------------------------------------------------------------------------------
create table key_rotation_history (
    rotation_id uuid primary key,
    old_key_id uuid not null references encryption_keys,
    new_key_id uuid not null references encryption_keys,
    rotation_type text not null check (rotation_type in ('scheduled', 'emergency', 'compromise', 'manual')),
    rotation_reason text not null,
    items_total int not null check (items_total >= 0),
    items_re_encrypted int not null default 0 check (items_re_encrypted >= 0),
    items_failed int not null default 0 check (items_failed >= 0),
    started_at timestamptz not null,
    completed_at timestamptz,
    rotation_status text not null check (rotation_status in ('in_progress', 'completed', 'failed', 'rolled_back')),
    error_message text,
    initiated_by_user_id uuid,
    constraint key_rotation_history_keys check (old_key_id <> new_key_id),
    constraint key_rotation_history_done check ((rotation_status = 'in_progress') = (completed_at is null))
);
create index key_rotation_history_old on key_rotation_history (old_key_id);
create index key_rotation_history_new on key_rotation_history (new_key_id);
create unique index key_rotation_history_running on key_rotation_history (old_key_id) where rotation_status = 'in_progress';

-- The seed's two views ---------------------------------------------------------------------------------
create view active_certificates as
    select * from certificates c where status = 'active' and now() between not_before and not_after;
create view expiring_certificates as
    select *, extract(day from not_after - now())::int as days_left from active_certificates
    where not_after < now() + interval '30 days';

-- Grants -----------------------------------------------------------------------------------------------
grant usage on schema public to jebena_signer;
grant select, insert on all tables in schema public to jebena_signer;
grant update (key_status, encrypted_key_material, wrapped_by, last_rotated_at, next_rotation_at, updated_at, deleted_at)
    on encryption_keys to jebena_signer;
grant update (status, updated_at) on certificates to jebena_signer;
grant update (certificate_id, encrypted_key_material, encryption_key_id, encryption_iv, encryption_auth_tag, access_policy,
              updated_at, deleted_at) on private_keys to jebena_signer;
grant update (use_count, last_used_at) on private_key_uses to jebena_signer;
grant update (status, rejection_reason, issued_certificate_id, approved_at, fulfilled_at, updated_at)
    on certificate_requests to jebena_signer;
grant update (findings, certificate_id, state, decided_at) on certificate_issuances to jebena_signer;
grant update (lifted_at) on certificate_revocations to jebena_signer;
grant update (items_re_encrypted, items_failed, completed_at, rotation_status, error_message)
    on key_rotation_history to jebena_signer;
