
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
            [CompletionResult]::new('graph', 'graph', [CompletionResultType]::ParameterValue, 'Draw objects and references, coloured by verdict')
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
            [CompletionResult]::new('graph', 'graph', [CompletionResultType]::ParameterValue, 'Draw objects and references, coloured by verdict')
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
        'gwc;help;graph' {
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
