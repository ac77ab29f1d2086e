//! Lines of access logs, as servers write them.

use super::*;

fn template(url: Option<&str>) -> Template {
    let request = match url.map(|url| Url::parse(url).unwrap()) {
        Some(url) => Request {
            scheme: url.scheme.unwrap_or_default(),
            port: url.effective_port().unwrap_or(80),
            authority: url.authority(),
            ..Request::default()
        },
        None => Request { port: 80, ..Request::default() },
    };
    Template { request, port: None, is_sni_fixed: false }
}

fn told(request: &Request) -> String {
    let headers: Vec<String> = request.headers.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let authority = request.authority.as_deref().unwrap_or("-");
    let (method, scheme, port, target) = (&request.method, request.scheme.name(), request.port, &request.target);
    format!("{method} {scheme} {port} {authority} {target} [{}]", headers.join("; "))
}

fn all(text: &str, format: LogFormat, template: &Template) -> (Vec<Request>, Record) {
    let mut requests = Vec::new();
    let record = read(text.as_bytes(), format, template, &mut |request| requests.push(request.clone())).unwrap();
    assert_eq!(record.requests, requests.len());
    (requests, record)
}

fn read_one(line: &str, format: LogFormat, url: Option<&str>) -> String {
    let (requests, record) = all(line, format, &template(url));
    match requests.as_slice() {
        [request] => told(request),
        _ => record.unreadable.problem.unwrap_or_default(),
    }
}

#[test]
fn combined_lines() {
    let base = Some("https://shop.example.com");
    let table = [
        (
            r#"203.0.113.9 - - [10/Oct/2026:13:55:36 +0000] "GET /a?b=1 HTTP/1.1" 200 17 "-" "Mozilla \"x\"""#,
            "GET https 443 shop.example.com /a?b=1 [User-Agent=Mozilla \"x\"]",
        ),
        (
            r#"203.0.113.9 - ann b [10/Oct/2026:13:55:36 +0000] "POST /a HTTP/2.0" 200 17"#,
            "POST https 443 shop.example.com /a []",
        ),
        (
            r#"www.example.com:80 203.0.113.9 - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.1" 200 1 "http://r/" "u""#,
            "GET http 80 www.example.com / [Referer=http://r/; User-Agent=u]",
        ),
        (
            r#"203.0.113.9 - - [x] "GET http://other.example:8080/p HTTP/1.1" 200 1"#,
            "GET http 8080 other.example:8080 /p []",
        ),
        (
            r#"www.example.com:80 203.0.113.9 - - [x] "GET /in?to=https://b/ HTTP/1.1" 200 1"#,
            "GET http 80 www.example.com /in?to=https://b/ []",
        ),
        (r#"203.0.113.9 - - [x] "-" 400 0"#, "the request line is empty"),
        (r#"203.0.113.9 - - [x] "\x16\x03\x01 x" 400 0"#, "the request line has no method"),
        ("garbage", "no request line in quotes"),
        (r#"a "GET /"#, "the request line has no closing quote"),
        (r#"a "CONNECT b:443 HTTP/1.1" 200"#, "the request line has no path"),
    ];
    for (line, wanted) in table {
        assert_eq!(read_one(line, LogFormat::Combined, base), wanted, "{line}");
    }
    let line = r#"203.0.113.9 - - [x] "GET /a HTTP/1.1" 200 17"#;
    assert!(read_one(line, LogFormat::Combined, None).starts_with("the line names no host"));
}

#[test]
fn json_lines_of_several_loggers() {
    let table = [
        (
            r#"{"method":"GET","authority":"a.example","path":"/x?y","user_agent":"u","response_code":200}"#,
            "GET http 80 a.example /x?y [User-Agent=u]",
        ),
        (
            r#"{"request":"PUT /n HTTP/1.1","http_host":"a.example:443","server_port":"443"}"#,
            "PUT https 443 a.example:443 /n []",
        ),
        (
            r#"{"request":{"method":"GET","host":"a.example","uri":"/c","headers":{"X-A":["1","2"],"Host":["h"]}},"status":200}"#,
            "GET http 80 a.example /c [X-A=1; X-A=2]",
        ),
        (
            r#"{"httpRequest":{"requestMethod":"GET","requestUrl":"https://a.example/g?h=1","userAgent":"u"}}"#,
            "GET https 443 a.example /g?h=1 [User-Agent=u]",
        ),
        (
            r#"{"RequestMethod":"GET","RequestHost":"a.example","RequestPath":"/t","RequestScheme":"https"}"#,
            "GET https 443 a.example /t []",
        ),
        (r#"{"method":"GET","host":"a.example","uri":"/q","args":"x=1"}"#, "GET http 80 a.example /q?x=1 []"),
        ("{", "no JSON"),
        ("[]", "no JSON object"),
        (r#"{"path":"/"}"#, "no member tells the method"),
        (r#"{"method":"GET"}"#, "no member tells the path"),
    ];
    for (line, wanted) in table {
        assert_eq!(read_one(line, LogFormat::Json, None), wanted, "{line}");
    }
}

#[test]
fn bad_lines_are_counted_and_the_first_is_named() {
    let text = "\n# comment\n{\"method\":\"GET\",\"host\":\"a\",\"path\":\"/\"}\nx\n[]\n";
    let (_, record) = all(text, LogFormat::Json, &template(None));
    assert_eq!((record.requests, record.unreadable.count, record.unreadable.first), (1, 2, Some(4)));
    assert_eq!(record.unreadable.problem.as_deref(), Some("no JSON"));
}

#[test]
fn header_lines_of_the_command_line_win() {
    let mut template = template(Some("https://a.example"));
    template.request.headers.push(("user-agent".to_owned(), "mine".to_owned()));
    let line = r#"203.0.113.9 - - [x] "GET /a HTTP/1.1" 200 17 "-" "theirs""#;
    let (requests, _) = all(line, LogFormat::Combined, &template);
    assert_eq!(told(&requests[0]), "GET https 443 a.example /a [user-agent=mine]");
}
