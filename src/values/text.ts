/** A character that no text may have: U+0000, which PostgreSQL refuses, and halves of a pair in UTF-16. */
const UNSTORABLE = /[\0\p{Cs}]/u;
const ASCII = /^[ -~]*$/;

/** Whether both databases keep a text as it is. */
export function isStorableText(text: string): boolean {
  return ASCII.test(text) || !UNSTORABLE.test(text);
}

/** The one spelling of a text in Unicode: composed, NFC. */
export function composed(text: string): string {
  return ASCII.test(text) ? text : text.normalize('NFC');
}

/** As {@link isStorableText}, for JSON Schemas. */
export const TEXT_PATTERN = '^[^\\u0000\\ud800-\\udfff]*$';
