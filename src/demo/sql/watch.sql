-- The product watches the record from the events of `security.sql` on; what lies before is history, of which the last days are
-- counted by the hour, as the watcher would have counted them.
update alert_watch set seal_number = coalesce(
    (select s.seal_number - 1 from audit.sealed s
     where s.seq = (select min(e.seq) from audit.events e where e.event_type = 'LOGIN_SUCCESS')), 0);
insert into security_activity (hour, organization_id, events, sign_ins, failures, denials, exports)
select date_trunc('hour', e.occurred_at), e.organization_id, count(*), 0, 0, 0, 0
from audit.events e
cross join demo.settings w
where e.occurred_at > w.now - interval '8 days'
  and e.seq < (select min(s.seq) from audit.sealed s where s.seal_number > (select seal_number from alert_watch))
group by 1, 2;
