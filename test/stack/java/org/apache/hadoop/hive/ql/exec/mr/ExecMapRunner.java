package org.apache.hadoop.hive.ql.exec.mr;

import java.io.IOException;
import org.apache.hadoop.mapred.MapRunner;
import org.apache.hadoop.mapred.OutputCollector;
import org.apache.hadoop.mapred.RecordReader;
import org.apache.hadoop.mapred.Reporter;

/**
 * Stands in front of Hive's class of that name and lets one map task of the server's own JVM run at a time: Hive keeps in a
 * static field of ExecMapper that a task wants no more rows (`SELECT 1` and LIMIT do), and each task beside it then ends as
 * well, with the rows that it has read until then and without an error.
 */
public class ExecMapRunner<K1, V1, K2, V2> extends MapRunner<K1, V1, K2, V2> {
  private static final Object ONE_AT_A_TIME = new Object();

  @Override
  public void run(RecordReader<K1, V1> input, OutputCollector<K2, V2> output, Reporter reporter) throws IOException {
    synchronized (ONE_AT_A_TIME) {
      ExecMapper.setDone(false);
      ((ExecMapper) getMapper()).ensureOutputInitialize(output, reporter);
      super.run(input, output, reporter);
    }
  }
}
