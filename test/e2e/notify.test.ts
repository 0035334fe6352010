import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSandboxProject, type SandboxProject } from './sandbox-project.ts';

const SECRET_PATH = '/services/T0/B0/whoever-has-it-can-post';

describe('the channel that is told of a run', () => {
  let channel: Server;
  let project: SandboxProject;
  let status = 200;
  const received: string[] = [];

  beforeAll(async () => {
    channel = createServer((request, response) => {
      request.on('data', (text: Buffer) => void received.push(text.toString()));
      request.on('end', () => response.writeHead(status).end());
    });
    await new Promise<void>((resolve) => channel.listen(0, '127.0.0.1', resolve));
    const { port } = channel.address() as AddressInfo;
    project = await openSandboxProject({
      environment: { LAKELIFT_WEBHOOK: `http://127.0.0.1:${port}${SECRET_PATH}` },
      change: (config) => ({ ...config, notify: { webhook: { urlEnvironment: 'LAKELIFT_WEBHOOK' } } }),
    });
  });
  afterAll(async () => {
    await project.close();
    channel.close();
  });

  it('gets one message, and whether it takes it changes neither the exit code nor the report', async () => {
    const told = await project.run('absences');
    expect(told.code).toBe(0);
    expect(received).toHaveLength(1);
    expect(received[0]).toContain('absences');
    status = 500;
    const untold = await project.run('absences');
    expect(untold).toMatchObject({ code: 0, summary: { reconciliation: told.summary.reconciliation } });
    expect(untold.stderr).toContain('slack webhook');
    expect(untold.stderr).not.toContain(SECRET_PATH);
  });
});
