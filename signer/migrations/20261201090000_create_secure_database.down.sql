drop view expiring_certificates, active_certificates;
drop table key_rotation_history, certificate_revocation_lists, certificate_revocations, certificate_issuances,
    certificate_requests, private_key_uses, private_keys, certificates, encryption_keys;
drop trigger chain_event on secure_audit_log;
drop function chain_event(), hash_of_event(secure_audit_log);
drop table secure_audit_log;
drop function touch(), refuse_change();

