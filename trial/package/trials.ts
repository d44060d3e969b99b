/** What is tried with the package as npm packs it, as services use it. */
export interface Trial {
  /** Packages of programs that are run, such as a package manager; they lie in a folder of their own. */
  readonly tools?: readonly string[];
  /** Files of `services/` that the service has. */
  readonly files: readonly string[];
  /** Further files of the service, by name. */
  readonly written?: Readonly<Record<string, string>>;
  /** Lines for a shell that install the service; `$PACKAGE` is the packed package, `$INSTALLED` a folder where npm has installed it. */
  readonly install: readonly string[];
  /** Lines for a shell that are run on each of the databases. */
  readonly run: readonly string[];
  /** By default both. */
  readonly databases?: readonly ('sqlite' | 'postgresql')[];
}

/** Its native part is built but once. */
const INSTALLED = 'cp -R $INSTALLED/. .';
const SERVICE = ['service.mjs', 'service.cjs'];
const POSTGRESQL = ['postgresql'] as const;

/** With declarations checked, too, and no more in `lib` than a service has. */
const TSC = '--noEmit --strict --target es2022 --types node --skipLibCheck false consumer.ts';
const TYPES_OF_NODE = '@types/node@20';

/** The trials by name. */
export const TRIALS: Readonly<Record<string, Trial>> = {
  npm: {
    files: SERVICE,
    install: [INSTALLED],
    run: ['npx opsdb init', 'node service.mjs', 'node service.cjs', 'npx opsdb current --check'],
  },
  'npm without better-sqlite3': {
    files: SERVICE,
    install: ['npm install --omit=optional $PACKAGE typeorm@1', 'test ! -e node_modules/better-sqlite3'],
    run: ['npx opsdb init', 'node service.mjs', 'node service.cjs'],
    databases: POSTGRESQL,
  },
  pnpm: {
    tools: ['pnpm@12.4.2'],
    files: SERVICE,
    // As docs/deploying.md says: pnpm builds nothing that it was not told to.
    written: { 'pnpm-workspace.yaml': 'allowBuilds:\n  better-sqlite3: true\n' },
    install: ['pnpm add $PACKAGE typeorm@1'],
    run: ['pnpm exec opsdb init', 'node service.mjs', 'node service.cjs'],
  },
  'yarn 1': {
    tools: ['yarn@1'],
    files: SERVICE,
    install: ['yarn add $PACKAGE typeorm@1'],
    run: ['yarn -s opsdb init', 'node service.mjs', 'node service.cjs'],
  },
  'yarn 4': {
    tools: ['@yarnpkg/cli-dist@4'],
    files: SERVICE,
    written: { '.yarnrc.yml': 'nodeLinker: node-modules\nenableScripts: true\n', 'yarn.lock': '' },
    install: ['yarn add ccat-ops-db@file:$PACKAGE typeorm@1'],
    run: ['yarn opsdb init', 'node service.mjs', 'node service.cjs'],
  },
  "yarn 4, plug'n'play": {
    tools: ['@yarnpkg/cli-dist@4'],
    files: SERVICE,
    written: { '.yarnrc.yml': 'nodeLinker: pnp\nenableScripts: true\n', 'yarn.lock': '' },
    install: ['yarn add ccat-ops-db@file:$PACKAGE typeorm@1'],
    run: ['yarn opsdb init', 'yarn node service.mjs', 'yarn node service.cjs'],
  },
  bun: {
    tools: ['bun@1'],
    files: SERVICE,
    install: ['bun add $PACKAGE typeorm@1'],
    run: ['bun --bun opsdb init', 'bun service.mjs', 'bun service.cjs'],
    // Bun does not load what is built for Node.
    databases: POSTGRESQL,
  },
  deno: {
    tools: ['deno@2'],
    files: SERVICE,
    install: [INSTALLED],
    run: ['npx opsdb init', 'deno run -A service.mjs', 'deno run -A service.cjs'],
    databases: POSTGRESQL,
  },
  express: {
    files: ['express.mjs'],
    install: [INSTALLED, 'npm install express@5'],
    run: ['npx opsdb init', 'node express.mjs'],
  },
  fastify: {
    files: ['fastify.mjs'],
    install: [INSTALLED, 'npm install fastify@5'],
    run: ['npx opsdb init', 'node fastify.mjs'],
  },
  vitest: {
    files: ['service.test.mjs'],
    install: [INSTALLED, 'npm install vite@8.3.8 vitest@4.1.12'],
    run: ['npx vitest run'],
    databases: ['sqlite'],
  },
  typeorm: {
    files: [],
    install: [INSTALLED],
    run: ['migration:run', 'migration:show', 'migration:revert', 'migration:run', 'query "SELECT 1"'].map(
      (words) => `npx typeorm ${words} -d node_modules/ccat-ops-db/entry/data-source.js`,
    ),
    databases: POSTGRESQL,
  },
  postgraphile: {
    tools: [nodeOf(22)],
    files: ['graphql.mjs'],
    install: [INSTALLED, 'npm install postgraphile@5'],
    run: ['npx opsdb init', 'node graphql.mjs'],
    databases: POSTGRESQL,
  },
  'TypeScript 5.9': {
    files: ['consumer.ts'],
    install: [INSTALLED, `npm install typescript@5.9 ${TYPES_OF_NODE}`],
    run: [
      `npx tsc --module nodenext ${TSC}`,
      `npx tsc --module node16 ${TSC}`,
      `npx tsc --module esnext --moduleResolution bundler ${TSC}`,
      `npx tsc --module commonjs --moduleResolution node10 ${TSC}`,
    ],
    databases: ['sqlite'],
  },
  'TypeScript 7': {
    files: ['consumer.ts'],
    install: [INSTALLED, `npm install typescript@7 ${TYPES_OF_NODE}`],
    run: [
      `npx tsc --module nodenext ${TSC}`,
      `npx tsc --module node16 ${TSC}`,
      `npx tsc --module esnext --moduleResolution bundler ${TSC}`,
      `npx tsc --module commonjs --moduleResolution bundler ${TSC}`,
    ],
    databases: ['sqlite'],
  },
};

/** The npm package with a Node of its own. */
function nodeOf(major: number): string {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  return `node-${platform}-${process.arch}@${major}`;
}
