import { defineConfig } from 'vitest/config'

const never = ['**/node_modules/**', '**/dist/**', '**/.cache/**']

/**
 * Projects by what they need: the documents alone, nothing, a built edge and pages, the same plus time for
 * kills and floods, a Docker engine.
 */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'docs', include: ['scripts/docs/*.test.ts'] } },
      {
        test: {
          name: 'unit',
          include: [
            'packages/*/{src,test}/**/*.test.ts',
            'apps/panel/src/**/*.test.ts',
            'apps/panel/test/*.test.ts',
            'apps/web/{src,test}/**/*.test.{ts,tsx}',
            'scripts/test/*.test.ts',
          ],
          exclude: never,
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['apps/panel/test/e2e/**/*.test.ts'],
          exclude: never,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['apps/panel/test/faults/**/*.test.ts'],
          exclude: never,
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'docker',
          include: ['apps/panel/test/docker/**/*.test.ts'],
          globalSetup: 'apps/panel/test/support/docker-images.ts',
          exclude: never,
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
})
