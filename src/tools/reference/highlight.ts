import { element, escapeText } from '../html/markup.js';

const KEYWORDS = {
  typescript:
    'abstract|as|async|await|class|const|default|export|extends|false|function|if|import|from|new|null|private|public|readonly|return|static|this|throw|true|type|undefined|void',
  sql: 'AND|AS|BETWEEN|BY|CASCADE|CASE|CAST|CHECK|CONSTRAINT|CREATE|DEFAULT|DELETE|ELSE|END|ENUM|EXISTS|FOREIGN|FROM|IN|INDEX|IS|JOIN|KEY|LEFT|LIKE|LIMIT|NOT|NULL|ON|OR|ORDER|PRIMARY|REFERENCES|RESTRICT|SELECT|SET|TABLE|THEN|TYPE|UNION|UNIQUE|WHEN|WHERE|WITH',
  json: 'true|false|null',
} as const;

const COMMENT = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/;
const TEXT = /'(?:[^'\\\n]|\\.)*'|`[^`]*`/;

/** A program text as markup, with its comments, texts, decorators and keywords marked. */
export function highlight(text: string, language: keyof typeof KEYWORDS): string {
  const parts = [
    ['comment', COMMENT],
    ['text', language === 'json' ? /"(?:[^"\\]|\\.)*"(?!:)/ : TEXT],
    ['decorator', language === 'typescript' ? /@\w+/ : /(?!)/],
    ['keyword', new RegExp(`\\b(?:${KEYWORDS[language]})\\b`)],
  ] as const;
  const token = new RegExp(parts.map(([name, { source }]) => `(?<${name}>${source})`).join('|'), 'g');
  let at = 0;
  let markup = '';
  for (const match of text.matchAll(token)) {
    const [kind = ''] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? [];
    markup +=
      escapeText(text.slice(at, match.index)) + element('span', { class: kind }, [escapeText(match[0])]);
    at = match.index + match[0].length;
  }
  return markup + escapeText(text.slice(at));
}
