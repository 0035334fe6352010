package org.apache.hadoop.io.compress;

/** Of Hadoop before 0.20, and no longer in it. The files are those of this codec in Java. */
public class LzoCodec extends io.airlift.compress.lzo.LzoCodec {}
