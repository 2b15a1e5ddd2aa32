/**
 * How the page is built, served while developing, and tested.
 *
 * `vite` proxies /api and /ws to DISGRAFS_URL (default: the mock, `npm run mock`). Nothing is inlined into
 * index.html and no preload script is injected, so that `script-src 'self'; style-src 'self'` holds.
 */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const server = process.env["DISGRAFS_URL"] ?? "http://127.0.0.1:8090";
/** Where CMake's target erasure_wasm left the codec's modules (./dev builds it before the page). */
const wasm = process.env["DISGRAFS_WASM"] ?? fileURLToPath(new URL("../build/release/wasm", import.meta.url));

/** React libraries mark modules for a bundler that we do not use; the marks mean nothing here. */
const is_noise = (code: string | undefined) => code === "MODULE_LEVEL_DIRECTIVE";

export default defineConfig({
  esbuild: { jsx: "automatic" },
  resolve: { alias: { "@wasm": wasm } },
  worker: { format: "es" },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
    rollupOptions: { onwarn: (warning, warn) => void (is_noise(warning.code) || warn(warning)) },
  },
  server: {
    host: "127.0.0.1",
    fs: { allow: [".", wasm] },
    proxy: { "/api": { target: server }, "/ws": { target: server, ws: true } },
  },
  // Modules are compiled and started in tests, on machines that build meanwhile.
  test: { include: ["src/**/*.test.ts"], environment: "node", testTimeout: 30_000 },
});
