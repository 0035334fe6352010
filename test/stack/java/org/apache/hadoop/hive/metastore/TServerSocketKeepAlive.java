package org.apache.hadoop.hive.metastore;

import java.net.InetSocketAddress;
import java.net.SocketException;
import org.apache.thrift.transport.TServerSocket;
import org.apache.thrift.transport.TSocket;
import org.apache.thrift.transport.TTransportException;

/** Stands in front of Hive 3's class of that name: the metastore has no setting to listen on loopback only. */
public class TServerSocketKeepAlive extends TServerSocket {
  public TServerSocketKeepAlive(TServerSocket given) throws TTransportException {
    super(new InetSocketAddress("127.0.0.1", portOf(given)));
  }

  @Override
  protected TSocket acceptImpl() throws TTransportException {
    TSocket socket = super.acceptImpl();
    try {
      socket.getSocket().setKeepAlive(true);
    } catch (SocketException e) {
      throw new TTransportException(e);
    }
    return socket;
  }

  private static int portOf(TServerSocket given) {
    int port = given.getServerSocket().getLocalPort();
    given.close();
    return port;
  }
}
