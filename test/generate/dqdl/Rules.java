import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.glue.dqdl.parser.DQDLParser;

/** Prints the rules of a file as AWS's parser reads them: type, statement and condition of each; ends with an error for what is no ruleset. */
public class Rules {
  public static void main(String[] files) throws Exception {
    for (var rule : new DQDLParser().parse(Files.readString(Path.of(files[0]))).getRules()) {
      var statement = rule.getParameters().getOrDefault("CustomSqlStatement", "");
      System.out.println(String.join("\t", rule.getRuleType(), statement, rule.getCondition().getConditionAsString()));
    }
  }
}
