using System.CommandLine;

namespace MiniKube.Benchmarks.FirstLight;

/// <summary><c>first-light</c>: how long a cluster takes to come and go, what it weighs, and how fast a pod runs beside Docker alone.</summary>
internal static class FirstLightCommand
{
    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How many clusters are made.", DefaultValueFactory = _ => 3 };
        var pods = new Option<int>("--pods") { Description = "How many pods are timed in the last of them.", DefaultValueFactory = _ => 10 };
        var file = new Option<string?>("--json") { Description = "A file to write the figures to." };
        var command = new Command("first-light", "Times mk up and mk down, the memory of each process, and a pod's way to Running beside plain Docker.");
        command.Options.Add(rounds);
        command.Options.Add(pods);
        command.Options.Add(file);
        command.SetAction(async (result, cancellationToken) =>
        {
            var clock = TimeProvider.System;
            var figures = await new FirstLightBenchmark(clock).RunAsync(result.GetValue(rounds), result.GetValue(pods), cancellationToken);
            Report.Write("first light", figures, result.GetValue(file), clock);
        });
        return command;
    }
}
