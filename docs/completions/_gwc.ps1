
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'gwc' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'gwc'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'gwc' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [default: auto]')
            [CompletionResult]::new('--hyperlinks', '--hyperlinks', [CompletionResultType]::ParameterName, 'When to print hyperlinks [default: auto]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on stderr [default: auto]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use [default: all cores]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file, or one setting as KEY=VALUE (repeatable)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check manifests: syntax, schema and rules of the API server, references, predicted status, lints')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Print the status that a conformant controller would write')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a rule, a condition or reason, or the attachment of one object')
            [CompletionResult]::new('compile', 'compile', [CompletionResultType]::ParameterValue, 'Compile manifests to the match IR: what is served, as text, JSON or figures')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare two worlds: what a change does to traffic, statuses and findings')
            [CompletionResult]::new('graph', 'graph', [CompletionResultType]::ParameterValue, 'Draw objects and references, coloured by verdict')
            [CompletionResult]::new('route', 'route', [CompletionResultType]::ParameterValue, 'Which listener, route and rule serve a request, and why the others do not')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Run route tests: requests and statuses against what is expected, coverage')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve manifests: a running gateway from a folder')
            [CompletionResult]::new('ingress-migrate', 'ingress-migrate', [CompletionResultType]::ParameterValue, 'Convert Ingresses to Gateway API: manifests, a report of what is lost, and proof')
            [CompletionResult]::new('rules', 'rules', [CompletionResultType]::ParameterValue, 'List the rules and their state in the current configuration')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show the configuration')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of a file format')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page')
            [CompletionResult]::new('version', 'version', [CompletionResultType]::ParameterValue, 'Print version, bundled Gateway API releases and features')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gwc;check' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'File, folder or glob with manifests to check (repeatable)')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'File, folder or glob with manifests to check (repeatable)')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'Name to show for standard input')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Read-only objects: resolve references, never reported on (repeatable)')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Read-only objects: resolve references, never reported on (repeatable)')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'World of the configuration, `[env.NAME]` (repeatable) [default: all]')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace for namespaced objects that name none [default: default]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace for namespaced objects that name none [default: default]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'What a missing object means: auto, open or closed')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'Fact to take for granted, for example `secret:shop/tls` (repeatable)')
            [CompletionResult]::new('--assume-class', '--assume-class', [CompletionResultType]::ParameterName, 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)')
            [CompletionResult]::new('--missing-secrets', '--missing-secrets', [CompletionResultType]::ParameterName, 'What a missing Secret means')
            [CompletionResult]::new('--missing-services', '--missing-services', [CompletionResultType]::ParameterName, 'What a missing Service means')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]')
            [CompletionResult]::new('--gateway-api', '--gateway-api', [CompletionResultType]::ParameterName, 'Gateway API release and channel of the cluster [default: detect, else newest/standard]')
            [CompletionResult]::new('--preset', '--preset', [CompletionResultType]::ParameterName, 'Base rule set: spec-only, recommended, strict, portable, all [default: recommended]')
            [CompletionResult]::new('--select', '--select', [CompletionResultType]::ParameterName, 'Run only these rules: code, prefix, group, name or ALL')
            [CompletionResult]::new('--extend-select', '--extend-select', [CompletionResultType]::ParameterName, 'Run these rules too')
            [CompletionResult]::new('--ignore', '--ignore', [CompletionResultType]::ParameterName, 'Do not run these rules')
            [CompletionResult]::new('--severity', '--severity', [CompletionResultType]::ParameterName, 'Severity of rules: error, warning, info or off')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Exit 1 from this severity on: error, warning, info or never [default: error]')
            [CompletionResult]::new('--max-warnings', '--max-warnings', [CompletionResultType]::ParameterName, 'Exit 1 when more warnings than this remain')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Output format, to a file with FMT=PATH (repeatable) [default: full]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Output format, to a file with FMT=PATH (repeatable) [default: full]')
            [CompletionResult]::new('--max-per-rule', '--max-per-rule', [CompletionResultType]::ParameterName, 'At most this many findings of one rule are printed')
            [CompletionResult]::new('--phase', '--phase', [CompletionResultType]::ParameterName, 'Run one phase alone: admission (the API server''s verdict; with -o admission-jsonl)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [default: auto]')
            [CompletionResult]::new('--hyperlinks', '--hyperlinks', [CompletionResultType]::ParameterName, 'When to print hyperlinks [default: auto]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on stderr [default: auto]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use [default: all cores]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file, or one setting as KEY=VALUE (repeatable)')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Zero objects is no error')
            [CompletionResult]::new('--fail-on-undetermined', '--fail-on-undetermined', [CompletionResultType]::ParameterName, 'Conditions that cannot be determined count as errors')
            [CompletionResult]::new('--exit-zero', '--exit-zero', [CompletionResultType]::ParameterName, 'Exit 0 instead of 1')
            [CompletionResult]::new('--no-suppressions', '--no-suppressions', [CompletionResultType]::ParameterName, 'Report suppressed findings as if they were not suppressed')
            [CompletionResult]::new('--show-suppressed', '--show-suppressed', [CompletionResultType]::ParameterName, 'Print suppressed findings too, marked as such')
            [CompletionResult]::new('--statistics', '--statistics', [CompletionResultType]::ParameterName, 'Count findings per rule, kind and namespace')
            [CompletionResult]::new('--timings', '--timings', [CompletionResultType]::ParameterName, 'Print times of the phases on stderr')
            [CompletionResult]::new('--show-object', '--show-object', [CompletionResultType]::ParameterName, 'With --phase admission: print the object as the server would store it')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gwc;status' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'File, folder or glob with manifests to check (repeatable)')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'File, folder or glob with manifests to check (repeatable)')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'Name to show for standard input')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Read-only objects: resolve references, never reported on (repeatable)')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Read-only objects: resolve references, never reported on (repeatable)')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'World of the configuration, `[env.NAME]` (repeatable) [default: all]')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace for namespaced objects that name none [default: default]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace for namespaced objects that name none [default: default]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'What a missing object means: auto, open or closed')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'Fact to take for granted, for example `secret:shop/tls` (repeatable)')
            [CompletionResult]::new('--assume-class', '--assume-class', [CompletionResultType]::ParameterName, 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)')
            [CompletionResult]::new('--missing-secrets', '--missing-secrets', [CompletionResultType]::ParameterName, 'What a missing Secret means')
            [CompletionResult]::new('--missing-services', '--missing-services', [CompletionResultType]::ParameterName, 'What a missing Service means')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]')
            [CompletionResult]::new('--gateway-api', '--gateway-api', [CompletionResultType]::ParameterName, 'Gateway API release and channel of the cluster [default: detect, else newest/standard]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Output format, to a file with FMT=PATH (repeatable) [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Output format, to a file with FMT=PATH (repeatable) [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [default: auto]')
            [CompletionResult]::new('--hyperlinks', '--hyperlinks', [CompletionResultType]::ParameterName, 'When to print hyperlinks [default: auto]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on stderr [default: auto]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use [default: all cores]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file, or one setting as KEY=VALUE (repeatable)')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Zero objects is no error')
            [CompletionResult]::new('--only-negative', '--only-negative', [CompletionResultType]::ParameterName, 'Only objects with a condition that is not as it should be')
            [CompletionResult]::new('--why', '--why', [CompletionResultType]::ParameterName, 'One line of reason per condition, with file and line')
            [CompletionResult]::new('--fail-on-negative', '--fail-on-negative', [CompletionResultType]::ParameterName, 'Exit 1 when an object''s Accepted, ResolvedRefs or Programmed is not True')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gwc;explain' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'File, folder or glob with manifests to check (repeatable)')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'File, folder or glob with manifests to check (repeatable)')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'Name to show for standard input')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Read-only objects: resolve references, never reported on (repeatable)')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Read-only objects: resolve references, never reported on (repeatable)')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'World of the configuration, `[env.NAME]` (repeatable) [default: all]')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace for namespaced objects that name none [default: default]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace for namespaced objects that name none [default: default]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'What a missing object means: auto, open or closed')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'Fact to take for granted, for example `secret:shop/tls` (repeatable)')
            [CompletionResult]::new('--assume-class', '--assume-class', [CompletionResultType]::ParameterName, 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)')
            [CompletionResult]::new('--missing-secrets', '--missing-secrets', [CompletionResultType]::ParameterName, 'What a missing Secret means')
            [CompletionResult]::new('--missing-services', '--missing-services', [CompletionResultType]::ParameterName, 'What a missing Service means')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]')
            [CompletionResult]::new('--gateway-api', '--gateway-api', [CompletionResultType]::ParameterName, 'Gateway API release and channel of the cluster [default: detect, else newest/standard]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [default: auto]')
            [CompletionResult]::new('--hyperlinks', '--hyperlinks', [CompletionResultType]::ParameterName, 'When to print hyperlinks [default: auto]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on stderr [default: auto]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use [default: all cores]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file, or one setting as KEY=VALUE (repeatable)')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Zero objects is no error')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'Everything explainable')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gwc;compile' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'File, folder or glob with manifests to check (repeatable)')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'File, folder or glob with manifests to check (repeatable)')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'Name to show for standard input')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Read-only objects: resolve references, never reported on (repeatable)')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Read-only objects: resolve references, never reported on (repeatable)')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'World of the configuration, `[env.NAME]` (repeatable) [default: all]')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace for namespaced objects that name none [default: default]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace for namespaced objects that name none [default: default]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'What a missing object means: auto, open or closed')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'Fact to take for granted, for example `secret:shop/tls` (repeatable)')
            [CompletionResult]::new('--assume-class', '--assume-class', [CompletionResultType]::ParameterName, 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)')
            [CompletionResult]::new('--missing-secrets', '--missing-secrets', [CompletionResultType]::ParameterName, 'What a missing Secret means')
            [CompletionResult]::new('--missing-services', '--missing-services', [CompletionResultType]::ParameterName, 'What a missing Service means')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]')
            [CompletionResult]::new('--gateway-api', '--gateway-api', [CompletionResultType]::ParameterName, 'Gateway API release and channel of the cluster [default: detect, else newest/standard]')
            [CompletionResult]::new('--emit', '--emit', [CompletionResultType]::ParameterName, 'What to print')
            [CompletionResult]::new('-O', '-O ', [CompletionResultType]::ParameterName, 'File to write to [default: standard output]')
            [CompletionResult]::new('--output-file', '--output-file', [CompletionResultType]::ParameterName, 'File to write to [default: standard output]')
            [CompletionResult]::new('--listener', '--listener', [CompletionResultType]::ParameterName, 'Only this listener of a Gateway or ListenerSet')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [default: auto]')
            [CompletionResult]::new('--hyperlinks', '--hyperlinks', [CompletionResultType]::ParameterName, 'When to print hyperlinks [default: auto]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on stderr [default: auto]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use [default: all cores]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file, or one setting as KEY=VALUE (repeatable)')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Zero objects is no error')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Compare the compiled matcher with the reference on generated boundary requests')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gwc;diff' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'File, folder or glob with manifests to check (repeatable)')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'File, folder or glob with manifests to check (repeatable)')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'Name to show for standard input')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Read-only objects: resolve references, never reported on (repeatable)')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Read-only objects: resolve references, never reported on (repeatable)')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'World of the configuration, `[env.NAME]` (repeatable) [default: all]')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace for namespaced objects that name none [default: default]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace for namespaced objects that name none [default: default]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'What a missing object means: auto, open or closed')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'Fact to take for granted, for example `secret:shop/tls` (repeatable)')
            [CompletionResult]::new('--assume-class', '--assume-class', [CompletionResultType]::ParameterName, 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)')
            [CompletionResult]::new('--missing-secrets', '--missing-secrets', [CompletionResultType]::ParameterName, 'What a missing Secret means')
            [CompletionResult]::new('--missing-services', '--missing-services', [CompletionResultType]::ParameterName, 'What a missing Service means')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]')
            [CompletionResult]::new('--gateway-api', '--gateway-api', [CompletionResultType]::ParameterName, 'Gateway API release and channel of the cluster [default: detect, else newest/standard]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'text, markdown or json, to a file with FMT=PATH (repeatable) [default: text]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'text, markdown or json, to a file with FMT=PATH (repeatable) [default: text]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Exit 1 from this class on: break, shift, add or never [default: break]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [default: auto]')
            [CompletionResult]::new('--hyperlinks', '--hyperlinks', [CompletionResultType]::ParameterName, 'When to print hyperlinks [default: auto]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on stderr [default: auto]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use [default: all cores]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file, or one setting as KEY=VALUE (repeatable)')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Zero objects is no error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gwc;graph' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'File, folder or glob with manifests to check (repeatable)')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'File, folder or glob with manifests to check (repeatable)')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'Name to show for standard input')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Read-only objects: resolve references, never reported on (repeatable)')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Read-only objects: resolve references, never reported on (repeatable)')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'World of the configuration, `[env.NAME]` (repeatable) [default: all]')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace for namespaced objects that name none [default: default]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace for namespaced objects that name none [default: default]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'What a missing object means: auto, open or closed')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'Fact to take for granted, for example `secret:shop/tls` (repeatable)')
            [CompletionResult]::new('--assume-class', '--assume-class', [CompletionResultType]::ParameterName, 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)')
            [CompletionResult]::new('--missing-secrets', '--missing-secrets', [CompletionResultType]::ParameterName, 'What a missing Secret means')
            [CompletionResult]::new('--missing-services', '--missing-services', [CompletionResultType]::ParameterName, 'What a missing Service means')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]')
            [CompletionResult]::new('--gateway-api', '--gateway-api', [CompletionResultType]::ParameterName, 'Gateway API release and channel of the cluster [default: detect, else newest/standard]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'tree, dot, mermaid or json, to a file with FMT=PATH (repeatable) [default: tree]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'tree, dot, mermaid or json, to a file with FMT=PATH (repeatable) [default: tree]')
            [CompletionResult]::new('--focus', '--focus', [CompletionResultType]::ParameterName, 'Only what is connected with this object')
            [CompletionResult]::new('--depth', '--depth', [CompletionResultType]::ParameterName, 'At most this many references away: from the focus [default: 2], else from the roots [default: all]')
            [CompletionResult]::new('--include', '--include', [CompletionResultType]::ParameterName, 'Kinds to add: policies, grants, secrets (ConfigMaps too), endpoints')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [default: auto]')
            [CompletionResult]::new('--hyperlinks', '--hyperlinks', [CompletionResultType]::ParameterName, 'When to print hyperlinks [default: auto]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on stderr [default: auto]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use [default: all cores]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file, or one setting as KEY=VALUE (repeatable)')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Zero objects is no error')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Name the conditions that are not as they should be')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gwc;route' {
            [CompletionResult]::new('-X', '-X ', [CompletionResultType]::ParameterName, 'Method [default: GET; POST with a body, HEAD with -I]')
            [CompletionResult]::new('--request', '--request', [CompletionResultType]::ParameterName, 'Method [default: GET; POST with a body, HEAD with -I]')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Header line; `NAME:` takes an implied one away, `NAME;` sends it empty (repeatable)')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Header line; `NAME:` takes an implied one away, `NAME;` sends it empty (repeatable)')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Body, or @FILE (repeatable: joined by `&`)')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'Body, or @FILE (repeatable: joined by `&`)')
            [CompletionResult]::new('--data-raw', '--data-raw', [CompletionResultType]::ParameterName, 'Body, or @FILE (repeatable: joined by `&`)')
            [CompletionResult]::new('--data-binary', '--data-binary', [CompletionResultType]::ParameterName, 'Body, or @FILE (repeatable: joined by `&`)')
            [CompletionResult]::new('--data-ascii', '--data-ascii', [CompletionResultType]::ParameterName, 'Body, or @FILE (repeatable: joined by `&`)')
            [CompletionResult]::new('--data-urlencode', '--data-urlencode', [CompletionResultType]::ParameterName, 'Body part that is URL-encoded: TEXT, or NAME=TEXT (repeatable)')
            [CompletionResult]::new('--data-size', '--data-size', [CompletionResultType]::ParameterName, 'A body of this many bytes')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'JSON body, with its content type')
            [CompletionResult]::new('--url-query', '--url-query', [CompletionResultType]::ParameterName, 'Query parameter, URL-encoded: TEXT, or NAME=TEXT (repeatable)')
            [CompletionResult]::new('-A', '-A ', [CompletionResultType]::ParameterName, 'User-Agent')
            [CompletionResult]::new('--user-agent', '--user-agent', [CompletionResultType]::ParameterName, 'User-Agent')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Referer')
            [CompletionResult]::new('--referer', '--referer', [CompletionResultType]::ParameterName, 'Referer')
            [CompletionResult]::new('-b', '-b', [CompletionResultType]::ParameterName, 'Cookies, NAME=VALUE (repeatable)')
            [CompletionResult]::new('--cookie', '--cookie', [CompletionResultType]::ParameterName, 'Cookies, NAME=VALUE (repeatable)')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Basic authorization')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Basic authorization')
            [CompletionResult]::new('--oauth2-bearer', '--oauth2-bearer', [CompletionResultType]::ParameterName, 'Bearer authorization')
            [CompletionResult]::new('--sni', '--sni', [CompletionResultType]::ParameterName, 'Name in the ClientHello; empty: none [default: the host of the URL]')
            [CompletionResult]::new('--resolve-port', '--resolve-port', [CompletionResultType]::ParameterName, 'Port that the request arrives at, where it is not the one in the URL')
            [CompletionResult]::new('--gateway', '--gateway', [CompletionResultType]::ParameterName, 'Only this Gateway, or this listener of it [default: every Gateway that could take the request]')
            [CompletionResult]::new('--why-not', '--why-not', [CompletionResultType]::ParameterName, 'Why this route did not get the request (repeatable)')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'tree, table or json; to a file with FMT=PATH (repeatable) [default: tree]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'tree, table or json; to a file with FMT=PATH (repeatable) [default: tree]')
            [CompletionResult]::new('--from-har', '--from-har', [CompletionResultType]::ParameterName, 'Requests of a HAR file, as browsers save it')
            [CompletionResult]::new('--from-log', '--from-log', [CompletionResultType]::ParameterName, 'Requests of an access log, `-` for standard input; scheme, host and port that it lacks come from a URL argument')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Format of the log: combined (also common, and with the virtual host in front) or json (one object a line)')
            [CompletionResult]::new('--top', '--top', [CompletionResultType]::ParameterName, 'How many unmatched requests and rules without one are listed [default: 10]')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'File, folder or glob with manifests to check (repeatable)')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'File, folder or glob with manifests to check (repeatable)')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'Name to show for standard input')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Read-only objects: resolve references, never reported on (repeatable)')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Read-only objects: resolve references, never reported on (repeatable)')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'World of the configuration, `[env.NAME]` (repeatable) [default: all]')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace for namespaced objects that name none [default: default]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace for namespaced objects that name none [default: default]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'What a missing object means: auto, open or closed')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'Fact to take for granted, for example `secret:shop/tls` (repeatable)')
            [CompletionResult]::new('--assume-class', '--assume-class', [CompletionResultType]::ParameterName, 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)')
            [CompletionResult]::new('--missing-secrets', '--missing-secrets', [CompletionResultType]::ParameterName, 'What a missing Secret means')
            [CompletionResult]::new('--missing-services', '--missing-services', [CompletionResultType]::ParameterName, 'What a missing Service means')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]')
            [CompletionResult]::new('--gateway-api', '--gateway-api', [CompletionResultType]::ParameterName, 'Gateway API release and channel of the cluster [default: detect, else newest/standard]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [default: auto]')
            [CompletionResult]::new('--hyperlinks', '--hyperlinks', [CompletionResultType]::ParameterName, 'When to print hyperlinks [default: auto]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on stderr [default: auto]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use [default: all cores]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file, or one setting as KEY=VALUE (repeatable)')
            [CompletionResult]::new('-G', '-G ', [CompletionResultType]::ParameterName, 'The data goes into the query')
            [CompletionResult]::new('--get', '--get', [CompletionResultType]::ParameterName, 'The data goes into the query')
            [CompletionResult]::new('-I', '-I ', [CompletionResultType]::ParameterName, 'HEAD')
            [CompletionResult]::new('--head', '--head', [CompletionResultType]::ParameterName, 'HEAD')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every match that could take requests, in order of precedence, with what decided')
            [CompletionResult]::new('--fail-unmatched', '--fail-unmatched', [CompletionResultType]::ParameterName, 'Exit 1 when nothing matched')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Zero objects is no error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gwc;test' {
            [CompletionResult]::new('--filter', '--filter', [CompletionResultType]::ParameterName, 'Only tests whose name matches this regular expression somewhere; coverage is not judged')
            [CompletionResult]::new('--show', '--show', [CompletionResultType]::ParameterName, 'Which tests are printed [default: failures]')
            [CompletionResult]::new('--fail-under', '--fail-under', [CompletionResultType]::ParameterName, 'Exit 1 when less than this part is reached, in percent')
            [CompletionResult]::new('--record', '--record', [CompletionResultType]::ParameterName, 'Write tests that pin what happens today, to FILE or stdout, and run nothing')
            [CompletionResult]::new('--live', '--live', [CompletionResultType]::ParameterName, 'Send the requests to a running gateway too, at this http or https URL (repeatable), and compare its answers')
            [CompletionResult]::new('--live-ca', '--live-ca', [CompletionResultType]::ParameterName, 'Authorities that certificates of the gateway come from, for --live with https')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'full, json, junit or tap; to a file with FMT=PATH (repeatable) [default: full]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'full, json, junit or tap; to a file with FMT=PATH (repeatable) [default: full]')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'File, folder or glob with manifests to check (repeatable)')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'File, folder or glob with manifests to check (repeatable)')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'Name to show for standard input')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Read-only objects: resolve references, never reported on (repeatable)')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Read-only objects: resolve references, never reported on (repeatable)')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'World of the configuration, `[env.NAME]` (repeatable) [default: all]')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace for namespaced objects that name none [default: default]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace for namespaced objects that name none [default: default]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'What a missing object means: auto, open or closed')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'Fact to take for granted, for example `secret:shop/tls` (repeatable)')
            [CompletionResult]::new('--assume-class', '--assume-class', [CompletionResultType]::ParameterName, 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)')
            [CompletionResult]::new('--missing-secrets', '--missing-secrets', [CompletionResultType]::ParameterName, 'What a missing Secret means')
            [CompletionResult]::new('--missing-services', '--missing-services', [CompletionResultType]::ParameterName, 'What a missing Service means')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]')
            [CompletionResult]::new('--gateway-api', '--gateway-api', [CompletionResultType]::ParameterName, 'Gateway API release and channel of the cluster [default: detect, else newest/standard]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [default: auto]')
            [CompletionResult]::new('--hyperlinks', '--hyperlinks', [CompletionResultType]::ParameterName, 'When to print hyperlinks [default: auto]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on stderr [default: auto]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use [default: all cores]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file, or one setting as KEY=VALUE (repeatable)')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'Print names and places of the tests and run nothing')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Zero objects is no error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gwc;serve' {
            [CompletionResult]::new('--bind', '--bind', [CompletionResultType]::ParameterName, 'Address of the first Gateway, or of one Gateway (repeatable); port 0: any free port [default: 127.0.0.1; further Gateways on a taken port get 127.0.0.2 and so on]')
            [CompletionResult]::new('--port-offset', '--port-offset', [CompletionResultType]::ParameterName, 'Added to every port [default: 0, or 8000 without the right to bind low ports]')
            [CompletionResult]::new('--gateway-class', '--gateway-class', [CompletionResultType]::ParameterName, 'Only Gateways of this class (repeatable) [default: every Gateway, whatever its class]')
            [CompletionResult]::new('--tls', '--tls', [CompletionResultType]::ParameterName, 'Certificates: those of Secrets only, or a local authority for every listener [default: Secrets where given, the local authority for the rest]')
            [CompletionResult]::new('--map', '--map', [CompletionResultType]::ParameterName, 'A port of a Service is reached at HOST:PORT (repeatable)')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Load again when files change: on or off')
            [CompletionResult]::new('--ir', '--ir', [CompletionResultType]::ParameterName, 'Serve an IR of `gwc compile --emit json` instead of manifests')
            [CompletionResult]::new('--exec', '--exec', [CompletionResultType]::ParameterName, 'Run a command once requests are served, with addresses in GWC_*; its exit code becomes ours (last option)')
            [CompletionResult]::new('--admin', '--admin', [CompletionResultType]::ParameterName, 'Address of metrics, health, live routes, or off [default: 127.0.0.1:9901]')
            [CompletionResult]::new('--drain-delay', '--drain-delay', [CompletionResultType]::ParameterName, 'From SIGTERM until no more connections are taken; meanwhile not ready [default: 0s, or 5s with --cluster]')
            [CompletionResult]::new('--drain-timeout', '--drain-timeout', [CompletionResultType]::ParameterName, 'Until open connections are closed')
            [CompletionResult]::new('--workers', '--workers', [CompletionResultType]::ParameterName, 'Worker threads [default: one for each CPU]')
            [CompletionResult]::new('--access-log', '--access-log', [CompletionResultType]::ParameterName, 'File that gets a line per request; - for standard output')
            [CompletionResult]::new('--access-log-format', '--access-log-format', [CompletionResultType]::ParameterName, 'Format of these lines')
            [CompletionResult]::new('--access-log-sample', '--access-log-sample', [CompletionResultType]::ParameterName, 'One request in so many is logged')
            [CompletionResult]::new('--trusted-proxies', '--trusted-proxies', [CompletionResultType]::ParameterName, 'Networks whose X-Forwarded headers count (comma-separated, repeatable) [default: none]')
            [CompletionResult]::new('--encoded-slash', '--encoded-slash', [CompletionResultType]::ParameterName, 'What %2F and %5C in a path mean')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Serve the objects of a Kubernetes API; CONTEXT is one of the kubeconfig [default: the current one]')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig file [default: $KUBECONFIG, ~/.kube/config, or the service account of the pod]')
            [CompletionResult]::new('--controller-name', '--controller-name', [CompletionResultType]::ParameterName, 'Serve Gateways whose class names this controller')
            [CompletionResult]::new('--address-pool', '--address-pool', [CompletionResultType]::ParameterName, 'Addresses for Gateways, one each: networks and addresses, separated by commas')
            [CompletionResult]::new('--publish-address', '--publish-address', [CompletionResultType]::ParameterName, 'One address that all Gateways share and publish')
            [CompletionResult]::new('--watch-namespace', '--watch-namespace', [CompletionResultType]::ParameterName, 'Look at the objects of one namespace only [default: all]')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'File, folder or glob with manifests to check (repeatable)')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'File, folder or glob with manifests to check (repeatable)')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'Name to show for standard input')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Read-only objects: resolve references, never reported on (repeatable)')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Read-only objects: resolve references, never reported on (repeatable)')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'World of the configuration, `[env.NAME]` (repeatable) [default: all]')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace for namespaced objects that name none [default: default]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace for namespaced objects that name none [default: default]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'What a missing object means: auto, open or closed')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'Fact to take for granted, for example `secret:shop/tls` (repeatable)')
            [CompletionResult]::new('--assume-class', '--assume-class', [CompletionResultType]::ParameterName, 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)')
            [CompletionResult]::new('--missing-secrets', '--missing-secrets', [CompletionResultType]::ParameterName, 'What a missing Secret means')
            [CompletionResult]::new('--missing-services', '--missing-services', [CompletionResultType]::ParameterName, 'What a missing Service means')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]')
            [CompletionResult]::new('--gateway-api', '--gateway-api', [CompletionResultType]::ParameterName, 'Gateway API release and channel of the cluster [default: detect, else newest/standard]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [default: auto]')
            [CompletionResult]::new('--hyperlinks', '--hyperlinks', [CompletionResultType]::ParameterName, 'When to print hyperlinks [default: auto]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on stderr [default: auto]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use [default: all cores]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file, or one setting as KEY=VALUE (repeatable)')
            [CompletionResult]::new('--echo', '--echo', [CompletionResultType]::ParameterName, 'What is not mapped goes to a built-in backend that answers with what it saw; missing Services are taken to exist')
            [CompletionResult]::new('--keep-going', '--keep-going', [CompletionResultType]::ParameterName, 'Serve what the API server would take, even if it would refuse the rest')
            [CompletionResult]::new('--validate', '--validate', [CompletionResultType]::ParameterName, 'Load, print the table, end')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Requests without X-Request-Id get one')
            [CompletionResult]::new('--redirect-bound-port', '--redirect-bound-port', [CompletionResultType]::ParameterName, 'Redirects name the port that is bound, not that of the listener')
            [CompletionResult]::new('--explain-header', '--explain-header', [CompletionResultType]::ParameterName, 'Responses name route, rule and match in X-Gwc-Route')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Zero objects is no error')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gwc;ingress-migrate' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'File, folder or glob with manifests to check (repeatable)')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'File, folder or glob with manifests to check (repeatable)')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'Name to show for standard input')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Read-only objects: resolve references, never reported on (repeatable)')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Read-only objects: resolve references, never reported on (repeatable)')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'World of the configuration, `[env.NAME]` (repeatable) [default: all]')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace for namespaced objects that name none [default: default]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace for namespaced objects that name none [default: default]')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'What a missing object means: auto, open or closed')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'Fact to take for granted, for example `secret:shop/tls` (repeatable)')
            [CompletionResult]::new('--assume-class', '--assume-class', [CompletionResultType]::ParameterName, 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)')
            [CompletionResult]::new('--missing-secrets', '--missing-secrets', [CompletionResultType]::ParameterName, 'What a missing Secret means')
            [CompletionResult]::new('--missing-services', '--missing-services', [CompletionResultType]::ParameterName, 'What a missing Service means')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]')
            [CompletionResult]::new('--gateway-api', '--gateway-api', [CompletionResultType]::ParameterName, 'Gateway API release and channel of the cluster [default: detect, else newest/standard]')
            [CompletionResult]::new('--selector', '--selector', [CompletionResultType]::ParameterName, 'Convert only Ingresses with these labels')
            [CompletionResult]::new('--ingress', '--ingress', [CompletionResultType]::ParameterName, 'Convert only these Ingresses: NS/NAME (repeatable)')
            [CompletionResult]::new('--class', '--class', [CompletionResultType]::ParameterName, 'Convert only this IngressClass')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Controller of the Ingresses: ingress-nginx or generic [default: that of their class]')
            [CompletionResult]::new('--class-for-unclassed', '--class-for-unclassed', [CompletionResultType]::ParameterName, 'Class of Ingresses that name none')
            [CompletionResult]::new('--emit', '--emit', [CompletionResultType]::ParameterName, 'What to write: standard [default: standard]')
            [CompletionResult]::new('--channel', '--channel', [CompletionResultType]::ParameterName, 'standard or experimental [default: standard]')
            [CompletionResult]::new('--gateway-mode', '--gateway-mode', [CompletionResultType]::ParameterName, 'Which Gateways: shared, per-namespace, per-ingress [default: shared]')
            [CompletionResult]::new('--gateway', '--gateway', [CompletionResultType]::ParameterName, 'Attach to this Gateway, write none: NS/NAME')
            [CompletionResult]::new('--gateway-name', '--gateway-name', [CompletionResultType]::ParameterName, 'Name of the Gateway [default: that of the class]')
            [CompletionResult]::new('--gateway-namespace', '--gateway-namespace', [CompletionResultType]::ParameterName, 'Namespace of the Gateway [default: gateway-infra]')
            [CompletionResult]::new('--listeners', '--listeners', [CompletionResultType]::ParameterName, 'Where listeners go: auto, gateway, listenerset [default: auto]')
            [CompletionResult]::new('--https-listeners', '--https-listeners', [CompletionResultType]::ParameterName, 'What an HTTPS listener stands for: host or cert [default: host]')
            [CompletionResult]::new('--http-port', '--http-port', [CompletionResultType]::ParameterName, 'Port of HTTP listeners [default: 80]')
            [CompletionResult]::new('--https-port', '--https-port', [CompletionResultType]::ParameterName, 'Port of HTTPS listeners [default: 443]')
            [CompletionResult]::new('--class-map', '--class-map', [CompletionResultType]::ParameterName, 'GatewayClass of an IngressClass: CLASS=GATEWAYCLASS (repeatable)')
            [CompletionResult]::new('--class-map-identity', '--class-map-identity', [CompletionResultType]::ParameterName, 'GatewayClasses have the names of the IngressClasses')
            [CompletionResult]::new('--emit-gatewayclass', '--emit-gatewayclass', [CompletionResultType]::ParameterName, 'Write the GatewayClass too')
            [CompletionResult]::new('--emit-namespace', '--emit-namespace', [CompletionResultType]::ParameterName, 'Write the namespace of the Gateway too')
            [CompletionResult]::new('--allow-all-namespaces', '--allow-all-namespaces', [CompletionResultType]::ParameterName, 'Listeners take routes of all namespaces')
            [CompletionResult]::new('--default-certificate', '--default-certificate', [CompletionResultType]::ParameterName, 'Certificate of hosts that have none of their own: NS/SECRET')
            [CompletionResult]::new('--default-backend', '--default-backend', [CompletionResultType]::ParameterName, 'What answers where no Ingress does: NS/SERVICE:PORT')
            [CompletionResult]::new('--controller-config', '--controller-config', [CompletionResultType]::ParameterName, 'Manifest of the controller''s ConfigMap')
            [CompletionResult]::new('--controller-args', '--controller-args', [CompletionResultType]::ParameterName, 'Flags that the controller runs with, as one text')
            [CompletionResult]::new('--controller-class', '--controller-class', [CompletionResultType]::ParameterName, '`spec.controller` of its IngressClasses [default: k8s.io/ingress-nginx]')
            [CompletionResult]::new('--annotation-prefix', '--annotation-prefix', [CompletionResultType]::ParameterName, 'Prefix of its annotations [default: nginx.ingress.kubernetes.io]')
            [CompletionResult]::new('--backend-hostname', '--backend-hostname', [CompletionResultType]::ParameterName, 'Name that the certificate of a backend has: SERVICE=NAME or NS/SERVICE=NAME (repeatable)')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'Issuer that cert-manager uses by default: KIND/NAME')
            [CompletionResult]::new('--assume-order', '--assume-order', [CompletionResultType]::ParameterName, 'Order of Ingresses of the same age: file or name [default: that of the controller]')
            [CompletionResult]::new('--external-tls', '--external-tls', [CompletionResultType]::ParameterName, 'TLS ends in front of the controller')
            [CompletionResult]::new('--simplify-regex', '--simplify-regex', [CompletionResultType]::ParameterName, 'Regular expressions that may become prefixes: off, auto or on [default: off]')
            [CompletionResult]::new('--timeout-mapping', '--timeout-mapping', [CompletionResultType]::ParameterName, 'What becomes of timeouts between reads: policy or backend-request [default: policy]')
            [CompletionResult]::new('--preserve-defaults', '--preserve-defaults', [CompletionResultType]::ParameterName, 'Defaults of the controller to keep: hsts')
            [CompletionResult]::new('--read-snippets', '--read-snippets', [CompletionResultType]::ParameterName, 'Translate snippets that are understood')
            [CompletionResult]::new('--keep-snippets', '--keep-snippets', [CompletionResultType]::ParameterName, 'Keep the text of snippets as comments')
            [CompletionResult]::new('--keep-resource-backends', '--keep-resource-backends', [CompletionResultType]::ParameterName, 'Write backends that are resources')
            [CompletionResult]::new('--keep-labels', '--keep-labels', [CompletionResultType]::ParameterName, 'Copy all labels')
            [CompletionResult]::new('--keep-annotations', '--keep-annotations', [CompletionResultType]::ParameterName, 'Copy annotations of other tools')
            [CompletionResult]::new('--cors-keep-credentials', '--cors-keep-credentials', [CompletionResultType]::ParameterName, 'Allow credentials together with every origin')
            [CompletionResult]::new('--allow-plaintext-downgrade', '--allow-plaintext-downgrade', [CompletionResultType]::ParameterName, 'Serve hosts in clear text whose certificate is not known')
            [CompletionResult]::new('--omit-unconvertible', '--omit-unconvertible', [CompletionResultType]::ParameterName, 'Leave rules out that cannot be converted, instead of closing them')
            [CompletionResult]::new('--accept', '--accept', [CompletionResultType]::ParameterName, 'Accept a loss: `CODE:NS/NAME[:REASON]` (repeatable)')
            [CompletionResult]::new('--accept-file', '--accept-file', [CompletionResultType]::ParameterName, 'File of accepted losses, one a line')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Exit 1 from this severity on: error, warning, info or never [default: error]')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Compare old and new: off, fast or full [default: fast]')
            [CompletionResult]::new('--verify-budget', '--verify-budget', [CompletionResultType]::ParameterName, 'Cells of a host to look at before it is sampled [default: 20000 for fast, 200000 for full]')
            [CompletionResult]::new('--record', '--record', [CompletionResultType]::ParameterName, 'Write the requests and answers of the verification as tests for `gwc test`')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Where manifests go: `-`, a file, or a folder [default: -]')
            [CompletionResult]::new('--layout', '--layout', [CompletionResultType]::ParameterName, 'Files of a folder: single, per-kind, per-namespace, per-ingress [default: per-namespace]')
            [CompletionResult]::new('--kustomization', '--kustomization', [CompletionResultType]::ParameterName, 'Write a kustomization.yaml beside the files')
            [CompletionResult]::new('--comments', '--comments', [CompletionResultType]::ParameterName, 'Comments in manifests: none, brief or full [default: brief]')
            [CompletionResult]::new('--no-provenance', '--no-provenance', [CompletionResultType]::ParameterName, 'No labels and annotations that name the source')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the report, to a file with FMT=PATH (repeatable) [default: full]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the report, to a file with FMT=PATH (repeatable) [default: full]')
            [CompletionResult]::new('--old', '--old', [CompletionResultType]::ParameterName, 'Address of the old controller, to send the requests of the verification to (with --new; one for each scheme)')
            [CompletionResult]::new('--new', '--new', [CompletionResultType]::ParameterName, 'Address of the new Gateway (with --old; one for each scheme)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [default: auto]')
            [CompletionResult]::new('--hyperlinks', '--hyperlinks', [CompletionResultType]::ParameterName, 'When to print hyperlinks [default: auto]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on stderr [default: auto]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use [default: all cores]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file, or one setting as KEY=VALUE (repeatable)')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Zero objects is no error')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Write nothing; exit 1 where the files of --out are not what would be written')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Overwrite and remove files that were changed by hand')
            [CompletionResult]::new('--plan', '--plan', [CompletionResultType]::ParameterName, 'Report, inventory and steps of the cut-over; no manifest')
            [CompletionResult]::new('--allow-unsafe-methods', '--allow-unsafe-methods', [CompletionResultType]::ParameterName, 'Send other methods than GET, HEAD and OPTIONS to --old and --new too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gwc;rules' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'table, json or md [default: table]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'table, json or md [default: table]')
            [CompletionResult]::new('--preset', '--preset', [CompletionResultType]::ParameterName, 'Base rule set: spec-only, recommended, strict, portable, all [default: recommended]')
            [CompletionResult]::new('--select', '--select', [CompletionResultType]::ParameterName, 'Run only these rules: code, prefix, group, name or ALL')
            [CompletionResult]::new('--extend-select', '--extend-select', [CompletionResultType]::ParameterName, 'Run these rules too')
            [CompletionResult]::new('--ignore', '--ignore', [CompletionResultType]::ParameterName, 'Do not run these rules')
            [CompletionResult]::new('--severity', '--severity', [CompletionResultType]::ParameterName, 'Severity of rules: error, warning, info or off')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Exit 1 from this severity on: error, warning, info or never [default: error]')
            [CompletionResult]::new('--max-warnings', '--max-warnings', [CompletionResultType]::ParameterName, 'Exit 1 when more warnings than this remain')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [default: auto]')
            [CompletionResult]::new('--hyperlinks', '--hyperlinks', [CompletionResultType]::ParameterName, 'When to print hyperlinks [default: auto]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on stderr [default: auto]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use [default: all cores]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file, or one setting as KEY=VALUE (repeatable)')
            [CompletionResult]::new('--fail-on-undetermined', '--fail-on-undetermined', [CompletionResultType]::ParameterName, 'Conditions that cannot be determined count as errors')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gwc;config' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [default: auto]')
            [CompletionResult]::new('--hyperlinks', '--hyperlinks', [CompletionResultType]::ParameterName, 'When to print hyperlinks [default: auto]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on stderr [default: auto]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use [default: all cores]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file, or one setting as KEY=VALUE (repeatable)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Each value in effect with its origin')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'The configuration file in use')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'JSON Schema of gwc.toml')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gwc;config;show' {
            [CompletionResult]::new('--preset', '--preset', [CompletionResultType]::ParameterName, 'Base rule set: spec-only, recommended, strict, portable, all [default: recommended]')
            [CompletionResult]::new('--select', '--select', [CompletionResultType]::ParameterName, 'Run only these rules: code, prefix, group, name or ALL')
            [CompletionResult]::new('--extend-select', '--extend-select', [CompletionResultType]::ParameterName, 'Run these rules too')
            [CompletionResult]::new('--ignore', '--ignore', [CompletionResultType]::ParameterName, 'Do not run these rules')
            [CompletionResult]::new('--severity', '--severity', [CompletionResultType]::ParameterName, 'Severity of rules: error, warning, info or off')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Exit 1 from this severity on: error, warning, info or never [default: error]')
            [CompletionResult]::new('--max-warnings', '--max-warnings', [CompletionResultType]::ParameterName, 'Exit 1 when more warnings than this remain')
            [CompletionResult]::new('--world', '--world', [CompletionResultType]::ParameterName, 'What a missing object means: auto, open or closed')
            [CompletionResult]::new('--assume', '--assume', [CompletionResultType]::ParameterName, 'Fact to take for granted, for example `secret:shop/tls` (repeatable)')
            [CompletionResult]::new('--assume-class', '--assume-class', [CompletionResultType]::ParameterName, 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)')
            [CompletionResult]::new('--missing-secrets', '--missing-secrets', [CompletionResultType]::ParameterName, 'What a missing Secret means')
            [CompletionResult]::new('--missing-services', '--missing-services', [CompletionResultType]::ParameterName, 'What a missing Service means')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]')
            [CompletionResult]::new('--gateway-api', '--gateway-api', [CompletionResultType]::ParameterName, 'Gateway API release and channel of the cluster [default: detect, else newest/standard]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [default: auto]')
            [CompletionResult]::new('--hyperlinks', '--hyperlinks', [CompletionResultType]::ParameterName, 'When to print hyperlinks [default: auto]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on stderr [default: auto]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use [default: all cores]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file, or one setting as KEY=VALUE (repeatable)')
            [CompletionResult]::new('--fail-on-undetermined', '--fail-on-undetermined', [CompletionResultType]::ParameterName, 'Conditions that cannot be determined count as errors')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gwc;config;path' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [default: auto]')
            [CompletionResult]::new('--hyperlinks', '--hyperlinks', [CompletionResultType]::ParameterName, 'When to print hyperlinks [default: auto]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on stderr [default: auto]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use [default: all cores]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file, or one setting as KEY=VALUE (repeatable)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gwc;config;schema' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [default: auto]')
            [CompletionResult]::new('--hyperlinks', '--hyperlinks', [CompletionResultType]::ParameterName, 'When to print hyperlinks [default: auto]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on stderr [default: auto]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use [default: all cores]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file, or one setting as KEY=VALUE (repeatable)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gwc;config;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Each value in effect with its origin')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'The configuration file in use')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'JSON Schema of gwc.toml')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gwc;config;help;show' {
            break
        }
        'gwc;config;help;path' {
            break
        }
        'gwc;config;help;schema' {
            break
        }
        'gwc;config;help;help' {
            break
        }
        'gwc;schema' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [default: auto]')
            [CompletionResult]::new('--hyperlinks', '--hyperlinks', [CompletionResultType]::ParameterName, 'When to print hyperlinks [default: auto]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on stderr [default: auto]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use [default: all cores]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file, or one setting as KEY=VALUE (repeatable)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gwc;completions' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [default: auto]')
            [CompletionResult]::new('--hyperlinks', '--hyperlinks', [CompletionResultType]::ParameterName, 'When to print hyperlinks [default: auto]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on stderr [default: auto]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use [default: all cores]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file, or one setting as KEY=VALUE (repeatable)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gwc;man' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [default: auto]')
            [CompletionResult]::new('--hyperlinks', '--hyperlinks', [CompletionResultType]::ParameterName, 'When to print hyperlinks [default: auto]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on stderr [default: auto]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use [default: all cores]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file, or one setting as KEY=VALUE (repeatable)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gwc;version' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'text or json [default: text]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'text or json [default: text]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours [default: auto]')
            [CompletionResult]::new('--hyperlinks', '--hyperlinks', [CompletionResultType]::ParameterName, 'When to print hyperlinks [default: auto]')
            [CompletionResult]::new('--progress', '--progress', [CompletionResultType]::ParameterName, 'When to show progress on stderr [default: auto]')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads to use [default: all cores]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file, or one setting as KEY=VALUE (repeatable)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print findings only; twice: nothing but the exit code')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration file')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gwc;help' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check manifests: syntax, schema and rules of the API server, references, predicted status, lints')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Print the status that a conformant controller would write')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a rule, a condition or reason, or the attachment of one object')
            [CompletionResult]::new('compile', 'compile', [CompletionResultType]::ParameterValue, 'Compile manifests to the match IR: what is served, as text, JSON or figures')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare two worlds: what a change does to traffic, statuses and findings')
            [CompletionResult]::new('graph', 'graph', [CompletionResultType]::ParameterValue, 'Draw objects and references, coloured by verdict')
            [CompletionResult]::new('route', 'route', [CompletionResultType]::ParameterValue, 'Which listener, route and rule serve a request, and why the others do not')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Run route tests: requests and statuses against what is expected, coverage')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve manifests: a running gateway from a folder')
            [CompletionResult]::new('ingress-migrate', 'ingress-migrate', [CompletionResultType]::ParameterValue, 'Convert Ingresses to Gateway API: manifests, a report of what is lost, and proof')
            [CompletionResult]::new('rules', 'rules', [CompletionResultType]::ParameterValue, 'List the rules and their state in the current configuration')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show the configuration')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of a file format')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page')
            [CompletionResult]::new('version', 'version', [CompletionResultType]::ParameterValue, 'Print version, bundled Gateway API releases and features')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'gwc;help;check' {
            break
        }
        'gwc;help;status' {
            break
        }
        'gwc;help;explain' {
            break
        }
        'gwc;help;compile' {
            break
        }
        'gwc;help;diff' {
            break
        }
        'gwc;help;graph' {
            break
        }
        'gwc;help;route' {
            break
        }
        'gwc;help;test' {
            break
        }
        'gwc;help;serve' {
            break
        }
        'gwc;help;ingress-migrate' {
            break
        }
        'gwc;help;rules' {
            break
        }
        'gwc;help;config' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Each value in effect with its origin')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'The configuration file in use')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'JSON Schema of gwc.toml')
            break
        }
        'gwc;help;config;show' {
            break
        }
        'gwc;help;config;path' {
            break
        }
        'gwc;help;config;schema' {
            break
        }
        'gwc;help;schema' {
            break
        }
        'gwc;help;completions' {
            break
        }
        'gwc;help;man' {
            break
        }
        'gwc;help;version' {
            break
        }
        'gwc;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
