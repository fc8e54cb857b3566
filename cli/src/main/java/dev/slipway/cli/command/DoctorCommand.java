package dev.slipway.cli.command;

import dev.slipway.base.ErrorKind;
import dev.slipway.cli.doctor.Examination;
import dev.slipway.cli.doctor.Finding;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.JsonText;
import dev.slipway.cli.terminal.LogSetup;
import dev.slipway.cli.terminal.Style;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/** {@code slipway doctor}. */
@Command(
        name = "doctor",
        description = "Look at what Slipway needs: host, Java, processor, kernels, home, disk, models, port.")
final class DoctorCommand extends SlipwayCommand {
    DoctorCommand(Console console) {
        super(console);
    }

    @Override
    protected int execute() {
        LogSetup.install(console().err(), global.debug);
        List<Finding> findings =
                new Examination(global.home(console().environment()), ListenAddress.DEFAULT_PORT).run();
        if (global.json) {
            console().out().println(JsonText.array(findings, DoctorCommand::write));
        } else {
            findings.forEach(this::print);
        }
        boolean sound = findings.stream().noneMatch(finding -> finding.state() == Finding.State.PROBLEM);
        return sound ? 0 : ErrorKind.FAILURE.exitCode();
    }

    private void print(Finding finding) {
        boolean colour = console().colourOut();
        String mark = switch (finding.state()) {
            case OK -> Style.GREEN.on("ok     ", colour);
            case WARNING -> Style.YELLOW.on("warning", colour);
            case PROBLEM -> Style.RED.on("problem", colour);
        };
        console().out().println(mark + "  " + String.format("%-12s", finding.subject()) + "  " + finding.text());
        if (!finding.advice().isEmpty()) {
            console().out().println(" ".repeat(23) + finding.advice());
        }
    }

    private static void write(JsonText json, Finding finding) {
        json.open()
                .field("subject", finding.subject())
                .field("state", finding.state().name().toLowerCase(Locale.ROOT))
                .field("text", finding.text())
                .field("advice", finding.advice())
                .close();
    }
}
