// What the README shows is what the program prints.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { renderTerminal } from "#report/terminal/terminal.ts";
import { analyzeBytes } from "./analyze-log.ts";

const root = new URL("..", import.meta.url).pathname;

test("the README's sample is the output on the shipped incident, up to what to do", async () => {
  const readme = readFileSync(`${root}README.md`, "utf8");
  const shown = /## What it prints\n\n```\n([\s\S]*?)```/.exec(readme)?.[1];
  const report = await analyzeBytes(
    readFileSync(`${root}examples/netstamp-clear.log`),
    "examples/netstamp-clear.log",
  );
  const printed = renderTerminal(report, { lang: "en", color: false, width: 80 });
  expect(shown?.trimEnd()).toBe(printed.split("-- WHAT TO DO")[0]?.trimEnd());
});

test("both commands of the README name scripts and files that exist", () => {
  const readme = readFileSync(`${root}README.md`, "utf8");
  const { scripts } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  expect(readme).toContain("npm ci && node bin/stallscope.js analyze examples/netstamp-clear.log");
  expect(readme).toContain("npm ci && npm run check");
  expect(scripts.check).toBe("node scripts/check.mjs");
});
