import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;

/** Starts a main class under a URLClassLoader: Hive 3 casts its class loader to one, which Java 9 and later no longer give. */
public final class Launcher {
  public static void main(String[] args) throws Exception {
    String[] entries = System.getProperty("launcher.classpath").split(File.pathSeparator);
    URL[] urls = new URL[entries.length];
    for (int i = 0; i < entries.length; i++) urls[i] = new File(entries[i]).toURI().toURL();
    URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    Class.forName(args[0], true, loader).getMethod("main", String[].class).invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
  }
}
