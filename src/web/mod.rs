//! How the product speaks HTTP and what its pages are made of: accepting and admitting requests, the table
//! of routes, forms, pages of errors, headers; the frame of a page, its components, its assets.

pub mod admission;
pub mod assets;
pub mod chrome;
pub mod components;
#[cfg(test)]
mod contrast;
pub mod cookie;
pub mod csrf;
pub mod csv;
pub mod error_pages;
pub mod exchange;
pub mod fields;
pub mod flash;
pub mod form;
pub mod form_fields;
pub mod headers;
pub mod htmx;
pub mod kept_form;
pub mod live;
pub mod modes;
pub mod next_path;
pub mod paging;
pub mod query;
pub mod routes;
#[cfg(test)]
pub mod samples;
pub mod serve;
pub mod sheet;
pub mod site;
mod stall;
pub mod views;

/// A template as an answer.
///
/// # Errors
/// When it cannot be drawn, which is a mistake of ours.
pub(crate) fn html(template: &impl askama::Template) -> Result<axum::response::Response, crate::error::AppError> {
    use axum::response::IntoResponse;
    let text = template.render().map_err(crate::error::AppError::internal)?;
    Ok(axum::response::Html(text).into_response())
}

/// The same with a status of its own: a form in error is answered with the form.
///
/// # Errors
/// As [`html`].
pub(crate) fn answer(
    template: &impl askama::Template,
    status: http::StatusCode,
) -> Result<axum::response::Response, crate::error::AppError> {
    let mut response = html(template)?;
    *response.status_mut() = status;
    Ok(response)
}
