import { startS3Server } from '../../src/sandbox/s3/s3-server.ts';
import type { SandboxCredentials } from '../../src/sandbox/sigv4.ts';

/** An S3 endpoint in a process of its own, so that a test can kill it. */
const [directory, credentials] = process.argv.slice(2) as [string, string];
const server = await startS3Server({ directory, credentials: JSON.parse(credentials) as SandboxCredentials });
process.send!(server.url);
