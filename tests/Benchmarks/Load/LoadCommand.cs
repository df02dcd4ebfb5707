using System.CommandLine;

namespace MiniKube.Benchmarks.Load;

/// <summary><c>load</c>: what an API server can do, ours or any that a kubeconfig names.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "A server that runs already. Without it our own is started, once on etcd and once on the embedded store." };
        var process = new Option<int?>("--pid") { Description = "That server's process, if it runs on this machine: its processor time and memory are reported." };
        var etcd = new Option<Uri?>("--etcd") { Description = "The etcd of that server: it is measured alone, too, where nothing else is stored." };
        var workloads = new Option<string[]>("--workloads")
        {
            Description = $"Which of {string.Join(", ", LoadOptions.AllWorkloads)}; without it all.",
            DefaultValueFactory = _ => [.. LoadOptions.AllWorkloads],
            AllowMultipleArgumentsPerToken = true,
        };
        workloads.AcceptOnlyFromAmong([.. LoadOptions.AllWorkloads]);
        var stores = new Option<string[]>("--stores") { Description = "Of our own server: etcd, embedded.", DefaultValueFactory = _ => ["etcd", "embedded"], AllowMultipleArgumentsPerToken = true };
        stores.AcceptOnlyFromAmong("etcd", "embedded");
        var seconds = Number("--seconds", "How long each rate is measured.", 5);
        var rounds = Number("--rounds", "How often each rate is measured; the median is shown first.", 1);
        var clients = Numbers("--clients", "How many clients work at once, one measurement each.", 1, 16, 64, 256);
        var watchers = Numbers("--watchers", "How many watchers there are, one measurement each.", 200, 1000);
        var pods = Number("--pods", "How many pods the lists are of.", 10_000);
        var churn = Number("--churn", "How many pods are created and deleted before memory must have come back.", 100_000);
        var soak = Number("--soak", "How many minutes memory is looked at while mixed work goes on.", 10);
        var keys = Number("--keys", "How many keys of 2 kB the embedded store holds whose opening is timed.", 100_000);
        var file = new Option<string?>("--json") { Description = "A file to write the figures to." };
        var markdown = new Option<string?>("--markdown") { Description = "Of our own server: a file to write them to as the table of docs/figures.md." };
        var command = new Command("load", "Measures creates, updates, gets, lists, watches, start and memory of an API server, beside its store alone.")
        {
            kubeconfig, process, etcd, workloads, stores, seconds, rounds, clients, watchers, pods, churn, soak, keys, file, markdown,
        };
        command.SetAction(async (result, cancellationToken) =>
        {
            var clock = TimeProvider.System;
            var options = new LoadOptions
            {
                Workloads = result.GetValue(workloads) ?? [],
                Duration = TimeSpan.FromSeconds(result.GetValue(seconds)),
                Rounds = result.GetValue(rounds),
                Clients = result.GetValue(clients) ?? [],
                Watchers = result.GetValue(watchers) ?? [],
                Pods = result.GetValue(pods),
                Churn = result.GetValue(churn),
                Soak = TimeSpan.FromMinutes(result.GetValue(soak)),
                StoredKeys = result.GetValue(keys),
            };
            var figures = new List<Figure>();
            var versions = new List<string>();
            if (result.GetValue(kubeconfig) is { } path)
            {
                var own = result.GetValue(process) is { } id ? new ServerProcess(id) : null;
                var benchmark = new LoadBenchmark(clock, options);
                figures.AddRange(await benchmark.RunAsync(new LoadTarget(path, own), result.GetValue(etcd), cancellationToken));
                versions.Add(benchmark.Versions);
            }
            else
            {
                foreach (var store in result.GetValue(stores) ?? [])
                {
                    var benchmark = new LoadBenchmark(clock, options);
                    figures.AddRange(await benchmark.RunOwnAsync(store == "etcd", cancellationToken));
                    versions.Add(benchmark.Versions);
                }
            }

            figures = [.. figures.Select(Upstream.Compare)];
            Report.Write($"load of {string.Join(", ", versions)}", figures, result.GetValue(file), clock);
            if (result.GetValue(markdown) is { } table)
            {
                LoadTable.Write(table, figures, versions, [LocalServer.Etcd, LocalServer.Embedded], clock);
            }
        });
        return command;
    }

    private static Option<int> Number(string name, string description, int value) => new(name) { Description = description, DefaultValueFactory = _ => value };

    private static Option<int[]> Numbers(string name, string description, params int[] values) =>
        new(name) { Description = description, DefaultValueFactory = _ => values, AllowMultipleArgumentsPerToken = true };
}
