//! Which requests are for us at all: method, `Host` and encoding, before anything else is looked at.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, Uri, header};

use super::exchange::Exchange;
use crate::error::AppError;

/// What every address of ours takes at most.
const ALLOW: &str = "GET, HEAD, POST";
/// Probes call these by whatever name they know; their answers depend on no name.
const ANY_HOST: &[&str] = &["/healthz", "/readyz", "/version"];

/// Lets a request through when it is for this site and made of what the site uses.
pub async fn admit(request: Request, next: Next) -> Response {
    match Exchange::of(request.extensions()).and_then(|exchange| check(exchange, &request)) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

fn check(exchange: &Exchange, request: &Request) -> Result<(), AppError> {
    check_method(request.method())?;
    let host = host(request.uri(), request.headers())?;
    if !ANY_HOST.contains(&request.uri().path()) && !exchange.site().is_own_host(host) {
        return Err(AppError::HostUnknown);
    }
    // Nothing of ours is uploaded compressed; a body that unfolds is a way round the body limit.
    match request.headers().get(header::CONTENT_ENCODING) {
        Some(encoding) if encoding != "identity" => Err(AppError::UnsupportedBody),
        Some(_) | None => Ok(()),
    }
}

fn check_method(method: &Method) -> Result<(), AppError> {
    match *method {
        Method::GET | Method::HEAD | Method::POST => Ok(()),
        Method::PUT | Method::DELETE | Method::PATCH | Method::OPTIONS => {
            Err(AppError::MethodNotAllowed { allow: ALLOW })
        }
        // The type is open: TRACE, CONNECT and words of a client's own.
        _ => Err(AppError::MethodUnknown(method.clone())),
    }
}

/// The one host that the request names. Two answers to "which site?" are how requests are smuggled past a
/// proxy that reads the other one.
fn host<'r>(uri: &'r Uri, headers: &'r HeaderMap) -> Result<&'r str, AppError> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err(AppError::HostUnclear);
    };
    let host = host.to_str().map_err(|_| AppError::HostUnclear)?;
    match uri.authority() {
        Some(authority) if !authority.as_str().eq_ignore_ascii_case(host) => Err(AppError::HostUnclear),
        Some(_) | None => Ok(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unused_methods_are_refused() {
        assert!(check_method(&Method::HEAD).is_ok());
        assert!(matches!(check_method(&Method::DELETE), Err(AppError::MethodNotAllowed { .. })));
        assert!(matches!(check_method(&Method::TRACE), Err(AppError::MethodUnknown(_))));
        assert!(matches!(check_method(&"BREW".parse().unwrap()), Err(AppError::MethodUnknown(_))));
    }

    #[test]
    fn exactly_one_host_is_named() {
        let (path, absolute): (Uri, Uri) = ("/".parse().unwrap(), "http://a.example/".parse().unwrap());
        let mut headers = HeaderMap::new();
        assert!(host(&path, &headers).is_err(), "none");
        headers.append(header::HOST, "a.example".parse().unwrap());
        assert_eq!(host(&path, &headers).unwrap(), "a.example");
        assert_eq!(host(&absolute, &headers).unwrap(), "a.example");
        headers.append(header::HOST, "a.example".parse().unwrap());
        assert!(host(&path, &headers).is_err(), "two, even if equal");
        headers.insert(header::HOST, "b.example".parse().unwrap());
        assert!(host(&absolute, &headers).is_err(), "the address names another");
    }
}
