drop view audit_trail;
drop view system_events;
drop view compliance_logs;
drop view transaction_logs;
drop view access_logs;
drop view session_logs;
drop view security_logs;
drop view audit_logs;
