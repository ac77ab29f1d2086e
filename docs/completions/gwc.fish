# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_gwc_global_optspecs
    string join \n color= hyperlinks= progress= q/quiet v/verbose threads= config= no-config h/help V/version
end

function __fish_gwc_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_gwc_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_gwc_using_subcommand
    set -l cmd (__fish_gwc_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c gwc -n "__fish_gwc_needs_command" -l color -d 'When to use colours [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_needs_command" -l hyperlinks -d 'When to print hyperlinks [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_needs_command" -l progress -d 'When to show progress on stderr [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_needs_command" -l threads -d 'Threads to use [default: all cores]' -r
complete -c gwc -n "__fish_gwc_needs_command" -l config -d 'Configuration file, or one setting as KEY=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_needs_command" -s q -l quiet -d 'Print findings only; twice: nothing but the exit code'
complete -c gwc -n "__fish_gwc_needs_command" -s v -l verbose -d 'Say more on stderr'
complete -c gwc -n "__fish_gwc_needs_command" -l no-config -d 'Read no configuration file'
complete -c gwc -n "__fish_gwc_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gwc -n "__fish_gwc_needs_command" -s V -l version -d 'Print version'
complete -c gwc -n "__fish_gwc_needs_command" -f -a "check" -d 'Check manifests: syntax, schema and rules of the API server, references, predicted status, lints'
complete -c gwc -n "__fish_gwc_needs_command" -f -a "status" -d 'Print the status that a conformant controller would write'
complete -c gwc -n "__fish_gwc_needs_command" -f -a "explain" -d 'Explain a rule, a condition or reason, or the attachment of one object'
complete -c gwc -n "__fish_gwc_needs_command" -f -a "compile" -d 'Compile manifests to the match IR: what is served, as text, JSON or figures'
complete -c gwc -n "__fish_gwc_needs_command" -f -a "diff" -d 'Compare two worlds: what a change does to traffic, statuses and findings'
complete -c gwc -n "__fish_gwc_needs_command" -f -a "graph" -d 'Draw objects and references, coloured by verdict'
complete -c gwc -n "__fish_gwc_needs_command" -f -a "route" -d 'Which listener, route and rule serve a request, and why the others do not'
complete -c gwc -n "__fish_gwc_needs_command" -f -a "test" -d 'Run route tests: requests and statuses against what is expected, coverage'
complete -c gwc -n "__fish_gwc_needs_command" -f -a "serve" -d 'Serve manifests: a running gateway from a folder'
complete -c gwc -n "__fish_gwc_needs_command" -f -a "ingress-migrate" -d 'Convert Ingresses to Gateway API: manifests, a report of what is lost, and proof'
complete -c gwc -n "__fish_gwc_needs_command" -f -a "rules" -d 'List the rules and their state in the current configuration'
complete -c gwc -n "__fish_gwc_needs_command" -f -a "config" -d 'Show the configuration'
complete -c gwc -n "__fish_gwc_needs_command" -f -a "schema" -d 'Print the JSON Schema of a file format'
complete -c gwc -n "__fish_gwc_needs_command" -f -a "completions" -d 'Print a completion script'
complete -c gwc -n "__fish_gwc_needs_command" -f -a "man" -d 'Print the manual page'
complete -c gwc -n "__fish_gwc_needs_command" -f -a "version" -d 'Print version, bundled Gateway API releases and features'
complete -c gwc -n "__fish_gwc_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gwc -n "__fish_gwc_using_subcommand check" -s f -l filename -d 'File, folder or glob with manifests to check (repeatable)' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand check" -l stdin-filename -d 'Name to show for standard input' -r
complete -c gwc -n "__fish_gwc_using_subcommand check" -s C -l context -d 'Read-only objects: resolve references, never reported on (repeatable)' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand check" -l env -d 'World of the configuration, `[env.NAME]` (repeatable) [default: all]' -r
complete -c gwc -n "__fish_gwc_using_subcommand check" -s n -l namespace -d 'Namespace for namespaced objects that name none [default: default]' -r
complete -c gwc -n "__fish_gwc_using_subcommand check" -l world -d 'What a missing object means: auto, open or closed' -r -f -a "auto\t'As closed where the world holds objects of the kind, else open'
open\t'Absence proves nothing'
closed\t'What is not there does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand check" -l assume -d 'Fact to take for granted, for example `secret:shop/tls` (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand check" -l assume-class -d 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand check" -l missing-secrets -d 'What a missing Secret means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand check" -l missing-services -d 'What a missing Service means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand check" -l now -d 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]' -r
complete -c gwc -n "__fish_gwc_using_subcommand check" -l gateway-api -d 'Gateway API release and channel of the cluster [default: detect, else newest/standard]' -r
complete -c gwc -n "__fish_gwc_using_subcommand check" -l preset -d 'Base rule set: spec-only, recommended, strict, portable, all [default: recommended]' -r
complete -c gwc -n "__fish_gwc_using_subcommand check" -l select -d 'Run only these rules: code, prefix, group, name or ALL' -r
complete -c gwc -n "__fish_gwc_using_subcommand check" -l extend-select -d 'Run these rules too' -r
complete -c gwc -n "__fish_gwc_using_subcommand check" -l ignore -d 'Do not run these rules' -r
complete -c gwc -n "__fish_gwc_using_subcommand check" -l severity -d 'Severity of rules: error, warning, info or off' -r
complete -c gwc -n "__fish_gwc_using_subcommand check" -l fail-on -d 'Exit 1 from this severity on: error, warning, info or never [default: error]' -r
complete -c gwc -n "__fish_gwc_using_subcommand check" -l max-warnings -d 'Exit 1 when more warnings than this remain' -r
complete -c gwc -n "__fish_gwc_using_subcommand check" -s o -l output -d 'Output format, to a file with FMT=PATH (repeatable) [default: full]' -r
complete -c gwc -n "__fish_gwc_using_subcommand check" -l max-per-rule -d 'At most this many findings of one rule are printed' -r
complete -c gwc -n "__fish_gwc_using_subcommand check" -l phase -d 'Run one phase alone: admission (the API server\'s verdict; with -o admission-jsonl)' -r -f -a "admission\t'What the API server decides'"
complete -c gwc -n "__fish_gwc_using_subcommand check" -l color -d 'When to use colours [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand check" -l hyperlinks -d 'When to print hyperlinks [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand check" -l progress -d 'When to show progress on stderr [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand check" -l threads -d 'Threads to use [default: all cores]' -r
complete -c gwc -n "__fish_gwc_using_subcommand check" -l config -d 'Configuration file, or one setting as KEY=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand check" -l allow-empty -d 'Zero objects is no error'
complete -c gwc -n "__fish_gwc_using_subcommand check" -l fail-on-undetermined -d 'Conditions that cannot be determined count as errors'
complete -c gwc -n "__fish_gwc_using_subcommand check" -l exit-zero -d 'Exit 0 instead of 1'
complete -c gwc -n "__fish_gwc_using_subcommand check" -l no-suppressions -d 'Report suppressed findings as if they were not suppressed'
complete -c gwc -n "__fish_gwc_using_subcommand check" -l show-suppressed -d 'Print suppressed findings too, marked as such'
complete -c gwc -n "__fish_gwc_using_subcommand check" -l statistics -d 'Count findings per rule, kind and namespace'
complete -c gwc -n "__fish_gwc_using_subcommand check" -l timings -d 'Print times of the phases on stderr'
complete -c gwc -n "__fish_gwc_using_subcommand check" -l show-object -d 'With --phase admission: print the object as the server would store it'
complete -c gwc -n "__fish_gwc_using_subcommand check" -s q -l quiet -d 'Print findings only; twice: nothing but the exit code'
complete -c gwc -n "__fish_gwc_using_subcommand check" -s v -l verbose -d 'Say more on stderr'
complete -c gwc -n "__fish_gwc_using_subcommand check" -l no-config -d 'Read no configuration file'
complete -c gwc -n "__fish_gwc_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gwc -n "__fish_gwc_using_subcommand status" -s f -l filename -d 'File, folder or glob with manifests to check (repeatable)' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand status" -l stdin-filename -d 'Name to show for standard input' -r
complete -c gwc -n "__fish_gwc_using_subcommand status" -s C -l context -d 'Read-only objects: resolve references, never reported on (repeatable)' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand status" -l env -d 'World of the configuration, `[env.NAME]` (repeatable) [default: all]' -r
complete -c gwc -n "__fish_gwc_using_subcommand status" -s n -l namespace -d 'Namespace for namespaced objects that name none [default: default]' -r
complete -c gwc -n "__fish_gwc_using_subcommand status" -l world -d 'What a missing object means: auto, open or closed' -r -f -a "auto\t'As closed where the world holds objects of the kind, else open'
open\t'Absence proves nothing'
closed\t'What is not there does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand status" -l assume -d 'Fact to take for granted, for example `secret:shop/tls` (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand status" -l assume-class -d 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand status" -l missing-secrets -d 'What a missing Secret means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand status" -l missing-services -d 'What a missing Service means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand status" -l now -d 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]' -r
complete -c gwc -n "__fish_gwc_using_subcommand status" -l gateway-api -d 'Gateway API release and channel of the cluster [default: detect, else newest/standard]' -r
complete -c gwc -n "__fish_gwc_using_subcommand status" -s o -l output -d 'Output format, to a file with FMT=PATH (repeatable) [default: table]' -r
complete -c gwc -n "__fish_gwc_using_subcommand status" -l color -d 'When to use colours [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand status" -l hyperlinks -d 'When to print hyperlinks [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand status" -l progress -d 'When to show progress on stderr [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand status" -l threads -d 'Threads to use [default: all cores]' -r
complete -c gwc -n "__fish_gwc_using_subcommand status" -l config -d 'Configuration file, or one setting as KEY=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand status" -l allow-empty -d 'Zero objects is no error'
complete -c gwc -n "__fish_gwc_using_subcommand status" -l only-negative -d 'Only objects with a condition that is not as it should be'
complete -c gwc -n "__fish_gwc_using_subcommand status" -l why -d 'One line of reason per condition, with file and line'
complete -c gwc -n "__fish_gwc_using_subcommand status" -l fail-on-negative -d 'Exit 1 when an object\'s Accepted, ResolvedRefs or Programmed is not True'
complete -c gwc -n "__fish_gwc_using_subcommand status" -s q -l quiet -d 'Print findings only; twice: nothing but the exit code'
complete -c gwc -n "__fish_gwc_using_subcommand status" -s v -l verbose -d 'Say more on stderr'
complete -c gwc -n "__fish_gwc_using_subcommand status" -l no-config -d 'Read no configuration file'
complete -c gwc -n "__fish_gwc_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gwc -n "__fish_gwc_using_subcommand explain" -s f -l filename -d 'File, folder or glob with manifests to check (repeatable)' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand explain" -l stdin-filename -d 'Name to show for standard input' -r
complete -c gwc -n "__fish_gwc_using_subcommand explain" -s C -l context -d 'Read-only objects: resolve references, never reported on (repeatable)' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand explain" -l env -d 'World of the configuration, `[env.NAME]` (repeatable) [default: all]' -r
complete -c gwc -n "__fish_gwc_using_subcommand explain" -s n -l namespace -d 'Namespace for namespaced objects that name none [default: default]' -r
complete -c gwc -n "__fish_gwc_using_subcommand explain" -l world -d 'What a missing object means: auto, open or closed' -r -f -a "auto\t'As closed where the world holds objects of the kind, else open'
open\t'Absence proves nothing'
closed\t'What is not there does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand explain" -l assume -d 'Fact to take for granted, for example `secret:shop/tls` (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand explain" -l assume-class -d 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand explain" -l missing-secrets -d 'What a missing Secret means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand explain" -l missing-services -d 'What a missing Service means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand explain" -l now -d 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]' -r
complete -c gwc -n "__fish_gwc_using_subcommand explain" -l gateway-api -d 'Gateway API release and channel of the cluster [default: detect, else newest/standard]' -r
complete -c gwc -n "__fish_gwc_using_subcommand explain" -l color -d 'When to use colours [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand explain" -l hyperlinks -d 'When to print hyperlinks [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand explain" -l progress -d 'When to show progress on stderr [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand explain" -l threads -d 'Threads to use [default: all cores]' -r
complete -c gwc -n "__fish_gwc_using_subcommand explain" -l config -d 'Configuration file, or one setting as KEY=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand explain" -l allow-empty -d 'Zero objects is no error'
complete -c gwc -n "__fish_gwc_using_subcommand explain" -l list -d 'Everything explainable'
complete -c gwc -n "__fish_gwc_using_subcommand explain" -s q -l quiet -d 'Print findings only; twice: nothing but the exit code'
complete -c gwc -n "__fish_gwc_using_subcommand explain" -s v -l verbose -d 'Say more on stderr'
complete -c gwc -n "__fish_gwc_using_subcommand explain" -l no-config -d 'Read no configuration file'
complete -c gwc -n "__fish_gwc_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gwc -n "__fish_gwc_using_subcommand compile" -s f -l filename -d 'File, folder or glob with manifests to check (repeatable)' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand compile" -l stdin-filename -d 'Name to show for standard input' -r
complete -c gwc -n "__fish_gwc_using_subcommand compile" -s C -l context -d 'Read-only objects: resolve references, never reported on (repeatable)' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand compile" -l env -d 'World of the configuration, `[env.NAME]` (repeatable) [default: all]' -r
complete -c gwc -n "__fish_gwc_using_subcommand compile" -s n -l namespace -d 'Namespace for namespaced objects that name none [default: default]' -r
complete -c gwc -n "__fish_gwc_using_subcommand compile" -l world -d 'What a missing object means: auto, open or closed' -r -f -a "auto\t'As closed where the world holds objects of the kind, else open'
open\t'Absence proves nothing'
closed\t'What is not there does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand compile" -l assume -d 'Fact to take for granted, for example `secret:shop/tls` (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand compile" -l assume-class -d 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand compile" -l missing-secrets -d 'What a missing Secret means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand compile" -l missing-services -d 'What a missing Service means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand compile" -l now -d 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]' -r
complete -c gwc -n "__fish_gwc_using_subcommand compile" -l gateway-api -d 'Gateway API release and channel of the cluster [default: detect, else newest/standard]' -r
complete -c gwc -n "__fish_gwc_using_subcommand compile" -l emit -d 'What to print' -r -f -a "ir\t'The IR as indented text, to be committed and reviewed'
json\t'The IR as JSON; its schema is `gwc schema ir`'
stats\t'Figures'"
complete -c gwc -n "__fish_gwc_using_subcommand compile" -s O -l output-file -d 'File to write to [default: standard output]' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand compile" -l listener -d 'Only this listener of a Gateway or ListenerSet' -r
complete -c gwc -n "__fish_gwc_using_subcommand compile" -l color -d 'When to use colours [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand compile" -l hyperlinks -d 'When to print hyperlinks [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand compile" -l progress -d 'When to show progress on stderr [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand compile" -l threads -d 'Threads to use [default: all cores]' -r
complete -c gwc -n "__fish_gwc_using_subcommand compile" -l config -d 'Configuration file, or one setting as KEY=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand compile" -l allow-empty -d 'Zero objects is no error'
complete -c gwc -n "__fish_gwc_using_subcommand compile" -l verify -d 'Compare the compiled matcher with the reference on generated boundary requests'
complete -c gwc -n "__fish_gwc_using_subcommand compile" -s q -l quiet -d 'Print findings only; twice: nothing but the exit code'
complete -c gwc -n "__fish_gwc_using_subcommand compile" -s v -l verbose -d 'Say more on stderr'
complete -c gwc -n "__fish_gwc_using_subcommand compile" -l no-config -d 'Read no configuration file'
complete -c gwc -n "__fish_gwc_using_subcommand compile" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gwc -n "__fish_gwc_using_subcommand diff" -s f -l filename -d 'File, folder or glob with manifests to check (repeatable)' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand diff" -l stdin-filename -d 'Name to show for standard input' -r
complete -c gwc -n "__fish_gwc_using_subcommand diff" -s C -l context -d 'Read-only objects: resolve references, never reported on (repeatable)' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand diff" -l env -d 'World of the configuration, `[env.NAME]` (repeatable) [default: all]' -r
complete -c gwc -n "__fish_gwc_using_subcommand diff" -s n -l namespace -d 'Namespace for namespaced objects that name none [default: default]' -r
complete -c gwc -n "__fish_gwc_using_subcommand diff" -l world -d 'What a missing object means: auto, open or closed' -r -f -a "auto\t'As closed where the world holds objects of the kind, else open'
open\t'Absence proves nothing'
closed\t'What is not there does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand diff" -l assume -d 'Fact to take for granted, for example `secret:shop/tls` (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand diff" -l assume-class -d 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand diff" -l missing-secrets -d 'What a missing Secret means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand diff" -l missing-services -d 'What a missing Service means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand diff" -l now -d 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]' -r
complete -c gwc -n "__fish_gwc_using_subcommand diff" -l gateway-api -d 'Gateway API release and channel of the cluster [default: detect, else newest/standard]' -r
complete -c gwc -n "__fish_gwc_using_subcommand diff" -s o -l output -d 'text, markdown or json, to a file with FMT=PATH (repeatable) [default: text]' -r
complete -c gwc -n "__fish_gwc_using_subcommand diff" -l fail-on -d 'Exit 1 from this class on: break, shift, add or never [default: break]' -r
complete -c gwc -n "__fish_gwc_using_subcommand diff" -l color -d 'When to use colours [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand diff" -l hyperlinks -d 'When to print hyperlinks [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand diff" -l progress -d 'When to show progress on stderr [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand diff" -l threads -d 'Threads to use [default: all cores]' -r
complete -c gwc -n "__fish_gwc_using_subcommand diff" -l config -d 'Configuration file, or one setting as KEY=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand diff" -l allow-empty -d 'Zero objects is no error'
complete -c gwc -n "__fish_gwc_using_subcommand diff" -s q -l quiet -d 'Print findings only; twice: nothing but the exit code'
complete -c gwc -n "__fish_gwc_using_subcommand diff" -s v -l verbose -d 'Say more on stderr'
complete -c gwc -n "__fish_gwc_using_subcommand diff" -l no-config -d 'Read no configuration file'
complete -c gwc -n "__fish_gwc_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gwc -n "__fish_gwc_using_subcommand graph" -s f -l filename -d 'File, folder or glob with manifests to check (repeatable)' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand graph" -l stdin-filename -d 'Name to show for standard input' -r
complete -c gwc -n "__fish_gwc_using_subcommand graph" -s C -l context -d 'Read-only objects: resolve references, never reported on (repeatable)' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand graph" -l env -d 'World of the configuration, `[env.NAME]` (repeatable) [default: all]' -r
complete -c gwc -n "__fish_gwc_using_subcommand graph" -s n -l namespace -d 'Namespace for namespaced objects that name none [default: default]' -r
complete -c gwc -n "__fish_gwc_using_subcommand graph" -l world -d 'What a missing object means: auto, open or closed' -r -f -a "auto\t'As closed where the world holds objects of the kind, else open'
open\t'Absence proves nothing'
closed\t'What is not there does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand graph" -l assume -d 'Fact to take for granted, for example `secret:shop/tls` (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand graph" -l assume-class -d 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand graph" -l missing-secrets -d 'What a missing Secret means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand graph" -l missing-services -d 'What a missing Service means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand graph" -l now -d 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]' -r
complete -c gwc -n "__fish_gwc_using_subcommand graph" -l gateway-api -d 'Gateway API release and channel of the cluster [default: detect, else newest/standard]' -r
complete -c gwc -n "__fish_gwc_using_subcommand graph" -s o -l output -d 'tree, dot, mermaid or json, to a file with FMT=PATH (repeatable) [default: tree]' -r
complete -c gwc -n "__fish_gwc_using_subcommand graph" -l focus -d 'Only what is connected with this object' -r
complete -c gwc -n "__fish_gwc_using_subcommand graph" -l depth -d 'At most this many references away: from the focus [default: 2], else from the roots [default: all]' -r
complete -c gwc -n "__fish_gwc_using_subcommand graph" -l include -d 'Kinds to add: policies, grants, secrets (ConfigMaps too), endpoints' -r -f -a "policies\t'BackendTLSPolicy, XBackendTrafficPolicy'
grants\t'ReferenceGrants'
secrets\t'Secrets and ConfigMaps that are referred to'
endpoints\t'EndpointSlices and Endpoints'"
complete -c gwc -n "__fish_gwc_using_subcommand graph" -l color -d 'When to use colours [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand graph" -l hyperlinks -d 'When to print hyperlinks [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand graph" -l progress -d 'When to show progress on stderr [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand graph" -l threads -d 'Threads to use [default: all cores]' -r
complete -c gwc -n "__fish_gwc_using_subcommand graph" -l config -d 'Configuration file, or one setting as KEY=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand graph" -l allow-empty -d 'Zero objects is no error'
complete -c gwc -n "__fish_gwc_using_subcommand graph" -l status -d 'Name the conditions that are not as they should be'
complete -c gwc -n "__fish_gwc_using_subcommand graph" -s q -l quiet -d 'Print findings only; twice: nothing but the exit code'
complete -c gwc -n "__fish_gwc_using_subcommand graph" -s v -l verbose -d 'Say more on stderr'
complete -c gwc -n "__fish_gwc_using_subcommand graph" -l no-config -d 'Read no configuration file'
complete -c gwc -n "__fish_gwc_using_subcommand graph" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gwc -n "__fish_gwc_using_subcommand route" -s X -l request -d 'Method [default: GET; POST with a body, HEAD with -I]' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -s H -l header -d 'Header line; `NAME:` takes an implied one away, `NAME;` sends it empty (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -s d -l data -l data-raw -l data-binary -l data-ascii -d 'Body, or @FILE (repeatable: joined by `&`)' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -l data-urlencode -d 'Body part that is URL-encoded: TEXT, or NAME=TEXT (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -l data-size -d 'A body of this many bytes' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -l json -d 'JSON body, with its content type' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -l url-query -d 'Query parameter, URL-encoded: TEXT, or NAME=TEXT (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -s A -l user-agent -d 'User-Agent' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -s e -l referer -d 'Referer' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -s b -l cookie -d 'Cookies, NAME=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -s u -l user -d 'Basic authorization' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -l oauth2-bearer -d 'Bearer authorization' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -l sni -d 'Name in the ClientHello; empty: none [default: the host of the URL]' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -l resolve-port -d 'Port that the request arrives at, where it is not the one in the URL' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -l gateway -d 'Only this Gateway, or this listener of it [default: every Gateway that could take the request]' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -l why-not -d 'Why this route did not get the request (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -s o -l output -d 'tree, table or json; to a file with FMT=PATH (repeatable) [default: tree]' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -l from-har -d 'Requests of a HAR file, as browsers save it' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand route" -l from-log -d 'Requests of an access log, `-` for standard input; scheme, host and port that it lacks come from a URL argument' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand route" -l log-format -d 'Format of the log: combined (also common, and with the virtual host in front) or json (one object a line)' -r -f -a "combined\t'Apache and NGINX'
json\t'One JSON object a line'"
complete -c gwc -n "__fish_gwc_using_subcommand route" -l top -d 'How many unmatched requests and rules without one are listed [default: 10]' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -s f -l filename -d 'File, folder or glob with manifests to check (repeatable)' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand route" -l stdin-filename -d 'Name to show for standard input' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -s C -l context -d 'Read-only objects: resolve references, never reported on (repeatable)' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand route" -l env -d 'World of the configuration, `[env.NAME]` (repeatable) [default: all]' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -s n -l namespace -d 'Namespace for namespaced objects that name none [default: default]' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -l world -d 'What a missing object means: auto, open or closed' -r -f -a "auto\t'As closed where the world holds objects of the kind, else open'
open\t'Absence proves nothing'
closed\t'What is not there does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand route" -l assume -d 'Fact to take for granted, for example `secret:shop/tls` (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -l assume-class -d 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -l missing-secrets -d 'What a missing Secret means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand route" -l missing-services -d 'What a missing Service means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand route" -l now -d 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -l gateway-api -d 'Gateway API release and channel of the cluster [default: detect, else newest/standard]' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -l color -d 'When to use colours [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand route" -l hyperlinks -d 'When to print hyperlinks [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand route" -l progress -d 'When to show progress on stderr [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand route" -l threads -d 'Threads to use [default: all cores]' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -l config -d 'Configuration file, or one setting as KEY=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand route" -s G -l get -d 'The data goes into the query'
complete -c gwc -n "__fish_gwc_using_subcommand route" -s I -l head -d 'HEAD'
complete -c gwc -n "__fish_gwc_using_subcommand route" -l all -d 'Every match that could take requests, in order of precedence, with what decided'
complete -c gwc -n "__fish_gwc_using_subcommand route" -l fail-unmatched -d 'Exit 1 when nothing matched'
complete -c gwc -n "__fish_gwc_using_subcommand route" -l allow-empty -d 'Zero objects is no error'
complete -c gwc -n "__fish_gwc_using_subcommand route" -s q -l quiet -d 'Print findings only; twice: nothing but the exit code'
complete -c gwc -n "__fish_gwc_using_subcommand route" -s v -l verbose -d 'Say more on stderr'
complete -c gwc -n "__fish_gwc_using_subcommand route" -l no-config -d 'Read no configuration file'
complete -c gwc -n "__fish_gwc_using_subcommand route" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gwc -n "__fish_gwc_using_subcommand test" -l filter -d 'Only tests whose name matches this regular expression somewhere; coverage is not judged' -r
complete -c gwc -n "__fish_gwc_using_subcommand test" -l show -d 'Which tests are printed [default: failures]' -r -f -a "failures\t'Those that failed'
all\t'All'"
complete -c gwc -n "__fish_gwc_using_subcommand test" -l fail-under -d 'Exit 1 when less than this part is reached, in percent' -r
complete -c gwc -n "__fish_gwc_using_subcommand test" -l record -d 'Write tests that pin what happens today, to FILE or stdout, and run nothing' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand test" -l live -d 'Send the requests to a running gateway too, at this http or https URL (repeatable), and compare its answers' -r
complete -c gwc -n "__fish_gwc_using_subcommand test" -l live-ca -d 'Authorities that certificates of the gateway come from, for --live with https' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand test" -s o -l output -d 'full, json, junit or tap; to a file with FMT=PATH (repeatable) [default: full]' -r
complete -c gwc -n "__fish_gwc_using_subcommand test" -s f -l filename -d 'File, folder or glob with manifests to check (repeatable)' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand test" -l stdin-filename -d 'Name to show for standard input' -r
complete -c gwc -n "__fish_gwc_using_subcommand test" -s C -l context -d 'Read-only objects: resolve references, never reported on (repeatable)' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand test" -l env -d 'World of the configuration, `[env.NAME]` (repeatable) [default: all]' -r
complete -c gwc -n "__fish_gwc_using_subcommand test" -s n -l namespace -d 'Namespace for namespaced objects that name none [default: default]' -r
complete -c gwc -n "__fish_gwc_using_subcommand test" -l world -d 'What a missing object means: auto, open or closed' -r -f -a "auto\t'As closed where the world holds objects of the kind, else open'
open\t'Absence proves nothing'
closed\t'What is not there does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand test" -l assume -d 'Fact to take for granted, for example `secret:shop/tls` (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand test" -l assume-class -d 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand test" -l missing-secrets -d 'What a missing Secret means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand test" -l missing-services -d 'What a missing Service means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand test" -l now -d 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]' -r
complete -c gwc -n "__fish_gwc_using_subcommand test" -l gateway-api -d 'Gateway API release and channel of the cluster [default: detect, else newest/standard]' -r
complete -c gwc -n "__fish_gwc_using_subcommand test" -l color -d 'When to use colours [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand test" -l hyperlinks -d 'When to print hyperlinks [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand test" -l progress -d 'When to show progress on stderr [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand test" -l threads -d 'Threads to use [default: all cores]' -r
complete -c gwc -n "__fish_gwc_using_subcommand test" -l config -d 'Configuration file, or one setting as KEY=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand test" -l list -d 'Print names and places of the tests and run nothing'
complete -c gwc -n "__fish_gwc_using_subcommand test" -l allow-empty -d 'Zero objects is no error'
complete -c gwc -n "__fish_gwc_using_subcommand test" -s q -l quiet -d 'Print findings only; twice: nothing but the exit code'
complete -c gwc -n "__fish_gwc_using_subcommand test" -s v -l verbose -d 'Say more on stderr'
complete -c gwc -n "__fish_gwc_using_subcommand test" -l no-config -d 'Read no configuration file'
complete -c gwc -n "__fish_gwc_using_subcommand test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l bind -d 'Address of the first Gateway, or of one Gateway (repeatable); port 0: any free port [default: 127.0.0.1; further Gateways on a taken port get 127.0.0.2 and so on]' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l port-offset -d 'Added to every port [default: 0, or 8000 without the right to bind low ports]' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l gateway-class -d 'Only Gateways of this class (repeatable) [default: every Gateway, whatever its class]' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l tls -d 'Certificates: those of Secrets only, or a local authority for every listener [default: Secrets where given, the local authority for the rest]' -r -f -a "from-secrets\t'Secrets of the manifests'
self-signed\t'A local authority, made at start'"
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l map -d 'A port of a Service is reached at HOST:PORT (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l watch -d 'Load again when files change: on or off' -r -f -a "on\t'Yes'
off\t'No'"
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l ir -d 'Serve an IR of `gwc compile --emit json` instead of manifests' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l exec -d 'Run a command once requests are served, with addresses in GWC_*; its exit code becomes ours (last option)' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l admin -d 'Address of metrics, health, live routes, or off [default: 127.0.0.1:9901]' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l drain-delay -d 'From SIGTERM until no more connections are taken; meanwhile not ready [default: 0s, or 5s with --cluster]' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l drain-timeout -d 'Until open connections are closed' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l workers -d 'Worker threads [default: one for each CPU]' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l access-log -d 'File that gets a line per request; - for standard output' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l access-log-format -d 'Format of these lines' -r -f -a "text\t'For people'
json\t'One JSON object'"
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l access-log-sample -d 'One request in so many is logged' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l trusted-proxies -d 'Networks whose X-Forwarded headers count (comma-separated, repeatable) [default: none]' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l encoded-slash -d 'What %2F and %5C in a path mean' -r -f -a "keep\t'It stays as it is and separates nothing'
reject\t'The request is refused'"
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l cluster -d 'Serve the objects of a Kubernetes API; CONTEXT is one of the kubeconfig [default: the current one]' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l kubeconfig -d 'Kubeconfig file [default: $KUBECONFIG, ~/.kube/config, or the service account of the pod]' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l controller-name -d 'Serve Gateways whose class names this controller' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l address-pool -d 'Addresses for Gateways, one each: networks and addresses, separated by commas' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l publish-address -d 'One address that all Gateways share and publish' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l watch-namespace -d 'Look at the objects of one namespace only [default: all]' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -s f -l filename -d 'File, folder or glob with manifests to check (repeatable)' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l stdin-filename -d 'Name to show for standard input' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -s C -l context -d 'Read-only objects: resolve references, never reported on (repeatable)' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l env -d 'World of the configuration, `[env.NAME]` (repeatable) [default: all]' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -s n -l namespace -d 'Namespace for namespaced objects that name none [default: default]' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l world -d 'What a missing object means: auto, open or closed' -r -f -a "auto\t'As closed where the world holds objects of the kind, else open'
open\t'Absence proves nothing'
closed\t'What is not there does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l assume -d 'Fact to take for granted, for example `secret:shop/tls` (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l assume-class -d 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l missing-secrets -d 'What a missing Secret means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l missing-services -d 'What a missing Service means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l now -d 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l gateway-api -d 'Gateway API release and channel of the cluster [default: detect, else newest/standard]' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l color -d 'When to use colours [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l hyperlinks -d 'When to print hyperlinks [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l progress -d 'When to show progress on stderr [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l threads -d 'Threads to use [default: all cores]' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l config -d 'Configuration file, or one setting as KEY=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l echo -d 'What is not mapped goes to a built-in backend that answers with what it saw; missing Services are taken to exist'
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l keep-going -d 'Serve what the API server would take, even if it would refuse the rest'
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l validate -d 'Load, print the table, end'
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l request-id -d 'Requests without X-Request-Id get one'
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l redirect-bound-port -d 'Redirects name the port that is bound, not that of the listener'
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l explain-header -d 'Responses name route, rule and match in X-Gwc-Route'
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l allow-empty -d 'Zero objects is no error'
complete -c gwc -n "__fish_gwc_using_subcommand serve" -s q -l quiet -d 'Print findings only; twice: nothing but the exit code'
complete -c gwc -n "__fish_gwc_using_subcommand serve" -s v -l verbose -d 'Say more on stderr'
complete -c gwc -n "__fish_gwc_using_subcommand serve" -l no-config -d 'Read no configuration file'
complete -c gwc -n "__fish_gwc_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -s f -l filename -d 'File, folder or glob with manifests to check (repeatable)' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l stdin-filename -d 'Name to show for standard input' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -s C -l context -d 'Read-only objects: resolve references, never reported on (repeatable)' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l env -d 'World of the configuration, `[env.NAME]` (repeatable) [default: all]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -s n -l namespace -d 'Namespace for namespaced objects that name none [default: default]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l world -d 'What a missing object means: auto, open or closed' -r -f -a "auto\t'As closed where the world holds objects of the kind, else open'
open\t'Absence proves nothing'
closed\t'What is not there does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l assume -d 'Fact to take for granted, for example `secret:shop/tls` (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l assume-class -d 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l missing-secrets -d 'What a missing Secret means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l missing-services -d 'What a missing Service means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l now -d 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l gateway-api -d 'Gateway API release and channel of the cluster [default: detect, else newest/standard]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l selector -d 'Convert only Ingresses with these labels' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l ingress -d 'Convert only these Ingresses: NS/NAME (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l class -d 'Convert only this IngressClass' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l provider -d 'Controller of the Ingresses: ingress-nginx or generic [default: that of their class]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l class-for-unclassed -d 'Class of Ingresses that name none' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l emit -d 'What to write: standard [default: standard]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l channel -d 'standard or experimental [default: standard]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l gateway-mode -d 'Which Gateways: shared, per-namespace, per-ingress [default: shared]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l gateway -d 'Attach to this Gateway, write none: NS/NAME' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l gateway-name -d 'Name of the Gateway [default: that of the class]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l gateway-namespace -d 'Namespace of the Gateway [default: gateway-infra]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l listeners -d 'Where listeners go: auto, gateway, listenerset [default: auto]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l https-listeners -d 'What an HTTPS listener stands for: host or cert [default: host]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l http-port -d 'Port of HTTP listeners [default: 80]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l https-port -d 'Port of HTTPS listeners [default: 443]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l class-map -d 'GatewayClass of an IngressClass: CLASS=GATEWAYCLASS (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l class-map-identity -d 'GatewayClasses have the names of the IngressClasses' -r -f -a "true\t''
false\t''"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l emit-gatewayclass -d 'Write the GatewayClass too' -r -f -a "true\t''
false\t''"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l emit-namespace -d 'Write the namespace of the Gateway too' -r -f -a "true\t''
false\t''"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l allow-all-namespaces -d 'Listeners take routes of all namespaces' -r -f -a "true\t''
false\t''"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l default-certificate -d 'Certificate of hosts that have none of their own: NS/SECRET' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l default-backend -d 'What answers where no Ingress does: NS/SERVICE:PORT' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l controller-config -d 'Manifest of the controller\'s ConfigMap' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l controller-args -d 'Flags that the controller runs with, as one text' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l controller-class -d '`spec.controller` of its IngressClasses [default: k8s.io/ingress-nginx]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l annotation-prefix -d 'Prefix of its annotations [default: nginx.ingress.kubernetes.io]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l backend-hostname -d 'Name that the certificate of a backend has: SERVICE=NAME or NS/SERVICE=NAME (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l issuer -d 'Issuer that cert-manager uses by default: KIND/NAME' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l assume-order -d 'Order of Ingresses of the same age: file or name [default: that of the controller]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l external-tls -d 'TLS ends in front of the controller' -r -f -a "true\t''
false\t''"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l simplify-regex -d 'Regular expressions that may become prefixes: off, auto or on [default: off]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l timeout-mapping -d 'What becomes of timeouts between reads: policy or backend-request [default: policy]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l preserve-defaults -d 'Defaults of the controller to keep: hsts' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l read-snippets -d 'Translate snippets that are understood' -r -f -a "true\t''
false\t''"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l keep-snippets -d 'Keep the text of snippets as comments' -r -f -a "true\t''
false\t''"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l keep-resource-backends -d 'Write backends that are resources' -r -f -a "true\t''
false\t''"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l keep-labels -d 'Copy all labels' -r -f -a "true\t''
false\t''"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l keep-annotations -d 'Copy annotations of other tools' -r -f -a "true\t''
false\t''"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l cors-keep-credentials -d 'Allow credentials together with every origin' -r -f -a "true\t''
false\t''"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l allow-plaintext-downgrade -d 'Serve hosts in clear text whose certificate is not known' -r -f -a "true\t''
false\t''"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l omit-unconvertible -d 'Leave rules out that cannot be converted, instead of closing them' -r -f -a "true\t''
false\t''"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l accept -d 'Accept a loss: `CODE:NS/NAME[:REASON]` (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l accept-file -d 'File of accepted losses, one a line' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l fail-on -d 'Exit 1 from this severity on: error, warning, info or never [default: error]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l verify -d 'Compare old and new: off, fast or full [default: fast]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l verify-budget -d 'Cells of a host to look at before it is sampled [default: 20000 for fast, 200000 for full]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l record -d 'Write the requests and answers of the verification as tests for `gwc test`' -r -F
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l out -d 'Where manifests go: `-`, a file, or a folder [default: -]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l layout -d 'Files of a folder: single, per-kind, per-namespace, per-ingress [default: per-namespace]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l kustomization -d 'Write a kustomization.yaml beside the files' -r -f -a "true\t''
false\t''"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l comments -d 'Comments in manifests: none, brief or full [default: brief]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l no-provenance -d 'No labels and annotations that name the source' -r -f -a "true\t''
false\t''"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -s o -l output -d 'Format of the report, to a file with FMT=PATH (repeatable) [default: full]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l old -d 'Address of the old controller, to send the requests of the verification to (with --new; one for each scheme)' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l new -d 'Address of the new Gateway (with --old; one for each scheme)' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l color -d 'When to use colours [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l hyperlinks -d 'When to print hyperlinks [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l progress -d 'When to show progress on stderr [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l threads -d 'Threads to use [default: all cores]' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l config -d 'Configuration file, or one setting as KEY=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l allow-empty -d 'Zero objects is no error'
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l check -d 'Write nothing; exit 1 where the files of --out are not what would be written'
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l force -d 'Overwrite and remove files that were changed by hand'
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l plan -d 'Report, inventory and steps of the cut-over; no manifest'
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l allow-unsafe-methods -d 'Send other methods than GET, HEAD and OPTIONS to --old and --new too'
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -s q -l quiet -d 'Print findings only; twice: nothing but the exit code'
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -s v -l verbose -d 'Say more on stderr'
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -l no-config -d 'Read no configuration file'
complete -c gwc -n "__fish_gwc_using_subcommand ingress-migrate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gwc -n "__fish_gwc_using_subcommand rules" -s o -l output -d 'table, json or md [default: table]' -r
complete -c gwc -n "__fish_gwc_using_subcommand rules" -l preset -d 'Base rule set: spec-only, recommended, strict, portable, all [default: recommended]' -r
complete -c gwc -n "__fish_gwc_using_subcommand rules" -l select -d 'Run only these rules: code, prefix, group, name or ALL' -r
complete -c gwc -n "__fish_gwc_using_subcommand rules" -l extend-select -d 'Run these rules too' -r
complete -c gwc -n "__fish_gwc_using_subcommand rules" -l ignore -d 'Do not run these rules' -r
complete -c gwc -n "__fish_gwc_using_subcommand rules" -l severity -d 'Severity of rules: error, warning, info or off' -r
complete -c gwc -n "__fish_gwc_using_subcommand rules" -l fail-on -d 'Exit 1 from this severity on: error, warning, info or never [default: error]' -r
complete -c gwc -n "__fish_gwc_using_subcommand rules" -l max-warnings -d 'Exit 1 when more warnings than this remain' -r
complete -c gwc -n "__fish_gwc_using_subcommand rules" -l color -d 'When to use colours [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand rules" -l hyperlinks -d 'When to print hyperlinks [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand rules" -l progress -d 'When to show progress on stderr [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand rules" -l threads -d 'Threads to use [default: all cores]' -r
complete -c gwc -n "__fish_gwc_using_subcommand rules" -l config -d 'Configuration file, or one setting as KEY=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand rules" -l fail-on-undetermined -d 'Conditions that cannot be determined count as errors'
complete -c gwc -n "__fish_gwc_using_subcommand rules" -s q -l quiet -d 'Print findings only; twice: nothing but the exit code'
complete -c gwc -n "__fish_gwc_using_subcommand rules" -s v -l verbose -d 'Say more on stderr'
complete -c gwc -n "__fish_gwc_using_subcommand rules" -l no-config -d 'Read no configuration file'
complete -c gwc -n "__fish_gwc_using_subcommand rules" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gwc -n "__fish_gwc_using_subcommand config; and not __fish_seen_subcommand_from show path schema help" -l color -d 'When to use colours [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand config; and not __fish_seen_subcommand_from show path schema help" -l hyperlinks -d 'When to print hyperlinks [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand config; and not __fish_seen_subcommand_from show path schema help" -l progress -d 'When to show progress on stderr [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand config; and not __fish_seen_subcommand_from show path schema help" -l threads -d 'Threads to use [default: all cores]' -r
complete -c gwc -n "__fish_gwc_using_subcommand config; and not __fish_seen_subcommand_from show path schema help" -l config -d 'Configuration file, or one setting as KEY=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand config; and not __fish_seen_subcommand_from show path schema help" -s q -l quiet -d 'Print findings only; twice: nothing but the exit code'
complete -c gwc -n "__fish_gwc_using_subcommand config; and not __fish_seen_subcommand_from show path schema help" -s v -l verbose -d 'Say more on stderr'
complete -c gwc -n "__fish_gwc_using_subcommand config; and not __fish_seen_subcommand_from show path schema help" -l no-config -d 'Read no configuration file'
complete -c gwc -n "__fish_gwc_using_subcommand config; and not __fish_seen_subcommand_from show path schema help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gwc -n "__fish_gwc_using_subcommand config; and not __fish_seen_subcommand_from show path schema help" -f -a "show" -d 'Each value in effect with its origin'
complete -c gwc -n "__fish_gwc_using_subcommand config; and not __fish_seen_subcommand_from show path schema help" -f -a "path" -d 'The configuration file in use'
complete -c gwc -n "__fish_gwc_using_subcommand config; and not __fish_seen_subcommand_from show path schema help" -f -a "schema" -d 'JSON Schema of gwc.toml'
complete -c gwc -n "__fish_gwc_using_subcommand config; and not __fish_seen_subcommand_from show path schema help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l preset -d 'Base rule set: spec-only, recommended, strict, portable, all [default: recommended]' -r
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l select -d 'Run only these rules: code, prefix, group, name or ALL' -r
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l extend-select -d 'Run these rules too' -r
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l ignore -d 'Do not run these rules' -r
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l severity -d 'Severity of rules: error, warning, info or off' -r
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l fail-on -d 'Exit 1 from this severity on: error, warning, info or never [default: error]' -r
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l max-warnings -d 'Exit 1 when more warnings than this remain' -r
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l world -d 'What a missing object means: auto, open or closed' -r -f -a "auto\t'As closed where the world holds objects of the kind, else open'
open\t'Absence proves nothing'
closed\t'What is not there does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l assume -d 'Fact to take for granted, for example `secret:shop/tls` (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l assume-class -d 'GatewayClass to take for granted: NAME=CONTROLLER (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l missing-secrets -d 'What a missing Secret means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l missing-services -d 'What a missing Service means' -r -f -a "assume\t'It exists and is suitable'
error\t'It does not exist'"
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l now -d 'The time that certificates and expiry dates are judged by, RFC 3339 [default: the clock]' -r
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l gateway-api -d 'Gateway API release and channel of the cluster [default: detect, else newest/standard]' -r
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'When to use colours [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l hyperlinks -d 'When to print hyperlinks [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l progress -d 'When to show progress on stderr [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l threads -d 'Threads to use [default: all cores]' -r
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'Configuration file, or one setting as KEY=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l fail-on-undetermined -d 'Conditions that cannot be determined count as errors'
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print findings only; twice: nothing but the exit code'
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr'
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -l no-config -d 'Read no configuration file'
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from path" -l color -d 'When to use colours [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from path" -l hyperlinks -d 'When to print hyperlinks [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from path" -l progress -d 'When to show progress on stderr [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from path" -l threads -d 'Threads to use [default: all cores]' -r
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from path" -l config -d 'Configuration file, or one setting as KEY=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from path" -s q -l quiet -d 'Print findings only; twice: nothing but the exit code'
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from path" -s v -l verbose -d 'Say more on stderr'
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from path" -l no-config -d 'Read no configuration file'
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from schema" -l color -d 'When to use colours [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from schema" -l hyperlinks -d 'When to print hyperlinks [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from schema" -l progress -d 'When to show progress on stderr [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from schema" -l threads -d 'Threads to use [default: all cores]' -r
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from schema" -l config -d 'Configuration file, or one setting as KEY=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from schema" -s q -l quiet -d 'Print findings only; twice: nothing but the exit code'
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from schema" -s v -l verbose -d 'Say more on stderr'
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from schema" -l no-config -d 'Read no configuration file'
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "show" -d 'Each value in effect with its origin'
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "path" -d 'The configuration file in use'
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "schema" -d 'JSON Schema of gwc.toml'
complete -c gwc -n "__fish_gwc_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gwc -n "__fish_gwc_using_subcommand schema" -l color -d 'When to use colours [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand schema" -l hyperlinks -d 'When to print hyperlinks [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand schema" -l progress -d 'When to show progress on stderr [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand schema" -l threads -d 'Threads to use [default: all cores]' -r
complete -c gwc -n "__fish_gwc_using_subcommand schema" -l config -d 'Configuration file, or one setting as KEY=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand schema" -s q -l quiet -d 'Print findings only; twice: nothing but the exit code'
complete -c gwc -n "__fish_gwc_using_subcommand schema" -s v -l verbose -d 'Say more on stderr'
complete -c gwc -n "__fish_gwc_using_subcommand schema" -l no-config -d 'Read no configuration file'
complete -c gwc -n "__fish_gwc_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gwc -n "__fish_gwc_using_subcommand completions" -l color -d 'When to use colours [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand completions" -l hyperlinks -d 'When to print hyperlinks [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand completions" -l progress -d 'When to show progress on stderr [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand completions" -l threads -d 'Threads to use [default: all cores]' -r
complete -c gwc -n "__fish_gwc_using_subcommand completions" -l config -d 'Configuration file, or one setting as KEY=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand completions" -s q -l quiet -d 'Print findings only; twice: nothing but the exit code'
complete -c gwc -n "__fish_gwc_using_subcommand completions" -s v -l verbose -d 'Say more on stderr'
complete -c gwc -n "__fish_gwc_using_subcommand completions" -l no-config -d 'Read no configuration file'
complete -c gwc -n "__fish_gwc_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gwc -n "__fish_gwc_using_subcommand man" -l color -d 'When to use colours [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand man" -l hyperlinks -d 'When to print hyperlinks [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand man" -l progress -d 'When to show progress on stderr [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand man" -l threads -d 'Threads to use [default: all cores]' -r
complete -c gwc -n "__fish_gwc_using_subcommand man" -l config -d 'Configuration file, or one setting as KEY=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand man" -s q -l quiet -d 'Print findings only; twice: nothing but the exit code'
complete -c gwc -n "__fish_gwc_using_subcommand man" -s v -l verbose -d 'Say more on stderr'
complete -c gwc -n "__fish_gwc_using_subcommand man" -l no-config -d 'Read no configuration file'
complete -c gwc -n "__fish_gwc_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gwc -n "__fish_gwc_using_subcommand version" -s o -l output -d 'text or json [default: text]' -r
complete -c gwc -n "__fish_gwc_using_subcommand version" -l color -d 'When to use colours [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand version" -l hyperlinks -d 'When to print hyperlinks [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand version" -l progress -d 'When to show progress on stderr [default: auto]' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c gwc -n "__fish_gwc_using_subcommand version" -l threads -d 'Threads to use [default: all cores]' -r
complete -c gwc -n "__fish_gwc_using_subcommand version" -l config -d 'Configuration file, or one setting as KEY=VALUE (repeatable)' -r
complete -c gwc -n "__fish_gwc_using_subcommand version" -s q -l quiet -d 'Print findings only; twice: nothing but the exit code'
complete -c gwc -n "__fish_gwc_using_subcommand version" -s v -l verbose -d 'Say more on stderr'
complete -c gwc -n "__fish_gwc_using_subcommand version" -l no-config -d 'Read no configuration file'
complete -c gwc -n "__fish_gwc_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gwc -n "__fish_gwc_using_subcommand help; and not __fish_seen_subcommand_from check status explain compile diff graph route test serve ingress-migrate rules config schema completions man version help" -f -a "check" -d 'Check manifests: syntax, schema and rules of the API server, references, predicted status, lints'
complete -c gwc -n "__fish_gwc_using_subcommand help; and not __fish_seen_subcommand_from check status explain compile diff graph route test serve ingress-migrate rules config schema completions man version help" -f -a "status" -d 'Print the status that a conformant controller would write'
complete -c gwc -n "__fish_gwc_using_subcommand help; and not __fish_seen_subcommand_from check status explain compile diff graph route test serve ingress-migrate rules config schema completions man version help" -f -a "explain" -d 'Explain a rule, a condition or reason, or the attachment of one object'
complete -c gwc -n "__fish_gwc_using_subcommand help; and not __fish_seen_subcommand_from check status explain compile diff graph route test serve ingress-migrate rules config schema completions man version help" -f -a "compile" -d 'Compile manifests to the match IR: what is served, as text, JSON or figures'
complete -c gwc -n "__fish_gwc_using_subcommand help; and not __fish_seen_subcommand_from check status explain compile diff graph route test serve ingress-migrate rules config schema completions man version help" -f -a "diff" -d 'Compare two worlds: what a change does to traffic, statuses and findings'
complete -c gwc -n "__fish_gwc_using_subcommand help; and not __fish_seen_subcommand_from check status explain compile diff graph route test serve ingress-migrate rules config schema completions man version help" -f -a "graph" -d 'Draw objects and references, coloured by verdict'
complete -c gwc -n "__fish_gwc_using_subcommand help; and not __fish_seen_subcommand_from check status explain compile diff graph route test serve ingress-migrate rules config schema completions man version help" -f -a "route" -d 'Which listener, route and rule serve a request, and why the others do not'
complete -c gwc -n "__fish_gwc_using_subcommand help; and not __fish_seen_subcommand_from check status explain compile diff graph route test serve ingress-migrate rules config schema completions man version help" -f -a "test" -d 'Run route tests: requests and statuses against what is expected, coverage'
complete -c gwc -n "__fish_gwc_using_subcommand help; and not __fish_seen_subcommand_from check status explain compile diff graph route test serve ingress-migrate rules config schema completions man version help" -f -a "serve" -d 'Serve manifests: a running gateway from a folder'
complete -c gwc -n "__fish_gwc_using_subcommand help; and not __fish_seen_subcommand_from check status explain compile diff graph route test serve ingress-migrate rules config schema completions man version help" -f -a "ingress-migrate" -d 'Convert Ingresses to Gateway API: manifests, a report of what is lost, and proof'
complete -c gwc -n "__fish_gwc_using_subcommand help; and not __fish_seen_subcommand_from check status explain compile diff graph route test serve ingress-migrate rules config schema completions man version help" -f -a "rules" -d 'List the rules and their state in the current configuration'
complete -c gwc -n "__fish_gwc_using_subcommand help; and not __fish_seen_subcommand_from check status explain compile diff graph route test serve ingress-migrate rules config schema completions man version help" -f -a "config" -d 'Show the configuration'
complete -c gwc -n "__fish_gwc_using_subcommand help; and not __fish_seen_subcommand_from check status explain compile diff graph route test serve ingress-migrate rules config schema completions man version help" -f -a "schema" -d 'Print the JSON Schema of a file format'
complete -c gwc -n "__fish_gwc_using_subcommand help; and not __fish_seen_subcommand_from check status explain compile diff graph route test serve ingress-migrate rules config schema completions man version help" -f -a "completions" -d 'Print a completion script'
complete -c gwc -n "__fish_gwc_using_subcommand help; and not __fish_seen_subcommand_from check status explain compile diff graph route test serve ingress-migrate rules config schema completions man version help" -f -a "man" -d 'Print the manual page'
complete -c gwc -n "__fish_gwc_using_subcommand help; and not __fish_seen_subcommand_from check status explain compile diff graph route test serve ingress-migrate rules config schema completions man version help" -f -a "version" -d 'Print version, bundled Gateway API releases and features'
complete -c gwc -n "__fish_gwc_using_subcommand help; and not __fish_seen_subcommand_from check status explain compile diff graph route test serve ingress-migrate rules config schema completions man version help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c gwc -n "__fish_gwc_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "show" -d 'Each value in effect with its origin'
complete -c gwc -n "__fish_gwc_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "path" -d 'The configuration file in use'
complete -c gwc -n "__fish_gwc_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "schema" -d 'JSON Schema of gwc.toml'
