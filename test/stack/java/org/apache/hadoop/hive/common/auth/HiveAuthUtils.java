package org.apache.hadoop.hive.common.auth;

import java.net.InetSocketAddress;
import org.apache.thrift.transport.TServerSocket;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.TTransport;
import org.apache.thrift.transport.TTransportException;

/** Stands in front of Hive 3's class of that name: HiveServer2 ignores its bind-host setting in binary mode. The stack uses no TLS. */
public final class HiveAuthUtils {
  private HiveAuthUtils() {}

  public static TTransport getSocketTransport(String host, int port, int loginTimeout) {
    return new TSocket(host, port, loginTimeout);
  }

  public static TServerSocket getServerSocket(String host, int port) throws TTransportException {
    return new TServerSocket(new InetSocketAddress("127.0.0.1", port));
  }
}
