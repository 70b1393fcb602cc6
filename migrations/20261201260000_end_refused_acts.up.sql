-- What the signer refuses for good ends: the certificate, or the rule of approval, is another than when it was asked for.
alter table certificate_acts add refused_at timestamptz,
    add constraint certificate_acts_refused check (refused_at >= requested_at),
    add constraint certificate_acts_one_end check (num_nonnulls(done_at, refused_at) <= 1);
grant update (refused_at) on certificate_acts to jebena_party, jebena_regulator, jebena_worker;

-- Nothing of it changes but that it comes to an end, once.
create or replace function app.keep_act() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or num_nonnulls(old.done_at, old.refused_at) > 0
        or (to_jsonb(new) - '{done_at,refused_at}'::text[]) is distinct from (to_jsonb(old) - '{done_at,refused_at}'::text[]) then
        raise exception 'an act on a certificate stays as it was asked for' using errcode = '42501';
    end if;
    return new;
end
$$;

update processing_register set told = told || '{refused_at}' where source = 'certificate_acts';
grant select (refused_at) on certificate_acts to jebena_privacy;
