revoke select (refused_at) on certificate_acts from jebena_privacy;
update processing_register set told = array_remove(told, 'refused_at') where source = 'certificate_acts';

create or replace function app.keep_act() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or old.done_at is not null
        or (to_jsonb(new) - 'done_at') is distinct from (to_jsonb(old) - 'done_at') then
        raise exception 'an act on a certificate stays as it was asked for' using errcode = '42501';
    end if;
    return new;
end
$$;

alter table certificate_acts drop refused_at;
