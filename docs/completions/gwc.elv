
use builtin;
use str;

set edit:completion:arg-completer[gwc] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'gwc'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'gwc'= {
            cand --color 'When to use colours [default: auto]'
            cand --hyperlinks 'When to print hyperlinks [default: auto]'
            cand --progress 'When to show progress on stderr [default: auto]'
            cand --threads 'Threads to use [default: all cores]'
            cand --config 'Configuration file, or one setting as KEY=VALUE (repeatable)'
            cand -q 'Print findings only; twice: nothing but the exit code'
            cand --quiet 'Print findings only; twice: nothing but the exit code'
            cand -v 'Say more on stderr'
            cand --verbose 'Say more on stderr'
            cand --no-config 'Read no configuration file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand check 'Check manifests: syntax, schema and rules of the API server, references, predicted status, lints'
            cand status 'Print the status that a conformant controller would write'
            cand explain 'Explain a rule, a condition or reason, or the attachment of one object'
            cand graph 'Draw objects and references, coloured by verdict'
            cand rules 'List the rules and their state in the current configuration'
            cand config 'Show the configuration'
            cand schema 'Print the JSON Schema of a file format'
            cand completions 'Print a completion script'
            cand man 'Print the manual page'
            cand version 'Print version, bundled Gateway API releases and features'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gwc;check'= {
            cand -f 'File, folder or glob with manifests to check (repeatable)'
            cand --filename 'File, folder or glob with manifests to check (repeatable)'
            cand --stdin-filename 'Name to show for standard input'
            cand -C 'Read-only objects: resolve references, never reported on (repeatable)'
            cand --context 'Read-only objects: resolve references, never reported on (repeatable)'
            cand --env 'World of the configuration, `[env.NAME]` (repeatable) [default: all]'
            cand -n 'Namespace for namespaced objects that name none [default: default]'
            cand --namespace 'Namespace for namespaced objects that name none [default: default]'
            cand --world 'What a missing object means: auto, open or closed'
            cand --assume 'Fact to take for granted, for example `secret:shop/tls` (repeatable)'
            cand --assume-class 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)'
            cand --missing-secrets 'What a missing Secret means'
            cand --missing-services 'What a missing Service means'
            cand --now 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]'
            cand --gateway-api 'Gateway API release and channel of the cluster [default: detect, else newest/standard]'
            cand --preset 'Base rule set: spec-only, recommended, strict, portable, all [default: recommended]'
            cand --select 'Run only these rules: code, prefix, group, name or ALL'
            cand --extend-select 'Run these rules too'
            cand --ignore 'Do not run these rules'
            cand --severity 'Severity of rules: error, warning, info or off'
            cand --fail-on 'Exit 1 from this severity on: error, warning, info or never [default: error]'
            cand --max-warnings 'Exit 1 when more warnings than this remain'
            cand -o 'Output format, to a file with FMT=PATH (repeatable) [default: full]'
            cand --output 'Output format, to a file with FMT=PATH (repeatable) [default: full]'
            cand --max-per-rule 'At most this many findings of one rule are printed'
            cand --phase 'Run one phase alone: admission (the API server''s verdict; with -o admission-jsonl)'
            cand --color 'When to use colours [default: auto]'
            cand --hyperlinks 'When to print hyperlinks [default: auto]'
            cand --progress 'When to show progress on stderr [default: auto]'
            cand --threads 'Threads to use [default: all cores]'
            cand --config 'Configuration file, or one setting as KEY=VALUE (repeatable)'
            cand --allow-empty 'Zero objects is no error'
            cand --fail-on-undetermined 'Conditions that cannot be determined count as errors'
            cand --exit-zero 'Exit 0 instead of 1'
            cand --no-suppressions 'Report suppressed findings as if they were not suppressed'
            cand --show-suppressed 'Print suppressed findings too, marked as such'
            cand --statistics 'Count findings per rule, kind and namespace'
            cand --timings 'Print times of the phases on stderr'
            cand --show-object 'With --phase admission: print the object as the server would store it'
            cand -q 'Print findings only; twice: nothing but the exit code'
            cand --quiet 'Print findings only; twice: nothing but the exit code'
            cand -v 'Say more on stderr'
            cand --verbose 'Say more on stderr'
            cand --no-config 'Read no configuration file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gwc;status'= {
            cand -f 'File, folder or glob with manifests to check (repeatable)'
            cand --filename 'File, folder or glob with manifests to check (repeatable)'
            cand --stdin-filename 'Name to show for standard input'
            cand -C 'Read-only objects: resolve references, never reported on (repeatable)'
            cand --context 'Read-only objects: resolve references, never reported on (repeatable)'
            cand --env 'World of the configuration, `[env.NAME]` (repeatable) [default: all]'
            cand -n 'Namespace for namespaced objects that name none [default: default]'
            cand --namespace 'Namespace for namespaced objects that name none [default: default]'
            cand --world 'What a missing object means: auto, open or closed'
            cand --assume 'Fact to take for granted, for example `secret:shop/tls` (repeatable)'
            cand --assume-class 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)'
            cand --missing-secrets 'What a missing Secret means'
            cand --missing-services 'What a missing Service means'
            cand --now 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]'
            cand --gateway-api 'Gateway API release and channel of the cluster [default: detect, else newest/standard]'
            cand -o 'Output format, to a file with FMT=PATH (repeatable) [default: table]'
            cand --output 'Output format, to a file with FMT=PATH (repeatable) [default: table]'
            cand --color 'When to use colours [default: auto]'
            cand --hyperlinks 'When to print hyperlinks [default: auto]'
            cand --progress 'When to show progress on stderr [default: auto]'
            cand --threads 'Threads to use [default: all cores]'
            cand --config 'Configuration file, or one setting as KEY=VALUE (repeatable)'
            cand --allow-empty 'Zero objects is no error'
            cand --only-negative 'Only objects with a condition that is not as it should be'
            cand --why 'One line of reason per condition, with file and line'
            cand --fail-on-negative 'Exit 1 when an object''s Accepted, ResolvedRefs or Programmed is not True'
            cand -q 'Print findings only; twice: nothing but the exit code'
            cand --quiet 'Print findings only; twice: nothing but the exit code'
            cand -v 'Say more on stderr'
            cand --verbose 'Say more on stderr'
            cand --no-config 'Read no configuration file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gwc;explain'= {
            cand -f 'File, folder or glob with manifests to check (repeatable)'
            cand --filename 'File, folder or glob with manifests to check (repeatable)'
            cand --stdin-filename 'Name to show for standard input'
            cand -C 'Read-only objects: resolve references, never reported on (repeatable)'
            cand --context 'Read-only objects: resolve references, never reported on (repeatable)'
            cand --env 'World of the configuration, `[env.NAME]` (repeatable) [default: all]'
            cand -n 'Namespace for namespaced objects that name none [default: default]'
            cand --namespace 'Namespace for namespaced objects that name none [default: default]'
            cand --world 'What a missing object means: auto, open or closed'
            cand --assume 'Fact to take for granted, for example `secret:shop/tls` (repeatable)'
            cand --assume-class 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)'
            cand --missing-secrets 'What a missing Secret means'
            cand --missing-services 'What a missing Service means'
            cand --now 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]'
            cand --gateway-api 'Gateway API release and channel of the cluster [default: detect, else newest/standard]'
            cand --color 'When to use colours [default: auto]'
            cand --hyperlinks 'When to print hyperlinks [default: auto]'
            cand --progress 'When to show progress on stderr [default: auto]'
            cand --threads 'Threads to use [default: all cores]'
            cand --config 'Configuration file, or one setting as KEY=VALUE (repeatable)'
            cand --allow-empty 'Zero objects is no error'
            cand --list 'Everything explainable'
            cand -q 'Print findings only; twice: nothing but the exit code'
            cand --quiet 'Print findings only; twice: nothing but the exit code'
            cand -v 'Say more on stderr'
            cand --verbose 'Say more on stderr'
            cand --no-config 'Read no configuration file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gwc;graph'= {
            cand -f 'File, folder or glob with manifests to check (repeatable)'
            cand --filename 'File, folder or glob with manifests to check (repeatable)'
            cand --stdin-filename 'Name to show for standard input'
            cand -C 'Read-only objects: resolve references, never reported on (repeatable)'
            cand --context 'Read-only objects: resolve references, never reported on (repeatable)'
            cand --env 'World of the configuration, `[env.NAME]` (repeatable) [default: all]'
            cand -n 'Namespace for namespaced objects that name none [default: default]'
            cand --namespace 'Namespace for namespaced objects that name none [default: default]'
            cand --world 'What a missing object means: auto, open or closed'
            cand --assume 'Fact to take for granted, for example `secret:shop/tls` (repeatable)'
            cand --assume-class 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)'
            cand --missing-secrets 'What a missing Secret means'
            cand --missing-services 'What a missing Service means'
            cand --now 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]'
            cand --gateway-api 'Gateway API release and channel of the cluster [default: detect, else newest/standard]'
            cand -o 'tree, dot, mermaid or json, to a file with FMT=PATH (repeatable) [default: tree]'
            cand --output 'tree, dot, mermaid or json, to a file with FMT=PATH (repeatable) [default: tree]'
            cand --focus 'Only what is connected with this object'
            cand --depth 'At most this many references away: from the focus [default: 2], else from the roots [default: all]'
            cand --include 'Kinds to add: policies, grants, secrets (ConfigMaps too), endpoints'
            cand --color 'When to use colours [default: auto]'
            cand --hyperlinks 'When to print hyperlinks [default: auto]'
            cand --progress 'When to show progress on stderr [default: auto]'
            cand --threads 'Threads to use [default: all cores]'
            cand --config 'Configuration file, or one setting as KEY=VALUE (repeatable)'
            cand --allow-empty 'Zero objects is no error'
            cand --status 'Name the conditions that are not as they should be'
            cand -q 'Print findings only; twice: nothing but the exit code'
            cand --quiet 'Print findings only; twice: nothing but the exit code'
            cand -v 'Say more on stderr'
            cand --verbose 'Say more on stderr'
            cand --no-config 'Read no configuration file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gwc;rules'= {
            cand -o 'table, json or md [default: table]'
            cand --output 'table, json or md [default: table]'
            cand --preset 'Base rule set: spec-only, recommended, strict, portable, all [default: recommended]'
            cand --select 'Run only these rules: code, prefix, group, name or ALL'
            cand --extend-select 'Run these rules too'
            cand --ignore 'Do not run these rules'
            cand --severity 'Severity of rules: error, warning, info or off'
            cand --fail-on 'Exit 1 from this severity on: error, warning, info or never [default: error]'
            cand --max-warnings 'Exit 1 when more warnings than this remain'
            cand --color 'When to use colours [default: auto]'
            cand --hyperlinks 'When to print hyperlinks [default: auto]'
            cand --progress 'When to show progress on stderr [default: auto]'
            cand --threads 'Threads to use [default: all cores]'
            cand --config 'Configuration file, or one setting as KEY=VALUE (repeatable)'
            cand --fail-on-undetermined 'Conditions that cannot be determined count as errors'
            cand -q 'Print findings only; twice: nothing but the exit code'
            cand --quiet 'Print findings only; twice: nothing but the exit code'
            cand -v 'Say more on stderr'
            cand --verbose 'Say more on stderr'
            cand --no-config 'Read no configuration file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gwc;config'= {
            cand --color 'When to use colours [default: auto]'
            cand --hyperlinks 'When to print hyperlinks [default: auto]'
            cand --progress 'When to show progress on stderr [default: auto]'
            cand --threads 'Threads to use [default: all cores]'
            cand --config 'Configuration file, or one setting as KEY=VALUE (repeatable)'
            cand -q 'Print findings only; twice: nothing but the exit code'
            cand --quiet 'Print findings only; twice: nothing but the exit code'
            cand -v 'Say more on stderr'
            cand --verbose 'Say more on stderr'
            cand --no-config 'Read no configuration file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand show 'Each value in effect with its origin'
            cand path 'The configuration file in use'
            cand schema 'JSON Schema of gwc.toml'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gwc;config;show'= {
            cand --preset 'Base rule set: spec-only, recommended, strict, portable, all [default: recommended]'
            cand --select 'Run only these rules: code, prefix, group, name or ALL'
            cand --extend-select 'Run these rules too'
            cand --ignore 'Do not run these rules'
            cand --severity 'Severity of rules: error, warning, info or off'
            cand --fail-on 'Exit 1 from this severity on: error, warning, info or never [default: error]'
            cand --max-warnings 'Exit 1 when more warnings than this remain'
            cand --world 'What a missing object means: auto, open or closed'
            cand --assume 'Fact to take for granted, for example `secret:shop/tls` (repeatable)'
            cand --assume-class 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)'
            cand --missing-secrets 'What a missing Secret means'
            cand --missing-services 'What a missing Service means'
            cand --now 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]'
            cand --gateway-api 'Gateway API release and channel of the cluster [default: detect, else newest/standard]'
            cand --color 'When to use colours [default: auto]'
            cand --hyperlinks 'When to print hyperlinks [default: auto]'
            cand --progress 'When to show progress on stderr [default: auto]'
            cand --threads 'Threads to use [default: all cores]'
            cand --config 'Configuration file, or one setting as KEY=VALUE (repeatable)'
            cand --fail-on-undetermined 'Conditions that cannot be determined count as errors'
            cand -q 'Print findings only; twice: nothing but the exit code'
            cand --quiet 'Print findings only; twice: nothing but the exit code'
            cand -v 'Say more on stderr'
            cand --verbose 'Say more on stderr'
            cand --no-config 'Read no configuration file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gwc;config;path'= {
            cand --color 'When to use colours [default: auto]'
            cand --hyperlinks 'When to print hyperlinks [default: auto]'
            cand --progress 'When to show progress on stderr [default: auto]'
            cand --threads 'Threads to use [default: all cores]'
            cand --config 'Configuration file, or one setting as KEY=VALUE (repeatable)'
            cand -q 'Print findings only; twice: nothing but the exit code'
            cand --quiet 'Print findings only; twice: nothing but the exit code'
            cand -v 'Say more on stderr'
            cand --verbose 'Say more on stderr'
            cand --no-config 'Read no configuration file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gwc;config;schema'= {
            cand --color 'When to use colours [default: auto]'
            cand --hyperlinks 'When to print hyperlinks [default: auto]'
            cand --progress 'When to show progress on stderr [default: auto]'
            cand --threads 'Threads to use [default: all cores]'
            cand --config 'Configuration file, or one setting as KEY=VALUE (repeatable)'
            cand -q 'Print findings only; twice: nothing but the exit code'
            cand --quiet 'Print findings only; twice: nothing but the exit code'
            cand -v 'Say more on stderr'
            cand --verbose 'Say more on stderr'
            cand --no-config 'Read no configuration file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gwc;config;help'= {
            cand show 'Each value in effect with its origin'
            cand path 'The configuration file in use'
            cand schema 'JSON Schema of gwc.toml'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gwc;config;help;show'= {
        }
        &'gwc;config;help;path'= {
        }
        &'gwc;config;help;schema'= {
        }
        &'gwc;config;help;help'= {
        }
        &'gwc;schema'= {
            cand --color 'When to use colours [default: auto]'
            cand --hyperlinks 'When to print hyperlinks [default: auto]'
            cand --progress 'When to show progress on stderr [default: auto]'
            cand --threads 'Threads to use [default: all cores]'
            cand --config 'Configuration file, or one setting as KEY=VALUE (repeatable)'
            cand -q 'Print findings only; twice: nothing but the exit code'
            cand --quiet 'Print findings only; twice: nothing but the exit code'
            cand -v 'Say more on stderr'
            cand --verbose 'Say more on stderr'
            cand --no-config 'Read no configuration file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gwc;completions'= {
            cand --color 'When to use colours [default: auto]'
            cand --hyperlinks 'When to print hyperlinks [default: auto]'
            cand --progress 'When to show progress on stderr [default: auto]'
            cand --threads 'Threads to use [default: all cores]'
            cand --config 'Configuration file, or one setting as KEY=VALUE (repeatable)'
            cand -q 'Print findings only; twice: nothing but the exit code'
            cand --quiet 'Print findings only; twice: nothing but the exit code'
            cand -v 'Say more on stderr'
            cand --verbose 'Say more on stderr'
            cand --no-config 'Read no configuration file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gwc;man'= {
            cand --color 'When to use colours [default: auto]'
            cand --hyperlinks 'When to print hyperlinks [default: auto]'
            cand --progress 'When to show progress on stderr [default: auto]'
            cand --threads 'Threads to use [default: all cores]'
            cand --config 'Configuration file, or one setting as KEY=VALUE (repeatable)'
            cand -q 'Print findings only; twice: nothing but the exit code'
            cand --quiet 'Print findings only; twice: nothing but the exit code'
            cand -v 'Say more on stderr'
            cand --verbose 'Say more on stderr'
            cand --no-config 'Read no configuration file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gwc;version'= {
            cand -o 'text or json [default: text]'
            cand --output 'text or json [default: text]'
            cand --color 'When to use colours [default: auto]'
            cand --hyperlinks 'When to print hyperlinks [default: auto]'
            cand --progress 'When to show progress on stderr [default: auto]'
            cand --threads 'Threads to use [default: all cores]'
            cand --config 'Configuration file, or one setting as KEY=VALUE (repeatable)'
            cand -q 'Print findings only; twice: nothing but the exit code'
            cand --quiet 'Print findings only; twice: nothing but the exit code'
            cand -v 'Say more on stderr'
            cand --verbose 'Say more on stderr'
            cand --no-config 'Read no configuration file'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'gwc;help'= {
            cand check 'Check manifests: syntax, schema and rules of the API server, references, predicted status, lints'
            cand status 'Print the status that a conformant controller would write'
            cand explain 'Explain a rule, a condition or reason, or the attachment of one object'
            cand graph 'Draw objects and references, coloured by verdict'
            cand rules 'List the rules and their state in the current configuration'
            cand config 'Show the configuration'
            cand schema 'Print the JSON Schema of a file format'
            cand completions 'Print a completion script'
            cand man 'Print the manual page'
            cand version 'Print version, bundled Gateway API releases and features'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'gwc;help;check'= {
        }
        &'gwc;help;status'= {
        }
        &'gwc;help;explain'= {
        }
        &'gwc;help;graph'= {
        }
        &'gwc;help;rules'= {
        }
        &'gwc;help;config'= {
            cand show 'Each value in effect with its origin'
            cand path 'The configuration file in use'
            cand schema 'JSON Schema of gwc.toml'
        }
        &'gwc;help;config;show'= {
        }
        &'gwc;help;config;path'= {
        }
        &'gwc;help;config;schema'= {
        }
        &'gwc;help;schema'= {
        }
        &'gwc;help;completions'= {
        }
        &'gwc;help;man'= {
        }
        &'gwc;help;version'= {
        }
        &'gwc;help;help'= {
        }
    ]
    $completions[$command]
}
