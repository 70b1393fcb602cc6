//! Gathers texts from the environment and the file, and reads settings from them.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::Path;

use super::table::{Setting, TABLE};
use super::value::Value;
use super::{Fault, Layer};

/// The variable that names the file.
const FILE_VARIABLE: &str = "JEBENA_CONFIG";
/// Variables with these prefixes are ours, so that an unknown one is a slip of the pen.
const PREFIXES: &[&str] = &["JEBENA_", "DB_"];

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Environment,
    /// A file that `NAME_FILE` names.
    SecretFile,
    File,
    Default,
}

impl Source {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::SecretFile => "secret file",
            Self::File => "file",
            Self::Default => "default",
        }
    }
}

/// A setting as `config check` tells it.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub variable: String,
    pub shown: String,
    pub source: Source,
}

/// The texts that were given, and what was wrong with them.
#[derive(Debug, Default)]
pub(super) struct Reader {
    texts: BTreeMap<&'static str, (String, Source)>,
    faulty: BTreeSet<&'static str>,
    pub lines: Vec<Line>,
    pub faults: Vec<Fault>,
}

impl Reader {
    /// Gathers what is given in `environment` and, below it, in the TOML text of `file`.
    pub fn new(environment: impl IntoIterator<Item = (OsString, OsString)>, file: Option<&str>) -> Self {
        let mut reader = Self::default();
        if let Some(text) = file {
            reader.gather_file(text);
        }
        reader.gather_environment(&environment.into_iter().collect());
        reader
    }

    fn gather_environment(&mut self, environment: &BTreeMap<OsString, OsString>) {
        for setting in TABLE {
            let variable = setting.variable();
            let text = environment.get(&OsString::from(&variable)).map(|text| text.to_str());
            let path = environment.get(&OsString::from(format!("{variable}_FILE"))).filter(|_| setting.is_secret);
            match (text, path) {
                (Some(_), Some(_)) => {
                    self.fault(setting.key, Layer::Presence, format!("is given twice, with {variable}_FILE as well"));
                }
                (Some(None), None) => self.fault(setting.key, Layer::Type, "is not valid UTF-8"),
                (Some(Some(text)), None) => self.gather(setting, text, Source::Environment),
                (None, Some(path)) => self.gather_secret(setting, Path::new(path)),
                (None, None) => {}
            }
        }
        for name in environment.keys().filter_map(|name| name.to_str()) {
            let is_ours = PREFIXES.iter().any(|prefix| name.starts_with(prefix));
            if is_ours && name != FILE_VARIABLE && !is_known_variable(name) {
                self.faults.push(Fault::new(name, Layer::Presence, "is not a setting; see docs/configuration.md"));
            }
        }
    }

    fn gather_file(&mut self, text: &str) {
        let table = match text.parse::<toml::Table>() {
            Ok(table) => table,
            Err(error) => {
                // The error's own text quotes the line, which may hold a secret.
                let line = error.span().map_or(0, |span| text[..span.start.min(text.len())].lines().count().max(1));
                let message = format!("is not TOML near line {line}");
                self.faults.push(Fault::new("the configuration file", Layer::Type, message));
                return;
            }
        };
        for (name, value) in table {
            let setting = TABLE.iter().find(|setting| setting.key == name);
            let secret = name.strip_suffix("_file").and_then(|key| TABLE.iter().find(|s| s.key == key && s.is_secret));
            match (setting, secret, text_of(&value)) {
                (Some(setting), _, Some(text)) => self.gather(setting, &text, Source::File),
                (None, Some(secret), Some(path)) => self.gather_secret(secret, Path::new(&path)),
                (Some(known), _, None) | (None, Some(known), None) => {
                    self.fault(known.key, Layer::Type, format!("must be {}", known.kind));
                }
                (None, None, _) => {
                    let message = "is not a setting; see docs/configuration.md";
                    self.faults.push(Fault::new(format!("{name} (in the file)"), Layer::Presence, message));
                }
            }
        }
    }

    fn gather_secret(&mut self, setting: &'static Setting, path: &Path) {
        match std::fs::read_to_string(path) {
            Ok(text) => self.gather(setting, text.trim_end_matches(['\r', '\n']), Source::SecretFile),
            Err(error) => {
                let message = format!("cannot be read from the file that {}_FILE names: {error}", setting.variable());
                self.fault(setting.key, Layer::Presence, message);
            }
        }
    }

    fn gather(&mut self, setting: &'static Setting, text: &str, source: Source) {
        if !text.trim().is_empty() {
            self.texts.insert(setting.key, (text.to_owned(), source));
        } else if setting.is_secret {
            self.fault(setting.key, Layer::Security, "is empty");
        }
    }

    /// The value of the setting `key`.
    #[allow(clippy::expect_used, reason = "at start-up; a test reads every setting without any text")]
    pub fn read<T: Value>(&mut self, key: &'static str) -> T {
        let setting = TABLE.iter().find(|setting| setting.key == key).expect("every field has its row");
        let default = setting.default.map_or_else(T::absent, T::parse);
        let default = default.expect("a setting has a good default or may be absent");
        let Some((text, source)) = self.texts.get(key).cloned() else {
            return self.tell(setting, default, Source::Default);
        };
        let Some(value) = T::parse(text.trim()) else {
            self.fault(key, Layer::Type, format!("must be {}", setting.kind));
            return default;
        };
        if let (Some(number), Some((least, most))) = (value.number(), setting.range)
            && !(least..=most).contains(&number)
        {
            self.fault(key, Layer::Range, format!("must be between {least} and {most}"));
            return default;
        }
        self.tell(setting, value, source)
    }

    fn tell<T: Value>(&mut self, setting: &Setting, value: T, source: Source) -> T {
        self.lines.push(Line { variable: setting.variable(), shown: value.show(), source });
        value
    }

    /// Whether a text was given for `key`.
    pub fn is_given(&self, key: &str) -> bool {
        self.texts.contains_key(key)
    }

    /// Notes that `key` is wrong. What follows from a setting that is wrong already is not worth a line.
    pub fn fault(&mut self, key: &'static str, layer: Layer, message: impl Into<String>) {
        if self.faulty.insert(key) {
            self.faults.push(Fault::new(key.to_ascii_uppercase(), layer, message));
        }
    }

    /// Whether one of `keys` is wrong.
    pub fn is_faulty(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.faulty.contains(key))
    }
}

fn is_known_variable(name: &str) -> bool {
    TABLE.iter().any(|setting| {
        let variable = setting.variable();
        name == variable || (setting.is_secret && name.strip_suffix("_FILE") == Some(&variable))
    })
}

fn text_of(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(switch) => Some(switch.to_string()),
        toml::Value::Array(values) => values.iter().map(text_of).collect::<Option<Vec<_>>>().map(|v| v.join(",")),
        toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Table(_) => None,
    }
}
