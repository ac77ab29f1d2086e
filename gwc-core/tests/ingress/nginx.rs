//! The answers of nginx itself: what ingress-nginx would render for paths, regular expressions, rewrites, redirects and
//! slashes of generated Ingresses, against the model. What is rendered comes from a second reading of the steps
//! (`render`), so that the whole way is compared. Skipped with one line where nginx is not installed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::generate::{self, Style};
use crate::model::{Ask, Model};
use crate::random::Random;
use crate::render::{self, Location, Server};

const N_WORLDS: usize = 120;
const N_REQUESTS: usize = 80;

/// A running nginx, its sockets in a folder of its own.
struct Nginx {
    program: PathBuf,
    folder: PathBuf,
}

impl Nginx {
    /// `None`: not installed.
    fn start(worlds: &[Vec<Server>]) -> Option<Self> {
        let program = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx", "/opt/homebrew/bin/nginx"];
        let program = program.into_iter().map(PathBuf::from).find(|path| path.exists())?;
        let folder = std::env::temp_dir().join(format!("gwc-ingress-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder for sockets");
        fs::write(folder.join("nginx.conf"), config(&folder, worlds)).expect("is written");
        let nginx = Self { program, folder };
        let output = nginx.command().output().expect("nginx runs");
        // It comes back when its sockets listen.
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Some(nginx)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("-p").arg(&self.folder).arg("-c").arg(self.folder.join("nginx.conf")).arg("-e").arg("stderr");
        command
    }

    /// The answer as [`Model::ask`] writes it.
    fn ask(&self, world: usize, ask: &Ask) -> String {
        let (_, host, target) = ask.parts();
        let mut stream = UnixStream::connect(self.folder.join(format!("{world}.sock"))).expect("nginx listens");
        let request = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("is sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("is answered");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").expect("head and body");
        let code = head.split(' ').nth(1).expect("a status");
        let location = head.lines().find_map(|line| line.strip_prefix("Location: "));
        match (code, location) {
            ("200", _) if body.starts_with("none ") => "404".to_owned(),
            ("200", _) => body.to_owned(),
            (code, Some(location)) => format!("{code} {location}"),
            (code, None) => code.to_owned(),
        }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let stopped = self.command().arg("-s").arg("stop").status();
        let removed = fs::remove_dir_all(&self.folder);
        assert!(std::thread::panicking() || (stopped.is_ok() && removed.is_ok()), "nginx is left behind");
    }
}

fn config(folder: &Path, worlds: &[Vec<Server>]) -> String {
    let folder = folder.display();
    let mut text = format!(
        "daemon on;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/error.log crit;\nevents {{}}\nhttp {{\n\
         access_log off;\nport_in_redirect off;\nserver_names_hash_bucket_size 128;\n\
         client_body_temp_path {folder}/a;\nproxy_temp_path {folder}/b;\nfastcgi_temp_path {folder}/c;\n\
         uwsgi_temp_path {folder}/d;\nscgi_temp_path {folder}/e;\n\
         upstream back {{ server unix:{folder}/back.sock; }}\n\
         server {{ listen unix:{folder}/back.sock; location / {{ return 200 \"$http_x_backend $request_uri\"; }} }}\n"
    );
    for (world, servers) in worlds.iter().enumerate() {
        for one in servers {
            server(&mut text, one, &format!("unix:{folder}/{world}.sock"));
        }
    }
    text.push_str("}\n");
    text
}

fn server(text: &mut String, server: &Server, socket: &str) {
    let host = server.host.as_str();
    let is_default = if host == "_" { " default_server" } else { "" };
    let name = match host.strip_prefix("*.") {
        Some(parent) => format!(r"~^(?<label>[\w-]+)\.{}$", parent.replace('.', r"\.")),
        None => host.to_owned(),
    };
    let _ = writeln!(text, "server {{ listen {socket}{is_default}; server_name \"{name}\";");
    if let Some(path) = &server.app_root {
        let _ = writeln!(text, "if ($uri = /) {{ return 302 $scheme://$http_host{path}; }}");
    }
    let mut seen = BTreeSet::new();
    for one in &server.locations {
        // nginx takes no name twice; patterns may repeat.
        if one.name.starts_with('~') || seen.insert(&one.name) {
            location(text, one);
        }
    }
    text.push_str("}\n");
}

fn location(text: &mut String, one: &Location) {
    let _ = writeln!(text, "location {} {{", one.name);
    if let Some((code, url)) = &one.redirect {
        let _ = writeln!(text, "return {code} {url};");
    }
    if let Some((pattern, target)) = &one.rewrite {
        let _ = writeln!(text, "rewrite \"(?i){pattern}\" {target} break;");
    }
    let _ = writeln!(text, "proxy_set_header X-Backend \"{}\";\nproxy_set_header Host $http_host;", one.backend);
    text.push_str("proxy_pass http://back;\n}\n");
}

fn kind(answer: &str, ask: &Ask) -> &'static str {
    match answer {
        "404" => "404",
        "400" => "400",
        _ if answer.starts_with("301 http://z.io") || answer.starts_with("301 https://z.io") => "redirect",
        _ if answer.starts_with("301 ") => "slash",
        _ if answer.starts_with("302 ") => "redirect",
        _ if answer.ends_with(&format!(" {}", ask.parts().2)) => "as it came",
        _ => "rewritten",
    }
}

#[test]
fn nginx_answers_as_the_model_says() {
    let mut random = Random(7);
    let worlds: Vec<Vec<String>> = (0..N_WORLDS).map(|_| generate::world(&mut random, Style::Rendered)).collect();
    let rendered: Vec<Vec<Server>> = worlds.iter().map(|world| render::servers(world)).collect();
    let worlds: Vec<String> = worlds.iter().map(|world| world.concat()).collect();
    let models: Vec<Model> = worlds.iter().map(|yaml| Model::new(yaml)).collect();
    let Some(nginx) = Nginx::start(&rendered) else {
        println!("skipped: nginx is not installed");
        return;
    };
    let (mut wrong, mut seen) = (Vec::new(), BTreeMap::new());
    for (world, model) in models.iter().enumerate() {
        for _ in 0..N_REQUESTS {
            let mut ask = generate::request(&mut random);
            ask.url = ask.url.replace("https://", "http://");
            ask.method = "GET";
            let (expected, real) = (model.ask(&ask), nginx.ask(world, &ask));
            *seen.entry(kind(&expected, &ask)).or_insert(0_usize) += 1;
            if expected != real {
                wrong.push(format!("{}: the model says `{expected}`, nginx `{real}`\n{}", ask.url, worlds[world]));
            }
        }
    }
    for kind in ["slash", "redirect", "rewritten", "as it came", "404", "400"] {
        assert!(seen.get(kind).is_some_and(|n| *n > 20), "too few answers of the kind `{kind}`: {seen:?}");
    }
    assert!(wrong.is_empty(), "{} of {}, first:\n{}", wrong.len(), N_WORLDS * N_REQUESTS, wrong[0]);
}
