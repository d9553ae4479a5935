import { shellWord } from '../../registry/command-hint.ts';
import { type Branch, caseText, commandBranches, valueBranches } from './cases.ts';
import type { KnownCommand } from './tree.ts';

/** The script for bash, of version 3.2 on. It asks nobody: all that it knows stands in it. */
export function bashScript(commands: readonly KnownCommand[]): string {
  const global = commands[0]?.options.map(({ word }) => word) ?? [];
  const words = commands.map((command): Branch => {
    const { path, commands: below, options, operands, takesFiles } = command;
    const own = path === '' ? [] : options.map(({ word }) => word);
    const first = [...below.map(({ word }) => word), ...operands, ...(takesFiles ? ['@file'] : [])];
    return [
      shellWord(path),
      `words=${shellWord(first.join(' '))} options=${shellWord(own.join(' '))}`,
    ];
  });
  return `# bash completion for countersign

_countersign_is_command() {
  case "$1" in
${caseText(commandBranches(commands))}
  esac
  return 1
}

_countersign_values() {
  values=
  case "$1 $2" in
${caseText(valueBranches(commands))}
  esac
}

_countersign_words() {
  words= options=
  case "$1" in
${caseText(words)}
  esac
  options="$options ${global.join(' ')}"
}

_countersign_files() {
  compopt -o filenames 2>/dev/null
  local IFS=$'\\n'
  COMPREPLY=($(compgen -f -- "$1"))
}

_countersign() {
  local current=\${COMP_WORDS[COMP_CWORD]} path= option= word= values= words= options= i
  # A name of a file may hold spaces.
  local IFS=$' \\n'
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $word == = ]]; then continue; fi
    if [[ -n $values && $word != -* ]]; then values=; continue; fi
    if [[ $word == -* ]]; then option=$word; _countersign_values "$path" "$option"; continue; fi
    if _countersign_is_command "\${path:+$path }$word"; then path="\${path:+$path }$word"; fi
  done
  if [[ $current == = ]]; then current=; fi
  if [[ $current == -* ]]; then values=; fi
  case "$values" in
    @file) _countersign_files "$current" ;;
    @text) ;;
    ?*) COMPREPLY=($(compgen -W "$values" -- "$current")) ;;
    *)
      _countersign_words "$path"
      if [[ $current == -* ]]; then words=$options; fi
      if [[ $words == @file ]]; then _countersign_files "$current"; return; fi
      COMPREPLY=($(compgen -W "$words" -- "$current"))
      ;;
  esac
}

complete -F _countersign countersign
`;
}
