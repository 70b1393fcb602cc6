drop table export_settlements, export_messages, export_approvals, export_documents, export_status_history,
    export_containers, export_lots, exports;
