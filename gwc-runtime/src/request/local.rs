//! Answers that the proxy makes itself: the error table, redirects, preflights (routing.md §5.8, ruling 20).

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};

use crate::body::Body;
use crate::error::ProxyError;
use crate::filter::Answered;
use crate::telemetry::{By, Course};

const GRPC_STATUS: HeaderName = HeaderName::from_static("grpc-status");
const GRPC_MESSAGE: HeaderName = HeaderName::from_static("grpc-message");

/// The answer to an error; clients of gRPC get its status, in the head because there is no message (trailers-only).
/// One to HEAD has the length of a body and no body: HTTP/2 would send it.
pub(super) fn answer(error: ProxyError, is_grpc: bool, is_head: bool) -> Response<Body> {
    let (status, grpc) = error.status();
    let text = error.to_string();
    if let Some(grpc) = grpc.filter(|_| is_grpc) {
        let mut response = Response::new(Body::Empty);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        headers.insert(GRPC_STATUS, HeaderValue::from(u16::from(grpc)));
        if let Ok(text) = HeaderValue::try_from(text) {
            headers.insert(GRPC_MESSAGE, text);
        }
        return response;
    }
    let text = text + "\n";
    let length = HeaderValue::from(text.len());
    let mut response = Response::new(if is_head { Body::Empty } else { Body::Full(Bytes::from(text)) });
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    if error.closes() {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if is_head {
        response.headers_mut().insert(header::CONTENT_LENGTH, length);
    }
    response
}

/// The answer of a filter.
pub(super) fn filtered(answered: Answered, course: &mut Course) -> Result<Response<Body>, ProxyError> {
    let (status, headers) = match answered {
        Answered::Error(error) => return Err(error),
        Answered::Redirect(status, headers) => {
            course.by = By::Redirect;
            (status, headers)
        }
        Answered::Preflight(headers) => {
            course.by = By::Preflight;
            (StatusCode::NO_CONTENT, headers)
        }
    };
    Ok(with(status, headers))
}

fn with(status: StatusCode, headers: HeaderMap) -> Response<Body> {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
