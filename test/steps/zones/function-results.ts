/** One call of a distributed map as Step Functions writes it into a file of results; without an answer, one that has failed. */
export function result({
  bucket = 'sandbox-raw',
  ...call
}: {
  readonly bucket?: string;
  readonly key: string;
  readonly at: string;
  readonly answer?: object;
}): object {
  const input = JSON.stringify({ file: { bucket, key: call.key }, run: 'nightly' });
  const told = {
    ...{ ExecutionArn: 'arn:aws:states:eu-west-3:111122223333:execution:m/f:1', Input: input, Name: '1' },
    ...{ InputDetails: { Included: true }, StartDate: call.at, StateMachineArn: 'arn:aws:states:…', StopDate: call.at },
  };
  if (call.answer === undefined)
    return { ...told, Status: 'FAILED', Error: 'FileFailed', Cause: 'Its record stands in quarantine.' };
  const answer = { status: 'written', ...call.answer };
  const output = JSON.stringify({ result: { objects: [answer] } });
  return { ...told, Status: 'SUCCEEDED', Output: output, OutputDetails: { Included: true } };
}

/** A file of results. */
export function calls(...results: readonly object[]): string {
  return JSON.stringify(results);
}
