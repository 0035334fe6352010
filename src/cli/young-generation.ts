import { setFlagsFromString } from 'node:v8';

// What lives for one file only is collected early, from two megabytes in place of up to 64: measured, no more CPU for a third less memory
// over a million files. To be loaded before all else.
setFlagsFromString('--semi-space-growth-factor=1');
