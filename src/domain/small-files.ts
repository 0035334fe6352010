/** Opening such a file costs an engine more than reading it. */
export const SMALL_FILE_BYTES = 8 * 1024 * 1024;
/** Below this, small files are no matter. */
export const MANY_FILES = 100;
