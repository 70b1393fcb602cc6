alter table notifications no force row level security;
delete from notifications where event = 'ROLE_CHANGED';
do $$
declare
    more text := case when exists (select from pg_constraint c where c.conname = 'notifications_event_check'
                                   and pg_get_constraintdef(c.oid) like '%DOCUMENT_INFECTED%') then $q$, 'DOCUMENT_INFECTED'$q$ else '' end;
begin
    execute format($q$
        alter table notifications drop constraint notifications_critical,
            add constraint notifications_critical check (is_critical = (event in ('CASE_REJECTED', 'SECURITY_ALERT'%1$s))
                and (not is_critical or (in_app and mail = 'IMMEDIATE'))),
            drop constraint notifications_event_check,
            add constraint notifications_event_check check (event in ('APPLICATION_DECIDED', 'CASE_APPROVED', 'CASE_CANCELLED',
                'CASE_COMPLETED', 'CASE_MESSAGE', 'CASE_REJECTED', 'CASE_RETURNED', 'CASE_SHIPPED', 'CASE_WAITING',
                'CERTIFICATE_ASKED', 'CERTIFICATE_DECIDED', 'CERTIFICATE_ENDS', 'CERTIFICATE_ENDS_ELSEWHERE',
                'SECURITY_ALERT'%1$s))$q$, more);
end
$$;
alter table notifications drop constraint notifications_subject_kind_check,
    add constraint notifications_subject_kind_check check (subject_kind in ('EXPORT', 'ALERT', 'PROFILE', 'LABORATORY', 'TASTER',
        'COMPETENCE', 'LICENSE', 'LOT', 'INSPECTION', 'CONTRACT', 'BUYER', 'CERTIFICATE', 'CERTIFICATE_REQUEST'));
alter table notifications force row level security;
