drop view user_statistics, active_users, exporter_audit_activity, security_audit_summary, compliance_audit_summary,
    user_audit_log, preregistration_audit_log, export_summary, pending_approvals_by_org, export_ready_lots,
    qualified_exporters;
