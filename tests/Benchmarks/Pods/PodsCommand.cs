using System.CommandLine;

namespace MiniKube.Benchmarks.Pods;

/// <summary><c>pods</c>: how fast pods start together, and what the kubelet takes for them.</summary>
internal static class PodsCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--pods") { Description = "How many pods start at once.", DefaultValueFactory = _ => 30 };
        var rounds = new Option<int>("--rounds") { Description = "How often.", DefaultValueFactory = _ => 3 };
        var file = new Option<string?>("--json") { Description = "A file to write the figures to." };
        var command = new Command("pods", "Times pods from create to Running, one and many at once, beside plain Docker; and the kubelet's memory and CPU.");
        command.Options.Add(count);
        command.Options.Add(rounds);
        command.Options.Add(file);
        command.SetAction(async (result, cancellationToken) =>
        {
            var clock = TimeProvider.System;
            var figures = await new PodsBenchmark(clock).RunAsync(result.GetValue(count), result.GetValue(rounds), cancellationToken);
            Report.Write("pods", figures, result.GetValue(file), clock);
        });
        return command;
    }
}
