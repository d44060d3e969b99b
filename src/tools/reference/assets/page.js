// Runs in the page of `opsdb schema`: shows one entry at a time, searches, and switches between light and dark.
// Without it the page is one long text.
const root = document.documentElement;
const search = document.getElementById('search');
const found = document.getElementById('found');
const theme = document.getElementById('theme');
const articles = [...document.querySelectorAll('article')];
const MOST_FOUND = 40;

/* One entry at a time, by the address. */

function show() {
  const id = decodeURIComponent(location.hash.slice(1)) || 'overview';
  const target = document.getElementById(id) ?? articles[0];
  const article = target.closest('article') ?? articles[0];
  for (const other of articles) other.classList.toggle('current', other === article);
  for (const row of document.querySelectorAll('tr.found')) row.classList.remove('found');
  for (const link of document.querySelectorAll('nav a')) {
    if (link.getAttribute('href') === `#${article.id}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const heading = article.querySelector('h1');
  document.title = `${heading.textContent} – ccat-ops-db`;
  const current = document.querySelector('nav a[aria-current]');
  current?.closest('details')?.setAttribute('open', '');
  current?.scrollIntoView({ block: 'nearest' });
  if (target === article) scrollTo(0, 0);
  else {
    target.classList.add('found');
    target.scrollIntoView({ block: 'center' });
  }
  return heading;
}

/* Search. */

const entries = [
  ...articles.map((article) => ({
    id: article.id,
    name: article.querySelector('h1').textContent,
    text: article.querySelector('.lead').textContent,
    kind: article.querySelector('.kind')?.textContent ?? '',
    rank: 0,
  })),
  ...[...document.querySelectorAll('tr[id]')].map((row) => ({
    id: row.id,
    name: row.id.replace(/^enum-/, ''),
    text: [...row.cells]
      .slice(1)
      .map((cell) => cell.textContent)
      .join('  '),
    kind: row.id.startsWith('enum-') ? 'value' : 'column',
    rank: 1,
  })),
  ...[...document.querySelectorAll('article td > code')]
    .filter((code) => /^(pk|uq|fk|ix|ck)_/.test(code.textContent))
    .map((code) => ({
      id: code.closest('article').id,
      name: code.textContent,
      text: code.closest('tr').lastChild.textContent,
      kind: 'rule',
      rank: 2,
    })),
];

/** How well an entry fits: the start of a name before its middle, a name before a text; undefined where it does not. */
function scoreOf({ name, text, rank }, words) {
  const lower = name.toLowerCase();
  if (!words.every((word) => lower.includes(word) || text.toLowerCase().includes(word))) return undefined;
  const [word] = words;
  const last = lower.split('.').at(-1);
  const where = [
    lower === word,
    last === word,
    lower.startsWith(word),
    last.startsWith(word),
    lower.includes(word),
  ];
  const at = where.indexOf(true);
  return (at === -1 ? where.length : at) * 3 + rank;
}

function find() {
  const words = search.value.toLowerCase().trim().split(/\s+/);
  const fitting = search.value.trim()
    ? entries
        .map((entry) => ({ entry, score: scoreOf(entry, words) }))
        .filter(({ score }) => score !== undefined)
        .sort((a, b) => a.score - b.score || (a.entry.name < b.entry.name ? -1 : 1))
        .slice(0, MOST_FOUND)
    : [];
  found.replaceChildren(...fitting.map(({ entry }, index) => option(entry, index, words)));
  if (fitting.length === 0 && search.value.trim()) found.append(nothing());
  const isOpen = found.childElementCount > 0;
  found.hidden = !isOpen;
  search.setAttribute('aria-expanded', String(isOpen));
  select(0);
}

function option({ id, name, text, kind }, index, words) {
  const item = document.createElement('li');
  item.id = `found-${index}`;
  item.role = 'option';
  item.dataset.target = id;
  const [title, detail, sort] = ['b', 'span', 'i'].map((tag) =>
    item.appendChild(document.createElement(tag)),
  );
  title.append(...marked(name, words));
  detail.textContent = text;
  sort.textContent = kind;
  return item;
}

function nothing() {
  const item = document.createElement('li');
  item.append('Nothing fits: try a part of a name, or another word.');
  return item;
}

/** A name in which the words are marked. */
function marked(name, words) {
  const pattern = new RegExp(
    `(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`,
    'i',
  );
  return name.split(pattern).map((part, index) => {
    if (index % 2 === 0) return part;
    const mark = document.createElement('mark');
    mark.append(part);
    return mark;
  });
}

function options() {
  return [...found.querySelectorAll('[role=option]')];
}

function selected() {
  return options().findIndex((item) => item.getAttribute('aria-selected') === 'true');
}

function select(index) {
  const all = options();
  for (const [at, item] of all.entries()) item.setAttribute('aria-selected', String(at === index));
  all[index]?.scrollIntoView({ block: 'nearest' });
  search.setAttribute('aria-activedescendant', all[index]?.id ?? '');
}

function open(item) {
  if (!item) return;
  close();
  location.hash = item.dataset.target;
  show().focus({ preventScroll: true });
}

function close() {
  search.value = '';
  find();
}

search.addEventListener('input', find);
search.addEventListener('keydown', (event) => {
  const count = options().length;
  const keys = {
    ArrowDown: () => select((selected() + 1) % count),
    ArrowUp: () => select((selected() - 1 + count) % count),
    Enter: () => open(options()[selected()]),
    Escape: close,
  };
  if (!keys[event.key] || count + search.value.length === 0) return;
  event.preventDefault();
  if (count > 0 || event.key === 'Escape') keys[event.key]();
});
found.addEventListener('mousedown', (event) => {
  event.preventDefault();
  open(event.target.closest('[role=option]'));
});
search.addEventListener('blur', () => {
  found.hidden = true;
});
search.addEventListener('focus', find);
addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target === search) return;
  event.preventDefault();
  search.focus();
});

/* Light or dark: as the computer, or as chosen. */

const THEMES = ['auto', 'light', 'dark'];

function stored() {
  try {
    return localStorage.getItem('theme') ?? 'auto';
  } catch {
    // A browser may keep nothing for files.
    return root.dataset.theme ?? 'auto';
  }
}

function applyTheme(name) {
  root.dataset.theme = name;
  theme.firstChild.textContent = name[0].toUpperCase() + name.slice(1);
  try {
    localStorage.setItem('theme', name);
  } catch {}
}

theme.addEventListener('click', () =>
  applyTheme(THEMES[(THEMES.indexOf(root.dataset.theme) + 1) % THEMES.length]),
);

applyTheme(THEMES.includes(stored()) ? stored() : 'auto');
root.classList.add('js');
addEventListener('hashchange', () => show().focus({ preventScroll: true }));
show();
