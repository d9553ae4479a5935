import { ConfigurationError, wrongValue } from '../configuration-error.ts';

/**
 * One of a few values that a property can have. Only its text counts, so that what a second copy of this
 * package has made means the same.
 */
interface Choice {
  /** What settings and functions call it. */
  readonly name: string;
}

/** All choices of a class, by their texts. */
export interface Choices<Name extends string, Made extends Choice> {
  /** The class whose constants they are. */
  readonly className: string;
  readonly values: Readonly<Record<Name, Made>>;
}

/**
 * Finds the choice that a text stands for.
 * @throws ConfigurationError that lists the texts
 */
export function choiceOf<Name extends string, Made extends Choice>(
  { className, values }: Choices<Name, Made>,
  text: string,
): Made {
  const names = Object.keys(values).filter((name) => isNameIn(values, name));
  const found = names.find((name) => name === text);
  if (found !== undefined) return values[found];
  throw wrongValue(className, text, `must be ${oneOf(names)}`);
}

/**
 * Gives the text of a choice that a property has. It may be none of the class's: those who write JavaScript
 * have no compiler to tell them.
 * @throws ConfigurationError that lists the choices
 */
export function chosenName<Name extends string, Made extends Choice>(
  { className, values }: Choices<Name, Made>,
  choice: Made,
  property: string,
): Name {
  const name: unknown = (choice as Partial<Choice> | null)?.name;
  if (typeof name === 'string' && isNameIn(values, name)) return name;
  const constants = Object.keys(values).map((text) => `${className}.${constantOf(text)}`);
  const passed = JSON.stringify(name ?? choice);
  throw new ConfigurationError(`${property} is ${passed}, but it must be ${oneOf(constants)}.`);
}

const isNameIn = <Name extends string>(
  values: Readonly<Record<Name, unknown>>,
  name: string,
): name is Name => Object.hasOwn(values, name);

/** The constant of a class that has this text. */
const constantOf = (text: string): string => text.toUpperCase().replaceAll('-', '_');

const oneOf = (names: readonly string[]): string =>
  names.length === 2 ? names.join(' or ') : `one of ${names.join(', ')}`;
