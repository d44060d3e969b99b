// Writes docs/schema.md, the diagrams and the links of docs/documented-model.md from the metadata of the entities.
//   node scripts/docs.js                 writes them
//   node scripts/docs.js --check         writes nothing, ends with exit code 1 when one is stale
//   node scripts/docs.js --into FOLDER   writes or checks them elsewhere
const { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { parseArgs } = require('node:util');
const { instance } = require('@viz-js/viz');
const { DocumentedLinks } = require('../dist/src/tools/reference/documented.js');
const { FAINT, INK, lifecycleDot, SHADE, tableDot } = require('../dist/src/tools/reference/dot.js');
const { domainDiagram, lifecycleDiagram, overviewDiagram } = require('../dist/src/tools/reference/graph.js');
const { schemaMarkdown } = require('../dist/src/tools/reference/markdown.js');
const { lifecycleMermaid, tableMermaid } = require('../dist/src/tools/reference/mermaid.js');
const { describeModel } = require('../dist/src/tools/reference/model.js');
const { postgresqlModel } = require('../dist/src/tools/reference/statements.js');

const DOCS = join(__dirname, '..', 'docs');
const {
  values: { check, into },
} = parseArgs({ options: { check: { type: 'boolean' }, into: { type: 'string', default: DOCS } } });

main().catch((error) => {
  console.error(error);
  process.exitCode = 2;
});

async function main() {
  const files = await contents();
  const folder = join(into, 'diagrams');
  const left = (existsSync(folder) ? readdirSync(folder) : [])
    .map((name) => join('diagrams', name))
    .filter((name) => !files.has(name));
  const stale = [...files].filter(([name, text]) => textOf(join(into, name)) !== text).map(([name]) => name);
  if (check) return report([...stale, ...left]);
  for (const name of stale) {
    mkdirSync(dirname(join(into, name)), { recursive: true });
    writeFileSync(join(into, name), files.get(name));
  }
  for (const name of left) rmSync(join(into, name));
  console.log(`Wrote ${stale.length} of ${files.size} files, removed ${left.length}.`);
}

/** Every file by its path below docs/. */
async function contents() {
  const model = describeModel(await postgresqlModel());
  const graphviz = await instance();
  const links = new DocumentedLinks(model);
  const page = links.withLinks(readFileSync(join(DOCS, 'documented-model.md'), 'utf8'));
  const tables = [overviewDiagram(model), ...model.domains.map((domain) => domainDiagram(model, domain))];
  const lifecycles = model.tables.flatMap((table) =>
    table.lifecycles.map((lifecycle) => lifecycleDiagram(table, lifecycle)),
  );
  const drawn = (dot) => svg(graphviz.renderString(dot, { format: 'svg', engine: 'dot' }));
  return new Map([
    ['schema.md', schemaMarkdown(model, links.byTable(page))],
    ['documented-model.md', page],
    ...tables.flatMap((diagram) => [
      [`diagrams/${diagram.name}.mmd`, tableMermaid(diagram)],
      [`diagrams/${diagram.name}.svg`, drawn(tableDot(diagram))],
    ]),
    ...lifecycles.flatMap((diagram) => [
      [`diagrams/${diagram.name}.mmd`, lifecycleMermaid(diagram)],
      [`diagrams/${diagram.name}.svg`, drawn(lifecycleDot(diagram))],
    ]),
  ]);
}

/** What Graphviz has drawn, in colours that suit light and dark, and without its preamble. */
function svg(drawn) {
  const style = `<style>
svg { --ink: #1f2328; --faint: #656d76; --shade: #eaeef2; }
@media (prefers-color-scheme: dark) { svg { --ink: #e6edf3; --faint: #9198a1; --shade: #2a313c; } }
</style>`;
  return drawn
    .slice(drawn.indexOf('<svg'))
    .replaceAll(INK, 'var(--ink)')
    .replaceAll(FAINT, 'var(--faint)')
    .replaceAll(SHADE, 'var(--shade)')
    .replace(/ id="\w+"/g, '')
    .replaceAll('xlink:href="#', 'xlink:href="../schema.md#')
    .replace('>', `>\n${style}`);
}

function textOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function report(stale) {
  if (stale.length === 0) return console.log('The reference in docs/ is as the entities say.');
  console.error(
    `docs/ is not as the entities say: ${stale.join(', ')}. Run \`npm run docs\` and commit the result.`,
  );
  process.exitCode = 1;
}
