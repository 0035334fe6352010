package org.apache.hadoop.io.compress;

/** In front of Hadoop's own, which needs a library that the machine may not have. The files are those of this codec in Java. */
public class ZStandardCodec extends io.airlift.compress.zstd.ZstdCodec {}
