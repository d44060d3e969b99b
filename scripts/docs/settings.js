// settings.toml and the table in docs/settings.md, from src/settings/schema.ts.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { aboutSetting, DEFAULTS, SETTING_KEYS } = require('../../dist/src/settings/schema.js');

const PAGE = 'docs/settings.md';
const MARKED = /(<!-- settings: written by `npm run docs` -->\n)[\s\S]*?(\n<!-- end of settings -->)/;
const WIDTH = 110;

/** Every file by its path. */
exports.settings = () => {
  const page = readFileSync(join(__dirname, '..', '..', PAGE), 'utf8');
  return new Map([
    ['settings.toml', toml()],
    [PAGE, page.replace(MARKED, (_, start, end) => `${start}\n${table()}\n${end}`)],
  ]);
};

function toml() {
  const sections = Object.entries(DEFAULTS).map(([name, values]) =>
    [
      `[${name}]`,
      ...Object.entries(values).map(
        ([key, value]) => `${name === 'default' ? commentOf(key) : ''}${key} = ${JSON.stringify(value)}\n`,
      ),
    ]
      .join('\n')
      .trimEnd(),
  );
  const head = [
    '# The defaults of ccat-ops-db, written by `npm run docs` from src/settings/schema.ts. To change a setting, write a',
    '# settings.toml of your own or set an environment variable such as CCAT_OPS_DB_DATABASE_TYPE; see docs/settings.md.',
  ].join('\n');
  return `${[head, ...sections].join('\n\n')}\n`;
}

function commentOf(key) {
  const { description, allowed } = aboutSetting(key);
  return wrapped(`${description}${limitsOf(allowed)}`)
    .map((line) => `# ${line}\n`)
    .join('');
}

/** Any text needs no words. */
function limitsOf(allowed) {
  return allowed.startsWith('text') ? '' : ` Allowed: ${allowed}.`;
}

function wrapped(text) {
  const lines = [''];
  for (const word of text.split(' ')) {
    if (lines.at(-1).length + word.length > WIDTH) lines.push('');
    lines[lines.length - 1] += `${lines.at(-1) === '' ? '' : ' '}${word}`;
  }
  return lines;
}

function table() {
  const rows = SETTING_KEYS.map((key) => {
    const { allowed, default: byDefault, description } = aboutSetting(key);
    const cells = [
      `\`${key}\``,
      `\`CCAT_OPS_DB_${key.toUpperCase()}\``,
      `\`${JSON.stringify(byDefault)}\``,
      allowed,
      description,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return ['| key | variable | default | must be | meaning |', '|---|---|---|---|---|', ...rows].join('\n');
}
