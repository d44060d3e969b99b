// The schema reference in docs/: schema.md, the diagrams and the links of documented-model.md, from the entities' metadata.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { instance } = require('@viz-js/viz');
const { DocumentedLinks } = require('../../dist/src/tools/reference/documented.js');
const { FAINT, INK, lifecycleDot, SHADE, tableDot } = require('../../dist/src/tools/reference/dot.js');
const {
  domainDiagram,
  lifecycleDiagram,
  overviewDiagram,
} = require('../../dist/src/tools/reference/graph.js');
const { schemaMarkdown } = require('../../dist/src/tools/reference/markdown.js');
const { lifecycleMermaid, tableMermaid } = require('../../dist/src/tools/reference/mermaid.js');
const { describeModel } = require('../../dist/src/tools/reference/model.js');
const { scanParametersMarkdown } = require('../../dist/src/tools/reference/scan-parameters.js');
const { postgresqlModel } = require('../../dist/src/tools/reference/statements.js');

const DOCS = join(__dirname, '..', '..', 'docs');

/** Every file by its path. */
exports.reference = async () => {
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
    ['docs/schema.md', schemaMarkdown(model, links.byTable(page))],
    ['docs/documented-model.md', page],
    ['docs/scan-parameters.md', scanParametersMarkdown()],
    ...tables.flatMap((diagram) => [
      [`docs/diagrams/${diagram.name}.mmd`, tableMermaid(diagram)],
      [`docs/diagrams/${diagram.name}.svg`, drawn(tableDot(diagram))],
    ]),
    ...lifecycles.flatMap((diagram) => [
      [`docs/diagrams/${diagram.name}.mmd`, lifecycleMermaid(diagram)],
      [`docs/diagrams/${diagram.name}.svg`, drawn(lifecycleDot(diagram))],
    ]),
  ]);
};

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
