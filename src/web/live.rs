//! Live updates: tells open inboxes and case pages that something there has changed.
//!
//! The database's channel [`CHANNEL`] is heard once per process, by a connection outside the pool, and
//! passed on to every open stream that may know of it. A stream says only that a case has changed; what
//! has changed is read as always, by a request that is checked as always. Pages fall back to polling.
//! On a second channel the database tells which session has ended, wherever that was done: its streams end with it.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::response::{
    IntoResponse, Response,
    sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, StreamExt};
use serde::{Deserialize, Serialize};
use sqlx::{
    Executor,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
};
use tokio::sync::broadcast;
use tokio_stream::wrappers::{BroadcastStream, errors::BroadcastStreamRecvError};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    auth::{Actor, OrganizationKind},
    database::within,
    error::AppError,
    ids::{ExportId, OrganizationId, UserId},
};

/// The channel on which changes are told.
pub const CHANNEL: &str = "jebena_live";
/// The channel on which the database tells which session has ended, by its reference.
const SESSION_END: &str = "jebena_session_end";

/// Changes that a slow stream may be behind before it is told "something has changed" at large.
const BACKLOG: usize = 256;
/// Open streams of one person: a browser hangs at its seventh connection anyway.
const STREAMS_PER_PERSON: usize = 6;
/// Proxies close what is silent for 30 seconds.
const HEARTBEAT: Duration = Duration::from_secs(25);
/// How soon a browser comes back after a stream ended.
const RETRY: Duration = Duration::from_secs(3);
/// A stream lives a little longer than a session without requests: coming back asks for the session, so
/// a page left open does not keep its person signed in.
const STREAM_LIFETIME: Duration = Duration::from_secs(31 * 60);
/// The pause before the channel is opened again.
const RECONNECT: Duration = Duration::from_secs(2);
/// A silent channel is asked whether it still stands.
const CHANNEL_CHECK: Duration = Duration::from_secs(30);

/// What a page wants to hear of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Any case that the viewer may know of.
    Queue,
    /// This case.
    Case(ExportId),
    /// Alerts.
    Alerts,
}

/// A change of one case, or of an alert, as it is told on the channel (JSON).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveEvent {
    /// The export that has changed; of an alert the alert.
    pub export_id: ExportId,
    /// Whether it is an alert, which has readers of its own.
    #[serde(default)]
    pub is_alert: bool,
    /// The organisations that are party to it.
    pub organization_ids: Vec<OrganizationId>,
    /// In whose queue it is now.
    pub queue_organization_id: Option<OrganizationId>,
    /// Its version now.
    pub version: i64,
    /// Who changed it; nobody when the system did.
    #[serde(default)]
    pub by: Option<UserId>,
}

#[derive(Debug, Clone)]
enum Signal {
    Changed(Arc<LiveEvent>),
    /// The channel was closed for a while: anything may have changed.
    Missed,
    /// The session with this reference is over, and so are its streams.
    SessionEnded(Uuid),
}

/// The hub between the channel and the streams; cheap to clone.
#[derive(Debug, Clone)]
pub struct LiveUpdates {
    signals: broadcast::Sender<Signal>,
    streams: Arc<Mutex<HashMap<UserId, usize>>>,
    stop: CancellationToken,
}

impl LiveUpdates {
    /// A hub whose streams end when `stop` is cancelled.
    #[must_use]
    pub fn new(stop: CancellationToken) -> Self {
        Self { signals: broadcast::Sender::new(BACKLOG), streams: Arc::default(), stop }
    }

    /// Passes `event` on to the streams of this process.
    pub fn publish(&self, event: LiveEvent) {
        // Without streams there is nobody to tell.
        let _ = self.signals.send(Signal::Changed(Arc::new(event)));
    }

    /// Hears the channel and passes everything on until the hub's stop; opens it again when it breaks.
    pub async fn follow(self, options: PgConnectOptions) {
        let stop = self.stop.clone();
        let forever = async {
            loop {
                if let Err(error) = self.hear(&options).await {
                    tracing::warn!(%error, "live updates pause: the database is away");
                }
                let _ = self.signals.send(Signal::Missed);
                tokio::time::sleep(RECONNECT).await;
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = forever => {}
        }
    }

    async fn hear(&self, options: &PgConnectOptions) -> sqlx::Result<()> {
        // A pool of its own with one connection: a listener must not take one from the pages.
        let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(options.clone());
        let mut listener = PgListener::connect_with(&pool).await?;
        within(CHANNEL_CHECK, listener.listen_all([CHANNEL, SESSION_END])).await?;
        // What happened before the channel stood was not heard.
        let _ = self.signals.send(Signal::Missed);
        loop {
            match tokio::time::timeout(CHANNEL_CHECK, listener.try_recv()).await {
                Ok(Ok(Some(notification))) if notification.channel() == SESSION_END => {
                    if let Ok(session) = notification.payload().parse() {
                        let _ = self.signals.send(Signal::SessionEnded(session));
                    }
                }
                Ok(Ok(Some(notification))) => match serde_json::from_str(notification.payload()) {
                    Ok(event) => self.publish(event),
                    Err(error) => tracing::warn!(%error, "not a live event"),
                },
                Ok(Ok(None)) => return Ok(()),
                Ok(Err(error)) => return Err(error),
                // A connection that has died in silence is noticed only by asking.
                Err(_) => {
                    let answered = tokio::time::timeout(CHANNEL_CHECK, listener.execute("select 1")).await;
                    answered.map_err(|_| sqlx::Error::PoolTimedOut)??;
                }
            }
        }
    }

    /// The stream of the changes of `topic` that `actor` may know of.
    ///
    /// # Errors
    /// [`AppError::TooManyRequests`] when this person has too many open already.
    pub fn stream(&self, actor: &Actor, topic: Topic) -> Result<Response, AppError> {
        let place = Place::take(&self.streams, actor.user_id)?;
        let viewer = StreamViewer {
            user: actor.user_id,
            organization: actor.organization.id,
            kind: actor.organization.kind,
            topic,
            session: actor.origin.session,
        };
        let events = self.events(viewer, place);
        let answer = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT));
        // nginx would collect the stream and send it in one piece.
        Ok(([("x-accel-buffering", "no")], answer).into_response())
    }

    /// How many streams are open in this process.
    #[must_use]
    pub fn open_streams(&self) -> usize {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }

    fn events(&self, viewer: StreamViewer, place: Place) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
        let stop = self.stop.clone();
        let end = async move {
            tokio::select! {
                () = stop.cancelled_owned() => {}
                () = tokio::time::sleep(STREAM_LIFETIME) => {}
            }
        };
        let hello = futures::stream::once(async { Ok(Event::default().retry(RETRY).comment("open")) });
        let changes = BroadcastStream::new(self.signals.subscribe())
            .take_while(move |signal| std::future::ready(!viewer.is_ended_by(signal.as_ref().ok())))
            .filter_map(move |signal| {
                // The stream owns its place until it ends.
                let _ = &place;
                std::future::ready(viewer.event_for(signal).map(Ok))
            });
        // A page that is told so does not come back to ask for a session that is over.
        let ended = futures::stream::once(async { Ok(Event::default().event("ended").data("")) });
        hello.chain(changes).chain(ended).take_until(Box::pin(end))
    }
}

/// For whom a stream is.
#[derive(Debug, Clone, Copy)]
struct StreamViewer {
    user: UserId,
    organization: OrganizationId,
    kind: OrganizationKind,
    topic: Topic,
    session: Option<Uuid>,
}

impl StreamViewer {
    fn is_ended_by(self, signal: Option<&Signal>) -> bool {
        matches!(signal, Some(Signal::SessionEnded(session)) if self.session == Some(*session))
    }

    fn event_for(self, signal: Result<Signal, BroadcastStreamRecvError>) -> Option<Event> {
        match signal {
            // Which case it is, a queue learns by asking: what changed may be a draft that is not the viewer's to know.
            Ok(Signal::Changed(event)) if self.may_know(&event) => {
                let id = match self.topic {
                    Topic::Case(id) => id.to_string(),
                    Topic::Queue | Topic::Alerts => String::new(),
                };
                Some(Event::default().event("changed").data(id))
            }
            Ok(Signal::Changed(_) | Signal::SessionEnded(_)) => None,
            Ok(Signal::Missed) | Err(BroadcastStreamRecvError::Lagged(_)) => {
                Some(Event::default().event("changed").data(""))
            }
        }
    }

    fn may_know(self, event: &LiveEvent) -> bool {
        if (self.topic == Topic::Alerts) != event.is_alert {
            return false;
        }
        let is_party = event.organization_ids.contains(&self.organization);
        if event.is_alert {
            // Who may see alerts at all was asked where the stream was opened.
            return is_party || matches!(self.kind, OrganizationKind::Auditor | OrganizationKind::Administration);
        }
        let sees = match self.kind {
            OrganizationKind::NationalBank
            | OrganizationKind::Ecta
            | OrganizationKind::Customs
            | OrganizationKind::Auditor => true,
            OrganizationKind::Exporter | OrganizationKind::CommercialBank | OrganizationKind::ShippingLine => is_party,
            OrganizationKind::Ecx | OrganizationKind::Administration => false,
        };
        // Who decides, comments or attaches sees it on the page that follows; "this case has changed" is for others.
        let is_news = event.by != Some(self.user);
        sees && match self.topic {
            Topic::Case(case) => case == event.export_id && is_news,
            Topic::Queue | Topic::Alerts => true,
        }
    }
}

/// One of a person's open streams; given back when dropped.
#[derive(Debug)]
struct Place {
    streams: Arc<Mutex<HashMap<UserId, usize>>>,
    user: UserId,
}

impl Place {
    fn take(streams: &Arc<Mutex<HashMap<UserId, usize>>>, user: UserId) -> Result<Self, AppError> {
        let mut open = streams.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(user).or_default();
        if *count >= STREAMS_PER_PERSON {
            return Err(AppError::TooManyRequests { retry_after_s: 60 });
        }
        *count += 1;
        Ok(Self { streams: Arc::clone(streams), user })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;
    use crate::{auth::Role, web::samples};

    fn event(organization: OrganizationId) -> LiveEvent {
        LiveEvent {
            export_id: ExportId::new(),
            is_alert: false,
            organization_ids: vec![organization],
            queue_organization_id: Some(organization),
            version: 3,
            by: None,
        }
    }

    fn viewer(kind: OrganizationKind, topic: Topic) -> StreamViewer {
        StreamViewer { user: UserId::new(), organization: OrganizationId::new(), kind, topic, session: None }
    }

    #[test]
    fn alerts_are_told_to_their_own_readers_alone() {
        let watching = |kind| viewer(kind, Topic::Alerts);
        let bank = watching(OrganizationKind::CommercialBank);
        let alert = LiveEvent { is_alert: true, ..event(bank.organization) };
        for reader in [bank, watching(OrganizationKind::Administration), watching(OrganizationKind::Auditor)] {
            assert!(reader.may_know(&alert));
            assert!(!reader.may_know(&event(bank.organization)), "a case is no alert");
        }
        assert!(
            !watching(OrganizationKind::Ecta).may_know(&alert),
            "an authority sees cases and not everybody's people"
        );
        for topic in [Topic::Queue, Topic::Case(alert.export_id)] {
            assert!(!StreamViewer { topic, ..bank }.may_know(&alert));
            assert!(!viewer(OrganizationKind::Ecta, topic).may_know(&alert));
        }
    }

    #[test]
    fn parties_know_of_their_own_cases_and_regulators_of_all() {
        let bank = viewer(OrganizationKind::CommercialBank, Topic::Queue);
        assert!(bank.may_know(&event(bank.organization)));
        assert!(!bank.may_know(&event(OrganizationId::new())));
        assert!(viewer(OrganizationKind::Customs, Topic::Queue).may_know(&event(OrganizationId::new())));
        assert!(!viewer(OrganizationKind::Ecx, Topic::Queue).may_know(&event(OrganizationId::new())));
    }

    #[test]
    fn a_case_page_hears_of_its_case_only() {
        let change = event(OrganizationId::new());
        assert!(viewer(OrganizationKind::Ecta, Topic::Case(change.export_id)).may_know(&change));
        assert!(!viewer(OrganizationKind::Ecta, Topic::Case(ExportId::new())).may_know(&change));
    }

    #[test]
    fn a_case_page_is_not_told_what_its_own_reader_did_and_an_inbox_is() {
        let case = ExportId::new();
        let page = viewer(OrganizationKind::Ecta, Topic::Case(case));
        let own = LiveEvent { export_id: case, by: Some(page.user), ..event(OrganizationId::new()) };
        assert!(!page.may_know(&own));
        assert!(page.may_know(&LiveEvent { by: Some(UserId::new()), ..own.clone() }));
        assert!(StreamViewer { topic: Topic::Queue, ..page }.may_know(&own));
    }

    #[test]
    fn an_event_reads_as_it_is_told() {
        let change = event(OrganizationId::new());
        let text = serde_json::to_string(&change).unwrap();
        assert_eq!(serde_json::from_str::<LiveEvent>(&text).unwrap(), change);
    }

    #[tokio::test]
    async fn a_stream_tells_of_a_change_and_ends_with_the_server() {
        let stop = CancellationToken::new();
        let live = LiveUpdates::new(stop.clone());
        let response = live.stream(&samples::actor(OrganizationKind::Ecta, Role::Officer), Topic::Queue).unwrap();
        let change = event(OrganizationId::new());
        live.publish(change.clone());
        let mut body = response.into_body();
        let mut text = String::new();
        while !text.contains("event: changed") {
            let frame = body.frame().await.unwrap().unwrap();
            text.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
        }
        assert!(!text.contains(&change.export_id.to_string()), "a queue is not told which case it was: {text}");
        assert!(text.contains("retry: 3000"), "{text}");
        stop.cancel();
        assert!(body.frame().await.is_none());
    }

    #[tokio::test]
    async fn a_stream_ends_with_its_session_and_no_other() {
        let live = LiveUpdates::new(CancellationToken::new());
        let of = |session| {
            let mut officer = samples::actor(OrganizationKind::Ecta, Role::Officer);
            officer.origin.session = Some(session);
            live.stream(&officer, Topic::Queue).unwrap().into_body()
        };
        let (ended, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let (mut gone, mut stays) = (of(ended), of(other));
        live.signals.send(Signal::SessionEnded(ended)).unwrap();
        live.publish(event(OrganizationId::new()));
        let mut said = String::new();
        while let Some(frame) = gone.frame().await {
            said.push_str(std::str::from_utf8(frame.unwrap().data_ref().unwrap()).unwrap());
        }
        assert!(said.contains("event: ended") && !said.contains("changed"), "{said}");
        let mut text = String::new();
        while !text.contains("event: changed") {
            let frame = stays.frame().await.unwrap().unwrap();
            text.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
        }
    }

    #[tokio::test]
    async fn a_person_has_a_handful_of_streams() {
        let live = LiveUpdates::new(CancellationToken::new());
        let officer = samples::actor(OrganizationKind::Ecta, Role::Officer);
        let open: Vec<_> = (0..STREAMS_PER_PERSON).map(|_| live.stream(&officer, Topic::Queue).unwrap()).collect();
        assert!(matches!(live.stream(&officer, Topic::Queue), Err(AppError::TooManyRequests { .. })));
        drop(open);
        assert!(live.stream(&officer, Topic::Queue).is_ok());
    }
}
