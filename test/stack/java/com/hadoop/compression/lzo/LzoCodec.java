package com.hadoop.compression.lzo;

/** Of hadoop-lzo, which no registry has. The files are those of this codec in Java. */
public class LzoCodec extends io.airlift.compress.lzo.LzoCodec {}
