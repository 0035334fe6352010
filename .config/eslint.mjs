import tseslint from 'typescript-eslint';

/** Which rooms of src/ each room may not import from: domain <- ports <- steps <- migrate <- cli, wizard; adapters see domain and ports. */
const outer = ['cli', 'wizard'];
const wiring = ['compose', 'compose-reports', 'compose-state', 'compose-notify', 'compose-secrets', 'compose-keys', 'compose-serving', 'compose-engines', 'compose-log', 'compose-policies', ...outer];
const runs = ['migrate', 'draw-plan'];
const edges = ['adapters', 'sandbox', ...wiring];
const forbidden = {
  domain: ['ports', 'steps', ...runs, 'config', 'generate', 'report', 'hdfs-webhdfs-client', ...edges],
  ports: ['steps', ...runs, 'config', 'report', 'hdfs-webhdfs-client', ...edges],
  steps: [...runs, 'config', 'hdfs-webhdfs-client', 'report', ...edges],
  adapters: ['steps', ...runs, 'config', 'report', 'sandbox', ...wiring],
  resilience: ['steps', ...runs, 'config', 'report', 'hdfs-webhdfs-client', ...edges],
  generate: ['ports', 'steps', ...runs, 'config', 'report', 'hdfs-webhdfs-client', ...edges],
  report: ['ports', 'steps', ...runs, 'config', 'hdfs-webhdfs-client', ...edges],
  config: ['ports', 'steps', ...runs, 'report', 'hdfs-webhdfs-client', ...edges],
  wizard: ['adapters', 'sandbox', 'hdfs-webhdfs-client'],
  sandbox: ['steps', ...runs, 'config', 'report', ...wiring],
  'hdfs-webhdfs-client': ['domain', 'ports', 'steps', ...runs, 'config', 'report', 'errors', ...edges],
};

const directions = Object.entries(forbidden).map(([room, others]) => ({
  files: [`src/${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(\\.\\./)+(${others.join('|')})(/|\\.ts$)`,
            message: 'This import goes against the layers: domain <- ports <- steps <- migrate <- cli; only compose.ts and its parts see adapters.',
          },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'reports', '.lakelift', '**/*.mjs', '.config'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: `${import.meta.dirname}/..` } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 250, skipBlankLines: false, skipComments: false }],
      'max-params': ['error', 4],
      complexity: ['error', 14],
    },
  },
  { files: ['src/**/*.ts'], rules: { 'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }] } },
  // A cast in a comment is seen by tsc, not by these rules.
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/require-await': 'off', 'max-lines': 'off', complexity: 'off' } },
  ...directions,
);
