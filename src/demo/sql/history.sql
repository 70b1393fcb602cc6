-- Every move of every export.
insert into export_status_history (history_id, export_id, version, old_status, old_stage, new_status, new_stage, action, changed_by,
    organization, organization_id, reason, created_at)
select demo.id(c.n * 64 + m.version, 92, c.at[m.version]), c.export_id, m.version, m.old_status, m.old_stage, m.new_status, m.new_stage, m.action,
    c.by[m.version], s.organization, s.organization_id, case when m.has_reason then demo.reason(m.action, c.n) end, c.at[m.version]
from demo.cases c
join demo.walk_moves m using (walk)
join demo.staff s on s.user_id = c.by[m.version];
