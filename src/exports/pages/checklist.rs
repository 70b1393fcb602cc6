//! The document checklist as the case and its documents page draw it: the same rows, from the same rule.

use crate::documents::checklist::Requirement;
use crate::documents::{Check, Filed, Shut, Verdict, Waiver};
use crate::exports::PaperLine;
use crate::exports::catalog::Catalog;
use crate::exports::model::Export;
use crate::exports::rules::PriorDecision;
use crate::exports::rules::checklist::{EUDR_STATEMENT, Standing, standing};
use crate::exports::rules::documents::step_asking;
use crate::exports::transitions::ExportStep;
use crate::i18n::Lang;
use crate::web::components::{ChecklistFile, ChecklistRow, Moment, Tag, Tone};

/// What the rows are drawn from.
pub(super) struct Source<'a, D> {
    pub export: &'a Export,
    /// What the export's terms call for.
    pub required: &'a [Requirement],
    /// Kinds that the step at which it stands asks for and that are not there.
    pub wanted_now: &'a [String],
    /// The steps that are approved.
    pub approved: &'a [PriorDecision],
    /// The files in force, the newest of a kind first.
    pub files: &'a [D],
    pub papers: &'a [PaperLine],
    pub waivers: &'a [Waiver],
    pub catalog: &'a Catalog,
    pub lang: Lang,
}

/// A row with what it says.
pub(super) struct Line<'a, D> {
    /// The rule that asks for it; none for a file beyond the checklist.
    pub rule: Option<&'a Requirement>,
    pub standing: Standing<'a, D>,
    pub row: ChecklistRow,
}

impl<'a, D: Filed> Source<'a, D> {
    /// The checklist, what is lacking first, and behind it the files beyond it. `is` tells files apart; `shown` says
    /// what is shown of one.
    pub fn lines(&self, is: impl Fn(&D, &D) -> bool, shown: impl Fn(&D) -> ChecklistFile) -> Vec<Line<'a, D>> {
        let mut lines: Vec<Line<'a, D>> = self
            .required
            .iter()
            .map(|rule| {
                let standing = standing(self.export, &rule.document_type, self.files, self.papers, self.waivers);
                let row = self.row(Some(rule), &rule.document_type, standing, &shown);
                Line { rule: Some(rule), standing, row }
            })
            .collect();
        lines.sort_by_key(|line| line.standing.counts());
        let answered: Vec<&D> = lines.iter().filter_map(|line| line.standing.file()).collect();
        let beyond = self.files.iter().filter(|file| !answered.iter().any(|other| is(other, file)));
        lines.extend(beyond.map(|file| {
            let standing = match (file.scan().shut(), file.check()) {
                (Some(shut), _) => Standing::Shut(file, shut),
                (None, None) => Standing::Uploaded(file),
                (None, Some(check)) if check.verdict == Verdict::Checked => Standing::Checked(file, check),
                (None, Some(check)) => Standing::Rejected(file, check),
            };
            let rule = self.required.iter().find(|rule| rule.document_type == file.document_type());
            Line { rule, standing, row: self.row(None, file.document_type(), standing, &shown) }
        }));
        lines
    }

    fn row(
        &self,
        rule: Option<&Requirement>,
        document_type: &str,
        standing: Standing<'_, D>,
        shown: &impl Fn(&D) -> ChecklistFile,
    ) -> ChecklistRow {
        let lang = self.lang;
        let file = match standing {
            Standing::Issued(paper) => Some(self.paper(paper)),
            other => other.file().map(shown),
        };
        let (state, note) = self.state(rule, document_type, standing);
        ChecklistRow {
            label: self.catalog.document(document_type, lang).to_owned(),
            stage: rule.map(|rule| lang.name_of("stage", &rule.needed_for_stage)).unwrap_or_default(),
            owner: rule.map(|rule| self.owner(rule)).unwrap_or_default(),
            state,
            note,
            file,
            links: match document_type {
                EUDR_STATEMENT => vec![(format!("/exports/{}/eudr", self.export.id), lang.t("eudr-open"))],
                _ => Vec::new(),
            },
            buttons: Vec::new(),
            selected: false,
        }
    }

    fn paper(&self, paper: &PaperLine) -> ChecklistFile {
        let mut details = vec![self.lang.name_of("paper", &paper.kind)];
        // What it was worth when the export was submitted counts; what it is worth now is for the reader to know.
        if paper.state != "VALID" {
            details.push(self.lang.name_of("papers-state", &paper.state));
        }
        ChecklistFile {
            name: paper.number.clone(),
            details,
            view_href: Some(format!("/papers/{}", paper.paper_id)),
            ..ChecklistFile::default()
        }
    }

    /// Whose step it is, and who brings it.
    fn owner(&self, rule: &Requirement) -> String {
        let name = |code: &str| self.lang.name_of("organization-kind", code);
        let owner = step_asking(rule).map(|step| name(step.organization.code())).unwrap_or_default();
        self.lang.fill("documents-owner", [("owner", owner), ("provider", name(&rule.provided_by))])
    }

    /// Whether the step that asks for it is still ahead.
    fn is_ahead(&self, rule: &Requirement) -> bool {
        let is_approved = |step: &ExportStep| self.approved.iter().any(|prior| prior.kind == step.kind);
        self.export.state.is_open() && step_asking(rule).is_some_and(|step| !is_approved(step))
    }

    fn state(
        &self,
        rule: Option<&Requirement>,
        document_type: &str,
        standing: Standing<'_, D>,
    ) -> (Tag, Option<String>) {
        let lang = self.lang;
        let tag = |id: &str, tone: Tone| Tag::new(lang.t(id), tone);
        let found = |check: &Check| {
            let who = format!("{}, {}", check.by_name, Moment::at(lang, check.at).text);
            Some(check.reason.as_ref().map_or_else(|| who.clone(), |reason| format!("{who}: {reason}")))
        };
        match standing {
            Standing::Missing if self.wanted_now.iter().any(|wanted| wanted == document_type) => {
                (tag("documents-missing", Tone::Bad), None)
            }
            Standing::Missing if rule.is_some_and(|rule| self.is_ahead(rule)) => {
                (tag("documents-not-yet", Tone::Neutral), None)
            }
            Standing::Missing => (tag("documents-missing", Tone::Neutral), None),
            Standing::Uploaded(_) => (tag("documents-state-uploaded", Tone::Info), None),
            Standing::Issued(_) => (tag("documents-issued-here", Tone::Good), None),
            Standing::Checked(_, check) => (tag("documents-state-checked", Tone::Good), found(check)),
            Standing::Shut(file, shut) => {
                let tone = if shut == Shut::Infected { Tone::Bad } else { Tone::Warn };
                let note = lang.t(shut.text_id());
                let found = file.scan().signature().map(|name| lang.fill("documents-found-in-it", [("name", name)]));
                let note = found.map_or_else(|| note.clone(), |found| format!("{found} {note}"));
                (Tag::new(lang.t(shut.state_id()), tone), Some(note))
            }
            Standing::Rejected(_, check) => (tag("documents-state-rejected", Tone::Bad), found(check)),
            Standing::OnRecord if document_type == EUDR_STATEMENT => (tag("eudr-statement-told", Tone::Good), None),
            Standing::OnRecord => (tag("documents-issued-here", Tone::Good), None),
            Standing::Waived(waiver) => {
                let note = format!("{}, {}: {}", waiver.by_name, Moment::at(lang, waiver.at).text, waiver.reason);
                (tag("documents-state-waived", Tone::Warn), Some(note))
            }
        }
    }
}
