-- A little of what the security page is for, on the present day: people sign in, one forgets the password, somebody is
-- refused something, somebody takes a long list away, a colleague is shut out and let in again. The product watches it as it
-- watches everything: which of it is an alert is not said here.
insert into audit.events (event_id, occurred_at, actor_id, organization_id, event_type, entity_type, entity_id, severity,
    compliance_relevant, details, row_hash)
select demo.id(row_number() over (order by x.ago desc, x.n), 121, w.now - x.ago), w.now - x.ago,
       case when x.event_type = 'LOGIN_FAILED' then null else a.id end, a.organization_id, x.event_type, x.entity_type,
       case x.entity_type when 'user' then coalesce(b.id, a.id) end, x.severity, x.event_type = 'DATA_EXPORT',
       x.details || case when x.event_type like 'LOGIN%' then '{}'::jsonb
                         else jsonb_build_object('actor_role', (select string_agg(r.role_name, ', ' order by r.role_name)
                                                                from user_roles r where r.user_id = a.id)) end,
       ''
from demo.settings w
cross join (
    select n, username, null as about, 'LOGIN_SUCCESS' as event_type, 'user' as entity_type, 'LOW' as severity,
           '{}'::jsonb as details, n * interval '53 minutes' + interval '7 minutes' as ago
    from unnest(array['bank.officer', 'nbe.officer2', 'ecta.officer', 'ecta.supervisor', 'shipping.officer', 'customs.officer',
        'exporter.owner', 'bank2.officer', 'exporter2.owner', 'exporter3.clerk', 'ecx.officer', 'ecx.supervisor',
        'nbe.supervisor', 'bank.supervisor', 'exporter4.owner', 'customs.supervisor']) with ordinality as came (username, n)
    union all
    select n, 'customs.supervisor', null, 'LOGIN_FAILED', 'user', 'MEDIUM', '{"known": true}',
           interval '131 minutes' - n * interval '40 seconds'
    from generate_series(0, 4) as n
    union all
    select n, null, null, 'LOGIN_FAILED', 'user', 'MEDIUM', '{"known": false}', n * interval '97 minutes'
    from generate_series(1, 3) as n
    union all
    select n, 'shipping2.officer', null, 'UNAUTHORIZED_ACCESS', 'user', 'CRITICAL',
           jsonb_build_object('why', 'PERMISSION', 'method', 'GET', 'route', route), n * interval '3 minutes' + interval '5 hours'
    from unnest(array['/reference/rates/new', '/staff/sessions']) with ordinality as tried (route, n)
    union all
    select n, 'bank2.supervisor', null, 'DATA_EXPORT', 'export', 'MEDIUM', jsonb_build_object('list', 'exports', 'rows', 20 + 7 * n),
           n * interval '26 hours'
    from generate_series(0, 5) as n
    union all
    select 1, 'ecx.supervisor', null, 'DATA_EXPORT', 'export', 'MEDIUM', '{"list": "lots", "rows": 1850}',
           interval '9 hours'
    union all
    select n, 'ecx.admin', 'ecx.officer', event_type, 'user', 'HIGH', '{"by": "colleague"}', interval '7 hours' - n * interval '35 minutes'
    from unnest(array['USER_DISABLED', 'USER_ENABLED']) with ordinality as switched (event_type, n)
) x
left join users a on a.username = x.username
left join users b on b.username = x.about
order by x.ago desc, x.n;
-- They are sealed with all the others.
delete from audit.unsealed;
