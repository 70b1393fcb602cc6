-- Whoever is given a role, or loses one, hears of it and cannot mute that. DOCUMENT_INFECTED stands where it is known.

do $$
declare
    -- What others have added stays.
    more text := case when exists (select from pg_constraint c where c.conname = 'notifications_event_check'
                                   and pg_get_constraintdef(c.oid) like '%DOCUMENT_INFECTED%') then $q$, 'DOCUMENT_INFECTED'$q$ else '' end;
begin
    execute format($q$
        alter table notifications drop constraint notifications_event_check,
            add constraint notifications_event_check check (event in ('APPLICATION_DECIDED', 'CASE_APPROVED', 'CASE_CANCELLED',
                'CASE_COMPLETED', 'CASE_MESSAGE', 'CASE_REJECTED', 'CASE_RETURNED', 'CASE_SHIPPED', 'CASE_WAITING',
                'CERTIFICATE_ASKED', 'CERTIFICATE_DECIDED', 'CERTIFICATE_ENDS', 'CERTIFICATE_ENDS_ELSEWHERE', 'ROLE_CHANGED',
                'SECURITY_ALERT'%1$s)),
            drop constraint notifications_critical,
            add constraint notifications_critical check (
                is_critical = (event in ('CASE_REJECTED', 'ROLE_CHANGED', 'SECURITY_ALERT'%1$s))
                and (not is_critical or (in_app and mail = 'IMMEDIATE')))$q$, more);
end
$$;
alter table notifications drop constraint notifications_subject_kind_check,
    add constraint notifications_subject_kind_check check (subject_kind in ('EXPORT', 'ALERT', 'PROFILE', 'LABORATORY', 'TASTER',
        'COMPETENCE', 'LICENSE', 'LOT', 'INSPECTION', 'CONTRACT', 'BUYER', 'CERTIFICATE', 'CERTIFICATE_REQUEST', 'ROLE'));
