import http from 'node:http';

interface OpenFile {
  readonly url: string;
  readonly superuser: string;
  readonly path: string;
}

/** Begins to write a file and stops in the middle of its bytes; returns what breaks the connection off. */
export async function leaveOpenForWrite({ url, superuser, path }: OpenFile): Promise<() => void> {
  const query = new URLSearchParams({ op: 'CREATE', 'user.name': superuser });
  const answer = await fetch(`${url}/webhdfs/v1${encodeURI(path)}?${query.toString()}`, {
    method: 'PUT',
    redirect: 'manual',
  });
  const request = http.request(answer.headers.get('location')!, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream', 'content-length': 1_000_000 },
  });
  request.on('error', () => undefined);
  request.write(Buffer.alloc(100_000));
  for (let attempt = 0; attempt < 100 && !(await exists(url, superuser, path)); attempt++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return () => void request.destroy();
}

async function exists(url: string, user: string, path: string): Promise<boolean> {
  const answer = await fetch(`${url}/webhdfs/v1${encodeURI(path)}?op=GETFILESTATUS&user.name=${user}`);
  await answer.text();
  return answer.ok;
}
