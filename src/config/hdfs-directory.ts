import { z } from 'zod';

/** An absolute, normal path: no empty, `.` or `..` segment, no slash at its end. */
export const hdfsDirectory = z
  .string()
  .regex(/^(\/(?!\.{1,2}(\/|$))[^/]+)+$/, 'must be an absolute HDFS directory such as "/data/rh/dsn"');
