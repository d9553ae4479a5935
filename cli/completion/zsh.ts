import { shellWord } from '../../registry/command-hint.ts';
import { type Branch, caseText, commandBranches, valueBranches } from './cases.ts';
import type { Known, KnownCommand } from './tree.ts';

/** The script for zsh, which tells what each word is. */
export function zshScript(commands: readonly KnownCommand[]): string {
  const global = described(commands[0]?.options ?? []);
  const words = commands.map((command): Branch => {
    const { path, commands: below, options, operands, takesFiles } = command;
    const own = path === '' ? '' : described(options);
    const words = [...operands, ...(takesFiles ? ['@file'] : [])];
    const first = [described(below), ...words.map(shellWord)].join(' ');
    return [shellWord(path), `known=(${first}); options=(${own})`];
  });
  return `#compdef countersign
# zsh completion for countersign

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
  known=() options=()
  case "$1" in
${caseText(words)}
  esac
  options+=(${global})
}

_countersign() {
  local at= word= values= i
  local -a known options
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    if [[ -n $values && $word != -* ]]; then values=; continue; fi
    if [[ $word == -* ]]; then
      if [[ $word != *=* ]]; then _countersign_values "$at" "$word"; fi
      continue
    fi
    if _countersign_is_command "\${at:+$at }$word"; then at="\${at:+$at }$word"; fi
  done
  if [[ $PREFIX == -* ]]; then values=; fi
  if [[ $PREFIX == -*=* ]]; then
    _countersign_values "$at" "\${PREFIX%%=*}"
    compset -P '*='
  fi
  case "$values" in
    @file) _files ;;
    @text) ;;
    ?*) compadd -- \${=values} ;;
    *)
      _countersign_words "$at"
      if [[ $PREFIX == -* ]]; then known=("\${options[@]}"); fi
      if [[ $known[1] == @file ]]; then _files; else _describe countersign known; fi
      ;;
  esac
}

if [[ $funcstack[1] == _countersign ]]; then
  _countersign "$@"
else
  compdef _countersign countersign
fi
`;
}

/** Words with what they are, as _describe reads them. */
const described = (known: readonly Known[]): string =>
  known
    .map(
      ({ word, description }) =>
        `${word.replaceAll(':', '\\:')}:${description.replaceAll(':', '\\:')}`,
    )
    .map(shellWord)
    .join(' ');
