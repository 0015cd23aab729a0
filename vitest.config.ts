import { defineConfig } from "vitest/config";

export default defineConfig({
  define: { STALLSCOPE_VERSION: JSON.stringify("0.0.0-test") },
  resolve: { conditions: ["stallscope-source"] },
  ssr: { resolve: { conditions: ["stallscope-source", "node", "import", "module", "default"] } },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    setupFiles: ["./test/fixed-seed.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ["default", "./scripts/closing-line.mjs"],
  },
});
