import { cfnLint } from './install.ts';
import { run } from './cache.ts';

/** What its console script calls; the package cannot be run as a module. */
const MAIN = 'import sys; from cfnlint.runner import main; sys.exit(main())';

/** What AWS' own linter says of a CloudFormation template; empty when it finds nothing. Rejects with its findings. */
export async function lintTemplate(file: string): Promise<string> {
  const env = { PYTHONPATH: await cfnLint() };
  return run('python3', ['-c', MAIN, '--regions', 'eu-west-3', '--', file], { env });
}
