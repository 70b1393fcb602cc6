-- Whoever is given a role, or loses one, hears of it and cannot mute that.
alter table notifications drop constraint notifications_event_check,
    add constraint notifications_event_check check (event in ('APPLICATION_DECIDED', 'CASE_APPROVED', 'CASE_CANCELLED',
        'CASE_COMPLETED', 'CASE_MESSAGE', 'CASE_REJECTED', 'CASE_RETURNED', 'CASE_SHIPPED', 'CASE_WAITING', 'CERTIFICATE_ASKED',
        'CERTIFICATE_DECIDED', 'CERTIFICATE_ENDS', 'CERTIFICATE_ENDS_ELSEWHERE', 'DOCUMENT_INFECTED', 'ROLE_CHANGED',
        'SECURITY_ALERT')),
    drop constraint notifications_critical,
    add constraint notifications_critical check (
        is_critical = (event in ('CASE_REJECTED', 'DOCUMENT_INFECTED', 'ROLE_CHANGED', 'SECURITY_ALERT'))
        and (not is_critical or (in_app and mail = 'IMMEDIATE'))),
    drop constraint notifications_subject_kind_check,
    add constraint notifications_subject_kind_check check (subject_kind in ('EXPORT', 'ALERT', 'PROFILE', 'LABORATORY', 'TASTER',
        'COMPETENCE', 'LICENSE', 'LOT', 'INSPECTION', 'CONTRACT', 'BUYER', 'CERTIFICATE', 'CERTIFICATE_REQUEST', 'CERTIFICATE_ACT',
        'ROLE'));
