/** Bundles the service with each bundler, as ESM and as CommonJS, minified, and runs what comes out. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import nodeResolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { build } from 'esbuild';
import { rollup } from 'rollup';
import webpack from 'webpack';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const OUT = path.join(HERE, '..', '..', 'dist', 'bundled');
const ENTRY = path.join(HERE, 'service.mjs');

/** Their native part is loaded from where it is installed. */
const EXTERNAL = ['better-sqlite3', 'pg-native'];

/** What TypeORM would load for databases that nobody here uses. */
const OPTIONAL =
  /^(?:@google-cloud\/spanner|@sap\/hana-client.*|hdb-pool|ioredis|mongodb|mssql|mysql2?|oracledb|pg-query-stream|react-native-sqlite-storage|redis|sql\.js|sqlite3|typeorm-aurora-data-api-driver|@sap\/.*|cloudflare:sockets)$/;

/** ESM has no require of its own, which CommonJS modules within the bundle need for what is external. */
const BANNER = `import { createRequire as __createRequire } from 'node:module';
import { dirname as __dirnameOf } from 'node:path';
import { fileURLToPath as __toPath } from 'node:url';
const require = __createRequire(import.meta.url);
const __filename = __toPath(import.meta.url);
const __dirname = __dirnameOf(__filename);`;

const BUNDLERS = {
  esbuild: (format, outfile) =>
    build({
      entryPoints: [ENTRY],
      outfile,
      format,
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node20',
      external: EXTERNAL,
      banner: format === 'esm' ? { js: BANNER } : {},
      logLevel: 'error',
      plugins: [
        {
          name: 'optional',
          setup: ({ onResolve }) =>
            onResolve({ filter: OPTIONAL }, ({ path: name }) => ({ path: name, external: true })),
        },
      ],
    }),
  webpack: (format, outfile) =>
    new Promise((resolve, reject) => {
      const isModule = format === 'esm';
      const externals = [
        ({ request }, done) =>
          EXTERNAL.includes(request) || OPTIONAL.test(request)
            ? done(null, `${isModule ? 'node-commonjs' : 'commonjs'} ${request}`)
            : done(),
      ];
      webpack(
        {
          mode: 'production',
          target: 'node20',
          entry: ENTRY,
          externals,
          experiments: { outputModule: isModule },
          output: {
            path: path.dirname(outfile),
            filename: path.basename(outfile),
            ...(isModule ? { library: { type: 'module' }, chunkFormat: 'module' } : {}),
          },
          optimization: { splitChunks: false },
        },
        (error, stats) => {
          if (error) reject(error);
          else if (stats.hasErrors()) reject(new Error(stats.toString({ all: false, errors: true })));
          else resolve();
        },
      );
    }),
  rollup: async (format, file) => {
    const bundle = await rollup({
      input: ENTRY,
      external: (name) => EXTERNAL.includes(name) || OPTIONAL.test(name),
      plugins: [
        nodeResolve({ preferBuiltins: true, exportConditions: ['node'] }),
        commonjs({ ignoreDynamicRequires: true }),
        json(),
      ],
      onwarn: () => {},
    });
    await bundle.write({
      file,
      format,
      inlineDynamicImports: true,
      banner: format === 'esm' ? BANNER : '',
      plugins: [terser()],
    });
  },
};

const link = path.join(HERE, 'node_modules', 'ccat-ops-db');
if (!existsSync(link)) symlinkSync(path.join(HERE, '..', '..'), link);
rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT);
const printed = new Set();
for (const [name, bundle] of Object.entries(BUNDLERS))
  for (const format of ['esm', 'cjs']) {
    const file = path.join(OUT, `${name}.${format === 'esm' ? 'mjs' : 'cjs'}`);
    try {
      await bundle(format, file);
      const start = performance.now();
      const output = execFileSync(process.execPath, [file], { cwd: OUT, encoding: 'utf8' }).trim();
      const ms = Math.round(performance.now() - start);
      printed.add(output);
      console.log(`${name.padEnd(8)} ${format}  ok  ${(statSync(file).size / 1e6).toFixed(2)} MB  ${ms} ms`);
    } catch (error) {
      process.exitCode = 1;
      console.log(`${name.padEnd(8)} ${format}  FAILED  ${error.stderr ?? error.message}`);
    }
  }
if (printed.size > 1) {
  process.exitCode = 1;
  console.log('They do not print the same:', [...printed].join('\n'));
}
