#!/usr/bin/env node
// This file and what it imports is JavaScript, so that a command that starts from its bundle does not load what reads TypeScript: a third of a start.
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import './compiled-code.js';
import './heap-limits.js';
import { findBundled } from './bundle.js';

// Before anything else is loaded, so that compiled code is kept from one command to the next: a start takes 0.3 s in place of 0.7. In a folder
// of the user's own, since whoever writes there runs code; where there is none, nothing is kept.
enableCompileCache(join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'lakelift'));
const bundled = findBundled(join(import.meta.dirname, '../..'), 'lakelift');
await import(bundled === undefined ? './main.ts' : pathToFileURL(bundled).href);
