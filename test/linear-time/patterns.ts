// Every regular expression of the sources: the literals as they stand there, and those put together when
// a module is loaded.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export interface Pattern {
  /** Below `src/`. */
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

const here = fileURLToPath(new URL("../../src/", import.meta.url));

export function readLiterals(): Pattern[] {
  return sourceFiles().flatMap((file) =>
    nodesOf(file).flatMap((node) => {
      if (!ts.isRegularExpressionLiteral(node)) return [];
      const end = node.text.lastIndexOf("/");
      const flags = node.text.slice(end + 1);
      // What splits is looked for until nothing is left.
      const all = isSplitter(node) && !flags.includes("g") ? "g" : "";
      return [{ file, source: node.text.slice(1, end), flags: all + flags }];
    }),
  );
}

/** Files in which a pattern is put together: `new RegExp(…)`, `RegExp(…)`. */
export function filesThatBuild(): string[] {
  return sourceFiles().filter((file) =>
    nodesOf(file).some(
      (node) =>
        (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
        ts.isIdentifier(node.expression) &&
        node.expression.text === "RegExp",
    ),
  );
}

/** What is put together while `load` loads the modules, with the file of `files` in which that is done. */
export async function recordBuilt(
  files: readonly string[],
  load: () => Promise<unknown>,
): Promise<Pattern[]> {
  const built: Pattern[] = [];
  const plain = globalThis.RegExp;
  const note = (made: RegExp): RegExp => {
    const stack = new Error("where").stack ?? "";
    const file = files.find((name) => stack.includes(`/src/${name}:`));
    if (file !== undefined) built.push({ file, source: made.source, flags: made.flags });
    return made;
  };
  globalThis.RegExp = new Proxy(plain, {
    construct: (target, [source, flags]) => note(new target(source, flags)),
    apply: (target, _self, [source, flags]) => note(target(source, flags)),
  });
  try {
    await load();
  } finally {
    globalThis.RegExp = plain;
  }
  return built;
}

function isSplitter({ parent }: ts.Node): boolean {
  return (
    ts.isCallExpression(parent) &&
    ts.isPropertyAccessExpression(parent.expression) &&
    parent.expression.name.text === "split"
  );
}

function sourceFiles(): string[] {
  return readdirSync(here, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !/\.(?:test|fixture|d)\.ts$/.test(name),
  );
}

function nodesOf(file: string): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(here + file, "utf8"), ts.ScriptTarget.ES2023, true));
  return nodes;
}
