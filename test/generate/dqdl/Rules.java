import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.glue.dqdl.parser.DQDLParser;

/** Prints the rules of each file as AWS's parser reads them; ends with an error for what is no ruleset. */
public class Rules {
  public static void main(String[] files) throws Exception {
    for (String file : files) {
      for (var rule : new DQDLParser().parse(Files.readString(Path.of(file))).getRules()) {
        System.out.println(rule.getRuleType() + " " + rule.getParameters() + " " + rule.getCondition().getConditionAsString()
            + (rule.getWhereClause() == null ? "" : " where " + rule.getWhereClause()));
      }
    }
  }
}
