import type { KnownCommand, Values } from './tree.ts';

/** The script for fish, which tells what each word is. */
export function fishScript(commands: readonly KnownCommand[]): string {
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => quoted(path));
  const takers = commands.flatMap(({ path, options }) =>
    options
      .filter(({ values }) => values !== 'nothing')
      .map(({ word }) => quoted(`${path} ${word}`.trim())),
  );
  return `# fish completion for countersign

set -g __countersign_commands ${paths.join(' ')}
set -g __countersign_takers ${takers.join(' ')}

# The command that the words so far lead to.
function __countersign_path
  set -l words (commandline -opc)
  set -l path
  set -l skip 0
  for word in $words[2..-1]
    if test $skip -eq 1; and not string match -q -- '-*' $word
      set skip 0
    else if string match -q -- '-*' $word
      if contains -- "$path $word" $__countersign_takers; or contains -- $word $__countersign_takers
        set skip 1
      end
    else
      set -l next (string trim -- "$path $word")
      if contains -- $next $__countersign_commands
        set path $next
      end
    end
  end
  echo $path
end

function __countersign_at
  test (__countersign_path) = "$argv[1]"
end

complete -c countersign -f
${commands.flatMap(completions).join('\n')}
`;
}

function completions(command: KnownCommand): readonly string[] {
  const { path, commands, options, operands, takesFiles } = command;
  const here = `-n ${quoted(`__countersign_at ${quoted(path)}`)}`;
  const where = path === '' ? '' : `${here} `;
  return [
    ...commands.map(
      ({ word, description }) =>
        `complete -c countersign ${here} -a ${quoted(word)} -d ${quoted(description)}`,
    ),
    ...operands.map((word) => `complete -c countersign ${here} -a ${quoted(word)}`),
    ...(takesFiles ? [`complete -c countersign ${here} -F`] : []),
    ...options.map(
      ({ word, description, values }) =>
        `complete -c countersign ${where}-l ${word.replace(/^--/, '')}${taken(values)} -d ${quoted(description)}`,
    ),
  ];
}

function taken(values: Values): string {
  if (values === 'nothing') return '';
  if (values === 'file') return ' -r -F';
  return values === 'text' ? ' -x' : ` -x -a ${quoted(values.join(' '))}`;
}

/** Fish knows two escapes between single quotes. */
const quoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
