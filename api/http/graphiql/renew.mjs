// Takes GraphiQL and React from their npm packages into static/, and the licences of all that is in them into static/LICENSES.txt.
// Run `node renew.mjs` here after changing a version below; see README.md.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const versions = { graphiql: '3.9.0', react: '18.3.1', 'react-dom': '18.3.1' };
const taken = ['graphiql/graphiql.min.js', 'graphiql/graphiql.min.css', 'react/umd/react.production.min.js', 'react-dom/umd/react-dom.production.min.js'];

const here = import.meta.dirname;
const temporary = mkdtempSync(join(tmpdir(), 'graphiql-'));
const modules = join(temporary, 'node_modules');

// The bundle's source map tells which packages went into it; those of GraphiQL's own repository stand in it without `node_modules`.
function bundled() {
  const { sources } = JSON.parse(readFileSync(join(modules, 'graphiql/graphiql.min.js.map'), 'utf8'));
  const names = sources.map((source) => {
    const [, inner] = source.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/) ?? [];
    const [, own] = source.match(/^\.\.\/\.\.\/([^/.]+)\//) ?? [];
    return inner ?? own?.replace(/^graphiql-/, '@graphiql/') ?? 'graphiql';
  });
  return [...new Set([...names, ...Object.keys(versions)])].sort();
}

function install(packages) {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps', '--silent'];
  execFileSync('npm', ['install', '--prefix', temporary, ...quiet, ...packages], { stdio: 'inherit' });
}

function licence(name) {
  const folder = join(modules, name);
  const { license, author, repository } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const holder = (typeof author === 'string' ? author : author?.name) ?? repository?.url ?? repository;
  const text = file ? readFileSync(join(folder, file), 'utf8').replace(/\r/g, '').trim() : `The package has no licence file. It declares: ${license}, by ${holder}`;
  return { name, license, text };
}

try {
  install(Object.entries(versions).map(([name, version]) => `${name}@${version}`));
  const names = bundled();
  install(names.filter((name) => !existsSync(join(modules, name)))); // what was only needed to build the bundle
  for (const path of taken) {
    let text = readFileSync(join(modules, path), 'utf8');
    text = text.replace(/@font-face\s*\{[^}]*\}/g, ''); // nine tenths of the style sheet, and two more licences
    text = text.replace(/\s*(\/\/# sourceMappingURL=.*|\/\*# sourceMappingURL=.*\*\/)\s*$/, '\n');
    writeFileSync(join(here, 'static', path.split('/').at(-1)), text);
    console.log(createHash('sha256').update(text).digest('hex'), path);
  }
  const texts = new Map();
  for (const { name, license, text } of names.map(licence)) {
    const heading = `${name} (${license})`;
    texts.set(text, [...(texts.get(text) ?? []), heading]);
  }
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  writeFileSync(join(here, 'static', 'LICENSES.txt'), [...texts].map(([text, names]) => `${names.join('\n')}\n\n${text}`).join(rule) + '\n');
} finally {
  rmSync(temporary, { recursive: true });
}
