//! The SQL that finds who is told of what.

use sqlx::PgConnection;

use crate::auth::{OrganizationKind, Role};
use crate::ids::NotificationId;
use crate::notifications::model::{MailChoice, NewsEvent};

/// Somebody was told something just now.
pub(in crate::notifications) struct Told {
    pub id: NotificationId,
    /// How they want the mail of it.
    pub mail: MailChoice,
}

/// Tells the active people of the organisations that `events` concern, where they may see what it is about, have a role in
/// `audience`, did not do it themselves and have not muted it. Which move an event tells of, the history says, by version and
/// moment: a later one may have been made meanwhile.
pub(in crate::notifications) async fn insert_news(
    connection: &mut PgConnection,
    events: &[i64],
    audience: &[(NewsEvent, OrganizationKind, Role)],
) -> sqlx::Result<Vec<Told>> {
    let codes: Vec<String> = audience.iter().map(|(event, ..)| event.code().to_owned()).collect();
    let kinds: Vec<String> = audience.iter().map(|(_, kind, _)| kind.code().to_owned()).collect();
    let roles: Vec<String> = audience.iter().map(|(.., role)| role.code().to_owned()).collect();
    let of_all = |of: fn(NewsEvent) -> String| NewsEvent::ALL.iter().map(|event| of(*event)).collect::<Vec<_>>();
    let critical: Vec<bool> = NewsEvent::ALL.iter().map(|event| event.is_critical()).collect();
    sqlx::query_as!(
        Told,
        r#"with audience as (
               select * from unnest($2::text[], $3::text[], $4::text[]) as a (event, kind, role_name)),
           catalog as (
               select * from unnest($5::text[], $6::text[], $7::bool[]) as c (event, mail, is_critical)),
           batch as (
               select o.event_id, o.kind, o.subject, o.subject_id, o.payload, o.created_at, (o.payload ->> 'by')::uuid as done_by
               from outbox o where o.event_id = any($1)),
           moves as (
               select b.event_id, b.created_at, b.done_by, h.action, h.old_stage, h.new_stage, h.version,
                      jsonb_build_object('number', e.export_number, 'stage',
                          case when h.new_stage in ('RETURNED', 'CLOSED') or h.action like '%:approve'
                               then coalesce(h.old_stage, h.new_stage) else h.new_stage end) as facts,
                      e.export_id, e.export_number, e.exporter_organization_id, e.bank_organization_id,
                      e.shipping_organization_id, e.queue_organization_id, e.stage as stage_now
               from batch b
               join exports e on e.export_id = b.subject_id
               join export_status_history h on h.export_id = e.export_id and h.version = (b.payload ->> 'version')::int
                   and h.created_at = b.created_at
               where b.kind = 'export.changed'),
           news as (
               select m.event_id, m.created_at, m.done_by, 'EXPORT' as subject_kind, m.export_id as subject_id, m.facts,
                      m.exporter_organization_id as organization_id, null::uuid as about,
                      case when m.action like '%:reject' then 'CASE_REJECTED' when m.action like '%:return' then 'CASE_RETURNED'
                           when m.action = 'cancel' then 'CASE_CANCELLED' when m.action = 'loading:approve' then 'CASE_SHIPPED'
                           when m.action = 'settlement:approve' then 'CASE_COMPLETED' else 'CASE_APPROVED' end as event
               from moves m
               where m.action = 'cancel' or m.action like '%:reject' or m.action like '%:return' or m.action like '%:approve'
               union all
               select m.event_id, m.created_at, m.done_by, 'EXPORT', m.export_id, m.facts, party, null,
                      case m.action when 'cancel' then 'CASE_CANCELLED' else 'CASE_SHIPPED' end
               from moves m, unnest(array[m.bank_organization_id, m.shipping_organization_id]) as party
               where (m.action = 'cancel' and m.old_stage <> 'PREPARATION') or m.action = 'loading:approve'
               union all
               -- A step that has been passed already waits for nobody.
               select m.event_id, m.created_at, m.done_by, 'EXPORT', m.export_id,
                      jsonb_build_object('number', m.export_number, 'stage', m.new_stage), m.queue_organization_id, null,
                      'CASE_WAITING'
               from moves m
               where m.queue_organization_id is not null and m.new_stage = m.stage_now
                 and m.new_stage is distinct from m.old_stage and m.new_stage not in ('PREPARATION', 'RETURNED')
               union all
               select b.event_id, b.created_at, b.done_by, 'EXPORT', e.export_id,
                      jsonb_build_object('number', e.export_number), party, null, 'CASE_MESSAGE'
               from batch b
               join exports e on e.export_id = b.subject_id
               cross join lateral (
                   select e.exporter_organization_id as party
                   union select e.queue_organization_id where e.queue_organization_id is not null
                   union select x.organization_id from export_messages x
                         where x.export_id = e.export_id and x.created_at <= b.created_at) parties
               where b.kind = 'export.message'
               union all
               select b.event_id, b.created_at, b.done_by, h.subject, h.subject_id, jsonb_build_object('action', h.action),
                      h.owner_organization_id, null, 'APPLICATION_DECIDED'
               from batch b
               join review_history h on h.subject = b.payload ->> 'review_subject' and h.subject_id = b.subject_id
                   and h.version = (b.payload ->> 'version')::int and h.created_at = b.created_at
               where b.kind = 'review.moved' and h.organization_id <> h.owner_organization_id
                 and h.action in ('approve', 'approve-below', 'reject', 'return', 'suspend', 'reinstate', 'revoke', 'verify')
               union all
               select b.event_id, b.created_at, b.done_by, 'ALERT', a.alert_id, jsonb_build_object('rule', a.rule),
                      g.organization_id, a.subject_id, 'SECURITY_ALERT'
               from batch b
               join security_alerts a on a.alert_id = b.subject_id
               join organizations g on g.kind = 'ADMINISTRATION' or g.organization_id = a.organization_id
               where b.kind = 'alert.raised'
               union all
               select b.event_id, b.created_at, b.done_by, upper(b.subject), b.subject_id,
                      jsonb_strip_nulls(jsonb_build_object('organization', b.payload -> 'code', 'kind', b.payload -> 'kind')),
                      g.organization_id, null, 'CERTIFICATE_ASKED'
               from batch b
               -- Those whose decision counts: never the one that asks, or whose certificate it is.
               join organizations g on g.organization_id <> (b.payload ->> 'organization')::uuid
                   and g.organization_id is distinct from (b.payload ->> 'asking')::uuid
                   and (coalesce(b.payload -> 'approvers', '[]') = '[]' or b.payload -> 'approvers' ? g.organization_id::text)
               where b.kind in ('certificate.asked', 'certificate.act_asked')
               union all
               select b.event_id, b.created_at, b.done_by, upper(b.subject), b.subject_id,
                      jsonb_strip_nulls(jsonb_build_object('verdict', b.payload -> 'verdict', 'kind', b.payload -> 'kind')),
                      (b.payload ->> 'organization')::uuid, null, 'CERTIFICATE_DECIDED'
               from batch b
               where b.kind in ('certificate.decided', 'certificate.act_decided')
               union all
               select b.event_id, b.created_at, null, 'CERTIFICATE', b.subject_id,
                      jsonb_build_object('day', b.payload -> 'day', 'is_over', b.payload -> 'is_over'),
                      (b.payload ->> 'organization')::uuid, null, 'CERTIFICATE_ENDS'
               from batch b
               where b.kind = 'certificate.ends'
               union all
               select b.event_id, b.created_at, null, 'CERTIFICATE', b.subject_id,
                      jsonb_build_object('day', b.payload -> 'day', 'is_over', b.payload -> 'is_over',
                          'organization', b.payload -> 'code'),
                      g.organization_id, null, 'CERTIFICATE_ENDS_ELSEWHERE'
               from batch b
               join organizations g on g.organization_id <> (b.payload ->> 'organization')::uuid
               where b.kind = 'certificate.ends' and (b.payload ->> 'is_for_approvers')::bool)
           insert into notifications (notification_id, user_id, event, subject_kind, subject_id, facts, is_critical, in_app, mail,
               outbox_event_id, created_at)
           select distinct on (n.event_id, u.id) gen_random_uuid(), u.id, n.event, n.subject_kind, n.subject_id, n.facts,
                  c.is_critical, coalesce(p.in_app, true), coalesce(p.mail, c.mail), n.event_id, n.created_at
           from news n
           join catalog c on c.event = n.event
           join organizations g on g.organization_id = n.organization_id and g.is_active
           join users u on u.organization_id = g.organization_id and u.is_active
           left join notification_preferences p on p.user_id = u.id and p.event = n.event
           left join exports e on n.subject_kind = 'EXPORT' and e.export_id = n.subject_id
           where exists (select from user_roles r
                         join audience a on a.event = n.event and a.kind = g.kind and a.role_name = r.role_name
                         where r.user_id = u.id and app.holds(r.valid_from, r.valid_until, r.revoked_at, app.moment()))
             -- What their organisation has taken away from the role counts as well.
             and (n.subject_kind <> 'EXPORT' or 'exports:export:view' = any (app.permissions_at(u.id, app.moment())))
             and (n.event <> 'CERTIFICATE_ENDS'
                  or '{pki:certificate:view,pki:request:submit}' <@ app.permissions_at(u.id, app.moment()))
             and (n.event not in ('CERTIFICATE_ASKED', 'CERTIFICATE_ENDS_ELSEWHERE')
                  or '{pki:certificate:view,pki:certificate:view-all,pki:request:decide}'
                         <@ app.permissions_at(u.id, app.moment()))
             and u.id is distinct from n.done_by and u.id is distinct from n.about
             and (coalesce(p.in_app, true) or coalesce(p.mail, c.mail) <> 'OFF')
             -- As the policies of exports have it.
             and (e.export_id is null
                  or app.is_party(g.organization_id, e.exporter_organization_id, e.bank_organization_id,
                                  e.shipping_organization_id, e.stage)
                  or (e.stage <> 'PREPARATION' and g.kind in ('NATIONAL_BANK', 'ECTA', 'CUSTOMS')))
           on conflict on constraint notifications_once do nothing
           returning notification_id as "id: NotificationId", mail as "mail: MailChoice""#,
        events,
        &codes,
        &kinds,
        &roles,
        &of_all(|event| event.code().to_owned()),
        &of_all(|event| event.usual().mail.code().to_owned()),
        &critical,
    )
    .fetch_all(connection)
    .await
}
