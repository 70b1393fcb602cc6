//! Stylesheets, scripts, the font and the icon: embedded in the binary and served under names that
//! carry a hash of their content, so that a browser may keep them for ever.
//!
//! Everything is put together once at the first use: parts are joined into one file a kind (one request,
//! and htmx needs its extension in the same file), comments and indentation go, gzip is computed.

use std::{collections::BTreeMap, io::Write, sync::LazyLock};

use axum::{
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

/// A file of `static/`: its path there and its content.
type Part = (&'static str, &'static [u8]);

macro_rules! part {
    ($path:literal) => {
        ($path, include_bytes!(concat!("../../static/", $path)).as_slice())
    };
}

/// What a page can ask for, and the files that it is made of. A stylesheet comes after what it points at.
const MADE_OF: &[(&str, &[Part])] = &[
    ("noto-sans-ethiopic.woff2", &[part!("fonts/noto-sans-ethiopic.woff2")]),
    ("noto-sans-amharic-name.woff2", &[part!("fonts/noto-sans-amharic-name.woff2")]),
    ("icon.svg", &[part!("icon.svg")]),
    ("app.css", &[part!("vendor/govuk.css"), part!("app.css")]),
    ("rosette.svg", &[part!("rosette.svg")]),
    ("print.css", &[part!("print.css")]),
    ("verify.css", &[part!("verify.css")]),
    ("paper.js", &[part!("paper.js")]),
    ("passkey.js", &[part!("passkey.js")]),
    ("upload.js", &[part!("upload.js")]),
    ("seal.js", &[part!("seal.js"), part!("seal-page.js")]),
    ("app.js", &[part!("vendor/htmx.js"), part!("app.js")]),
];

/// One file as it is served.
#[derive(Debug)]
pub struct Asset {
    /// Where it is: `/static/app.0123456789.css`.
    pub path: String,
    /// Its content.
    pub body: Bytes,
    /// Its content compressed, where that makes it smaller.
    pub gzip: Option<Bytes>,
    content_type: &'static str,
    etag: String,
}

struct Assets {
    by_name: BTreeMap<&'static str, Asset>,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(Assets::assemble);

/// The path of the asset `name`, for `href` and `src`. A name that does not exist stops a debug build.
#[must_use]
pub fn asset(name: &str) -> &'static str {
    let found = ASSETS.by_name.get(name);
    debug_assert!(found.is_some(), "no asset is called {name:?}");
    found.map_or("", |asset| asset.path.as_str())
}

/// The asset `name`, if there is one: for the budgets and for papers that carry their style with them.
#[must_use]
pub fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.by_name.get(name)
}

/// Every asset.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = &'static Asset> {
    ASSETS.by_name.values()
}

/// `GET /static/{file}`: the asset with that hashed name, or 404.
pub async fn show(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.by_hashed_name(&file) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    asset.respond(&headers)
}

impl Assets {
    fn assemble() -> Self {
        let mut by_name = BTreeMap::<&'static str, Asset>::new();
        for (name, parts) in MADE_OF {
            let mut body = Vec::new();
            for (path, data) in *parts {
                if !body.is_empty() {
                    body.push(b'\n');
                }
                body.extend_from_slice(&squeezed(path, data));
            }
            if name.ends_with(".css") {
                let mut text = String::from_utf8_lossy(&body).into_owned();
                for (inner, asset) in &by_name {
                    text = text.replace(&format!("url({inner})"), &format!("url({})", asset.path));
                }
                body = text.into_bytes();
            }
            by_name.insert(name, Asset::new(name, body));
        }
        Self { by_name }
    }

    fn by_hashed_name(&self, file: &str) -> Option<&Asset> {
        let (stem, rest) = file.split_once('.')?;
        let (_, extension) = rest.split_once('.')?;
        let asset = self.by_name.get(format!("{stem}.{extension}").as_str())?;
        // A name from another version is not answered with this version's content.
        (asset.path.strip_prefix("/static/") == Some(file)).then_some(asset)
    }
}

impl Asset {
    fn new(name: &str, body: Vec<u8>) -> Self {
        let hash = hex::encode(&Sha256::digest(&body)[..5]);
        let (stem, extension) = name.split_once('.').unwrap_or((name, ""));
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        let gzip = encoder.write_all(&body).and_then(|()| encoder.finish()).ok();
        Self {
            path: format!("/static/{stem}.{hash}.{extension}"),
            gzip: gzip.filter(|gzip| gzip.len() < body.len() * 9 / 10).map(Bytes::from),
            content_type: match extension {
                "css" => "text/css; charset=utf-8",
                "js" => "text/javascript; charset=utf-8",
                "svg" => "image/svg+xml",
                "woff2" => "font/woff2",
                _ => "application/octet-stream",
            },
            etag: format!("\"{hash}\""),
            body: Bytes::from(body),
        }
    }

    fn respond(&self, request: &HeaderMap) -> Response {
        let holds = |name: header::HeaderName, wanted: &str| {
            request.get(name).and_then(|v| v.to_str().ok()).is_some_and(|v| v.split(',').any(|p| matches(p, wanted)))
        };
        let mut response = if holds(header::IF_NONE_MATCH, &self.etag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else if let Some(gzip) = self.gzip.as_ref().filter(|_| holds(header::ACCEPT_ENCODING, "gzip")) {
            let mut response = Response::new(Body::from(gzip.clone()));
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            response
        } else {
            Response::new(Body::from(self.body.clone()))
        };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Ok(etag) = HeaderValue::from_str(&self.etag) {
            headers.insert(header::ETAG, etag);
        }
        response
    }
}

/// Whether one entry of a list header is `wanted`, whatever its weight or weakness; `q=0` refuses it.
fn matches(entry: &str, wanted: &str) -> bool {
    let mut parts = entry.trim().trim_start_matches("W/").split(';');
    parts.next().is_some_and(|value| value.trim() == wanted) && !parts.any(|p| matches!(p.trim(), "q=0" | "q=0.0"))
}

/// Our own text files without comments and indentation. Vendored files come minified already.
fn squeezed(path: &str, data: &[u8]) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(data) else { return data.to_vec() };
    if path.starts_with("vendor/") {
        return data.to_vec();
    }
    match path.rsplit_once('.') {
        Some((_, "css")) => squeezed_css(text).into_bytes(),
        // Only whole-line comments and indentation: no parser is needed, and none of our strings spans lines.
        Some((_, "js")) => lines(text).filter(|l| !l.starts_with("//")).collect::<Vec<_>>().join("\n").into_bytes(),
        _ => data.to_vec(),
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn squeezed_css(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    let mut out: String = lines(&bare).collect::<Vec<_>>().join(" ");
    for (long, short) in
        [(" { ", "{"), (" {", "{"), ("; }", "}"), (";}", "}"), ("; ", ";"), (": ", ":"), (", ", ","), ("} ", "}")]
    {
        out = out.replace(long, short);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn respond(name: &str, headers: &[(header::HeaderName, &str)]) -> Response {
        let headers = headers.iter().map(|(n, v)| (n.clone(), HeaderValue::from_str(v).unwrap())).collect();
        find(name).unwrap().respond(&headers)
    }

    #[test]
    fn names_carry_a_hash() {
        for (name, _) in MADE_OF {
            let path = asset(name);
            let (_, rest) = path.rsplit_once('/').unwrap().1.split_once('.').unwrap();
            assert_eq!(rest.split_once('.').unwrap().0.len(), 10, "{path}");
            assert!(!find(name).unwrap().body.is_empty());
        }
    }

    #[test]
    fn stylesheets_point_at_hashed_names_only() {
        for name in ["app.css", "print.css"] {
            let css = String::from_utf8(find(name).unwrap().body.to_vec()).unwrap();
            for url in css.split("url(").skip(1) {
                assert!(url.starts_with("/static/"), "{}", &url[..60.min(url.len())]);
            }
        }
    }

    #[test]
    fn browsers_get_gzip_and_are_told_to_keep_it() {
        let response = respond("app.css", &[(header::ACCEPT_ENCODING, "br, gzip;q=0.9")]);
        assert_eq!(response.headers()[header::CONTENT_ENCODING], "gzip");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert!(!respond("app.css", &[]).headers().contains_key(header::CONTENT_ENCODING));
        assert!(
            !respond("app.css", &[(header::ACCEPT_ENCODING, "gzip;q=0")]).headers().contains_key("content-encoding")
        );
        let etag = response.headers()[header::ETAG].to_str().unwrap().to_owned();
        assert_eq!(respond("app.css", &[(header::IF_NONE_MATCH, &etag)]).status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn a_name_of_another_version_is_not_found() {
        let file = asset("app.css").strip_prefix("/static/").unwrap();
        assert!(ASSETS.by_hashed_name(file).is_some());
        assert!(ASSETS.by_hashed_name("app.0000000000.css").is_none());
        assert!(ASSETS.by_hashed_name("app.css").is_none());
        assert!(ASSETS.by_hashed_name("..").is_none());
    }

    #[test]
    fn a_first_visit_stays_light() {
        let gzip = |name: &str| find(name).unwrap().gzip.as_ref().unwrap().len();
        let own = |name: &str| {
            let (_, parts) = MADE_OF.iter().find(|(made, _)| *made == name).unwrap();
            let (path, data) = parts.last().unwrap();
            Asset::new(name, squeezed(path, data)).gzip.map_or(0, |gzip| gzip.len())
        };
        println!(
            "css {} (own {}), js {} (own {}), print {}",
            gzip("app.css"),
            own("app.css"),
            gzip("app.js"),
            own("app.js"),
            gzip("print.css")
        );
        assert!(own("app.css") <= 6_000, "own stylesheet {}", own("app.css"));
        assert!(own("app.js") <= 3_000, "own script {}", own("app.js"));
        assert!(gzip("app.css") + gzip("app.js") <= 27_000, "{} + {}", gzip("app.css"), gzip("app.js"));
        assert!(find("noto-sans-ethiopic.woff2").unwrap().body.len() <= 46_000);
    }

    #[test]
    fn squeezing_keeps_the_rules() {
        assert_eq!(
            squeezed_css("/* why */\n.a .b {\n  color: red;\n  margin: 0 1px;\n}\n\n.c { top: 0 }\n"),
            ".a .b{color:red;margin:0 1px}.c{top:0 }"
        );
    }
}
