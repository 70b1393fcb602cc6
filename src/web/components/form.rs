//! Fields, their errors, and the hidden fields that guard a form.

use crate::web::kept_form::is_secret;

/// One field of a form, with what was typed and what is wrong with it.
#[derive(Debug, Clone)]
pub struct Field {
    /// The form field's name; also the element's id.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What is to be typed, under the label.
    pub hint: Option<String>,
    /// What stands in it: the stored value, or exactly what was typed.
    pub value: String,
    /// What is wrong with it, as a sentence.
    pub error: Option<String>,
    /// Whether it may stay empty.
    pub optional: bool,
    /// Whether it takes a row of its own, whatever its kind.
    pub wide: bool,
    /// What it looks like.
    pub kind: FieldKind,
}

/// What a field looks like.
#[derive(Debug, Clone)]
pub enum FieldKind {
    /// A line of text; `width` in characters (4, 10 or 20), 0 for the whole line.
    Text {
        /// Characters that are expected.
        width: u8,
        /// What the browser may fill in (`username`, `off`).
        autocomplete: &'static str,
    },
    /// A secret: the one that opens an account, or a new one.
    Password {
        /// What the browser may fill in (`current-password`, `new-password`).
        autocomplete: &'static str,
    },
    /// A code of digits that is used once, such as a phone makes.
    Code {
        /// What the person's devices are asked instead, where one of them can answer.
        passkey: Option<String>,
    },
    /// The name of a passkey that a device is to make.
    NewPasskey {
        /// What the device is asked.
        asked: String,
    },
    /// A figure, with its unit after it.
    Number {
        /// The unit, such as `kg`; may be empty.
        unit: String,
    },
    /// A calendar date, `2026-11-20` on the wire.
    Date,
    /// Several lines.
    TextArea {
        /// How many lines are seen.
        rows: u8,
    },
    /// One of a list.
    Select(Vec<Choice>),
    /// One of a few.
    Radios(Vec<Choice>),
    /// Yes or no; the value `yes` is on.
    Checkbox,
    /// A file.
    File {
        /// What the browser offers, as `accept` takes it.
        accept: &'static str,
    },
}

/// One choice of a list.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What a person reads.
    pub label: String,
    /// What it means, under the label.
    pub hint: Option<String>,
}

impl Choice {
    /// The choice that sends `value` and reads `label`.
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None }
    }

    /// With an explanation.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl Field {
    /// A field of the kind given.
    #[must_use]
    pub fn new(kind: FieldKind, name: impl Into<String>, label: impl Into<String>) -> Self {
        let (name, label) = (name.into(), label.into());
        Self { name, label, hint: None, value: String::new(), error: None, optional: false, wide: false, kind }
    }

    /// A line of text.
    #[must_use]
    pub fn text(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(FieldKind::Text { width: 0, autocomplete: "off" }, name, label)
    }

    /// The secret that opens an account.
    #[must_use]
    pub fn password(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::secret(FieldKind::Password { autocomplete: "current-password" }, name, label)
    }

    /// A secret that is being chosen.
    #[must_use]
    pub fn new_password(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::secret(FieldKind::Password { autocomplete: "new-password" }, name, label)
    }

    /// A code of digits that is used once.
    #[must_use]
    pub fn code(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::secret(FieldKind::Code { passkey: None }, name, label)
    }

    fn secret(kind: FieldKind, name: impl Into<String>, label: impl Into<String>) -> Self {
        let field = Self::new(kind, name, label);
        debug_assert!(is_secret(&field.name), "a form that comes too late is kept with its field {}", field.name);
        field
    }

    /// The name of a passkey; `asked` is what the page's script asks the device, whose answer goes along as `credential`.
    #[must_use]
    pub fn new_passkey(name: impl Into<String>, label: impl Into<String>, asked: String) -> Self {
        Self::new(FieldKind::NewPasskey { asked }, name, label)
    }

    /// Where a device may answer instead, if `asked` says what it is asked; only a code has such another way.
    #[must_use]
    pub fn or_passkey(mut self, asked: Option<String>) -> Self {
        if let FieldKind::Code { passkey } = &mut self.kind {
            *passkey = asked;
        }
        self
    }

    /// A figure in `unit`.
    #[must_use]
    pub fn number(name: impl Into<String>, label: impl Into<String>, unit: impl Into<String>) -> Self {
        Self::new(FieldKind::Number { unit: unit.into() }, name, label)
    }

    /// A calendar date.
    #[must_use]
    pub fn date(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(FieldKind::Date, name, label)
    }

    /// Several lines of text.
    #[must_use]
    pub fn textarea(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(FieldKind::TextArea { rows: 3 }, name, label)
    }

    /// One of `choices`, as a list that opens.
    #[must_use]
    pub fn select(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(FieldKind::Select(choices), name, label)
    }

    /// One of `choices`, all in sight.
    #[must_use]
    pub fn radios(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(FieldKind::Radios(choices), name, label)
    }

    /// A box to tick, which sends `yes`.
    #[must_use]
    pub fn checkbox(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(FieldKind::Checkbox, name, label)
    }

    /// A file of the kinds that may be uploaded.
    #[must_use]
    pub fn file(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(FieldKind::File { accept: ".pdf,.jpg,.jpeg,.png" }, name, label)
    }

    /// With this in it.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// With a hint under the label.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// With what is wrong, if anything is.
    #[must_use]
    pub fn error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }

    /// May stay empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// On a row of its own, for lists with long choices.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// Whether it takes a row of its own.
    #[must_use]
    pub fn is_wide(&self) -> bool {
        match self.kind {
            FieldKind::TextArea { .. } | FieldKind::Radios(_) | FieldKind::Checkbox | FieldKind::File { .. } => true,
            FieldKind::Text { .. }
            | FieldKind::Password { .. }
            | FieldKind::Code { .. }
            | FieldKind::NewPasskey { .. }
            | FieldKind::Number { .. }
            | FieldKind::Date
            | FieldKind::Select(_) => self.wide,
        }
    }

    /// As wide as `characters` (4, 10 or 20); only a line of text has a width.
    #[must_use]
    pub fn width(mut self, characters: u8) -> Self {
        if let FieldKind::Text { width, .. } = &mut self.kind {
            *width = characters;
        }
        self
    }

    /// The keys that a phone shows for a line of text of this name, where they are not those of words; its first letter stays small.
    #[must_use]
    pub fn keys(&self) -> Option<&'static str> {
        match self.name.as_str() {
            "email" => Some("email"),
            "phone" => Some("tel"),
            "username" => Some("text"),
            _ => None,
        }
    }

    /// With what the browser may fill in; only a line of text is filled in.
    #[must_use]
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        if let FieldKind::Text { autocomplete, .. } = &mut self.kind {
            *autocomplete = token;
        }
        self
    }

    /// The ids of hint and error for `aria-describedby`, or nothing.
    #[must_use]
    pub fn described_by(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.name));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.name));
        match (hint, error) {
            (Some(hint), Some(error)) => Some(format!("{hint} {error}")),
            (hint, error) => hint.or(error),
        }
    }

    /// Whether `choice` is the one chosen.
    #[must_use]
    pub fn chosen(&self, choice: &Choice) -> bool {
        self.value == choice.value
    }

    /// The id to which an error summary leads: the first radio, else the field itself.
    #[must_use]
    pub fn anchor(&self) -> String {
        match self.kind {
            FieldKind::Radios(_) => format!("{}-1", self.name),
            FieldKind::Text { .. }
            | FieldKind::Password { .. }
            | FieldKind::Code { .. }
            | FieldKind::NewPasskey { .. }
            | FieldKind::Number { .. }
            | FieldKind::Date
            | FieldKind::TextArea { .. }
            | FieldKind::Select(_)
            | FieldKind::Checkbox
            | FieldKind::File { .. } => self.name.clone(),
        }
    }
}

/// Everything that is wrong with a form, at its top.
#[derive(Debug, Clone, Default)]
pub struct ErrorSummary {
    /// Where each error is (an element's id, empty for the form as a whole) and what it says.
    pub errors: Vec<(String, String)>,
}

impl ErrorSummary {
    /// The errors of `fields`, after those of the form as a whole. Each says which field it is about: far
    /// from its field "fill this in" means nothing.
    #[must_use]
    pub fn of<'a>(whole: Vec<String>, fields: impl IntoIterator<Item = &'a Field>) -> Self {
        let whole = whole.into_iter().map(|error| (String::new(), error));
        let each = fields.into_iter().filter_map(|field| {
            let error = field.error.as_ref()?;
            Some((field.anchor(), format!("{}: {error}", field.label)))
        });
        Self { errors: whole.chain(each).collect() }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }
}

/// Fields that belong together, under one heading.
#[derive(Debug, Clone, Default)]
pub struct FieldGroup {
    /// The heading; empty for fields that need none.
    pub legend: String,
    /// What the fields are for, under the heading.
    pub hint: Option<String>,
    /// The fields.
    pub fields: Vec<Field>,
    /// What a list of boxes says of which none is ticked, where that is an answer: `all regions`.
    pub unticked: Option<String>,
    /// Whether it is folded away until somebody opens it.
    pub folded: bool,
}

impl FieldGroup {
    /// Fields without a heading.
    #[must_use]
    pub fn plain(fields: Vec<Field>) -> Self {
        Self { fields, ..Self::default() }
    }

    /// Fields under the heading `legend`.
    #[must_use]
    pub fn titled(legend: impl Into<String>, fields: Vec<Field>) -> Self {
        Self { legend: legend.into(), fields, ..Self::default() }
    }

    /// Folded away, unless one of its fields is in error or filled in.
    #[must_use]
    pub fn folded(mut self) -> Self {
        self.folded = self.fields.iter().all(|field| field.error.is_none() && field.value.is_empty());
        self
    }
}

/// A form of a page: where it goes, what it asks and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// Where it is sent.
    pub action: String,
    /// Its hidden fields.
    pub token: FormToken,
    /// What is wrong with it.
    pub summary: ErrorSummary,
    /// What it asks.
    pub groups: Vec<FieldGroup>,
    /// What its button says.
    pub submit: String,
    /// Where one goes without sending it.
    pub cancel: Option<String>,
    /// What the button says beside the fields, where the address alone does not: name and value.
    pub says: Option<(&'static str, &'static str)>,
    /// A second button of the same form, such as one that keeps it for later.
    pub also: Option<AlsoButton>,
    /// Where it is kept by itself while it is being filled in.
    pub autosave: Option<String>,
    /// What it brings along unseen, beside its token.
    pub hidden: Vec<(String, String)>,
    /// How large the file may be that it has a field for.
    pub file_limit: Option<FileLimit>,
}

/// The most that a file may be, which the browser says before it is sent.
#[derive(Debug, Clone)]
pub struct FileLimit {
    /// In bytes.
    pub max_bytes: u64,
    /// What is said of a larger one.
    pub too_large: String,
}

/// The second button of a form.
#[derive(Debug, Clone)]
pub struct AlsoButton {
    /// Where it sends the form.
    pub action: String,
    /// What a person reads.
    pub label: String,
}

/// A form without fields that a person may change: one button.
#[derive(Debug, Clone, Default)]
pub struct ActionButton {
    /// Where it is sent.
    pub action: String,
    /// Its hidden fields.
    pub token: FormToken,
    /// What the form says beside them, where the address alone does not: name and value.
    pub says: Option<(&'static str, &'static str)>,
    /// What the button says.
    pub label: String,
    /// What it is about, for who hears the button without its row.
    pub about: String,
}

/// The hidden fields that every form of a signed-in person carries.
#[derive(Debug, Clone, Default)]
pub struct FormToken {
    /// The session's token against forged forms.
    pub csrf: String,
    /// One key a form shown: a double click or a resend has one effect.
    pub idempotency_key: String,
    /// The row's version when the form was shown, where the form changes a row.
    pub version: Option<String>,
}
