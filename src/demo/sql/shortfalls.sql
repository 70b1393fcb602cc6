-- What was closed short, with the claim of the buyer that shows it.
-- Of a very large demo both have just been filled, without an index: unknown sizes would make a plan that never ends.
analyze export_documents, export_approvals;
insert into export_shortfalls (export_id, currency, due_amount, received_amount, shortfall_reason, remark, document_id, first_officer,
    closed_by, closed_at)
select p.export_id, 'USD', p.value, p.received, p.reason, demo.reason('shortfall:' || p.reason, p.n), d.document_id, a.first_approved_by, a.approved_by,
    a.approval_date
from demo.proceeds p
join export_documents d on d.export_id = p.export_id and d.document_type = 'OTHER'
join export_approvals a on a.export_id = p.export_id and a.approval_type = 'EXPORT_COMPLETION' and a.status = 'APPROVED' and a.superseded_at is null
where p.is_short and p.complete;
update export_approvals a set approval_data = jsonb_set(a.approval_data, '{shortfall,document}', to_jsonb(s.document_id))
from export_shortfalls s
where a.export_id = s.export_id and a.approval_type = 'EXPORT_COMPLETION' and a.approval_data -> 'shortfall' <> 'null';
