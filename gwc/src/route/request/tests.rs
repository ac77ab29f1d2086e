//! Requests of command lines, as curl would send them.

use clap::Parser;

use super::*;

#[derive(Debug, Parser)]
#[command(disable_help_flag = true)]
struct Line {
    url: String,
    #[command(flatten)]
    options: RequestArgs,
}

fn read(words: &[&str]) -> Result<Asked, Failure> {
    let line = Line::try_parse_from(["gwc"].iter().chain(words)).unwrap_or_else(|error| panic!("{error}"));
    request(&line.url, &line.options)
}

fn sent(words: &[&str]) -> Request {
    read(words).unwrap_or_else(|failure| panic!("{words:?}: {}", failure.message)).request
}

fn lines(request: &Request) -> Vec<String> {
    request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect()
}

#[test]
fn a_url_alone_is_a_get_without_headers() {
    let request = sent(&["https://Shop.example.com:8443/cart?x=1"]);
    assert_eq!((request.scheme, request.port, request.method.as_str()), (Scheme::Https, 8443, "GET"));
    assert_eq!(request.authority.as_deref(), Some("Shop.example.com:8443"));
    assert_eq!((request.sni.as_deref(), request.target.as_str()), (Some("shop.example.com"), "/cart?x=1"));
    assert!(request.headers.is_empty());
}

#[test]
fn data_makes_a_post_with_type_and_length() {
    let request = sent(&["http://a.example/", "-d", "a=1", "--data-raw", "b=2"]);
    assert_eq!(request.method, "POST");
    assert_eq!(lines(&request), ["Content-Type: application/x-www-form-urlencoded", "Content-Length: 7"]);
    let request = sent(&["http://a.example/", "--json", "{}"]);
    assert_eq!(lines(&request), ["Accept: application/json", "Content-Type: application/json", "Content-Length: 2"]);
    let request = sent(&["http://a.example/", "--data-size", "5000", "-X", "PUT"]);
    assert_eq!((request.method.as_str(), lines(&request)[1].as_str()), ("PUT", "Content-Length: 5000"));
}

#[test]
fn data_goes_into_the_query_with_get() {
    let words = ["http://a.example/s?x=1", "-G", "-d", "y=2", "--data-urlencode", "q=a b", "--url-query", "z=ü"];
    let request = sent(&words);
    assert_eq!((request.method.as_str(), request.target.as_str()), ("GET", "/s?x=1&y=2&q=a%20b&z=%C3%BC"));
}

#[test]
fn headers_add_replace_empty_and_take_away() {
    let words = ["http://a.example/", "-d", "x", "-H", "content-type:", "-H", "X-A: 1", "-H", "x-a: 2", "-H", "X-E;"];
    assert_eq!(lines(&sent(&words)), ["Content-Length: 1", "X-A: 1", "x-a: 2", "X-E: "]);
    let words = ["http://a.example/", "-A", "x/1", "-e", "http://b/", "-b", "a=1", "-b", "b=2", "-u", "ann:pw"];
    let wanted = ["Authorization: Basic YW5uOnB3", "User-Agent: x/1", "Referer: http://b/", "Cookie: a=1; b=2"];
    assert_eq!(lines(&sent(&words)), wanted);
    assert_eq!(lines(&sent(&["http://ann:p%40w@a.example/"])), ["Authorization: Basic YW5uOnBAdw=="]);
    assert_eq!(lines(&sent(&["http://a.example/", "--oauth2-bearer", "t"])), ["Authorization: Bearer t"]);
}

#[test]
fn host_and_sni_go_their_own_ways() {
    let request = sent(&["https://203.0.113.7/", "-H", "Host: shop.example.com", "--sni", "Edge.example.com."]);
    assert_eq!(request.authority.as_deref(), Some("shop.example.com"));
    assert_eq!(request.sni.as_deref(), Some("edge.example.com"));
    assert_eq!(sent(&["https://203.0.113.7/"]).sni, None);
    assert_eq!(sent(&["https://a.example/", "--sni", ""]).sni, None);
    assert_eq!(sent(&["http://a.example/", "-H", "Host:"]).authority, None);
    assert_eq!(sent(&["http://a.example:8080/", "--resolve-port", "80"]).port, 80);
}

#[test]
fn a_path_alone_leaves_socket_and_host_open() {
    let asked = read(&["/cart"]).unwrap();
    assert!(asked.any_socket && asked.any_host);
    let asked = read(&["/cart", "-H", "Host: a.example"]).unwrap();
    assert!(asked.any_socket && !asked.any_host);
}

#[test]
fn grpc_is_a_post_of_its_type() {
    let request = sent(&["grpcs://api.example.com/shop.Cart/Add"]);
    assert_eq!((request.method.as_str(), request.target.as_str(), request.port), ("POST", "/shop.Cart/Add", 443));
    assert_eq!(lines(&request), ["content-type: application/grpc", "te: trailers"]);
}

#[test]
fn wrong_words_are_named() {
    let table: [(&[&str], &str); 11] = [
        (&["http://a.example/", "-H", "nonsense"], "a header is `NAME: VALUE`"),
        (&["http://a.example/", "-H", "@file"], "header files are not read"),
        (&["http://a.example/", "-H", "a b: c"], "letters, digits and dashes"),
        (&["http://a.example/", "-X", "GE T"], "is no method"),
        (&["http://a.example/", "-I", "-d", "x"], "two methods"),
        (&["http://a.example/", "-b", "jar"], "cookie files are not read"),
        (&["http://a.example/", "-u", "ann"], "write USER:PASSWORD"),
        (&["http://a.example/", "--sni", "x"], "--sni belongs to TLS"),
        (&["tcp://a.example:1/", "-X", "GET"], "-X says something about HTTP"),
        (&["grpc://a.example/a/b", "-X", "GET"], "always a POST"),
        (&["http://a.example/", "-G", "--data-size", "1"], "--data-size has none"),
    ];
    for (words, wanted) in table {
        let failure = read(words).unwrap_err();
        assert!(failure.message.contains(wanted), "{words:?}: {}", failure.message);
    }
    assert_eq!(read(&["http://a.example/", "-d", "@no-such-file"]).unwrap_err().exit, crate::failure::Exit::Input);
}
