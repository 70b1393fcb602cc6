//! The case page of a review: the same page as that of an export, with the acts of the subject's own table.

use super::{DECISION_FIELD, Typed, missing_cards, scan_tag};
use crate::auth::Actor;
use crate::i18n::Lang;
use crate::ids::DocumentId;
use crate::review::acts::{Act, Answer};
use crate::review::files::{ApplicationFile, FileKinds, checklist};
use crate::review::model::{Dialogue, Standing};
use crate::review::rules::{Refusal, against, open_acts, reads_file};
use crate::review::service::{ANY_REASON_FIELD, Door, REASON_FIELD, Subject, files_page, is_answer, reason_field};
use crate::review::words;
use crate::web::components::{
    Ageing, Check, ErrorSummary, Fact, Field, FieldGroup, FileCard, FileState, Form, Message, Moment, StepperItem,
    TimelineItem,
};
use crate::web::exchange::Exchange;
use crate::web::views::{ActBox, CasePage, DecisionPanel, MessageForm, Preview, PreviewKind};
use crate::workflow::Reason;
use crate::workflow::words::problem;

/// What every form of a decision says: the act, and the reason, in the field of its own act.
pub const DECISION_FIELDS: &[&str] = &[DECISION_FIELD, REASON_FIELD, ANY_REASON_FIELD];

/// What is written to the others of a case.
pub(super) const MESSAGE: &str = "text";

/// What an area says of its subject.
#[derive(Debug, Default)]
pub struct CaseParts<'a> {
    /// The heading: number and name.
    pub title: String,
    /// Beside the status: with whom it is, or until when it is valid.
    pub stage: String,
    /// How long it has waited.
    pub age: Option<Ageing>,
    /// Its way, where it has several steps.
    pub steps: Vec<StepperItem>,
    /// What the system has checked, red first.
    pub checks: Vec<Check>,
    /// What is known about it, in groups with a heading each.
    pub facts: Vec<(String, Vec<Fact>)>,
    /// Printed papers and other pages about it.
    pub links: Vec<Fact>,
    /// Kinds of papers that are asked for.
    pub asked: Vec<&'static str>,
    /// Papers that are there.
    pub files: &'a [ApplicationFile],
    /// The names of their kinds.
    pub kinds: FileKinds,
    /// The paper shown beside.
    pub shown: Option<DocumentId>,
    /// Where the applicant corrects or renews it; empty when it is not theirs to do so now.
    pub edit_href: String,
    /// What the link there says.
    pub edit_label: String,
    /// What a decision does, under the panel's title.
    pub lead: Vec<String>,
    /// What happened to it, and what was said.
    pub dialogue: Dialogue,
}

/// What the form of an act asks beyond a reason, filled with what is known. Names are unique on the page.
pub type ActFields<'a> = dyn Fn(&Act) -> Vec<FieldGroup> + 'a;

/// The page of a case for `actor`.
#[must_use]
pub fn case_page<S: Subject>(
    exchange: &Exchange,
    actor: &Actor,
    (subject, case, door): (&S, &S::Case, &dyn Door),
    parts: CaseParts<'_>,
    fields: &ActFields<'_>,
    typed: &Typed,
) -> CasePage {
    let lang = exchange.lang();
    let (workflow, standing) = (subject.workflow(), subject.standing(case));
    let shown = parts
        .shown
        .and_then(|id| parts.files.iter().find(|file| file.id == id))
        .or_else(|| parts.files.iter().find(|file| file.counts()))
        .filter(|file| file.against_opening(actor).is_none());
    let form =
        Forms { exchange, actor, location: subject.location(case), standing, fields, typed, kinds: &parts.kinds };
    let acts: Vec<&'static Act> = open_acts(workflow, standing, actor).collect();
    let stands_against = |act: &Act| {
        let mut refusals = against(workflow, standing, act, actor);
        refusals.extend(subject.against(case, act, actor));
        refusals
    };
    let others = acts.iter().filter(|act| matches!(act.answer, Answer::WithReason | Answer::Other));
    let papers = files_page(workflow.subject, standing.id);
    CasePage {
        chrome: exchange.chrome(parts.title).wide(),
        status: words::state_tag(workflow.states, &standing.state, lang),
        stage: parts.stage,
        age: parts.age,
        position: String::new(),
        previous: None,
        next: None,
        steps: parts.steps,
        claim: None,
        panel: form.panel(&acts, &stands_against, parts.lead),
        checks: parts.checks,
        facts: parts.facts,
        links: parts.links,
        checklist: Vec::new(),
        files: cards(
            if workflow.is_open_in(&standing.state) { &parts.asked } else { &[] },
            parts.files,
            &parts.kinds,
            &subject.location(case),
            shown,
            (actor, lang),
        ),
        outside: (!reads_file(workflow.subject, standing, actor)).then(|| lang.t("review-outside")),
        documents_href: if door.file_kinds(standing, actor).is_empty() { String::new() } else { papers },
        preview: shown.map(|file| Preview {
            title: parts.kinds.name(&file.document_type, lang).to_owned(),
            kind: if file.kind.media_type() == "application/pdf" { PreviewKind::Pdf } else { PreviewKind::Image },
            src: format!("/applications/papers/{}/preview", file.id),
            download: format!("/applications/papers/{}", file.id),
        }),
        events: events(&parts.dialogue, lang),
        messages: messages(&parts.dialogue, actor, lang),
        message_form: door
            .may_write(standing, actor)
            .then(|| message_form(workflow.subject, standing, exchange, typed)),
        extend_form: None,
        changes: Some(parts.edit_href)
            .filter(|href| !href.is_empty())
            .map(|href| (href, Some(parts.edit_label).filter(|label| !label.is_empty())))
            .map(|(href, label)| (href, label.unwrap_or_else(|| lang.t("case-edit"))))
            .into_iter()
            .collect(),
        cancel_form: None,
        acts: others.map(|act| form.act(act, &stands_against(act))).collect(),
        live: None,
        news: String::new(),
        here: subject.location(case),
    }
}

/// What the forms of a page have in common.
struct Forms<'a> {
    exchange: &'a Exchange,
    actor: &'a Actor,
    location: String,
    standing: &'a Standing,
    fields: &'a ActFields<'a>,
    typed: &'a Typed,
    kinds: &'a FileKinds,
}

impl Forms<'_> {
    fn lang(&self) -> Lang {
        self.exchange.lang()
    }

    fn sentences(&self, refusals: &[Refusal]) -> Vec<String> {
        refusals.iter().map(|refusal| words::refusal(refusal, self.kinds, self.lang())).collect()
    }

    fn reason(&self, name: &str) -> Field {
        let lang = self.lang();
        Field::textarea(name, lang.t("decide-reason-label"))
            .hint(lang.fill(
                "review-reason-hint",
                [("least", Reason::SHORTEST.to_string()), ("most", Reason::LONGEST.to_string())],
            ))
            .value(self.typed.value(name))
            .error(self.typed.problems.of(name).map(|found| problem(found, lang)))
    }

    /// The area's fields, filled with what was typed when it was this form that was sent.
    fn groups(&self, act: &Act, is_sent: bool) -> Vec<FieldGroup> {
        let mut groups = (self.fields)(act);
        if is_sent {
            for field in groups.iter_mut().flat_map(|group| &mut group.fields) {
                field.value = self.typed.value(&field.name);
                field.error = self.typed.problems.of(&field.name).map(|found| problem(found, self.lang()));
            }
        }
        groups
    }

    /// The desk's answers to what waits, in one form.
    fn panel(
        &self,
        acts: &[&'static Act],
        against: &dyn Fn(&Act) -> Vec<Refusal>,
        lead: Vec<String>,
    ) -> Option<DecisionPanel> {
        let answers: Vec<&Act> = acts.iter().copied().filter(|act| is_answer(act.answer)).collect();
        let find = |answer| answers.iter().copied().find(|act| act.answer == answer);
        let first = *answers.first()?;
        let lang = self.lang();
        let approve = find(Answer::Approve);
        let is_sent = answers.iter().any(|act| act.code == self.typed.act());
        let may_turn_back = [Answer::Reject, Answer::Return]
            .into_iter()
            .filter_map(find)
            .any(|act| !against(act).iter().any(|refusal| matches!(refusal, Refusal::OwnSubmission)));
        let groups = approve.map(|act| self.groups(act, is_sent)).unwrap_or_default();
        let reason = self.reason(REASON_FIELD);
        let whole = if is_sent { self.typed.whole.clone() } else { Vec::new() };
        let fields = groups.iter().flat_map(|group| &group.fields).chain(std::iter::once(&reason));
        let summary = ErrorSummary::of(whole, fields);
        let named = |answer| find(answer).filter(|_| may_turn_back).map(|act| words::act_name(act, lang));
        Some(DecisionPanel {
            title: lang.t("review-panel-title"),
            lead,
            action: format!("{}/decisions", self.location),
            token: self.exchange.form_token(Some(self.standing.version)),
            summary,
            refusals: self.sentences(&against(approve.unwrap_or(first))),
            recorded: Vec::new(),
            groups,
            reason: may_turn_back.then_some(reason),
            approve: approve.map(|act| words::act_name(act, lang)),
            send_back: named(Answer::Return),
            reject: named(Answer::Reject),
        })
    }

    /// An act beside the answers, with a form of its own.
    fn act(&self, act: &'static Act, refusals: &[Refusal]) -> ActBox {
        let lang = self.lang();
        let is_sent = act.code == self.typed.act();
        let mut groups = self.groups(act, is_sent);
        if act.answer.needs_reason() {
            groups.push(FieldGroup::plain(vec![self.reason(&reason_field(act))]));
        }
        let whole = if is_sent { self.typed.whole.clone() } else { Vec::new() };
        let title = words::act_name(act, lang);
        ActBox {
            id: format!("act-{}", act.code),
            lead: vec![lang.name_of("review-lead", act.code)],
            refusals: self.sentences(refusals),
            open: is_sent || act.answer == Answer::Other && self.actor.organization.id != self.standing.owner,
            form: Form {
                action: format!("{}/decisions", self.location),
                token: self.exchange.form_token(Some(self.standing.version)),
                summary: ErrorSummary::of(whole, groups.iter().flat_map(|group| &group.fields)),
                groups,
                submit: title.clone(),
                says: Some((DECISION_FIELD, act.code)),
                ..Form::default()
            },
            title,
        }
    }
}

/// What is asked for and missing, first; then what is there. `asked` is empty of what has been decided: it lacks nothing.
fn cards(
    asked: &[&'static str],
    files: &[ApplicationFile],
    kinds: &FileKinds,
    location: &str,
    shown: Option<&ApplicationFile>,
    (actor, lang): (&Actor, Lang),
) -> Vec<FileCard> {
    let is_open = |file: &ApplicationFile| file.against_opening(actor).is_none();
    let present = |file: &ApplicationFile| FileCard {
        label: kinds.name(&file.document_type, lang).to_owned(),
        file_name: Some(file.name.clone()),
        details: vec![
            crate::documents::words::size(file.size_bytes),
            Moment::at(lang, file.uploaded_at).text,
            file.by_name.clone(),
        ],
        tags: scan_tag(file, lang).into_iter().collect(),
        reason: file.scan.shut().map(|shut| lang.t(shut.text_id())),
        view_href: is_open(file).then(|| format!("{location}?paper={}#document", file.id)),
        download_href: is_open(file).then(|| format!("/applications/papers/{}", file.id)),
        selected: shown.is_some_and(|shown| shown.id == file.id),
        ..FileCard::empty(FileState::Present)
    };
    let mut cards = missing_cards(&checklist(asked, files), kinds, lang);
    cards.extend(files.iter().filter(|file| file.is_active).map(present));
    cards
}

fn events(dialogue: &Dialogue, lang: Lang) -> Vec<TimelineItem> {
    dialogue
        .history
        .iter()
        .map(|line| TimelineItem {
            what: words::action(&line.action, lang),
            who: line.changed_by.and_then(|id| dialogue.names.of(id, lang)).unwrap_or_default().to_owned(),
            organization: match line.organization_id {
                Some(id) => dialogue.names.of(id, lang).unwrap_or_default().to_owned(),
                None => lang.t("review-by-time"),
            },
            at: Moment::at(lang, line.created_at),
            why: line.reason.clone(),
            tone: words::action_tone(&line.action),
        })
        .collect()
}

fn messages(dialogue: &Dialogue, actor: &Actor, lang: Lang) -> Vec<Message> {
    dialogue
        .messages
        .iter()
        .map(|line| Message {
            id: line.message_id.to_string(),
            author: dialogue.names.of(line.author_id, lang).unwrap_or_default().to_owned(),
            organization: dialogue.names.of(line.organization_id, lang).unwrap_or_default().to_owned(),
            at: Moment::at(lang, line.created_at),
            paragraphs: line.body.split('\n').map(str::to_owned).collect(),
            own: line.author_id == actor.user_id,
        })
        .collect()
}

fn message_form(
    kind: crate::review::SubjectKind,
    standing: &Standing,
    exchange: &Exchange,
    typed: &Typed,
) -> MessageForm {
    let lang = exchange.lang();
    let field = Field::textarea(MESSAGE, lang.t("review-message-label"))
        .value(typed.value(MESSAGE))
        .error(typed.problems.of(MESSAGE).map(|found| problem(found, lang)));
    MessageForm {
        action: format!("/applications/{}/{}/messages", kind.slug(), standing.id),
        token: exchange.form_token(None),
        summary: ErrorSummary::of(Vec::new(), [&field]),
        field,
    }
}
