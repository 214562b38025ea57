package dev.yagura.sigma.overfit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WindowsTextTest {
    private static final long SEED = 7;

    @Test
    void caretsAreOnlyInWhatCmdRuns() {
        String line = "C:\\Windows\\cmd.exe /c net user intruder /add";
        String varied = WindowsText.carets(line, new SplittableRandom(SEED));
        assertThat(varied).startsWith("C:\\Windows\\cmd.exe /c ").contains("^");
        assertThat(varied.replace("^", "")).isEqualTo(line);
        String net = "net user intruder /add";
        assertThat(WindowsText.carets(net, new SplittableRandom(SEED))).isEqualTo(net);
    }

    @Test
    void backticksMakeNoControlCharacters() {
        String line = "powershell.exe -nop Invoke-Expression (New-Object Net.WebClient)";
        String varied = WindowsText.backticks(line, new SplittableRandom(SEED));
        assertThat(varied).contains("`").doesNotContainPattern("`[0abefnrtuv]");
        assertThat(varied.replace("`", "")).isEqualTo(line);
    }

    @Test
    void quotesWithinWordsLeaveQuotedLinesAlone() {
        String line = "net user intruder";
        String varied = WindowsText.quotes(line, new SplittableRandom(SEED));
        assertThat(varied).contains("\"\"");
        assertThat(varied.replace("\"\"", "")).isEqualTo(line);
        String quoted = "\"C:\\Program Files\\a.exe\" run";
        assertThat(WindowsText.quotes(quoted, new SplittableRandom(SEED))).isEqualTo(quoted);
    }

    @Test
    void optionsMoveWithWhatFollowsThem() {
        String line = "certutil -urlcache -f http://a/b \"c d\" /q";
        String varied = WindowsText.otherOrder(line, new SplittableRandom(SEED));
        assertThat(varied)
                .startsWith("certutil ")
                .isNotEqualTo(line)
                .contains("-f http://a/b \"c d\"")
                .hasSameSizeAs(line);
        String shell = "cmd.exe /c dir /s /b";
        assertThat(WindowsText.otherOrder(shell, new SplittableRandom(SEED))).isEqualTo(shell);
    }

    @Test
    void aCopyIsCalledByItsPath() {
        String path = "C:\\Program Files\\a.exe";
        assertThat(WindowsText.calledBy("\"C:\\Program Files\\a.exe\" /x", path, "D:\\b.exe"))
                .isEqualTo("D:\\b.exe /x");
        assertThat(WindowsText.calledBy("c:\\program files\\A.EXE /x", path, "D:\\b c.exe"))
                .isEqualTo("\"D:\\b c.exe\" /x");
        assertThat(WindowsText.calledBy("a /x", path, "D:\\b.exe")).isEqualTo("D:\\b.exe /x");
    }

    @Test
    void caseAndDashChangeNothingElse() {
        String line = "sc.exe -query /state all c:/x";
        assertThat(WindowsText.mixedCase(line, new SplittableRandom(SEED)))
                .isEqualToIgnoringCase(line)
                .isNotEqualTo(line);
        assertThat(WindowsText.otherDash(line)).isEqualTo("sc.exe /query -state all c:/x");
    }
}
