using System.CommandLine;

namespace MiniKube.Benchmarks.Load;

/// <summary><c>load</c>: what an API server can do, ours or any that a kubeconfig names.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "A server that runs already. Without it our own is started, once on etcd and once on the embedded store." };
        var process = new Option<int?>("--pid") { Description = "That server's process, if it runs on this machine: its processor time and memory are reported." };
        var seconds = new Option<int>("--seconds") { Description = "How long each rate is measured.", DefaultValueFactory = _ => 5 };
        var clients = Numbers("--clients", "How many clients work at once, one measurement each.", 1, 16, 64);
        var watchers = Numbers("--watchers", "How many watchers there are, one measurement each.", 200);
        var pods = new Option<int>("--pods") { Description = "How many pods the lists are of.", DefaultValueFactory = _ => 10_000 };
        var file = new Option<string?>("--json") { Description = "A file to write the figures to." };
        var command = new Command("load", "Measures creates, updates, gets, lists, watches, start and memory of an API server, beside its store alone.")
        {
            kubeconfig, process, seconds, clients, watchers, pods, file,
        };
        command.SetAction(async (result, cancellationToken) =>
        {
            var clock = TimeProvider.System;
            var benchmark = new LoadBenchmark(clock, new LoadOptions
            {
                Duration = TimeSpan.FromSeconds(result.GetValue(seconds)),
                Clients = result.GetValue(clients) ?? [],
                Watchers = result.GetValue(watchers) ?? [],
                Pods = result.GetValue(pods),
            });
            var own = result.GetValue(process) is { } id ? new ServerProcess(id) : null;
            IReadOnlyList<Figure> figures = result.GetValue(kubeconfig) is { } path
                ? await benchmark.RunAsync(new LoadTarget(path, own), cancellationToken)
                : [.. await benchmark.RunOwnAsync(usesEtcd: true, cancellationToken), .. await benchmark.RunOwnAsync(usesEtcd: false, cancellationToken)];
            Report.Write("load", figures, result.GetValue(file), clock);
        });
        return command;
    }

    private static Option<int[]> Numbers(string name, string description, params int[] values) =>
        new(name) { Description = description, DefaultValueFactory = _ => values, AllowMultipleArgumentsPerToken = true };
}
