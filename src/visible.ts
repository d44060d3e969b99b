/** Text that others have written, as it may be shown to people: on a terminal, in a log, in a message. */

/** What moves a cursor, changes colours or the direction of writing, or cannot be seen at all. */
const HIDDEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164]/gu;
const LINE_BREAKS = /[\t\n]/g;

/**
 * Every character that could be taken for something else in the spelling of JSON, so that a JSON text means the same. Line breaks and
 * tabs stay.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, escaped);
}

/** The same on one line. */
export function visibleLine(text: string): string {
  return visible(text).replace(LINE_BREAKS, escaped);
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
