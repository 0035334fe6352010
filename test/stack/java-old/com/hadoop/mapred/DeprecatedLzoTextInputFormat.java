package com.hadoop.mapred;

/** Of hadoop-lzo, which no registry has. Hadoop's own class reads the same files where the codec is known; it does not split them. */
public class DeprecatedLzoTextInputFormat extends org.apache.hadoop.mapred.TextInputFormat {}
