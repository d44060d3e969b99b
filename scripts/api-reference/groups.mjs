// Puts every public name into a group, after the folder of its declaration, and names parameters that have no name.
import { Application, Comment, CommentTag, Converter, ReflectionKind } from 'typedoc';

/** Folders below `src`, by the group; the first that fits counts. The order of the groups in the reference. */
export const GROUPS = [
  ['Connecting and units of work', ['datasource', 'database-url', 'database/', 'errors']],
  ['Settings', ['settings/']],
  ['Entities', ['entities/', 'views/', 'values/']],
  ['Filing what was observed', ['services/filing/', 'services/spool/']],
  ['Planning and dispatch', ['services/dispatch/', 'services/sky/', 'services/hours/']],
  ['Claiming and doing work', ['services/working/', 'services/claiming/', 'lifecycle/']],
  ['Packages, transfers and the archive', ['services/transfer/']],
  ['Storage and its health', ['services/storage/', 'services/health/']],
  ['Reduction', ['services/reduction/']],
  ['Reading and following changes', ['services/reading/', 'services/changes/', 'services/replication/']],
  ['Access', ['services/access/']],
  ['JSON Schemas', ['services/schemas/']],
  ['Seeding and planning files', ['seed/', 'tabular/', 'tools/planning-files/']],
  ['Tools', ['tools/']],
];

const KINDS =
  ReflectionKind.Class |
  ReflectionKind.Interface |
  ReflectionKind.Function |
  ReflectionKind.Variable |
  ReflectionKind.TypeAlias |
  ReflectionKind.Enum;

/** @param {import('typedoc').Application} app */
export function load(app) {
  // Later than typedoc.json is read, which would win.
  app.on(Application.EVENT_BOOTSTRAP_END, () => {
    app.options.setValue('categorizeByGroup', false);
    app.options.setValue(
      'categoryOrder',
      GROUPS.map(([name]) => name),
    );
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const reflection of project.getReflectionsByKind(KINDS)) {
      const group = groupOf(project.getSymbolIdFromReflection(reflection)?.fileName ?? '');
      if (!group) continue;
      for (const { comment } of [reflection, ...(reflection.signatures ?? [])])
        if (comment) add(comment, group);
      reflection.comment ??= reflection.signatures ? undefined : add(new Comment(), group);
    }
    for (const parameter of project.getReflectionsByKind(ReflectionKind.Parameter))
      if (parameter.name === '__namedParameters') parameter.name = nameOf(parameter.type);
  });
}

/** A parameter that is taken apart at once has no name: it is called as its type is. */
function nameOf(type) {
  const name = type?.type === 'reference' ? type.name : 'Options';
  return name.endsWith('Options') ? 'options' : name[0].toLowerCase() + name.slice(1);
}

function groupOf(file) {
  const inside = /dist\/src\/(.*)$/.exec(file)?.[1];
  return GROUPS.find(([, folders]) => folders.some((folder) => inside?.startsWith(folder)))?.[0];
}

function add(comment, group) {
  comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: group }]));
  return comment;
}
