/** Attributes of an element; a number is written with one digit behind the point. */
type Attributes = Readonly<Record<string, string | number>>;

/** An SVG element; children are elements, too, or escaped text. */
export function element(
  name: string,
  attributes: Attributes,
  ...children: readonly string[]
): string {
  const written = Object.entries(attributes).map(
    ([attribute, value]) => ` ${attribute}="${attributeValue(value)}"`,
  );
  const start = `<${name}${written.join('')}`;
  return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`;
}

/** A line of text. */
export const text = (content: string, attributes: Attributes): string =>
  element('text', attributes, escaped(content));

const attributeValue = (value: string | number): string =>
  typeof value === 'string' ? escaped(value) : String(Number(value.toFixed(1)));

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Text as it stands in XML. */
export const escaped = (content: string): string =>
  content.replace(/[&<>"]/g, (character) => entities[character] ?? character);
